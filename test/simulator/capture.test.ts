/** Captures on the simulator show what the kernel's show (test/linux/capture). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Captured } from '../../src/engines/engine.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { ip } from '../../src/ip/address.ts'
import type { Network } from '../../src/network/network.ts'
import { decode } from '../../src/pcap/decode.ts'
import { lineOf } from '../../src/pcap/line.ts'
import { lab, PING_IN_B } from '../linux/networks.ts'

/** What captures at `places` tell of one ping: direction, line, and what dropped it. */
async function pinged(network: Network, from: string, [source, destination]: [string, string], ...places: string[]) {
  const engine = simulator()
  await engine.apply(network, 1)
  const told: string[][] = []
  for (const place of places) {
    const lines: string[] = []
    told.push(lines)
    await engine.host.capture(place, (packet) => lines.push(textOf(packet)))
  }
  const flow = { protocol: 1, icmp: { type: 8, code: 0 }, length: 84, source: ip(source), destination: ip(destination) }
  await engine.probe(flow, from, 'ping')
  return told
}

const textOf = ({ direction, data, linkType, dropped, interface: at }: Captured): string =>
  [at, direction, lineOf(decode(data, linkType)).replace(/, id.*/, ''), ...(dropped ? [dropped.resource] : [])].join(
    ' ',
  )

const A = '10.1.11.10'
const B = '10.2.11.172'

test('a refused ping is told at both ends and on the peering, with the group that refuses it', async () => {
  const request = `IP ${A} > ${B}: ICMP echo request sg-b`
  assert.deepEqual(await pinged(lab(), 'i-a', [A, B], 'i-a', 'i-b', 'pcx', 'i-a2', 'igw-a'), [
    [`i-a-eni out ${request}`],
    [`i-b-eni in ${request}`],
    [`pcx out ${request}`],
    [],
    [],
  ])
})

test('an answered ping is told both ways', async () => {
  const [request, reply] = [`IP ${A} > ${B}: ICMP echo request`, `IP ${B} > ${A}: ICMP echo reply`]
  assert.deepEqual(await pinged(lab(PING_IN_B), 'i-a', [A, B], 'i-a-eni', 'i-b', 'pcx'), [
    [`i-a-eni out ${request}`, `i-a-eni in ${reply}`],
    [`i-b-eni in ${request}`, `i-b-eni out ${reply}`],
    [`pcx out ${request}`, `pcx in ${reply}`],
  ])
})

test('an internet gateway shows public addresses, an instance its own', async () => {
  const out = '203.0.113.10'
  assert.deepEqual(await pinged(lab(), 'i-a', [A, out], 'igw-a', 'i-a'), [
    [`igw-a out IP 198.51.100.10 > ${out}: ICMP echo request`, `igw-a in IP ${out} > 198.51.100.10: ICMP echo reply`],
    [`i-a-eni out IP ${A} > ${out}: ICMP echo request`, `i-a-eni in IP ${out} > ${A}: ICMP echo reply`],
  ])
  const [refused] = await pinged(lab(), 'i-a2', ['10.1.12.20', out], 'igw-a')
  assert.deepEqual(refused, [`igw-a out IP 10.1.12.20 > ${out}: ICMP echo request igw-a`])
  assert.deepEqual(await pinged(lab(), 'internet', [out, '198.51.100.10'], 'igw-a', 'i-a'), [
    [`igw-a in IP ${out} > 198.51.100.10: ICMP echo request sg-a`],
    [`i-a-eni in IP ${out} > ${A}: ICMP echo request sg-a`],
  ])
})

test('after its end a capture tells nothing more; what is no host and no link cannot be captured', async () => {
  const engine = simulator()
  await engine.apply(lab(), 1)
  const told: Captured[] = []
  const capture = await engine.host.capture('i-a', (packet) => told.push(packet))
  await capture.close()
  await engine.probe({ protocol: 1, icmp: { type: 8, code: 0 }, source: ip(A), destination: ip(B) }, 'i-a')
  assert.deepEqual(told, [])
  await assert.rejects(
    engine.host.capture('subnet-a', () => {}),
    /nothing can be captured at subnet-a/,
  )
})
