import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bench } from '../../scenarios/bench.ts'
import { stage, udp } from '../../scenarios/scenario.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { blockersOf, fates, roundTrip } from '../../src/forward/forward.ts'
import { packetDomain } from '../../src/forward/headers.ts'
import { topologyOf } from '../../src/forward/topology.ts'
import { ip } from '../../src/ip/address.ts'
import { prefix } from '../../src/ip/prefix.ts'
import { answered, type Flow, stopOf } from '../../src/network/flow.ts'
import type { Network } from '../../src/network/network.ts'
import { originKey } from '../../src/network/origin.ts'
import { natLab, OUTSIDE, PUBLIC_ONE, PUBLIC_TWO } from '../linux/nat-networks.ts'
import { rule } from '../linux/networks.ts'

const flow = (more: Partial<Flow> = {}): Flow => ({
  protocol: 6,
  source: ip('10.1.3.5'),
  destination: ip(OUTSIDE),
  sourcePort: 40_000,
  destinationPort: 80,
  ...more,
})
const ping = { protocol: 1, icmp: { type: 8, code: 0 } } as const
const stopped = (net: Network, sent: Flow, from = 'client') => {
  const { request, reply } = roundTrip(net, sent, from).trace
  const stop = (reply && stopOf(reply)) ?? stopOf(request)
  return stop && `${originKey(stop.origin)} ${stop.origin.code}`
}
/** What the receiver sees of the packet. */
const seen = (net: Network, sent: Flow) => {
  const world = { domain: packetDomain, topology: topologyOf(net) }
  return fates(world, sent, 'client')[0]?.request.packet.headers
}

/** One with the gateway on its subnet, one whose answers are led to that gateway first (R4). */
test("S2: an answer that a gateway sends on in its own name is nobody's answer: rules judge it", async () => {
  const b = bench((services) => simulator({ services }))
  const s = stage(b)
  const vpc = s.vpc('10.1.0.0/16', { gateway: true })
  const group = s.group(vpc, [])
  s.allow(group, `udp 443 ${group}`)
  const answering = s.subnet(vpc, '10.1.0.0/20', { table: true })
  const asking = s.subnet(vpc, '10.1.16.0/20', { table: true })
  const one = await s.instance(asking, { groups: [group] })
  const two = await s.instance(answering, { groups: [group] })
  await s.answered(one, two, udp(443))
  const nat = await s.natGateway(asking)
  s.route(answering.table, '10.1.16.0/20', nat.id)
  await s.silent(one, two, udp(443), { leg: 'reply', resource: group, rule: 'ingress' })
  s.allow(group, 'udp 40000 10.1.16.0/20')
  assert.equal((await s.probe(one, two, udp(443))).reply?.disposition, 'accepted')
  await b.close()
})

