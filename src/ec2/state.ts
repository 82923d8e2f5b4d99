/** All records, immutable between calls; and the draft in which one call writes. */
import { type Field, keysOf, RecordIndex } from './record-index.ts'
import type { ResourceType, ResourceTypes } from './resource.ts'

/** Read access to the records of every account and Region. `lookup.ts` adds what a caller may see. */
export interface State {
  get<T extends ResourceType>(type: T, id: string): ResourceTypes[T] | undefined
  all<T extends ResourceType>(type: T): Iterable<ResourceTypes[T]>
  /** The records that have `value` in a field, or in one of the field's parts; found without a look at the others. */
  where<T extends ResourceType>(type: T, field: Field<T>, value: string): readonly ResourceTypes[T][]
}

/** One record written or removed; `record` is absent where it was removed. */
export interface Change {
  readonly type: ResourceType
  readonly id: string
  readonly record?: Record
}

type Record = ResourceTypes[ResourceType]
type Table = Map<string, Record>

/** The committed records. Only a commit changes them. */
export class Records implements State {
  readonly #tables = new Map<string, Table>()
  /** By type and field: made when it is asked for first, kept up from then on. */
  readonly #indexes = new Map<string, Map<string, RecordIndex>>()

  get<T extends ResourceType>(type: T, id: string): ResourceTypes[T] | undefined {
    return this.#tables.get(type)?.get(id) as ResourceTypes[T] | undefined
  }

  all<T extends ResourceType>(type: T): Iterable<ResourceTypes[T]> {
    return (this.#tables.get(type)?.values() ?? []) as Iterable<ResourceTypes[T]>
  }

  where<T extends ResourceType>(type: T, field: Field<T>, value: string): readonly ResourceTypes[T][] {
    const indexes = this.#indexes.get(type) ?? new Map<string, RecordIndex>()
    this.#indexes.set(type, indexes)
    const index = indexes.get(field) ?? new RecordIndex(field, this.all(type) as Iterable<Record>)
    indexes.set(field, index)
    return index.of(value) as readonly ResourceTypes[T][]
  }

  /** Every record there is. */
  everything(): { readonly type: ResourceType; readonly id: string }[] {
    return [...this.#tables].flatMap(([type, table]) =>
      [...table.keys()].map((id) => ({ type: type as ResourceType, id })),
    )
  }

  /** Makes the changes of a committed draft visible. */
  accept(changes: readonly Change[]): void {
    for (const { type, id, record } of changes) {
      const table: Table = this.#tables.get(type) ?? new Map()
      this.#tables.set(type, table)
      for (const index of this.#indexes.get(type)?.values() ?? []) index.replace(table.get(id), record)
      if (record) table.set(id, record)
      else table.delete(id)
    }
  }
}

/** Records with one call's writes on top. Dropped, it leaves no trace. */
export class Draft implements State {
  readonly #base: State
  readonly #written = new Map<ResourceType, Map<string, Record | null>>()

  constructor(base: State) {
    this.#base = base
  }

  get<T extends ResourceType>(type: T, id: string): ResourceTypes[T] | undefined {
    const written = this.#written.get(type)?.get(id)
    if (written !== undefined) return (written ?? undefined) as ResourceTypes[T] | undefined
    return this.#base.get(type, id)
  }

  *all<T extends ResourceType>(type: T): Iterable<ResourceTypes[T]> {
    const written = this.#written.get(type)
    for (const record of this.#base.all(type)) {
      const id = (record as { id: string }).id
      if (!written?.has(id)) yield record
      else if (written.get(id)) yield written.get(id) as ResourceTypes[T]
    }
    for (const [id, record] of written ?? []) if (record && !this.#base.get(type, id)) yield record as ResourceTypes[T]
  }

  where<T extends ResourceType>(type: T, field: Field<T>, value: string): readonly ResourceTypes[T][] {
    const found = this.#base.where(type, field, value)
    const written = this.#written.get(type)
    if (!written) return found
    const has = (record: Record | undefined): boolean => record !== undefined && keysOf(record, field).includes(value)
    const kept = found.flatMap((record) => {
      const now = written.get((record as Record).id)
      return now === undefined ? record : now !== null && has(now) ? (now as typeof record) : []
    })
    const come = [...written].flatMap(([id, now]) =>
      now !== null && has(now) && !has(this.#base.get(type, id)) ? (now as ResourceTypes[T]) : [],
    )
    return [...kept, ...come]
  }

  put<T extends ResourceType>(type: T, record: ResourceTypes[T]): ResourceTypes[T] {
    this.#table(type).set((record as { id: string }).id, record)
    return record
  }

  remove(type: ResourceType, id: string): void {
    this.#table(type).set(id, null)
  }

  /** What a commit must make durable. */
  changes(): Change[] {
    return [...this.#written].flatMap(([type, table]) =>
      [...table].map(([id, record]) => (record ? { type, id, record } : { type, id })),
    )
  }

  #table(type: ResourceType): Map<string, Record | null> {
    const table = this.#written.get(type) ?? new Map<string, Record | null>()
    this.#written.set(type, table)
    return table
  }
}
