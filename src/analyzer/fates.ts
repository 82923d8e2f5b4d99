/** What becomes of every header that is asked about, and by which legs that was found. */
import { answers, type Ending, moved, type Position } from '../forward/forward.ts'
import { initialHeaders, setDomain, type SymbolicHeaders, symbolic } from '../forward/set-domain.ts'
import { topologyOf } from '../forward/topology.ts'
import type { World } from '../forward/walk.ts'
import { type HeaderSet, NOTHING, unionOf } from '../headers/header-set.ts'
import type { Asked } from './resolve.ts'

/** The headers as they began, by how they ended. */
export interface Fates {
  readonly answered: HeaderSet
  readonly unanswered: HeaderSet
  readonly lost: HeaderSet
  readonly legs: readonly MovedLeg[]
}

/** Headers as they set out, and the nodes that they came to. */
export interface MovedLeg {
  readonly headers: SymbolicHeaders
  readonly path: readonly string[]
}

/** Nothing can be sent. */
export const LOST = (lost: HeaderSet): Fates => ({ answered: NOTHING, unanswered: NOTHING, lost, legs: [] })

export function fatesOf(asked: Asked): Fates {
  const world: World<SymbolicHeaders> = {
    domain: setDomain,
    topology: topologyOf(asked.network),
    merging: true,
    worldwide: asked.worldwide,
  }
  const requests = asked.starts(world, symbolic(asked.headers)).flatMap((from) => sent(world, from))
  const [arrived, lost] = parted(requests, asked.arrived)
  if (asked.oneWay)
    return { answered: together(arrived), unanswered: NOTHING, lost: together(lost), legs: legsOf(requests) }
  const replies = arrived.flatMap(({ ending }) => answers(world, ending.packet).flatMap((from) => sent(world, from)))
  const [returned, unanswered] = parted(replies, asked.returned)
  return {
    answered: together(returned),
    unanswered: together(unanswered),
    lost: together(lost),
    legs: legsOf([...requests, ...replies]),
  }
}

/** A part of what set out together. */
interface Sent {
  readonly setOut: SymbolicHeaders
  readonly ending: Ending<SymbolicHeaders>
}

const sent = (world: World<SymbolicHeaders>, from: Position<SymbolicHeaders>): Sent[] =>
  moved(world, from).map((ending) => ({ setOut: from.packet.headers, ending }))

const legsOf = (all: readonly Sent[]): MovedLeg[] =>
  all.map(({ setOut, ending }) => ({ headers: setOut, path: ending.packet.path }))

function parted(all: readonly Sent[], is: (ending: Sent['ending']) => boolean): [Sent[], Sent[]] {
  return [all.filter(({ ending }) => is(ending)), all.filter(({ ending }) => !is(ending))]
}

/** The headers, as they began, of all that ended so. */
const together = (all: readonly Sent[]): HeaderSet =>
  unionOf(all.map(({ ending: { packet } }) => initialHeaders(packet.headers)))
