/** D01: a peering between overlapping VPCs is there, and has failed; nothing crosses it. */
import { ping, scenario } from './scenario.ts'

export default scenario('D01', 'a peering between overlapping VPCs is there, and has failed', async (s) => {
  const [a, b] = [s.vpc('10.1.0.0/16'), s.vpc('10.1.0.0/16')]
  const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups: [s.group(a, ['all 0.0.0.0/0'])] })
  const two = await s.instance(s.subnet(b, '10.1.16.0/20'), { groups: [s.group(b, ['all 0.0.0.0/0'])] })
  const pcx = s.peer(a, b, { accept: false })
  const status = () => {
    const VpcPeeringConnectionIds = [pcx]
    return s.bench.call('DescribeVpcPeeringConnections', { VpcPeeringConnectionIds }).VpcPeeringConnections?.[0]?.Status
  }
  s.same(status(), {
    Code: 'failed',
    Message: 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range',
  })
  s.refused('InvalidStateTransition', () => s.bench.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: pcx }))
  // Its address lies in the sender's own VPC, where nobody has it.
  await s.silent(one, two, ping, { resource: a.id, code: 'NO_POSSIBLE_DESTINATION' })
})
