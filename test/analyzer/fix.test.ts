/** Fixes beyond single settings: instances that are stopped, nothing to mend, and nothing that can be. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ip } from '../../src/ip/address.ts'
import { firstOf, OPEN, ping, withBench } from './fix-bench.ts'

test('a stopped instance is started, and what else is in the way is mended with it', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const subnet = s.subnet(a, '10.1.0.0/20')
    const one = await s.instance(subnet)
    const two = await s.instance(subnet, { groups: [s.group(a, [])] })
    s.bench.call('StopInstances', { InstanceIds: [two.id] })
    const asked = await s.ask(one, two, ping)
    const fix = firstOf(asked.fixes())
    assert.deepEqual(
      fix.calls.map((call) => call.action),
      ['StartInstances', 'AuthorizeSecurityGroupIngress'],
    )
    await asked.apply(fix)
  }))

test('where nothing in the network can help there is no fix, and a reason', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'))
    const asked = await s.ask(one, '10.1.0.200' as Ip, ping)
    assert.deepEqual(asked.fixes(), [])
    assert.equal(asked.why().length, 1)
  }))

test('nothing is mended where nothing is blocked', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const subnet = s.subnet(a, '10.1.0.0/20')
    const groups = [s.group(a, OPEN)]
    const [one, two] = [await s.instance(subnet, { groups }), await s.instance(subnet, { groups })]
    assert.deepEqual((await s.ask(one, two, ping)).fixes(), [])
  }))
