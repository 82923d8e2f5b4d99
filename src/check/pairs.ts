/** Which pairs of ends an assertion is about, and what is wrong where there are none. */
import type { End } from '../analyzer/question.ts'
import type { State } from '../ec2/state.ts'
import type { Assertion, Place, Word } from './assertion.ts'
import { endsOf } from './ends.ts'
import { NameError, type Scope } from './names.ts'

export type Pair = readonly [from: End, to: End]

/** An error in what a word of the file means, or in what is asked of a pair. */
export class PlacedError extends Error {
  readonly place: Place
  constructor({ line, column }: Place, message: string) {
    super(message)
    this.place = { line, column }
  }
}

/** What the words of assertions mean in one state: each is looked up once. Throws NameError. */
export type Meanings = (word: string) => readonly End[]

export function meaningsIn(state: State, scope: Scope): Meanings {
  const known = new Map<string, readonly End[]>()
  return (word) => {
    const ends = known.get(word) ?? endsOf(state, word, scope)
    known.set(word, ends)
    return ends
  }
}

/** Every pair of different ends. Throws PlacedError. */
export function pairsOf(state: State, assertion: Assertion, meanings: Meanings): Pair[] {
  const meaning = (word: Word): readonly End[] => {
    try {
      return meanings(word.text)
    } catch (error) {
      throw error instanceof NameError ? new PlacedError(word, error.message) : error
    }
  }
  const [sources, destinations] = [assertion.from.flatMap(meaning), assertion.to.flatMap(meaning)]
  const pairs = sources.flatMap((a) => destinations.filter((b) => !isSame(state, a, b)).map((b): Pair => [a, b]))
  if (pairs.length > 0) return pairs
  throw new PlacedError(assertion, '`from` and `to` mean the same thing: there is no pair to ask about.')
}

/** Whether both are one host: what holds within it says nothing of the network. */
function isSame(state: State, a: End, b: End): boolean {
  const host = (end: End) =>
    end.kind === 'network-interface'
      ? (state.get('network-interface', end.id)?.attachment?.instanceId ?? end.id)
      : 'id' in end
        ? end.id
        : undefined
  return host(a) !== undefined && host(a) === host(b)
}
