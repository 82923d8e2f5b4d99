/** D04: a route to a pending peering is a blackhole until the peering is accepted. */
import assert from 'node:assert/strict'
import { ping, scenario } from './scenario.ts'

export default scenario(
  'D04',
  'a route to a pending peering is a blackhole until the peering is accepted',
  async (s) => {
    const { a, b, one, two } = await s.openPair()
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
