/** Divides sets by a table of addresses: what each header's address has as its value there. */
import type { Ip } from '../ip/address.ts'
import { addressClassifier, type Classifier } from './classifier.ts'
import type { Constants } from './divide.ts'
import { fewAddresses } from './few-addresses.ts'
import type { AddressField } from './field-sets.ts'
import type { HeaderSet } from './header-set.ts'

/** The parts with a value, each with it, and the rest; a part that would be empty is absent. */
export interface Found<T> {
  readonly hits: readonly (readonly [HeaderSet, T])[]
  readonly rest?: HeaderSet
}

/** Addresses with one value are one part. A table that was asked once must not change any more. */
export function lookup<T>(
  set: HeaderSet,
  field: AddressField,
  table: ReadonlyMap<Ip, T>,
  constants: Constants = {},
): Found<T> {
  if (table.size === 0) return { hits: [], rest: set }
  const known = constants[field]
  if (known) return wholly(set, table.get(known))
  const few = fewAddresses(set, field)
  if (!few) return divided(set, field, indexOf(table))
  const [first, ...others] = [...few].map((address) => table.get(address))
  if (others.every((value) => value === first)) return wholly(set, first)
  const entries = [...few].flatMap((address) =>
    table.has(address) ? [[address, table.get(address) as T] as const] : [],
  )
  return divided(set, field, indexed(entries))
}

/** Whether all addresses of a field satisfy a condition, or none does; undefined where that is not soon known. */
export function decided(
  set: HeaderSet,
  field: AddressField,
  constants: Constants,
  condition: (address: Ip) => boolean,
): boolean | undefined {
  const known = constants[field]
  if (known) return condition(known)
  const [first, ...others] = [...(fewAddresses(set, field) ?? [])].map(condition)
  return others.every((one) => one === first) ? first : undefined
}

const wholly = <T>(set: HeaderSet, value: T | undefined): Found<T> =>
  value === undefined ? { hits: [], rest: set } : { hits: [[set, value]] }

function divided<T>(set: HeaderSet, field: AddressField, { values, classifierFor }: Index): Found<T> {
  const { hits, rest } = classifierFor(field).split(set)
  return { hits: hits.map(([part, i]) => [part, values[i] as T] as const), ...(rest && { rest }) }
}

/** A table made ready for sets. */
interface Index {
  readonly values: readonly unknown[]
  readonly classifierFor: (field: AddressField) => Classifier
}

const indexes = new WeakMap<ReadonlyMap<Ip, unknown>, Index>()

function indexOf(table: ReadonlyMap<Ip, unknown>): Index {
  const found = indexes.get(table) ?? indexed([...table])
  indexes.set(table, found)
  return found
}

function indexed(entries: readonly (readonly [Ip, unknown])[]): Index {
  const labels = new Map<unknown, number>()
  for (const [, value] of entries) if (!labels.has(value)) labels.set(value, labels.size)
  const made = new Map<AddressField, Classifier>()
  return {
    values: [...labels.keys()],
    classifierFor(field) {
      const labelled = () => entries.map(([address, value]) => [address, labels.get(value) as number] as const)
      const found = made.get(field) ?? addressClassifier(field, labelled())
      made.set(field, found)
      return found
    },
  }
}
