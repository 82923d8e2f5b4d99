/** D05: deleting a peering blackholes both routes, and a new one does not revive them. */
import assert from 'node:assert/strict'
import { ping, scenario } from './scenario.ts'

export default scenario(
  'D05',
  'deleting a peering blackholes both routes, and a new one does not revive them',
  async (s) => {
    const { a, b, one, two } = await s.openPair()
    const pcx = s.peer(a, b)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(b.mainTable, '10.1.0.0/16', pcx)
    await s.answered(one, two, ping)
    s.bench.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: pcx })
    assert.equal(s.routeState(a.mainTable, '10.2.0.0/16'), 'blackhole')
    assert.equal(s.routeState(b.mainTable, '10.1.0.0/16'), 'blackhole')
    await s.silent(one, two, ping, { resource: a.mainTable, rule: '10.2.0.0/16', code: 'BAD_STATE_ROUTE' })
    assert.notEqual(s.peer(a, b), pcx)
    assert.equal(s.routeState(a.mainTable, '10.2.0.0/16'), 'blackhole')
    await s.silent(two, one, ping, { resource: b.mainTable, rule: '10.1.0.0/16', code: 'BAD_STATE_ROUTE' })
  },
)
