/** What people call things: an id or its beginning, a Name tag, or the name as one would write it in a file name. */
import { UsageFailure } from './failure.ts'

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

/** From the most exact to the least: the first that fits anything decides. */
const ways: readonly ((thing: Named, text: string) => boolean)[] = [
  ({ id }, text) => id === text,
  ({ name }, text) => name !== '' && name === text,
  ({ aliases }, text) => aliases?.includes(text) ?? false,
  ({ name }, text) => name !== '' && slug(text) !== '' && slug(name) === slug(text),
  ({ aliases }, text) => aliases?.some((alias) => slug(text) !== '' && slug(alias) === slug(text)) ?? false,
  ({ id }, text) => text.length > 0 && (id.startsWith(text) || id.slice(id.indexOf('-') + 1).startsWith(text)),
]

/** The one thing that `text` means. Throws UsageFailure where it is none or several, and says what there is. */
export function findNamed<T extends Named>(kind: string, things: readonly T[], text: string): T {
  const found = ways.map((way) => things.filter((thing) => way(thing, text))).find((some) => some.length > 0) ?? []
  const [only, ...others] = found
  if (only && others.length === 0) return only
  if (only) throw new UsageFailure(`${text} may mean several of them, so give an id:\n${listed(found)}`)
  throw new UsageFailure(
    things.length === 0
      ? `There is no ${kind} ${text}, nor any other ${kind}.`
      : `There is no ${kind} ${text}. There are:\n${listed(things)}`,
  )
}

const listed = (things: readonly Named[]): string =>
  things.map(({ id, name }) => `  ${id}${name && `  ${name}`}`).join('\n')

/** A VPC also goes by the name it was created with: `shop` for `shop-vpc`. Throws as `findNamed`. */
export function findVpc<T extends Named>(vpcs: readonly T[], text: string): T {
  const created = (name: string) => (name.endsWith('-vpc') ? [name.slice(0, -'-vpc'.length)] : [])
  return findNamed(
    'VPC',
    vpcs.map((vpc) => ({ ...vpc, aliases: created(vpc.name) })),
    text,
  )
}