describe('a nat node', () => {
  const net = natLab('out', undefined, PUBLIC_ONE)

  test('A4: sends on in its own name, and hands the answer back', () => {
    const { trace } = roundTrip(net, flow(), 'client')
    assert.ok(answered(trace))
    assert.deepEqual(trace.request.path, ['client', 'v', 'nat1', 'v', 'internet'])
    assert.deepEqual(trace.reply?.path, ['internet', 'v', 'nat1', 'v', 'client'])
    assert.equal(trace.reply?.flow.destination, '198.51.100.1')
    const decisions = (leg = trace.request) =>
      leg.steps.filter(({ stage }) => stage === 'translate-port').map(({ node, origin }) => [node, origin.code])
    assert.deepEqual(decisions(), [['nat1', 'NGW_SOURCE_ADDRESS_REASSIGN']])
    assert.deepEqual(decisions(trace.reply), [['nat1', undefined]])
  })

  test('A3: it translates TCP, UDP and echo requests, and nothing else', () => {
    const { protocol, sourcePort: _from, destinationPort: _to, ...bare } = flow()
    assert.equal(protocol, 6)
    for (const more of [{}, { protocol: 17 }]) assert.ok(answered(roundTrip(net, flow(more), 'client').trace))
    assert.ok(answered(roundTrip(net, { ...bare, ...ping }, 'client').trace))
    const refused = 'nat1|protocol ISTHMUS_NGW_PROTOCOL'
    assert.equal(stopped(net, { ...bare, protocol: 50 }), refused)
    assert.equal(stopped(net, { ...bare, protocol: 1, icmp: { type: 13, code: 0 } }), refused)
  })

  test('A3: it keeps ports from 1024 on, takes one of those for any other, and gives the old one back', () => {
    assert.equal(seen(net, flow({ sourcePort: 1024 }))?.sourcePort, 1024)
    assert.equal(seen(net, flow({ sourcePort: 65_535 }))?.sourcePort, 65_535)
    const port = seen(net, flow({ sourcePort: 123 }))?.sourcePort ?? 0
    assert.ok(port >= 1024 && port < 2048, `port ${port}`)
    const { trace } = roundTrip(net, flow({ sourcePort: 123 }), 'client')
    assert.ok(answered(trace))
    assert.ok(trace.request.steps.some(({ origin }) => origin.code === 'REMAP_EPHEMERAL_PORT'))
  })

  test('A4: it serves the blocks of its VPC, whoever sends', () => {
    const spoofed = flow({ source: ip('172.16.5.5') })
    assert.equal(stopped(net, spoofed, 'free'), 'nat1|source-vpc NGW_REQUIRES_SOURCE_IN_VPC')
    assert.deepEqual(blockersOf(net, spoofed, 'free').map(originKey), ['nat1|source-vpc'])
  })

  test('A3: it takes nothing that nobody waits for', () => {
    const unasked = 'nat1|unasked ISTHMUS_NGW_UNASKED'
    assert.equal(stopped(net, flow({ destination: ip('10.1.1.10') })), unasked)
    const fromOutside = flow({ source: ip(OUTSIDE), destination: ip('198.51.100.1') })
    assert.equal(stopped(net, fromOutside, 'internet'), unasked)
  })

  test('its answers are judged on the way back, too', () => {
    const closed = rule('acl', 'ingress', '50-deny', { remote: { prefix: prefix(`${OUTSIDE}/32`) } }, 'deny', 50)
    const net = natLab('out', undefined, PUBLIC_ONE, closed)
    const { receiver, trace } = roundTrip(net, flow(), 'client')
    assert.equal(trace.reply && originKey(stopOf(trace.reply)?.origin ?? { resource: '' }), 'acl|50-deny')
    assert.ok(receiver && trace.reply)
    const blockers = blockersOf(net, trace.reply.flow, receiver.node, { leg: 'reply', ...receiver })
    assert.deepEqual(blockers.map(originKey), ['acl|50-deny'])
  })

  test('A2: without a public address it is refused by the internet gateway, and may lead to one that has one', () => {
    assert.equal(stopped(natLab('out', undefined), flow()), 'igw|egress IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS')
    const chained = natLab('nat2', 'out', PUBLIC_TWO)
    const { trace } = roundTrip(chained, flow(), 'client')
    assert.ok(answered(trace))
    assert.deepEqual(trace.reply?.path, ['internet', 'v', 'nat2', 'v', 'nat1', 'v', 'client'])
    assert.equal(trace.reply?.flow.destination, '198.51.100.2')
  })
})

describe('gateways that lead to each other', () => {
  test('A5: one whose own table leads to itself takes its own packet for the end', () => {
    assert.equal(stopped(natLab('nat1', undefined, PUBLIC_ONE), flow()), 'nat1|loop ISTHMUS_NGW_LOOP')
  })

  test('two that lead to each other end it as well', () => {
    const net = natLab('nat2', 'nat1', PUBLIC_ONE, PUBLIC_TWO)
    assert.equal(stopped(net, flow()), 'v|nat-loop ISTHMUS_NGW_LOOP')
    assert.deepEqual(blockersOf(net, flow(), 'client').map(originKey), ['v|nat-loop'])
  })
})
