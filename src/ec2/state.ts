/** All records, immutable between calls; and the draft in which one call writes. */
import { type Field, keysOf, type RecordIndex, RecordIndexes } from './record-index.ts'
import type { ResourceType, ResourceTypes } from './resource.ts'

/** Read access to the records of every account and Region. `lookup.ts` adds what a caller may see. */
export interface State {
  get<T extends ResourceType>(type: T, id: string): ResourceTypes[T] | undefined
  all<T extends ResourceType>(type: T): Iterable<ResourceTypes[T]>
  /** The records that have `value` in a field, or in one of the field's parts; found without a look at the others. */
  where<T extends ResourceType>(type: T, field: Field<T>, value: string): readonly ResourceTypes[T][]
  /** How often `value` is there in a field; its cost does not grow with the number. */
  count<T extends ResourceType>(type: T, field: Field<T>, value: string): number
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
  readonly #indexes = new RecordIndexes()

  get<T extends ResourceType>(type: T, id: string): ResourceTypes[T] | undefined {
    return this.#tables.get(type)?.get(id) as ResourceTypes[T] | undefined
  }

  all<T extends ResourceType>(type: T): Iterable<ResourceTypes[T]> {
    return (this.#tables.get(type)?.values() ?? []) as Iterable<ResourceTypes[T]>
  }

  where<T extends ResourceType>(type: T, field: Field<T>, value: string): readonly ResourceTypes[T][] {
    return this.#index(type, field).of(value) as readonly ResourceTypes[T][]
  }

  count<T extends ResourceType>(type: T, field: Field<T>, value: string): number {
    return this.#index(type, field).count(value)
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
      this.#indexes.replace(type, table.get(id), record)
      if (record) table.set(id, record)
      else table.delete(id)
    }
  }

  #index(type: ResourceType, field: string): RecordIndex {
    return this.#indexes.of(type, field, () => this.#tables.get(type)?.values() ?? [])
  }
}

/** Records with one call's writes on top. Dropped, it leaves no trace. */
export class Draft implements State {
  readonly #base: State
  readonly #written = new Map<ResourceType, Map<string, Record | null>>()
  /** Of what was written, as it is now; and of what stands under it in the base. */
  readonly #now = new RecordIndexes()
  readonly #under = new RecordIndexes()
  /** What stood where something was written, in order; undefined where nothing had been written yet. */
  readonly #journal: { readonly type: ResourceType; id: string; before: Record | null | undefined }[] = []

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
    const come = this.#nowIn(type, field)
      .of(value)
      .filter(({ id }) => !has(this.#base.get(type, id)))
    return [...kept, ...(come as unknown as readonly ResourceTypes[T][])]
  }

  count<T extends ResourceType>(type: T, field: Field<T>, value: string): number {
    const there = this.#base.count(type, field, value)
    if (!this.#written.has(type)) return there
    const under = this.#under.of(type, field, () => this.#ids(type).flatMap((id) => this.#base.get(type, id) ?? []))
    return there - under.count(value) + this.#nowIn(type, field).count(value)
  }

  put<T extends ResourceType>(type: T, record: ResourceTypes[T]): ResourceTypes[T] {
    this.#write(type, (record as { id: string }).id, record)
    return record
  }

  remove(type: ResourceType, id: string): void {
    this.#write(type, id, null)
  }

  /** What a commit must make durable. */
  changes(): Change[] {
    return [...this.#written].flatMap(([type, table]) =>
      [...table].map(([id, record]) => (record ? { type, id, record } : { type, id })),
    )
  }

  /** Where to go back to by `rollBack`. */
  savepoint(): number {
    return this.#journal.length
  }

  /** Takes back what was written after the savepoint. */
  rollBack(savepoint: number): void {
    for (const { type, id, before } of this.#journal.splice(savepoint).reverse()) this.#set(type, id, before)
  }

  /** The ids of what was written after the savepoint, each once. */
  writtenSince(savepoint: number): string[] {
    if (this.#journal.length === savepoint) return []
    return [...new Set(this.#journal.slice(savepoint).map(({ id }) => id))]
  }

  #write(type: ResourceType, id: string, record: Record | null): void {
    this.#journal.push({ type, id, before: this.#written.get(type)?.get(id) })
    this.#set(type, id, record)
  }

  /** Undefined: nothing was written. */
  #set(type: ResourceType, id: string, record: Record | null | undefined): void {
    const table = this.#table(type)
    if (record === undefined) this.#under.replace(type, this.#base.get(type, id), undefined)
    else if (!table.has(id)) this.#under.replace(type, undefined, this.#base.get(type, id))
    this.#now.replace(type, table.get(id) ?? undefined, record ?? undefined)
    if (record === undefined) table.delete(id)
    else table.set(id, record)
  }

  #nowIn(type: ResourceType, field: string): RecordIndex {
    return this.#now.of(type, field, () => [...this.#table(type).values()].filter((record) => record !== null))
  }

  #ids(type: ResourceType): string[] {
    return [...this.#table(type).keys()]
  }

  #table(type: ResourceType): Map<string, Record | null> {
    const table = this.#written.get(type) ?? new Map<string, Record | null>()
    this.#written.set(type, table)
    return table
  }
}
