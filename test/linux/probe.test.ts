import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { packetOf, recognize } from '../../src/engines/linux/probe/packet.ts'
import { roundTrip } from '../../src/forward/forward.ts'
import { ip } from '../../src/ip/address.ts'
import { checksum } from '../../src/pcap/checksum.ts'
import { answered, type Flow, type Leg, stopOf } from '../../src/network/flow.ts'
import type { Network } from '../../src/network/network.ts'
import { noKernel } from '../kernel.ts'
import { machine, withEngine } from './bench.ts'
import { anywhere, host, lab, over, PING_IN_A, PING_IN_B, route, rule } from './networks.ts'

const echo = { protocol: 1, icmp: { type: 8, code: 0 } }
const tcp = (port: number) => ({ protocol: 6, sourcePort: 40000, destinationPort: port })
const udp = (port: number) => ({ protocol: 17, sourcePort: 40001, destinationPort: port })
const flow = (source: string, destination: string, more: Partial<Flow> & Pick<Flow, 'protocol'> = echo): Flow => ({
  source: ip(source),
  destination: ip(destination),
  ...more,
})

const A = '10.1.11.10'
const A2 = '10.1.12.20'
const B = '10.2.11.172'
const NODES: Readonly<Record<string, string>> = { [A]: 'i-a', [A2]: 'i-a2', [B]: 'i-b', '203.0.113.10': 'internet' }
const TARGETS = [
  A,
  A2,
  B,
  '10.1.11.1',
  '10.1.12.77',
  '10.2.11.77',
  '10.9.9.9',
  '203.0.113.10',
  '203.0.113.77',
  '198.51.100.10',
  '198.51.100.20',
  '198.51.100.99',
]
const OWN_PUBLIC = new Map([
  [A, '198.51.100.10'],
  [B, '198.51.100.20'],
])

const ending = (leg: Leg | undefined) => leg && { disposition: leg.disposition, path: leg.path, stop: stopOf(leg) }

test('a packet has correct checksums and is recognized by what translation leaves alone', () => {
  const marks = { number: 77, dscp: 43, echoId: 5, continues: false, played: false }
  for (const more of [echo, tcp(80), udp(53), { protocol: 50 }]) {
    const packet = packetOf(flow(A, B, { ...more, length: 101 }), marks)
    assert.equal(packet.length, 101)
    assert.equal(checksum(packet.subarray(0, 20)), 0)
    if (more.protocol === 1) assert.equal(checksum(packet.subarray(20)), 0)
    assert.deepEqual(recognize(packet.subarray(0, 20), packet.subarray(20)), {
      number: 77,
      way: 'request',
      source: A,
      destination: B,
      ...('sourcePort' in more && { sourcePort: more.sourcePort }),
    })
  }
})

