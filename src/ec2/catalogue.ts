/** Filters over what is the same for everybody: zones, images, instance types. `select.ts` does it for records. */
import { invalidValue } from './errors.ts'
import type { FilterValue } from './resource.ts'
import { type Filter, patternOf } from './select.ts'

/** Filter name → the values an item has for it. */
export type FilterTable<T> = Readonly<Record<string, (item: T) => FilterValue>>

/** The items that all filters let through. An unknown filter is an error. */
export function matching<T>(items: readonly T[], table: FilterTable<T>, filters: readonly Filter[] | undefined): T[] {
  const tests = (filters ?? []).map(({ Name = '', Values = [] }) => {
    const read = Object.hasOwn(table, Name) ? table[Name] : undefined
    if (!read) throw invalidValue(`The filter '${Name}' is invalid`)
    const accepts = patternOf(Values)
    return (item: T) => [read(item)].flat().some((v) => v !== undefined && accepts(String(v)))
  })
  return items.filter((item) => tests.every((test) => test(item)))
}
