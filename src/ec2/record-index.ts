/** The records of a kind by what they have in one field, so that nobody searches all of them. */
import type { ResourceType, ResourceTypes } from './resource.ts'

/**
 * A field that can be asked for: one that holds a text or texts (`subnetId`, `groupIds`), or a part of a field, or of
 * each of its items, that does (`attachment.instanceId`, `associations.subnetId`).
 */
export type Field<T extends ResourceType> = FieldOf<ResourceTypes[T]>

type FieldOf<R> = {
  [K in keyof R & string]-?: NonNullable<R[K]> extends string | readonly string[]
    ? K
    : `${K}.${PartOf<NonNullable<R[K]>>}`
}[keyof R & string]

type PartOf<V> = V extends readonly (infer Item)[] ? TextIn<Item> : V extends object ? TextIn<V> : never
type TextIn<V> = { [K in keyof V & string]-?: NonNullable<V[K]> extends string ? K : never }[keyof V & string]

type Record = ResourceTypes[ResourceType]

/** What a record has in a field: the values it is found by. */
export function keysOf(record: Record, field: string): readonly string[] {
  const dot = field.indexOf('.')
  if (dot < 0) return texts(record[field as keyof Record])
  const whole: unknown = record[field.slice(0, dot) as keyof Record]
  const part = field.slice(dot + 1)
  return [whole].flat().flatMap((item) => texts((item as { [part: string]: unknown } | undefined)?.[part]))
}

const texts = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value : []

/** Value → the records that have it, in the order in which they came to have it. */
export class RecordIndex {
  readonly #field: string
  readonly #records = new Map<string, Map<string, Record>>()

  constructor(field: string, records: Iterable<Record>) {
    this.#field = field
    for (const record of records) this.replace(undefined, record)
  }

  of(value: string): readonly Record[] {
    return [...(this.#records.get(value)?.values() ?? [])]
  }

  /** `after` takes the place of `before`; either may be absent. Both have the same id. */
  replace(before: Record | undefined, after: Record | undefined): void {
    const keys = after ? keysOf(after, this.#field) : []
    if (before) for (const key of keysOf(before, this.#field)) if (!keys.includes(key)) this.#drop(key, before.id)
    for (const key of keys) {
      const found = this.#records.get(key) ?? new Map<string, Record>()
      this.#records.set(key, found)
      if (after) found.set(after.id, after)
    }
  }

  #drop(key: string, id: string): void {
    const found = this.#records.get(key)
    found?.delete(id)
    if (found?.size === 0) this.#records.delete(key)
  }
}
