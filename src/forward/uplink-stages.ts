/** The edge of an uplink: it is shut to some addresses, whatever rules, routes and translations say (G10). */
import type { Interface } from '../network/network.ts'
import type { Origin } from '../network/origin.ts'
import { shutOff } from '../network/uplinks.ts'
import { keptBy } from './derived-map.ts'
import type { AddressField, Cases } from './headers.ts'
import { next, type Outcome, type Packet, parts, type StageFunction, stopped, type World } from './walk.ts'

/** Before the source is translated. */
export const uplinkEgress: StageFunction = (world, packet) => judged(world, packet, 'source', 'segment-egress')
/** Behind the translation of the destination. */
export const uplinkIngress: StageFunction = (world, packet) => judged(world, packet, 'destination', 'segment-ingress')

/** By the address inside, and not by who sent: many senders may be on their way as one. */
function judged<H>(
  { topology, domain }: World<H>,
  packet: Packet<H>,
  field: AddressField,
  stage: 'segment-egress' | 'segment-ingress',
): Outcome<H>[] {
  const { network, neighbors } = topology
  const { at } = packet
  const beside = network.segments.get(at.segment)?.kind === 'uplink' ? neighbors.get(at.node) : undefined
  const cases = beside && casesBeside(beside)[field]
  if (!cases || cases.tests.length === 0) return [next(packet)]
  const { hits, rest } = domain.classify(packet.headers, cases)
  return parts(
    ...hits.map(([headers, origin]) => stopped(packet, stage, 'denied', origin, headers)),
    rest === undefined ? undefined : next({ ...packet, headers: rest }),
  )
}

/** Made once for a router's neighbors, one case for each fact. */
const casesBeside = keptBy((neighbors: ReadonlyMap<unknown, Interface>) => {
  const shut = shutOff(new Set(neighbors.values()))
  const casesOf = (field: AddressField): Cases<Origin> => ({
    tests: shut.map(({ addresses }) => ({ field, addresses: new Set(addresses) })),
    outcomes: shut.map((_, i) => i),
    values: shut.map(({ origin }) => origin),
  })
  return { source: casesOf('source'), destination: casesOf('destination') }
})
