import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { IncrementalCompile, type Step } from '../../src/compile/incremental.ts'
import type { Change } from '../../src/ec2/state.ts'
import { roundTrip } from '../../src/forward/forward.ts'
import { footprintOf, isConcerned, waysOf } from '../../src/forward/footprint.ts'
import { ip } from '../../src/ip/address.ts'
import type { Flow } from '../../src/network/flow.ts'
import type { Network } from '../../src/network/network.ts'
import { laidOut } from '../compile/laid-out.ts'
import { randomCall } from '../compile/random-calls.ts'
import { type Random, random as randomOf } from '../differential/random.ts'

interface Sent {
  readonly flow: Flow
  readonly from: string
}

/** From any host, or from the internet, to any address that somebody has, or is about to have, or nobody. */
function randomFlow(network: Network, after: Network, random: Random): Sent {
  const ports = [...network.interfaces.values()].filter(({ addresses }) => addresses.length > 0)
  const hosts = ports.filter(({ node }) => network.nodes.get(node)?.kind === 'host')
  const fromOutside = hosts.length === 0 || random.chance(0.2)
  const sender = random.pick(hosts)
  const others = [
    '203.0.113.10',
    '8.8.8.8',
    '10.2.0.77',
    '10.9.9.9',
    '169.254.169.253',
    '169.254.169.254',
    '198.18.0.9',
  ].map(ip)
  const publics = [...network.translations, ...after.translations].map(({ outside }) => outside)
  const coming = [...after.interfaces.values()].flatMap((i) => i.addresses)
  const addresses = [...coming, ...ports.flatMap((i) => i.addresses), ...others, ...publics]
  const ends = {
    source: fromOutside ? ip('203.0.113.10') : random.pick(sender?.addresses ?? []),
    destination: random.pick(fromOutside && publics.length > 0 ? publics : addresses),
  }
  const from = fromOutside ? 'internet' : (sender?.node ?? '')
  if (random.chance(0.4)) return { from, flow: { ...ends, protocol: 1, icmp: { type: 8, code: 0 } } }
  const destinationPort = random.pick([22, 80, 443])
  return { from, flow: { ...ends, protocol: 6, sourcePort: 40000, destinationPort } }
}

const canSend = ({ interfaces, nodes }: Network, from: string): boolean =>
  nodes.has(from) && [...interfaces.values()].some(({ node }) => node === from)

test('a trace that a change has made another was concerned by the change; most others were not', () => {
  const count = { changed: 0, concerned: 0, all: 0 }
  const compare = (before: Network, { network, difference }: Step, { flow, from }: Sent) => {
    const { trace } = roundTrip(before, flow, from)
    const now = canSend(network, from) ? roundTrip(network, flow, from).trace : undefined
    const isAnother = JSON.stringify(now) !== JSON.stringify(trace)
    const concerned = isConcerned(footprintOf(before, waysOf(trace)), difference)
    assert.ok(concerned || !isAnother, JSON.stringify({ trace, now, difference }, null, 1))
    count.all++
    count.changed += Number(isAnother)
    count.concerned += Number(concerned)
  }
  const look = (seed: number) => {
    const random = randomOf(seed)
    const w = laidOut()
    const incremental = new IncrementalCompile(w.records)
    const accept = w.records.accept.bind(w.records)
    w.records.accept = (changes: readonly Change[]) => {
      accept(changes)
      const before = incremental.network
      const step = incremental.update(changes)
      for (let i = 0; i < 40; i++) compare(before, step, randomFlow(before, step.network, random))
    }
    for (let i = 0; i < 60; i++) randomCall(w, random)
  }
  fc.assert(fc.property(fc.integer(), look), { numRuns: 40, seed: 7 })
  assert.ok(count.changed > 100, `${count.changed} traces changed`)
  assert.ok(count.concerned < count.all / 4, `${count.concerned} of ${count.all} were concerned`)
})
