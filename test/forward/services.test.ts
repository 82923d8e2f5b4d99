import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { blockersOf, roundTrip } from '../../src/forward/forward.ts'
import { ip } from '../../src/ip/address.ts'
import { answered, type Flow, stopOf } from '../../src/network/flow.ts'
import { originKey } from '../../src/network/origin.ts'
import {
  host,
  lab,
  link,
  network,
  over,
  route,
  ruleSet,
  rule,
  service,
  subnet,
  vpc,
  anywhere,
} from '../linux/networks.ts'

const METADATA = '169.254.169.254'
const NAMES = '10.1.0.2'

/** An instance of vpc-a whose group and ACL let nothing pass, one without source check, and a peer that is open. */
const closed = network(
  [ruleSet('acl', false), ruleSet('shut', true), ruleSet('open', true)],
  [rule('open', 'egress', 'all', { remote: anywhere }), rule('open', 'ingress', 'all', { remote: anywhere })],
  vpc('vpc-a', '10.1.0.0/16'),
  subnet('subnet-a', 'vpc-a', '10.1.0.0/24', 'acl'),
  host('i-a', 'subnet-a', '10.1.0.10', ['shut']),
  host('free', 'subnet-a', '10.1.0.20 10.1.0.21', ['open'], false),
  vpc('vpc-b', '10.2.0.0/16'),
  subnet('subnet-b', 'vpc-b', '10.2.0.0/24'),
  host('i-b', 'subnet-b', '10.2.0.10', ['open']),
  link('pcx', 'peering', ['vpc-a', 'vpc-b']),
  route('vpc-b-rtb', '10.1.0.0/16', over('pcx:vpc-b')),
  route('vpc-b-rtb', '169.254.0.0/16', over('pcx:vpc-b')),
  [service('vpc-a', 'metadata', METADATA), service('vpc-a', 'dns', NAMES), service('vpc-b', 'metadata', METADATA)],
)

const flow = (source: string, destination: string, destinationPort: number, protocol = 17): Flow => ({
  protocol,
  source: ip(source),
  destination: ip(destination),
  sourcePort: 40_000,
  destinationPort,
})

describe('services of the router next door', () => {
  test('P5: neither group nor ACL nor route is asked, and the answer comes back as freely', () => {
    const { trace } = roundTrip(closed, flow('10.1.0.10', METADATA, 80, 6), 'i-a')
    assert.ok(answered(trace))
    assert.deepEqual(
      trace.request.steps.map(({ node, stage, origin }) => [node, stage, originKey(origin)]),
      [['vpc-a', 'service', 'vpc-a|metadata']],
    )
    assert.deepEqual(trace.request.path, ['i-a', 'vpc-a'])
    assert.deepEqual(trace.reply?.path, ['vpc-a', 'i-a'])
    assert.deepEqual(
      trace.reply?.steps.map((step) => step.stage),
      ['service', 'deliver'],
    )
  })

  test('P6: names are served at the base plus two, though it lies within the subnet', () => {
    for (const protocol of [6, 17])
      assert.ok(answered(roundTrip(closed, flow('10.1.0.10', NAMES, 53, protocol), 'i-a').trace))
  })

  test('another port, or a ping, meets silence, and nothing else is to blame', () => {
    const ping: Flow = { protocol: 1, source: ip('10.1.0.10'), destination: ip(NAMES), icmp: { type: 8, code: 0 } }
    for (const silent of [flow('10.1.0.10', METADATA, 80), flow('10.1.0.10', NAMES, 80, 6), ping]) {
      const { request, reply } = roundTrip(closed, silent, 'i-a').trace
      assert.equal(reply, undefined)
      assert.equal(request.disposition, 'denied')
      assert.deepEqual(blockersOf(closed, silent, 'i-a').map(originKey), ['vpc-a|service-port'])
    }
  })

  test('the source must be an own address of the interface, with the check off as well', () => {
    const stop = (source: string, node: string) => {
      const { origin } = stopOf(roundTrip(closed, flow(source, NAMES, 53), node).trace.request) ?? {}
      return origin && originKey(origin)
    }
    assert.equal(stop('10.1.0.21', 'free'), undefined)
    assert.equal(stop('10.1.0.10', 'free'), 'vpc-a|service-source')
    assert.equal(stop('10.1.0.20', 'i-a'), 'i-a-eni|source-check')
  })

  test("P5: a peer's names at its base plus two are nobody's address for others", () => {
    const { request } = roundTrip(closed, flow('10.2.0.10', NAMES, 53), 'i-b').trace
    assert.equal(request.disposition, 'no-host')
    assert.deepEqual(request.path, ['i-b', 'vpc-b', 'vpc-a'])
  })

  test('D38: a wider route never wins over a service; where there is none, it is a route like any other', () => {
    assert.ok(answered(roundTrip(closed, flow('10.2.0.10', METADATA, 80, 6), 'i-b').trace))
    const { request } = roundTrip(closed, flow('10.2.0.10', '169.254.169.253', 53), 'i-b').trace
    assert.equal(request.disposition, 'no-route')
    assert.deepEqual(request.path, ['i-b', 'vpc-b', 'vpc-a'])
  })

  test('a router without services serves nothing', () => {
    const { request } = roundTrip(lab(), flow('10.1.11.10', METADATA, 80, 6), 'i-a').trace
    assert.notEqual(request.disposition, 'accepted')
  })
})
