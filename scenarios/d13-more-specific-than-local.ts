/** D13: a route more specific than local is legal to an interface for a whole subnet only (R4). */
import assert from 'node:assert/strict'
import { ping, scenario } from './scenario.ts'

export default scenario(
  'D13',
  'a route more specific than local is legal to an interface for a whole subnet only (R4)',
  async (s) => {
    const a = s.vpc('10.0.0.0/16', { gateway: true })
    const b = s.vpc('10.9.0.0/16')
    const first = s.subnet(a, '10.0.0.0/24', { table: true })
    const second = s.subnet(a, '10.0.1.0/24')
    const groups = [s.group(a, ['all 0.0.0.0/0'])]
    const [one, two] = [await s.instance(first, { groups }), await s.instance(second, { groups })]
    const appliance = await s.instance(first, { groups, sourceDestCheck: false })
    const pcx = s.peer(a, b)
    s.refused('InvalidParameterValue', () => s.route(first.table, '10.0.1.0/24', pcx))
    s.refused('InvalidParameterValue', () => s.route(first.table, '10.0.1.0/24', a.gateway as string))
    s.refused('InvalidParameterValue', () => s.route(first.table, '10.0.1.0/25', appliance.interface))
    await s.answered(one, two, ping)
    s.route(first.table, '10.0.1.0/24', appliance.interface)
    const trace = await s.silent(one, two, ping, { resource: appliance.interface, rule: 'not-forwarded' })
    assert.equal(trace.request.path.at(-1), appliance.id)
  },
)
