/** Moves headers through the network until every part of them has ended; and one packet there and back. */
import { contains } from '../ip/prefix.ts'
import { type Disposition, type Flow, type Leg, replyTo, type Stage, stopOf, type Trace } from '../network/flow.ts'
import type { Interface, Network, Node } from '../network/network.ts'
import { type Origin, originKey } from '../network/origin.ts'
import { type HeaderDomain, packetDomain } from './headers.ts'
import { SEQUENCES } from './stages.ts'
import { type Topology, topologyOf } from './topology.ts'
import type { Entry, Packet, Tracked, World } from './walk.ts'

/** More hops than any network of this model can take: nothing here loops (an edge delivers locally only). */
const HOP_LIMIT = 64

/** Where a packet begins, by what sends it. A router sends nothing of its own but the answers of its services. */
const STARTS: Readonly<Record<Node['kind'], Entry>> = { host: 'send', router: 'answer', internet: 'outside' }

/** Headers that have ended, how, and where. */
export interface Ending<H> {
  readonly disposition: Disposition
  readonly packet: Packet<H>
}

/** Which leg of a flow moves, and where the flow is tracked so far. */
export interface Journey {
  readonly leg: 'request' | 'reply'
  readonly tracked: Tracked
}

/** Moves `headers` from a node. Each part that meets a fate of its own is an ending of its own. */
export function forward<H>(
  network: Network,
  domain: HeaderDomain<H>,
  headers: H,
  from: Interface,
  { leg, tracked }: Journey,
  overruled: ReadonlySet<string> = NOTHING,
): Ending<H>[] {
  const world: World<H> = { domain, topology: topologyOf(network), overruled }
  const start = STARTS[network.nodes.get(from.node)?.kind ?? 'host']
  const endings: Ending<H>[] = []
  const moving: { entry: Entry; stage: number; packet: Packet<H>; hops: number }[] = [
    { entry: start, stage: 0, packet: { headers, at: from, steps: [], path: [from.node], tracked, leg }, hops: 0 },
  ]
  for (let here = moving.pop(); here; here = moving.pop()) {
    const { entry, stage, packet, hops } = here
    const run = SEQUENCES[entry][stage]
    if (!run || hops > HOP_LIMIT) throw new Error(`a packet has nowhere to go after ${entry} at ${packet.at.id}`)
    for (const outcome of run(world, packet)) {
      if (outcome.kind === 'end' && !isOverruled(world, outcome)) endings.push(outcome)
      else if (outcome.kind === 'end') moving.push({ entry, stage: stage + 1, packet: outcome.packet, hops })
      else if (outcome.kind === 'next') moving.push({ entry, stage: stage + 1, packet: outcome.packet, hops })
      else moving.push({ entry: outcome.entry, stage: 0, packet: outcome.packet, hops: hops + 1 })
    }
  }
  return endings
}

/** Behind their refusal there is no way on. */
const FINAL: ReadonlySet<Stage> = new Set(['service', 'translate-source', 'translate-destination'])

/** A refusal can be passed over; a packet without a way, or without a receiver, has nowhere to go. */
function isOverruled<H>({ overruled }: World<H>, { disposition, packet }: Ending<H>): boolean {
  const stop = packet.steps.at(-1)
  if (!stop || !overruled?.has(originKey(stop.origin)) || FINAL.has(stop.stage)) return false
  return disposition === 'denied' || disposition === 'too-big'
}

const NOTHING: ReadonlySet<string> = new Set()
const REQUEST: Journey = { leg: 'request', tracked: NOTHING }

/** A round trip and where its flow is tracked now: what a later packet of the same flow starts from. */
export interface RoundTrip {
  readonly trace: Trace
  readonly tracked: Tracked
  /** Where the request arrived, and where its flow was tracked by then. */
  readonly receiver?: { readonly node: string; readonly tracked: Tracked }
}

/** Sends one packet from a node and, where it arrives, the answer back. `tracked` continues an earlier flow. */
export function roundTrip(network: Network, flow: Flow, from: string, tracked: Tracked = NOTHING): RoundTrip {
  const request = movePacket(network, flow, from, { leg: 'request', tracked })
  if (request.leg.disposition !== 'accepted')
    return { trace: { request: request.leg }, tracked: request.packet.tracked }
  const { at, headers } = request.packet
  const reply = movePacket(network, replyTo(headers), at.node, { leg: 'reply', tracked: request.packet.tracked })
  return {
    trace: { request: request.leg, reply: reply.leg },
    tracked: reply.packet.tracked,
    receiver: { node: at.node, tracked: request.packet.tracked },
  }
}

/**
 * Every fact that stops one leg: the first refusal, then what would stop the packet if that were passed over, and so
 * on. Empty where the leg arrives.
 */
export function blockersOf(network: Network, flow: Flow, from: string, journey: Journey = REQUEST): Origin[] {
  const blockers: Origin[] = []
  for (;;) {
    const { leg } = movePacket(network, flow, from, journey, new Set(blockers.map(originKey)))
    const stop = stopOf(leg)
    if (leg.disposition === 'accepted' || !stop) return blockers
    if (blockers.some((known) => originKey(known) === originKey(stop.origin))) return blockers
    blockers.push(stop.origin)
  }
}

function movePacket(
  network: Network,
  flow: Flow,
  from: string,
  journey: Journey,
  overruled = NOTHING,
): { leg: Leg; packet: Packet<Flow> } {
  const at = outgoing(topologyOf(network), from, flow)
  const [ending, ...others] = forward(network, packetDomain, flow, at, journey, overruled)
  if (!ending || others.length > 0) throw new Error('one packet has one fate')
  const { disposition, packet } = ending
  return { leg: { flow, disposition, steps: packet.steps, path: packet.path }, packet }
}

/** The interface a node sends from: on the destination's own subnet if it has one there, else the first. */
function outgoing({ network, interfacesOf }: Topology, node: string, flow: Flow): Interface {
  const all = interfacesOf.get(node) ?? []
  const near = all.find((i) => {
    const subnet = network.segments.get(i.segment)?.prefix
    return subnet !== undefined && contains(subnet, flow.destination)
  })
  const chosen = near ?? all[0]
  if (!chosen) throw new Error(`${node} has no interface to send from`)
  return chosen
}
