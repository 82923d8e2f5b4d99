/** The stages that headers pass on one way, with the whole set of headers at each: what components are made of. */
import { advance, answers, type Ending, type Position } from '../../forward/forward.ts'
import { current, initialHeaders, setDomain, type SymbolicHeaders } from '../../forward/set-domain.ts'
import { topologyOf } from '../../forward/topology.ts'
import type { World } from '../../forward/walk.ts'
import { ofFlow } from '../../headers/condition.ts'
import { type HeaderSet, includes } from '../../headers/header-set.ts'
import type { Flow } from '../../network/flow.ts'
import type { Network } from '../../network/network.ts'
import type { HopOf, Way } from '../answer.ts'
import { hopsOf } from '../hops.ts'

/** One stage: a `Hop` for a set of headers. */
export type Passage = HopOf<HeaderSet>

/** The hops of an example's way; with all headers of a track, as far as that is the same. */
export function passagesOf({ hops }: Way, track: Pick<Track, 'passages'> | undefined): Passage[] {
  return hops.map((hop, i) => {
    const shared = track?.passages[i]
    return shared?.leg === hop.leg && shared.stage === hop.stage && shared.at === hop.at
      ? { ...hop, before: shared.before, after: shared.after }
      : { ...hop, before: ofFlow(hop.before), after: ofFlow(hop.after) }
  })
}

/** All headers that take the very way of `example`, and that way. */
export interface Track {
  readonly passages: readonly Passage[]
  /** As they began. */
  readonly headers: HeaderSet
  /** Interfaces where the request left, and where it arrived. */
  readonly left: string
  readonly arrived: string
}

type Symbolic = Position<SymbolicHeaders>

export const setWorld = (network: Network, merging: boolean): World<SymbolicHeaders> => ({
  domain: setDomain,
  topology: topologyOf(network),
  merging,
  worldwide: true,
})

/** Follows the part of some headers that goes the way of `example`, there and, where an answer is asked for, back. */
export function trackOf(network: Network, from: readonly Symbolic[], example: Flow, oneWay: boolean): Track {
  const world = setWorld(network, false)
  const first = theOne(from, example, headersAt)
  const request = walked(world, first, example)
  const legs = [request]
  const isAnswered = !oneWay && request.ending.disposition === 'accepted'
  if (isAnswered) legs.push(walked(world, theOne(answers(world, request.ending.packet), example, headersAt), example))
  const headers = initialHeaders((legs.at(-1) as Leg).ending.packet.headers)
  const settled = (h: SymbolicHeaders): HeaderSet => current({ ...h, initial: headers })
  return {
    passages: legs.flatMap(({ drafts }) =>
      drafts.map((d) => ({ ...d, before: settled(d.before), after: settled(d.after) })),
    ),
    headers,
    left: first.packet.at.id,
    arrived: request.ending.packet.at.id,
  }
}

interface Leg {
  readonly drafts: readonly HopOf<SymbolicHeaders>[]
  readonly ending: Ending<SymbolicHeaders>
}

function walked(world: World<SymbolicHeaders>, from: Symbolic, example: Flow): Leg {
  const drafts: HopOf<SymbolicHeaders>[] = []
  for (let here = from; ; ) {
    const next = theOne(advance(world, here), example, (p) => (p.kind === 'at' ? p.position : p.ending).packet.headers)
    const { packet } = next.kind === 'at' ? next.position : next.ending
    drafts.push(...hopsOf(here, packet))
    if (next.kind === 'end') return { drafts, ending: next.ending }
    here = next.position
  }
}

const headersAt = ({ packet }: Symbolic): SymbolicHeaders => packet.headers

/** The part that the example belongs to: it belongs to exactly one. */
function theOne<T>(parts: readonly T[], example: Flow, headersOf: (part: T) => SymbolicHeaders): T {
  const found = parts.find((part) => includes(initialHeaders(headersOf(part)), example))
  if (found === undefined) throw new Error('a packet is in no part of the set that it belongs to')
  return found
}
