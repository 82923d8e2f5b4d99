import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Captured } from '../../src/engines/engine.ts'
import { plan } from '../../src/engines/linux/diff.ts'
import { render } from '../../src/engines/linux/render.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { ip } from '../../src/ip/address.ts'
import { decode } from '../../src/pcap/decode.ts'
import { lineOf } from '../../src/pcap/line.ts'
import { noKernel } from '../kernel.ts'
import { pings, withEngine } from './bench.ts'
import { natLab, OUTSIDE, PUBLIC_ONE, PUBLIC_TWO } from './nat-networks.ts'

const texts = (facts: ReadonlyMap<string, string> | undefined) => [...(facts?.values() ?? [])].sort()

describe('the namespace of a nat node', () => {
  const desired = render(natLab('out', 'out', PUBLIC_ONE, PUBLIC_TWO), { tag: 't' })
  const namespace = desired.namespaces.get('t-nat1')
  const rules = (name: string) => [...(namespace?.nft?.chains ?? [])].find(([n]) => n.startsWith(name))?.[1].rules

  test('all it sends goes to its router, whose MAC it knows: it asks nobody', () => {
    assert.deepEqual(texts(namespace?.addresses), ['10.1.1.10/32 dev eth0'])
    assert.deepEqual(texts(namespace?.routes), ['default via 10.1.1.1 dev eth0 onlink table main'])
    const wire = desired.links.find(({ id }) => id === 'nat1-eni')
    assert.deepEqual(texts(namespace?.neighbors), [`10.1.1.1 lladdr ${wire?.ends[0].mac} dev eth0 nud permanent`])
  })

  test('A3, A4: what it lets through, what it stops, and why', () => {
    assert.deepEqual(rules('translate-port-') && rules('translate-port-arriving'), [
      'ip saddr 10.1.1.10 counter drop comment "nat1|loop|ISTHMUS_NGW_LOOP"',
      'ip saddr 10.1.2.10 ip ttl 1 counter drop comment "v|nat-loop|ISTHMUS_NGW_LOOP"',
    ])
    const [onward] = rules('forwarding') ?? []
    const chain = namespace?.nft?.chains.get(onward?.replace('goto ', '') ?? '')
    assert.deepEqual(chain?.rules, [
      'ct direction reply accept comment "nat1|answer|"',
      'ct state related accept',
      'ip saddr != 10.1.0.0/16 counter drop comment "nat1|source-vpc|NGW_REQUIRES_SOURCE_IN_VPC"',
      'meta l4proto != { 6, 17, 1 } counter drop comment "nat1|protocol|ISTHMUS_NGW_PROTOCOL"',
      'icmp type != echo-request counter drop comment "nat1|protocol|ISTHMUS_NGW_PROTOCOL"',
      'ct state invalid tcp flags & (syn | rst) == 0x0 counter reject with tcp reset ' +
        'comment "nat1|unasked|ISTHMUS_NGW_UNASKED"',
      'ct state invalid counter drop comment "nat1|unasked|ISTHMUS_NGW_UNASKED"',
      'accept comment "nat1|source|NGW_SOURCE_ADDRESS_REASSIGN"',
    ])
  })

  test('A3: ports from 1024 on are kept where they are free', () => {
    assert.deepEqual(rules('translate-source'), [
      'meta l4proto { 6, 17 } th sport 1024-65535 snat ip to 10.1.1.10:1024-65535',
      'meta l4proto { 6, 17 } snat ip to 10.1.1.10:1024-2047',
      'meta l4proto 1 snat ip to 10.1.1.10',
    ])
  })

  test('it is the only hop of a VPC that shortens the life of packets, so that circles end', () => {
    const { changes } = plan(new Map(), desired)
    const hides = (node: string) => changes.get(`t-${node}`)?.nft.some((l) => l.includes('isthmus_hop')) ?? false
    assert.deepEqual(['v', 'internet', 'nat1'].map(hides), [true, true, false])
  })
})

