/** D18: a reference to a group of the peer admits its members while the peering is active (X10, X11). */
import assert from 'node:assert/strict'
import { ping, scenario } from './scenario.ts'

export default scenario(
  'D18',
  'a reference to a group of the peer admits its members while the peering is active (X10, X11)',
  async (s) => {
    const [a, b] = [s.vpc('10.1.0.0/16'), s.vpc('10.2.0.0/16')]
    const groupA = s.group(a, [])
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups: [groupA] })
    const groupB = s.group(b, [])
    const two = await s.instance(s.subnet(b, '10.2.0.0/20'), { groups: [groupB] })
    const stale = () =>
      s.bench.call('DescribeStaleSecurityGroups', { VpcId: b.id }).StaleSecurityGroupSet?.map((g) => g.GroupId)
    s.refused('InvalidGroup.NotFound', () => s.allow(groupB, `icmp ${groupA}`))
    const pcx = s.peer(a, b)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(b.mainTable, '10.1.0.0/16', pcx)
    s.allow(groupB, `icmp ${groupA}`)
    await s.answered(one, two, ping)
    s.bench.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: pcx })
    assert.deepEqual(stale(), [groupB])
    const again = s.peer(a, b)
    for (const [table, cidr] of [
      [a.mainTable, '10.2.0.0/16'],
      [b.mainTable, '10.1.0.0/16'],
    ] as const) {
      s.bench.call('ReplaceRoute', { RouteTableId: table, DestinationCidrBlock: cidr, VpcPeeringConnectionId: again })
    }
    await s.answered(one, two, ping)
    assert.deepEqual(stale(), [])
  },
)
