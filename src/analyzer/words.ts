/** Answers in words: what every part of one means to a person. The sentences themselves are in `words/`. */
import type { State } from '../ec2/state.ts'
import type { Network } from '../network/network.ts'
import type { Answer, Blocker, Hop, Way } from './answer.ts'
import { distinct } from './search.ts'
import { additions, blockerWords } from './words/blockers.ts'
import { hopWords } from './words/hops.ts'
import { sentence } from './words/names.ts'
import { headline } from './words/headline.ts'
import { noticeWords } from './words/notices.ts'
import { type PathPart, pathOf } from './words/path.ts'
import { situationOf } from './words/situation.ts'

/** A blocker and its sentences. */
export interface ToldBlocker extends Blocker {
  readonly sentence: string
  /** What else there is to know: that it is the reply, that ping needs a rule of its own. */
  readonly remarks: readonly string[]
}

export interface ToldHop extends Hop {
  readonly sentence: string
}

/** A way with a line of things for each of its legs, and a sentence for each decision. */
export interface ToldWay {
  readonly complete: boolean
  readonly request: readonly PathPart[]
  readonly reply: readonly PathPart[]
  readonly hops: readonly ToldHop[]
  /** Each setting once, though it may stop request and reply. */
  readonly blockers: readonly ToldBlocker[]
}

export interface ToldNotice {
  readonly code: string
  readonly resources: readonly string[]
  readonly sentence: string
}

/** An answer that a person can read. */
export interface Told {
  /** Whether it arrives, in one sentence. */
  readonly headline: string
  readonly way: ToldWay
  readonly alternatives: readonly ToldWay[]
  readonly notices: readonly ToldNotice[]
}

/** The answer in words; `state` and `network` are those it was found in. */
export function told(state: State, network: Network, answer: Answer): Told {
  return {
    headline: sentence(headline(state, network, answer)),
    way: toldWay(state, network, answer.way),
    alternatives: answer.alternatives.map((way) => toldWay(state, network, way)),
    notices: answer.notices.map((notice) => ({ ...notice, sentence: sentence(noticeWords(state, network, notice)) })),
  }
}

function toldWay(state: State, network: Network, way: Way): ToldWay {
  const leg = (which: Hop['leg']) => {
    const hops = way.hops.filter((hop) => hop.leg === which)
    return pathOf(
      state,
      network,
      hops,
      way.blockers.filter((blocker) => blocker.leg === which && !isMet(way, blocker)),
    )
  }
  return {
    complete: way.complete,
    request: leg('request'),
    reply: leg('reply'),
    hops: way.hops.map((hop) => ({ ...hop, sentence: sentence(hopWords(state, network, hop)) })),
    blockers: distinct(way.blockers).map((blocker) => toldBlocker(state, network, way, blocker)),
  }
}

/** Whether a hop of the way stands for the blocker, or for the turn that would have to be taken instead. */
const isMet = ({ hops }: Way, { leg, stage, at, remedy }: Blocker): boolean =>
  remedy.kind === 'route' ||
  remedy.kind === 'peering' ||
  hops.some((hop) => hop.outcome === 'stop' && hop.leg === leg && hop.stage === stage && hop.at === at)

/** The sentence of a blocker of a way. */
export const blockerText = (state: State, network: Network, way: Way, blocker: Blocker): string =>
  sentence(blockerWords(situationOf(state, network, way, blocker)))

function toldBlocker(state: State, network: Network, way: Way, blocker: Blocker): ToldBlocker {
  const situation = situationOf(state, network, way, blocker)
  return {
    ...blocker,
    sentence: sentence(blockerWords(situation)),
    remarks: additions(situation).map(sentence),
  }
}
