/** D33: revoking a rule that is not there is an error, but in a default VPC it is silence (S5). */
import { scenario } from './scenario.ts'

export default scenario('D33', 'revoking a rule that is not there: an error, but not in a default VPC', async (s) => {
  const a = s.vpc('10.1.0.0/16')
  const permission = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.9.0.0/16' }] }
  const revoke = (GroupId: string) => () =>
    s.bench.call('RevokeSecurityGroupIngress', { GroupId, IpPermissions: [permission] })
  s.refused('InvalidPermission.NotFound', revoke(s.group(a, [])))
  const { Vpcs } = s.bench.call('DescribeVpcs', { Filters: [{ Name: 'is-default', Values: ['true'] }] })
  const { SecurityGroups } = s.bench.call('DescribeSecurityGroups', {
    Filters: [{ Name: 'vpc-id', Values: [Vpcs?.[0]?.VpcId as string] }],
  })
  s.same(revoke(SecurityGroups?.[0]?.GroupId as string)().Return, true)
})
