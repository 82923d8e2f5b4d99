/** D03: two VPCs have one peering (X1), and none has one with itself. */
import { ping, scenario } from './scenario.ts'

export default scenario('D03', 'two VPCs have one peering (X1), and none has one with itself', async (s) => {
  const { a, b, one, two } = await s.openPair()
  const pcx = s.peer(a, b)
  s.route(a.mainTable, '10.2.0.0/16', pcx)
  s.route(b.mainTable, '10.1.0.0/16', pcx)
  const again = (VpcId: string, PeerVpcId: string) => () =>
    s.bench.call('CreateVpcPeeringConnection', { VpcId, PeerVpcId })
  s.refused('VpcPeeringConnectionAlreadyExists', again(a.id, b.id))
  s.refused('VpcPeeringConnectionAlreadyExists', again(b.id, a.id))
  // unverified: the code.
  s.refused('InvalidParameterValue', again(a.id, a.id))
  await s.answered(one, two, ping)
})
