/** The records of a kind by what they have in one field, so that nobody searches all of them. */
import type { ResourceType, ResourceTypes } from './resource.ts'

/**
 * A field that can be asked for: one that holds a text or texts (`subnetId`, `groupIds`), a part of a field, or of each
 * of its items, that does (`attachment.instanceId`, `associations.subnetId`), or several together (`JOINED`).
 */
export type Field<T extends ResourceType> =
  | FieldOf<ResourceTypes[T]>
  | 'account/region'
  | (T extends 'security-group' ? 'vpcId/groupName' : never)
  | (T extends 'network-interface' ? 'subnetId/privateIpAddresses' | 'subnetId*privateIpAddresses' : never)

type FieldOf<R> = {
  [K in keyof R & string]-?: NonNullable<R[K]> extends string | readonly string[]
    ? K
    : `${K}.${PartOf<NonNullable<R[K]>>}`
}[keyof R & string]

type PartOf<V> = V extends readonly (infer Item)[] ? TextIn<Item> : V extends object ? TextIn<V> : never
type TextIn<V> = { [K in keyof V & string]-?: NonNullable<V[K]> extends string ? K : never }[keyof V & string]

type Record = ResourceTypes[ResourceType]
type Addressed = ResourceTypes['network-interface']
type Group = ResourceTypes['security-group']

/** Fields that are found and counted together. */
const JOINED: ReadonlyMap<string, (record: Record) => readonly string[]> = new Map([
  // In small letters: names of groups are one however they are written.
  ['vpcId/groupName', (record: Record) => [`${(record as Group).vpcId}/${(record as Group).groupName.toLowerCase()}`]],
  ['account/region', ({ account, region }: Record) => [`${account}/${region}`]],
  [
    'subnetId/privateIpAddresses',
    (record: Record) => (record as Addressed).privateIpAddresses.map((a) => `${(record as Addressed).subnetId}/${a}`),
  ],
  // The subnet once for each address there, so that the addresses of a subnet are counted.
  [
    'subnetId*privateIpAddresses',
    (record: Record) => (record as Addressed).privateIpAddresses.map(() => (record as Addressed).subnetId),
  ],
])

/** What a record has in a field: the values it is found by, each as often as it has it. */
export function keysOf(record: Record, field: string): readonly string[] {
  const joined = JOINED.get(field)
  if (joined) return joined(record)
  const dot = field.indexOf('.')
  if (dot < 0) return texts(record[field as keyof Record])
  const whole: unknown = record[field.slice(0, dot) as keyof Record]
  const part = field.slice(dot + 1)
  return [whole].flat().flatMap((item) => texts((item as { [part: string]: unknown } | undefined)?.[part]))
}

const texts = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value : []

const NONE: readonly Record[] = []

/** Value → the records that have it, in the order in which they came to have it. */
export class RecordIndex {
  readonly #field: string
  readonly #records = new Map<string, Map<string, Record>>()
  readonly #counts = new Map<string, number>()
  /** As they were given, so that what is the same is the same list. */
  readonly #lists = new Map<string, readonly Record[]>()

  constructor(field: string, records: Iterable<Record> = []) {
    this.#field = field
    for (const record of records) this.replace(undefined, record)
  }

  /** The same list as before, while it has the same records. */
  of(value: string): readonly Record[] {
    const records = this.#records.get(value)
    if (!records) return NONE
    const list = this.#lists.get(value) ?? [...records.values()]
    this.#lists.set(value, list)
    return list
  }

  /** How often the value is there; without a look at the records. */
  count(value: string): number {
    return this.#counts.get(value) ?? 0
  }

  /** `after` takes the place of `before`; either may be absent. Both have the same id. */
  replace(before: Record | undefined, after: Record | undefined): void {
    const gone = before ? keysOf(before, this.#field) : []
    const keys = after ? keysOf(after, this.#field) : []
    for (const key of [...gone, ...keys]) this.#lists.delete(key)
    for (const key of gone) this.#add(key, -1)
    for (const key of keys) this.#add(key, 1)
    if (before) for (const key of gone) if (!keys.includes(key)) this.#drop(key, before.id)
    for (const key of keys) {
      const found = this.#records.get(key) ?? new Map<string, Record>()
      this.#records.set(key, found)
      if (after) found.set(after.id, after)
    }
  }

  #add(key: string, more: number): void {
    const count = this.count(key) + more
    if (count === 0) this.#counts.delete(key)
    else this.#counts.set(key, count)
  }

  #drop(key: string, id: string): void {
    const found = this.#records.get(key)
    found?.delete(id)
    if (found?.size === 0) this.#records.delete(key)
  }
}

/** Indexes of one set of records, by type and field: made when it is asked for first, kept up from then on. */
export class RecordIndexes {
  readonly #byType = new Map<string, Map<string, RecordIndex>>()

  /** `all`: the records of the type as they are now. */
  of(type: string, field: string, all: () => Iterable<Record>): RecordIndex {
    const indexes = this.#byType.get(type) ?? new Map<string, RecordIndex>()
    this.#byType.set(type, indexes)
    const index = indexes.get(field) ?? new RecordIndex(field, all())
    indexes.set(field, index)
    return index
  }

  replace(type: string, before: Record | undefined, after: Record | undefined): void {
    for (const index of this.#byType.get(type)?.values() ?? []) index.replace(before, after)
  }
}
