/** Moves headers through the network until every part of them has ended; and one packet there and back. */
import { type Disposition, type Flow, type Leg, replyTo, type Stage, stopOf, type Trace } from '../network/flow.ts'
import type { Interface, Network, Node } from '../network/network.ts'
import { type Origin, originKey } from '../network/origin.ts'
import { packetDomain } from './headers.ts'
import { SEQUENCES } from './stages.ts'
import { topologyOf } from './topology.ts'
import type { Bindings, Entry, Outcome, Packet, Tracked, World } from './walk.ts'

/** More hops than any network of this model can take: an edge delivers locally only, and a nat node ends circles. */
const HOP_LIMIT = 512

/** Where a packet begins, by what sends it. A router sends nothing of its own but the answers of its services. */
const STARTS: Readonly<Record<Node['kind'], Entry>> = {
  host: 'send',
  nat: 'send',
  router: 'answer',
  internet: 'outside',
}

const NO_BINDINGS: ReadonlyMap<string, readonly never[]> = new Map<string, readonly never[]>()

/** Headers that have ended, how, and where. */
export interface Ending<H> {
  readonly disposition: Disposition
  readonly packet: Packet<H>
}

/** Which leg of a flow moves, where the flow is tracked so far, and what nat nodes remember of its request. */
export interface Journey<H> {
  readonly leg: 'request' | 'reply'
  readonly tracked: Tracked
  readonly bindings?: Bindings<H>
}

/** Headers before the stage that looks at them next. */
export interface Position<H> {
  readonly entry: Entry
  /** Index in the sequence of `entry`. */
  readonly stage: number
  readonly packet: Packet<H>
  readonly hops: number
}

/** What one stage makes of a position: parts that go on, and parts that end there. */
export type Progress<H> =
  | { readonly kind: 'at'; readonly position: Position<H> }
  | { readonly kind: 'end'; readonly ending: Ending<H> }

/** Where headers begin that leave a node by one of its interfaces. */
export function start<H>(network: Network, headers: H, from: Interface, journey: Journey<H>): Position<H> {
  const entry = STARTS[network.nodes.get(from.node)?.kind ?? 'host']
  const packet = { headers, at: from, steps: [], path: [from.node], bindings: NO_BINDINGS, ...journey }
  return { entry, stage: 0, packet, hops: 0 }
}

/** One stage further. */
export function advance<H>(world: World<H>, position: Position<H>): Progress<H>[] {
  const { entry, stage, packet, hops } = position
  const run = SEQUENCES[entry][stage]
  if (!run || hops > HOP_LIMIT) throw new Error(`a packet has nowhere to go after ${entry} at ${packet.at.id}`)
  return run(world, packet).map((outcome) => after(position, outcome))
}

/** Where an outcome of the stage at `position` leads. */
export function after<H>({ entry, stage, hops }: Position<H>, outcome: Outcome<H>): Progress<H> {
  if (outcome.kind === 'end') return { kind: 'end', ending: outcome }
  const { packet } = outcome
  return outcome.kind === 'next'
    ? { kind: 'at', position: { entry, stage: stage + 1, packet, hops } }
    : { kind: 'at', position: { entry: outcome.entry, stage: 0, packet, hops: hops + 1 } }
}

/** Moves `headers` from a node. Each part that meets a fate of its own is an ending of its own. */
export const forward = <H>(world: World<H>, headers: H, from: Interface, journey: Journey<H>): Ending<H>[] =>
  moved(world, start(world.topology.network, headers, from, journey))

/** As `forward`, from anywhere on the way. */
export function moved<H>(world: World<H>, from: Position<H>): Ending<H>[] {
  const endings: Ending<H>[] = []
  const moving = [from]
  for (let here = moving.pop(); here; here = moving.pop()) {
    for (const progress of advance(world, here)) {
      if (progress.kind === 'at') moving.push(progress.position)
      else if (!isOverruled(world, progress.ending)) endings.push(progress.ending)
      else moving.push({ ...here, stage: here.stage + 1, packet: progress.ending.packet })
    }
  }
  return endings
}

/** Behind their refusal there is no way on. */
const FINAL: ReadonlySet<Stage> = new Set(['service', 'translate-source', 'translate-destination', 'translate-port'])

/** A refusal can be passed over; a packet without a way, or without a receiver, has nowhere to go. */
function isOverruled<H>({ overruled }: World<H>, { disposition, packet }: Ending<H>): boolean {
  const stop = packet.steps.at(-1)
  if (!stop || !overruled?.has(originKey(stop.origin)) || FINAL.has(stop.stage)) return false
  return disposition === 'denied' || disposition === 'too-big'
}