describe('real packets end as forward says', { concurrency: 1, skip: noKernel, timeout: 120_000 }, () => {
  const agree = (network: Network, flows: readonly (readonly [Flow, string])[]) =>
    withEngine(async (engine) => {
      await engine.apply(network, 1)
      const traces = await engine.probeAll(flows.map(([f, from]) => ({ flow: f, from })))
      flows.forEach(([f, from], i) => {
        const { trace } = roundTrip(network, f, from)
        const wanted = { request: ending(trace.request), reply: ending(trace.reply) }
        assert.deepEqual(
          { request: ending(traces[i]?.request), reply: ending(traces[i]?.reply) },
          wanted,
          `${from}: ${JSON.stringify(f)}`,
        )
      })
    })
  const everyone = (more: Partial<Flow> & Pick<Flow, 'protocol'>) =>
    Object.entries(NODES).flatMap(([source, node]) =>
      TARGETS.filter((t) => t !== source && OWN_PUBLIC.get(source) !== t).map(
        (t) => [flow(source, t, more), node] as const,
      ),
    )

  test('in the lab with all closed', () =>
    agree(lab(), [...everyone(echo), ...everyone(tcp(80)), ...everyone(udp(53))]))
  test('in the lab with ping allowed', () =>
    agree(lab(PING_IN_A, PING_IN_B), [...everyone(echo), ...everyone(tcp(80))]))
  test('in the lab with all allowed, untracked (S10)', () => {
    const all = ['sg-a', 'sg-b'].map((set) => rule(set, 'ingress', 'all', { remote: anywhere }))
    return agree(lab(...all), [
      ...everyone(echo),
      ...everyone(tcp(80)),
      ...everyone(udp(53)),
      ...everyone({ protocol: 50 }),
    ])
  })
  test('M1: what does not fit the internet gateway', () =>
    agree(
      lab(),
      [1500, 1501, 1600].flatMap((length) =>
        [true, false].map(
          (dontFragment) => [flow(A, '203.0.113.10', { ...echo, length, dontFragment }), 'i-a'] as const,
        ),
      ),
    ))
  test('a blackhole, a host route to an interface, a host without source check', () =>
    agree(
      lab(
        PING_IN_B,
        PING_IN_A,
        rule('sg-a', 'ingress', 'tcp', { protocol: 6, remote: anywhere }),
        route('vpc-a-rtb', '10.77.0.0/16', { kind: 'blackhole' }),
        route('vpc-a-rtb', '10.78.0.0/16', { kind: 'interface', interface: 'nat-eni' }),
        ...host('nat', 'subnet-a', '10.1.11.50', ['sg-a'], false),
      ),
      [
        [flow(A, '10.77.1.1'), 'i-a'],
        [flow(A2, '10.78.1.1'), 'i-a2'],
        [flow(A, '10.78.1.1', tcp(80)), 'i-a'],
        [flow('10.1.99.99', A2), 'nat'],
        [flow('10.1.99.99', B), 'nat'],
        [flow('10.1.99.99', '203.0.113.10'), 'nat'],
        [flow('10.1.99.99', B), 'i-a'],
      ],
    ))

  test('D16: a tracked flow outlives its rule, a new one does not', () =>
    withEngine(async (engine) => {
      for (const more of [echo, tcp(22)]) {
        const open = rule('sg-b', 'ingress', 'from-a', {
          protocol: more.protocol,
          remote: { prefix: '10.1.0.0/16' as never },
        })
        await engine.apply(lab(open), 1)
        const name = `session of ${more.protocol}`
        assert.ok(answered(await engine.probe(flow(A, B, more), 'i-a', name)))
        await engine.apply(lab(), 2)
        assert.ok(answered(await engine.probe(flow(A, B, more), 'i-a', name)), 'the session goes on')
        assert.equal(
          (await engine.probe(flow(A, B, more), 'i-a')).request.disposition,
          'denied',
          'a fresh flow is refused',
        )
      }
    }))

  test('a translation that is taken away cuts a running flow', () =>
    withEngine(async (engine) => {
      const network = lab(PING_IN_A)
      await engine.apply(network, 1)
      assert.ok(answered(await engine.probe(flow(A, '203.0.113.10'), 'i-a', 's')))
      await engine.apply({ ...network, translations: [] }, 2)
      assert.equal(
        stopOf((await engine.probe(flow(A, '203.0.113.10'), 'i-a', 's')).request)?.origin.code,
        'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
      )
    }))

  test('X7: two stale routes that point at each other do not make a packet circle', () =>
    withEngine(async (engine, { tag }) => {
      const stale = [
        route('vpc-a-rtb', '10.9.0.0/16', over('pcx:vpc-a')),
        route('vpc-b-rtb', '10.9.0.0/16', over('pcx:vpc-b')),
      ]
      await engine.apply(lab(...stale), 1)
      const sent = () =>
        Number(
          (
            JSON.parse(machine(`${tag}-vpc-a`, 'ip', '-j', '-s', 'link')) as {
              altnames?: string[]
              stats64: { tx: { packets: number } }
            }[]
          )
            .filter((l) => l.altnames?.[0] === 'pcx')
            .reduce((sum, l) => sum + l.stats64.tx.packets, 0),
        )
      const before = sent()
      const trace = await engine.probe(flow(A, '10.9.1.1'), 'i-a')
      assert.equal(trace.request.disposition, 'no-route')
      assert.equal(sent() - before, 1)
    }))
})
