/** What people call things: an id or its beginning, a Name tag, or the name as one would write it in a file name. */

/** A thing that can be meant. */
export interface Named {
  readonly id: string
  /** Its Name tag; empty where it has none. */
  readonly name: string
  /** Other names it goes by: an address, say. */
  readonly aliases?: readonly string[]
}

/** `My VPC` → `my-vpc`. */
export const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

const isAlike = (name: string, text: string): boolean => slug(text) !== '' && slug(name) === slug(text)

/** From the most exact to the least: the first that fits anything decides. */
const WAYS: readonly ((thing: Named, text: string) => boolean)[] = [
  ({ id }, text) => id === text,
  ({ name }, text) => name === text,
  ({ aliases }, text) => aliases?.includes(text) ?? false,
  ({ name }, text) => isAlike(name, text),
  ({ aliases }, text) => aliases?.some((alias) => isAlike(alias, text)) ?? false,
  ({ id }, text) => id.startsWith(text) || id.slice(id.indexOf('-') + 1).startsWith(text),
]

/** Those that `text` may mean; none where it means nothing. `named` says how a thing is called. */
export function meant<T>(things: readonly T[], text: string, named: (thing: T) => Named): readonly T[] {
  if (text === '') return []
  return WAYS.map((way) => things.filter((thing) => way(named(thing), text))).find((some) => some.length > 0) ?? []
}

/** A VPC also goes by the name it was created with: `shop` for `shop-vpc`. */
export const vpcAliases = (name: string): string[] => (name.endsWith('-vpc') ? [name.slice(0, -'-vpc'.length)] : [])