/** The lines of the first IP packets that a capture reports, each with its direction. */
async function captured(engine: Engine, where: string, count: number, act: () => Promise<unknown>): Promise<string[]> {
  const packets: Captured[] = []
  const done = Promise.withResolvers<void>()
  const capture = await engine.host.capture(where, (packet) => {
    if (!lineOf(decode(packet.data, packet.linkType)).startsWith('IP ')) return
    if (packets.push(packet) >= count) done.resolve()
  })
  await act()
  await done.promise
  await capture.close()
  return packets.map(({ data, linkType, direction, dropped }) => {
    const [, ends = ''] = /^IP (\S+ > \S+):/.exec(lineOf(decode(data, linkType))) ?? []
    return `${direction} ${ends}${dropped ? ` ${dropped.resource} ${dropped.code}` : ''}`
  })
}

const ping = { protocol: 1, source: ip('10.1.3.5'), destination: ip(OUTSIDE), icmp: { type: 8, code: 0 } }
const BOTH_WAYS = [
  `in 10.1.3.5 > ${OUTSIDE}`,
  `out 10.1.1.10 > ${OUTSIDE}`,
  `in ${OUTSIDE} > 10.1.1.10`,
  `out ${OUTSIDE} > 10.1.3.5`,
]

test('a capture at a simulated gateway shows both sides, one at its client or its uplink only that', async () => {
  const engine = simulator()
  await engine.apply(natLab('out', undefined, PUBLIC_ONE), 1)
  const probe = () => engine.probe(ping, 'client')
  assert.deepEqual(await captured(engine, 'nat1', 4, probe), BOTH_WAYS)
  assert.deepEqual(await captured(engine, 'client', 2, probe), [
    `out 10.1.3.5 > ${OUTSIDE}`,
    `in ${OUTSIDE} > 10.1.3.5`,
  ])
  assert.deepEqual(await captured(engine, 'igw', 2, probe), [
    `out 198.51.100.1 > ${OUTSIDE}`,
    `in ${OUTSIDE} > 198.51.100.1`,
  ])
})

describe('a nat node in the kernel', { concurrency: 1, skip: noKernel, timeout: 120_000 }, () => {
  test('a real client pings through it; what it is stays as it was left', () =>
    withEngine(async (engine) => {
      await engine.apply(natLab('out', undefined, PUBLIC_ONE), 1)
      assert.equal(await pings(engine, 'client', OUTSIDE), true)
      assert.equal(await pings(engine, 'client', '10.1.1.10'), false)
      assert.equal(await engine.repair(), false)
      await engine.apply(natLab(undefined, undefined), 2)
      assert.equal(await pings(engine, 'client', OUTSIDE), false)
    }))

  test('a circle of two ends, however often it is asked', () =>
    withEngine(async (engine) => {
      await engine.apply(natLab('nat2', 'nat1', PUBLIC_ONE, PUBLIC_TWO), 1)
      for (const _ of [1, 2]) {
        const { request } = await engine.probe(ping, 'client')
        assert.deepEqual(request.steps.at(-1)?.origin, { resource: 'v', rule: 'nat-loop', code: 'ISTHMUS_NGW_LOOP' })
      }
    }))

  test('a capture at it shows both sides', () =>
    withEngine(async (engine) => {
      await engine.apply(natLab('out', undefined, PUBLIC_ONE), 1)
      const lines = await captured(engine, 'nat1', 4, () => pings(engine, 'client', OUTSIDE))
      assert.deepEqual(lines, BOTH_WAYS)
    }))

  test('a capture at the client tells what stops a packet in it, and behind it', () =>
    withEngine(async (engine) => {
      await engine.apply(natLab('nat1', undefined, PUBLIC_ONE), 1)
      const act = () => pings(engine, 'client', OUTSIDE)
      assert.deepEqual(await captured(engine, 'client', 1, act), [`out 10.1.3.5 > ${OUTSIDE} nat1 ISTHMUS_NGW_LOOP`])
      await engine.apply(natLab('out', undefined), 2)
      assert.deepEqual(await captured(engine, 'client', 1, act), [
        `out 10.1.3.5 > ${OUTSIDE} igw IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS`,
      ])
      await engine.apply(natLab(undefined, undefined), 3)
      assert.deepEqual(await captured(engine, 'client', 1, act), [`out 10.1.3.5 > ${OUTSIDE} front-rtb undefined`])
    }))
})
