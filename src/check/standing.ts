/**
 * Assertions that stand while the network changes: after a change only what it can concern is judged again.
 *
 * Invariant: the results are those of `evaluate` on the same subject. A verdict stays while nothing has changed that it
 * rests on. What words mean is found again when a record has changed that can have a name. What fails is explained
 * again with every change: what would mend it may be far away.
 */
import { basisOf, ConcernIndex, type Step } from '../analyzer/concern.ts'
import type { ResourceType } from '../ec2/resource.ts'
import type { State } from '../ec2/state.ts'
import type { Assertion } from './assertion.ts'
import { errorOf, type Result, resultOf } from './evaluate.ts'
import type { Subject } from './explanation.ts'
import { type Judged, judge, pairText } from './judge.ts'
import type { Scope } from './names.ts'
import { type Meanings, meaningsIn, type Pair, PlacedError, pairsOf } from './pairs.ts'

/** One pair of an assertion; `judged` is absent while it is to be looked at. */
interface Held {
  readonly of: Watched
  readonly pair: Pair
  judged?: Judged
}

interface Watched {
  readonly assertion: Assertion
  /** By what they are; or why there are none. */
  pairs: ReadonlyMap<string, Held> | PlacedError
  /** Absent while it is to be found. */
  result?: Result
}

/** The results as they are now, and how many pairs were looked at for them. */
export interface Look {
  readonly results: readonly Result[]
  readonly looked: number
}

/** Kinds of records that words mean things by. */
const NAMED: ReadonlySet<ResourceType> = new Set<ResourceType>([
  'instance',
  'network-interface',
  'subnet',
  'vpc',
  'security-group',
  'internet-gateway',
  'vpc-peering-connection',
])

export class Standing {
  readonly #scope: Scope
  readonly #watched: readonly Watched[]
  readonly #index = new ConcernIndex<Held>()
  #begun = false

  constructor(assertions: readonly Assertion[], scope: Scope) {
    this.#scope = scope
    this.#watched = assertions.map((assertion) => ({ assertion, pairs: new Map() }))
  }

  /** Looks again. `step`: all that has changed since the last look; without it everything is looked at. */
  update(subject: Subject, step?: Step): Look {
    if (this.#begun && step) this.#follow(subject, step)
    else this.#begin(subject)
    this.#begun = true
    let looked = 0
    const results = this.#watched.map((watched) => {
      looked += watched.result ? 0 : this.#judge(subject, watched)
      return watched.result as Result
    })
    return { results, looked }
  }

  #begin(subject: Subject): void {
    for (const { pairs } of this.#watched)
      if (!(pairs instanceof PlacedError)) for (const held of pairs.values()) this.#reopen(held)
    this.#findPairs(subject)
  }

  #follow(subject: Subject, step: Step): void {
    const { difference, changes } = step
    if (changes.length === 0 && difference.removed.length === 0 && difference.added.length === 0) return
    for (const held of this.#index.concernedBy(step)) this.#reopen(held)
    for (const watched of this.#watched) if (watched.result?.status !== 'holds') delete watched.result
    if (changes.some(({ type }) => NAMED.has(type))) this.#findPairs(subject)
  }

  #reopen(held: Held): void {
    this.#index.delete(held)
    delete held.judged
    delete held.of.result
  }

  /** Finds what the words mean now; a pair that stays keeps its verdict, and is told in the names of now. */
  #findPairs(subject: Subject): void {
    const meanings = meaningsIn(subject.state, this.#scope)
    for (const watched of this.#watched) {
      const before = watched.pairs instanceof PlacedError ? new Map<string, Held>() : watched.pairs
      watched.pairs = heldPairs(subject.state, watched, meanings, before)
      delete watched.result
      const kept = new Set(watched.pairs instanceof PlacedError ? [] : watched.pairs.values())
      for (const held of before.values()) {
        if (!kept.has(held)) this.#index.delete(held)
        else if (held.judged) held.judged = retold(subject, held.pair, held.judged)
      }
    }
  }

  /** Brings one assertion's result up to date; answers how many pairs that took. */
  #judge(subject: Subject, watched: Watched): number {
    const { assertion, pairs } = watched
    if (pairs instanceof PlacedError) {
      watched.result = errorOf(assertion, pairs)
      return 0
    }
    const looked = new Set<Held>()
    try {
      const judged = [...pairs.values()].map((held) => {
        if (!held.judged) looked.add(held)
        return this.#judged(subject, held)
      })
      watched.result = resultOf(subject, assertion, judged, this.#scope)
    } catch (error) {
      if (!(error instanceof PlacedError)) throw error
      watched.result = errorOf(assertion, error)
    }
    return looked.size + explainedAnew(watched, looked)
  }

  #judged(subject: Subject, held: Held): Judged {
    if (held.judged) return held.judged
    held.judged = judge(subject, held.of.assertion, held.pair)
    this.#index.put(held, basisOf(subject.state, subject.network, held.pair, held.judged.rests))
    return held.judged
  }
}

/** How many failing pairs were explained without being judged. */
function explainedAnew({ pairs, result }: Watched, looked: ReadonlySet<Held>): number {
  if (pairs instanceof PlacedError || !result) return 0
  const shown = [...pairs.values()].filter(({ judged }) => judged?.failing).slice(0, result.failures.length)
  return shown.filter((held) => !looked.has(held)).length
}

function heldPairs(
  state: State,
  watched: Watched,
  meanings: Meanings,
  before: ReadonlyMap<string, Held>,
): Watched['pairs'] {
  try {
    const pairs = pairsOf(state, watched.assertion, meanings)
    // A pair that is named twice counts twice.
    const times = new Map<string, number>()
    return new Map(
      pairs.map((pair) => {
        const text = JSON.stringify(pair)
        const time = times.get(text) ?? 0
        times.set(text, time + 1)
        const key = `${text} ${time}`
        return [key, before.get(key) ?? { of: watched, pair }]
      }),
    )
  } catch (error) {
    if (error instanceof PlacedError) return error
    throw error
  }
}

function retold(subject: Subject, pair: Pair, judged: Judged): Judged {
  const text = pairText(subject, pair)
  return { ...judged, samples: judged.samples.map((sample) => ({ ...sample, pair: text })) }
}
