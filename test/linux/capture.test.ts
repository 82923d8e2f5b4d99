import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Captured } from '../../src/engines/engine.ts'
import type { LinuxEngine } from '../../src/engines/linux/linux.ts'
import type { Fact } from '../../src/network/network.ts'
import { decode } from '../../src/pcap/decode.ts'
import { lineOf } from '../../src/pcap/line.ts'
import { noKernel } from '../kernel.ts'
import { inside, machine, pings, withEngine } from './bench.ts'
import { lab, labFacts, network, PING_IN_A, PING_IN_B, route, rule, anywhere } from './networks.ts'

/** What a capture has reported so far, and the first packet that a test asks for. */
async function capturing(engine: LinuxEngine, where: string) {
  const packets: Captured[] = []
  let wake = () => {}
  const capture = await engine.host.capture(where, (packet) => {
    packets.push(packet)
    wake()
  })
  const first = async (wanted: (packet: Captured) => boolean): Promise<Captured> => {
    for (;;) {
      const found = packets.find(wanted)
      if (found) return found
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return { packets, first, capture }
}

const line = ({ data, linkType }: Captured): string => lineOf(decode(data, linkType))
const isRequest = (packet: Captured) => line(packet).includes('echo request')
const isReply = (packet: Captured) => line(packet).includes('echo reply')
const tables = (tag: string, node: string): string => machine(`${tag}-${node}`, 'nft', 'list', 'tables')

describe('packets as they pass', { concurrency: 1, skip: noKernel, timeout: 120_000 }, () => {
  test('a ping that the receiver refuses is told at the receiver, with the group that refuses it', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(), 1)
      const { first } = await capturing(engine, 'i-b')
      assert.equal(await pings(engine, 'i-a', '10.2.11.172'), false)
      const request = await first(isRequest)
      assert.match(line(request), /^IP 10\.1\.11\.10 > 10\.2\.11\.172: ICMP echo request, id \d+, seq 1, length 64$/)
      assert.deepEqual(request.dropped, { resource: 'sg-b', rule: 'ingress', code: 'SG_HAS_NO_RULES' })
      assert.equal(request.direction, 'in')
      assert.equal(request.interface, 'i-b-eni')
    }))

  test('the sender is told the same, over a peering (X6)', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(), 1)
      const { first } = await capturing(engine, 'i-a')
      await pings(engine, 'i-a', '10.2.11.172')
      const request = await first(isRequest)
      assert.equal(request.dropped?.resource, 'sg-b')
      assert.equal(request.direction, 'out')
      assert.equal(request.originalLength, 98)
      assert.equal(request.data.length, 98)
    }))

  test('a ping that is answered is told both ways at its ends and on the peering, and nothing drops it', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(PING_IN_B), 1)
      const seen = await Promise.all(['i-a', 'i-b-eni', 'pcx'].map((where) => capturing(engine, where)))
      assert.equal(await pings(engine, 'i-a', '10.2.11.172'), true)
      const ways = []
      for (const { first, packets } of seen) {
        ways.push([await first(isRequest), await first(isReply)].map((packet) => packet.direction))
        assert.deepEqual(
          packets.filter((p) => p.dropped ?? p.comment),
          [],
        )
        assert.equal(packets.filter(isRequest).length, 1)
      }
      assert.deepEqual(ways, [
        ['out', 'in'],
        ['in', 'out'],
        ['out', 'in'],
      ])
    }))

  test('a peering tells which group behind it refuses', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(), 1)
      const { first } = await capturing(engine, 'pcx')
      await pings(engine, 'i-a', '10.2.11.172')
      assert.equal((await first(isRequest)).dropped?.resource, 'sg-b')
    }))

  test('R9: a missing route names the table, a blackhole the route', () =>
    withEngine(async (engine) => {
      const facts = labFacts().filter((f) => !('route' in f && f.route.prefix === '0.0.0.0/0'))
      await engine.apply(network(facts, route('vpc-a-rtb', '10.7.0.0/16', { kind: 'blackhole' })), 1)
      const { first } = await capturing(engine, 'i-a')
      await pings(engine, 'i-a', '10.9.9.9')
      await pings(engine, 'i-a', '10.7.0.1')
      assert.deepEqual((await first((p) => line(p).includes('10.9.9.9'))).dropped, { resource: 'vpc-a-rtb' })
      assert.deepEqual((await first((p) => line(p).includes('10.7.0.1'))).dropped, {
        resource: 'vpc-a-rtb',
        rule: '10.7.0.0/16',
        code: 'BAD_STATE_ROUTE',
      })
    }))

  test('an internet gateway shows public addresses, and what it refuses', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(), 1)
      const { first } = await capturing(engine, 'igw-a')
      await pings(engine, 'i-a', '203.0.113.10')
      assert.match(line(await first(isRequest)), /^IP 198\.51\.100\.10 > 203\.0\.113\.10/)
      assert.equal((await first(isReply)).direction, 'in')
      await pings(engine, 'i-a2', '203.0.113.10')
      const refused = await first((p) => p.dropped !== undefined)
      assert.match(line(refused), /^IP 10\.1\.12\.20 > 203\.0\.113\.10/)
      assert.equal(refused.dropped?.code, 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS')
      await pings(engine, 'internet', '198.51.100.10')
      const fromOutside = await first((p) => p.dropped?.resource === 'sg-a')
      assert.match(line(fromOutside), /^IP 203\.0\.113\.10 > 198\.51\.100\.10/)
    }))

  test('goes on while rules change, and says what the new ones do', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(PING_IN_B), 1)
      const { first, packets } = await capturing(engine, 'i-b')
      assert.equal(await pings(engine, 'i-a', '10.2.11.172'), true)
      await first(isReply)
      packets.length = 0
      const deny = rule('acl', 'ingress', '50-deny', { protocol: 1, remote: anywhere }, 'deny', 50)
      await engine.apply(lab(PING_IN_B, deny), 2)
      assert.equal(await pings(engine, 'i-a', '10.2.11.172'), false)
      assert.deepEqual((await first(isRequest)).dropped, { resource: 'acl', rule: '50-deny' })
    }))

  test('goes on when the instance is stopped and started', () =>
    withEngine(async (engine) => {
      const without = (facts: Fact[]) =>
        facts.filter(
          (f) => !('node' in f && f.node.id === 'i-b') && !('interface' in f && f.interface.id === 'i-b-eni'),
        )
      await engine.apply(lab(PING_IN_B), 1)
      const { first } = await capturing(engine, 'i-b-eni')
      await engine.apply(network(without(labFacts()).filter((f) => !('translation' in f))), 2)
      await engine.apply(lab(PING_IN_B), 3)
      assert.equal(await pings(engine, 'i-a', '10.2.11.172'), true)
      await first(isReply)
    }))

  test('nothing is left in nft after a capture, and it is no change by hand', () =>
    withEngine(async (engine, { tag }) => {
      await engine.apply(lab(PING_IN_A), 1)
      await engine.repair()
      const before = tables(tag, 'vpc-a')
      const { capture } = await capturing(engine, 'i-a')
      assert.notEqual(tables(tag, 'vpc-a'), before)
      assert.equal(await engine.repair(), false)
      await capture.close()
      assert.equal(tables(tag, 'vpc-a'), before)
      assert.equal(await engine.repair(), false)
    }))

  test('a change by hand while it runs is still noticed, and it goes on', () =>
    withEngine(async (engine, { tag }) => {
      await engine.apply(lab(PING_IN_B), 1)
      const { first } = await capturing(engine, 'i-a')
      machine(`${tag}-vpc-a`, 'nft', 'flush', 'ruleset')
      assert.equal(await engine.repair(), true)
      assert.equal(await engine.repair(), false)
      assert.equal(await pings(engine, 'i-a', '10.9.9.9'), false)
      assert.equal((await first((p) => p.dropped !== undefined)).dropped?.resource, 'igw-a')
    }))

  test('probes and captures do not disturb each other', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(PING_IN_B), 1)
      const { first } = await capturing(engine, 'i-a')
      const running = engine.host.spawn('i-a', ['ping', '-i', '0.01', '10.2.11.172'])
      await first(isReply)
      const flow = { protocol: 17, sourcePort: 4000, destinationPort: 53 }
      for (let round = 0; round < 20; round++) {
        const trace = await engine.probe(
          { ...flow, source: '10.1.11.10' as never, destination: '10.2.11.172' as never },
          'i-a',
        )
        assert.equal(trace.request.disposition, 'denied')
      }
      running.kill('SIGKILL')
      const probe = await first((p) => line(p).includes('UDP'))
      assert.equal(probe.dropped?.resource, 'sg-b')
    }))

  test('the table of a server that was killed goes with the next', () =>
    withEngine(async (engine, options) => {
      await engine.apply(lab(), 1)
      machine(`${options.tag}-vpc-a`, 'nft', 'add table inet isthmus_capture')
      writeFileSync(join(options.stateDir, 'captures.json'), JSON.stringify([`${options.tag}-vpc-a`]))
      await engine.close({ keep: true })
      await withEngine(async (next) => {
        await next.apply(lab(), 2)
        assert.equal(tables(options.tag, 'vpc-a').includes('capture'), false)
      }, options)
    }))

  test('what is no host and no link cannot be captured', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(), 1)
      await assert.rejects(
        engine.host.capture('subnet-a', () => {}),
        /nothing can be captured at subnet-a/,
      )
    }))

  test('root inside sees nothing of it', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(PING_IN_B), 1)
      const { first } = await capturing(engine, 'i-a')
      const { output } = await inside(engine, 'i-a', 'cat', '/proc/net/packet')
      assert.equal(output.trim().split('\n').length, 1)
      await pings(engine, 'i-a', '10.2.11.172')
      await first(isReply)
    }))
})
