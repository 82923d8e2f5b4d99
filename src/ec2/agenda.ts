/** When which record moves on by itself, so that nobody looks at all of them with every call. */
import { kindOf } from './kinds.ts'
import { type Awaited, dueAt, transitory } from './lifecycle.ts'
import type { Resource, ResourceType } from './resource.ts'
import type { Change, State } from './state.ts'

/** One date; out of date once the record has another state, or is gone. */
interface Entry extends Awaited {
  /** Milliseconds since the epoch. */
  readonly at: number
}

export class Agenda {
  readonly #records: State
  /** A binary heap: none falls due before the one above it, at half its place. */
  readonly #heap: Entry[] = []
  /** By kind and id: the latest date that was noted. */
  readonly #noted = new Map<string, number>()

  constructor(records: State) {
    this.#records = records
    for (const { type, id } of transitory(records)) this.#note(type, records.get(type, id))
  }

  /** Follows changes that the records have accepted. */
  accept(changes: readonly Change[]): void {
    for (const { type, record } of changes) this.#note(type, record)
  }

  /** What falls due until `now`, the earliest first. It stays on the agenda until a change to it is accepted. */
  due(now: number): Awaited[] {
    const found: Entry[] = []
    for (let first = this.#heap[0]; first && first.at <= now; first = this.#heap[0]) {
      this.#takeFirst()
      if (this.#isCurrent(first)) found.push(first)
      else if (this.#noted.get(keyOf(first)) === first.at) this.#noted.delete(keyOf(first))
    }
    for (const entry of found) this.#add(entry)
    return found
  }

  #note(type: ResourceType, record: Resource | undefined): void {
    const at = record && dueAt(kindOf(type).lifecycle, record)
    if (at === undefined) return
    const entry = { type, id: record?.id ?? '', at }
    if (this.#noted.get(keyOf(entry)) === at) return
    this.#noted.set(keyOf(entry), at)
    this.#add(entry)
  }

  #isCurrent({ type, id, at }: Entry): boolean {
    const record = this.#records.get(type, id)
    return record !== undefined && dueAt(kindOf(type).lifecycle, record) === at
  }

  #add(entry: Entry): void {
    const heap = this.#heap
    let place = heap.push(entry) - 1
    for (let above = (place - 1) >> 1; place > 0 && (heap[above] as Entry).at > entry.at; above = (place - 1) >> 1) {
      heap[place] = heap[above] as Entry
      place = above
    }
    heap[place] = entry
  }

  #takeFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let place = 0
    for (;;) {
      const [left, right] = [2 * place + 1, 2 * place + 2]
      const below = (heap[right]?.at ?? Infinity) < (heap[left]?.at ?? Infinity) ? right : left
      const next = heap[below]
      if (!next || next.at >= last.at) break
      heap[place] = next
      place = below
    }
    heap[place] = last
  }
}

const keyOf = ({ type, id }: Awaited): string => `${type} ${id}`
