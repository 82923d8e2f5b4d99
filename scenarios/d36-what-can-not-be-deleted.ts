/** D36: main table, local route, default group and default ACL stay (R1, R2, S8, N2). */
import { scenario } from './scenario.ts'

export default scenario(
  'D36',
  'main table, local route, default group and default ACL stay (R1, R2, S8, N2)',
  async (s) => {
    const { call } = s.bench
    const a = s.vpc('10.1.0.0/16')
    s.refused('DependencyViolation', () => call('DeleteRouteTable', { RouteTableId: a.mainTable }))
    const local = { RouteTableId: a.mainTable, DestinationCidrBlock: '10.1.0.0/16' }
    s.refused('InvalidParameterValue', () => call('DeleteRoute', local))
    s.refused('CannotDelete', () => call('DeleteSecurityGroup', { GroupId: a.defaultGroup }))
    s.refused('InvalidParameterValue', () => call('DeleteNetworkAcl', { NetworkAclId: a.defaultAcl }))
  },
)
