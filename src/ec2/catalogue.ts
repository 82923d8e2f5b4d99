/** Filters over what is the same for everybody: zones, images, instance types. `select.ts` does it for records. */
import { invalidValue } from './errors.ts'
import type { FilterValue, Tags } from './resource.ts'
import type { Filter } from './select.ts'
import { patternOf } from './wildcard.ts'

/** Filter name → the values an item has for it. */
export type FilterTable<T> = Readonly<Record<string, (item: T) => FilterValue>>

/** The items that all filters let through, those on tags where `tagsOf` reads any. An unknown filter is an error. */
export function matching<T>(
  items: readonly T[],
  table: FilterTable<T>,
  filters: readonly Filter[] | undefined,
  tagsOf?: (item: T) => Tags,
): T[] {
  const tests = (filters ?? []).map(({ Name = '', Values = [] }) => {
    const read = (tagsOf && ofTags(Name, tagsOf)) || (Object.hasOwn(table, Name) && table[Name])
    if (!read) throw invalidValue(`The filter '${Name}' is invalid`)
    const accepts = patternOf(Values)
    return (item: T) => [read(item)].flat().some((v) => v !== undefined && accepts(String(v)))
  })
  return items.filter((item) => tests.every((test) => test(item)))
}

function ofTags<T>(name: string, tagsOf: (item: T) => Tags): ((item: T) => FilterValue) | undefined {
  if (name.startsWith('tag:')) return (item) => tagsOf(item)[name.slice(4)]
  if (name === 'tag-key') return (item) => Object.keys(tagsOf(item))
  return name === 'tag-value' ? (item) => Object.values(tagsOf(item)) : undefined
}
