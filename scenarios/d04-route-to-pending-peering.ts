/** D04: a route to a pending peering is a blackhole until the peering is accepted. */
import assert from 'node:assert/strict'
import { ping, scenario } from './scenario.ts'

export default scenario(
  'D04',
  'a route to a pending peering is a blackhole until the peering is accepted',
  async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const b = s.vpc('10.2.0.0/16')
    const groupA = s.group(a, ['all 0.0.0.0/0'])
    const groupB = s.group(b, ['all 0.0.0.0/0'])
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups: [groupA] })
    const two = await s.instance(s.subnet(b, '10.2.0.0/20'), { groups: [groupB] })
    const pcx = s.peer(a, b, { accept: false })
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(b.mainTable, '10.1.0.0/16', pcx)
    assert.equal(s.routeState(a.mainTable, '10.2.0.0/16'), 'blackhole')
    await s.silent(one, two, ping, { resource: a.mainTable, rule: '10.2.0.0/16', code: 'BAD_STATE_ROUTE' })
    s.bench.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: pcx })
    assert.equal(s.routeState(a.mainTable, '10.2.0.0/16'), 'active')
    await s.answered(one, two, ping)
  },
)
