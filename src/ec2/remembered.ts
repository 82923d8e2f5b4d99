/** Keeps what was made of records until one of those that were read for it is another. */
import type { Field } from './record-index.ts'
import type { ResourceType, ResourceTypes } from './resource.ts'
import type { State } from './state.ts'

/** A question to the state, and what it answered: the record, the list of records, or the number. */
interface Read {
  readonly ask: (state: State) => unknown
  readonly answer: unknown
}

/** As `remembering` gives it: what `make` makes of the record and of what it reads. */
export type Remember<R extends object, T extends object> = (
  state: State,
  record: R,
  make: (read: State, record: R) => T,
) => T

/**
 * For each record the latest result, which is frozen: its text is kept, too, by who writes it. `make` must read
 * nothing but the record and the state that it is given.
 */
export function remembering<R extends object, T extends object>(): Remember<R, T> {
  const results = new WeakMap<R, { readonly reads: readonly Read[]; readonly result: T }>()
  return (state, record, make) => {
    const known = results.get(record)
    if (known?.reads.every(({ ask, answer }) => ask(state) === answer)) return known.result
    const reader = new Reader(state)
    const result = Object.freeze(make(reader, record))
    if (reader.isRepeatable) results.set(record, { reads: reader.reads, result })
    return result
  }
}

/** Notes what is read. */
class Reader implements State {
  readonly #state: State
  readonly reads: Read[] = []
  isRepeatable = true

  constructor(state: State) {
    this.#state = state
  }

  get<T extends ResourceType>(type: T, id: string): ResourceTypes[T] | undefined {
    return this.#note((state) => state.get(type, id))
  }

  /** Whoever reads all has read what nobody would compare. */
  all<T extends ResourceType>(type: T): Iterable<ResourceTypes[T]> {
    this.isRepeatable = false
    return this.#state.all(type)
  }

  where<T extends ResourceType>(type: T, field: Field<T>, value: string): readonly ResourceTypes[T][] {
    return this.#note((state) => state.where(type, field, value))
  }

  count<T extends ResourceType>(type: T, field: Field<T>, value: string): number {
    return this.#note((state) => state.count(type, field, value))
  }

  #note<A>(ask: (state: State) => A): A {
    const answer = ask(this.#state)
    this.reads.push({ ask, answer })
    return answer
  }
}