const NOTHING: ReadonlySet<string> = new Set()
const REQUEST: Journey<never> = { leg: 'request', tracked: NOTHING }

/** The request of headers that share one fate and, where it arrives, the reply of the host that took it. */
export interface Fate<H> {
  readonly request: Ending<H>
  readonly reply?: Ending<H>
}

/** Where the answers to headers that arrived set out, with what is remembered of their flow. */
export function answers<H>(world: World<H>, { headers, at, tracked, bindings }: Packet<H>): Position<H>[] {
  const journey: Journey<H> = { leg: 'reply', tracked, bindings }
  return departures(world, at.node, world.domain.reply(headers)).map(([from, part]) =>
    start(world.topology.network, part, from, journey),
  )
}

/** There and back: every fate that a part of `headers` meets, sent from a node. `tracked` continues an earlier flow. */
export function fates<H>(world: World<H>, headers: H, from: string, tracked: Tracked = NOTHING): Fate<H>[] {
  return departures(world, from, headers)
    .flatMap(([at, part]) => forward(world, part, at, { leg: 'request', tracked }))
    .flatMap((request) => {
      if (request.disposition !== 'accepted') return [{ request }]
      return answers(world, request.packet)
        .flatMap((from) => moved(world, from))
        .map((reply) => ({ request, reply }))
    })
}

/** The interface that headers leave a node by: on the destination's own subnet if it has one there, else the first. */
export function departures<H>(
  { topology: { network, interfacesOf }, domain }: World<H>,
  node: string,
  headers: H,
): (readonly [Interface, H])[] {
  const all = interfacesOf.get(node) ?? []
  const [first] = all
  if (!first) throw new Error(`${node} has no interface to send from`)
  if (all.length === 1) return [[first, headers]]
  const leaving: (readonly [Interface, H])[] = []
  let rest: H | undefined = headers
  for (const at of all) {
    const prefix = network.segments.get(at.segment)?.prefix
    if (rest === undefined || prefix === undefined) continue
    const { yes, no } = domain.split(rest, { field: 'destination', prefix })
    if (yes !== undefined) leaving.push([at, yes])
    rest = no
  }
  return rest === undefined ? leaving : [...leaving, [first, rest]]
}

/** A round trip and where its flow is tracked now: what a later packet of the same flow starts from. */
export interface RoundTrip {
  readonly trace: Trace
  readonly tracked: Tracked
  /** Where the request arrived, and what was remembered of its flow by then. */
  readonly receiver?: { readonly node: string; readonly tracked: Tracked; readonly bindings: Bindings<Flow> }
}

/** Sends one packet from a node and, where it arrives, the answer back. `tracked` continues an earlier flow. */
export function roundTrip(network: Network, flow: Flow, from: string, tracked: Tracked = NOTHING): RoundTrip {
  const { request, reply } = only(fates(packetWorld(network), flow, from, tracked))
  if (!reply) return { trace: { request: legOf(flow, request) }, tracked: request.packet.tracked }
  const arrived = request.packet
  return {
    trace: { request: legOf(flow, request), reply: legOf(replyTo(arrived.headers), reply) },
    tracked: reply.packet.tracked,
    receiver: { node: arrived.at.node, tracked: arrived.tracked, bindings: arrived.bindings },
  }
}

/**
 * Every fact that stops one leg: the first refusal, then what would stop the packet if that were passed over, and so
 * on. Empty where the leg arrives.
 */
export function blockersOf(network: Network, flow: Flow, from: string, journey: Journey<Flow> = REQUEST): Origin[] {
  const blockers: Origin[] = []
  for (;;) {
    const world = { ...packetWorld(network), overruled: new Set(blockers.map(originKey)) }
    const [at] = only(departures(world, from, flow))
    const leg = legOf(flow, only(forward(world, flow, at, journey)))
    const stop = stopOf(leg)
    if (leg.disposition === 'accepted' || !stop) return blockers
    if (blockers.some((known) => originKey(known) === originKey(stop.origin))) return blockers
    blockers.push(stop.origin)
  }
}

const packetWorld = (network: Network): World<Flow> => ({ domain: packetDomain, topology: topologyOf(network) })

const legOf = (flow: Flow, { disposition, packet: { steps, path } }: Ending<Flow>): Leg => ({
  flow,
  disposition,
  steps,
  path,
})

function only<T>([one, ...others]: readonly T[]): T {
  if (one === undefined || others.length > 0) throw new Error('one packet has one fate')
  return one
}
