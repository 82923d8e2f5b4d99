/** D39: peering ids that are malformed or unknown, each with the code that AWS writes its own way (X2). */
import { scenario } from './scenario.ts'

export default scenario('D39', 'malformed and unknown peering ids have codes of their own (X2)', async (s) => {
  const describe = (id: string) => () =>
    s.bench.call('DescribeVpcPeeringConnections', { VpcPeeringConnectionIds: [id] })
  s.refused('InvalidVpcPeeringConnectionId.Malformed', describe('pcx-nonsense'))
  s.refused('InvalidVpcPeeringConnectionID.NotFound', describe('pcx-0123456789abcdef0'))
  const a = s.vpc('10.1.0.0/16')
  s.refused('InvalidVpcPeeringConnectionID.NotFound', () =>
    s.route(a.mainTable, '10.2.0.0/16', 'pcx-0123456789abcdef0'),
  )
})
