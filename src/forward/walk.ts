/** The walk of headers through the network: what a stage is given, and what it may answer. */
import type { Disposition, Stage, Step } from '../network/flow.ts'
import type { Interface } from '../network/network.ts'
import type { Origin } from '../network/origin.ts'
import type { Direction } from '../network/rules.ts'
import type { Binding, HeaderDomain } from './headers.ts'
import type { Topology } from './topology.ts'

/**
 * Where a flow is tracked, by `trackingKey`: there its packets pass the stateful rules, both ways (S2, S10). An
 * interface that a packet leaves and enters again (a hairpin) sees two flows: one as initiator, one as responder.
 */
export type Tracked = ReadonlySet<string>

/** A request leaves its initiator and enters its responder; a reply does the opposite. */
export function trackingKey(at: Interface, leg: Leg, direction: Direction): string {
  const isInitiator = (leg === 'request') === (direction === 'egress')
  return `${at.id}/${isInitiator ? 'initiator' : 'responder'}`
}

type Leg = 'request' | 'reply'

/** What nat nodes remember, by node: handed on from a request to its answer, as `Tracked` is. */
export type Bindings<H> = ReadonlyMap<string, readonly Binding<H>[]>

/** Headers on their way. */
export interface Packet<H> {
  readonly headers: H
  readonly leg: Leg
  /** The interface they are at: leaving it, or having arrived on it. */
  readonly at: Interface
  /** The host interface that put them on the wire last; absent for what the internet sends. */
  readonly sender?: Interface
  /** The host interface that the router has chosen to hand them to. */
  readonly target?: Interface
  readonly steps: readonly Step[]
  readonly path: readonly string[]
  readonly tracked: Tracked
  readonly bindings: Bindings<H>
}

export interface World<H> {
  readonly domain: HeaderDomain<H>
  readonly topology: Topology
  /** Facts whose refusal is passed over (by `originKey`), to find what would stop the packet behind them. */
  readonly overruled?: ReadonlySet<string>
  /** Whether headers that meet one fate stay together, whichever rule or route led to it. */
  readonly merging?: boolean
  /** Whether the internet has a host at every public address that nobody here has, not only those of the network. */
  readonly worldwide?: boolean
}

/** Where a packet goes on: the first stage of one of the sequences in `stages.ts`. */
export type Entry = 'send' | 'answer' | 'enter' | 'transit' | 'leave' | 'outside' | 'inbound' | 'arrive' | 'receive'

/** next: the stage after this one; to: another sequence; end: it stops or is accepted here. */
export type Outcome<H> =
  | { readonly kind: 'next'; readonly packet: Packet<H> }
  | { readonly kind: 'to'; readonly entry: Entry; readonly packet: Packet<H> }
  | { readonly kind: 'end'; readonly disposition: Disposition; readonly packet: Packet<H> }

export type StageFunction = <H>(world: World<H>, packet: Packet<H>) => Outcome<H>[]

/** The packet with one more step; `headers` where a stage looked at a part of them only. */
export function noted<H>(packet: Packet<H>, stage: Stage, origin: Origin, headers = packet.headers): Packet<H> {
  const step: Step = { node: packet.at.node, stage, outcome: 'pass', origin }
  return { ...packet, headers, steps: [...packet.steps, step] }
}

export function stopped<H>(
  packet: Packet<H>,
  stage: Stage,
  disposition: Disposition,
  origin: Origin,
  headers = packet.headers,
): Outcome<H> {
  const step: Step = { node: packet.at.node, stage, outcome: 'stop', origin }
  return { kind: 'end', disposition, packet: { ...packet, headers, steps: [...packet.steps, step] } }
}

/** The packet at another interface; a node it was not at before joins the path. */
export function movedTo<H>(packet: Packet<H>, at: Interface): Packet<H> {
  return { ...packet, at, path: packet.at.node === at.node ? packet.path : [...packet.path, at.node] }
}

export const accepted = <H>(packet: Packet<H>): Outcome<H> => ({ kind: 'end', disposition: 'accepted', packet })
export const next = <H>(packet: Packet<H>): Outcome<H> => ({ kind: 'next', packet })
export const to = <H>(entry: Entry, packet: Packet<H>): Outcome<H> => ({ kind: 'to', entry, packet })

/** The outcomes of the parts of a split that are there. */
export const parts = <H>(...outcomes: (Outcome<H> | undefined)[]): Outcome<H>[] =>
  outcomes.filter((o) => o !== undefined)
