/** D25: an interface takes and sends its own addresses only, unless the check is off (E1, E2). */
import assert from 'node:assert/strict'
import { INTERNET_HOST, ping, scenario } from './scenario.ts'

export default scenario(
  'D25',
  'an interface takes and sends its own addresses only, unless the check is off (E1, E2)',
  async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const subnet = s.subnet(a, '10.1.0.0/20', { table: true })
    const groups = [s.group(a, ['all 0.0.0.0/0'])]
    const one = await s.instance(s.subnet(a, '10.1.16.0/20'), { groups })
    const appliance = await s.instance(subnet, { groups, elasticIp: true })
    s.route(a.mainTable, '0.0.0.0/0', appliance.id)
    const source = one.ip
    const check = { resource: appliance.interface, code: 'ENI_SOURCE_DEST_CHECK_RESTRICTION' }
    await s.silent(one, INTERNET_HOST, ping, { ...check, rule: 'destination-check' })
    await s.silent(appliance, INTERNET_HOST, ping, { ...check, rule: 'source-check' }, { source })
    s.bench.call('ModifyInstanceAttribute', { InstanceId: appliance.id, SourceDestCheck: { Value: false } })
    const trace = await s.silent(one, INTERNET_HOST, ping, { resource: appliance.interface, rule: 'not-forwarded' })
    assert.equal(trace.request.path.at(-1), appliance.id)
    const spoofed = { resource: a.gateway as string, code: 'GATEWAY_REJECTS_SPOOFED_TRAFFIC' }
    await s.silent(appliance, INTERNET_HOST, ping, spoofed, { source })
    await s.answered(appliance, INTERNET_HOST, ping)
    // S2: an answer to a false address is tracked at nobody who has that address.
    const closed = s.group(a, ['tcp 22 0.0.0.0/0'])
    const third = await s.instance(subnet, { groups: [closed] })
    const answer = { leg: 'reply', resource: closed, rule: 'ingress' } as const
    await s.silent(appliance, one, ping, answer, { source: third.ip })
  },
)
