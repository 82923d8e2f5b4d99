/** D02: an overlap of further blocks alone is enough for a peering to fail. */
import { scenario } from './scenario.ts'

export default scenario('D02', 'an overlap of further blocks alone is enough for a peering to fail', async (s) => {
  const [a, b] = [s.vpc('10.0.0.0/16'), s.vpc('10.1.0.0/16')]
  s.bench.call('AssociateVpcCidrBlock', { VpcId: a.id, CidrBlock: '100.64.0.0/24' })
  s.bench.call('AssociateVpcCidrBlock', { VpcId: b.id, CidrBlock: '100.64.0.0/25' })
  const pcx = s.peer(a, b, { accept: false })
  const { VpcPeeringConnections } = s.bench.call('DescribeVpcPeeringConnections', { VpcPeeringConnectionIds: [pcx] })
  s.same(VpcPeeringConnections?.[0]?.Status?.Code, 'failed')
})
