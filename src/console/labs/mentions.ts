/** Which words of a text stand for things of the network; nothing here needs a browser. */
import type { CourseView, NamedView } from '../../lab/course/view.ts'

export type Named = CourseView['names']

/** A text, and the thing that it stands for. */
export interface Part {
  readonly text: string
  readonly thing?: NamedView
}

/** Attributes whose values stand for the thing itself. */
const OWN = ['cidr', 'privateIp', 'publicIp']
/** Kinds of ids that stand on the map. */
const ON_MAP = /^(vpc|subnet|rtb|igw|nat|pcx|i|eigw)-/
const ANY_ID = '(?:vpc|subnet|rtb|igw|nat|pcx|i|eigw|sg)-[0-9a-f]{8,17}'
const VARIABLE = String.raw`\$\{?[A-Za-z_]\w*(?:\.\w+)?\}?`

/** What of a thing stands on the map: itself in what it belongs to; or else only the latter. */
export function onMap({ id, attributes }: NamedView): string[] {
  const { instance = [], subnet = [], vpc = [] } = attributes
  if (ON_MAP.test(id)) return [id, ...subnet, ...vpc]
  return [instance, subnet, vpc].find((ids) => ids.length > 0)?.slice() ?? []
}

/** The text in parts: ids, addresses, blocks, `$web`, `Instance 2`; and a name where it is the whole text. */
export function partsOf(text: string, names: Named): Part[] {
  if (Object.hasOwn(names, text) && names[text]) return [{ text, thing: names[text] }]
  const values = valuesOf(names)
  const words = [...values.keys()].toSorted((one, other) => other.length - one.length).map(escaped)
  const pattern = new RegExp(`(?<![\\w./-])(${[VARIABLE, ANY_ID, ...words].join('|')})(?![\\w/]|[.-]\\w)`, 'gi')
  return text.split(pattern).map((part, i) => {
    const thing = i % 2 === 1 ? thingOf(part, names, values) : undefined
    return { text: part, ...(thing && { thing }) }
  })
}

/** A command with the values of its names, as far as they are known. */
export const filled = (command: string, names: Named): string =>
  command.replaceAll(new RegExp(VARIABLE, 'g'), (text) => variable(text, names)?.value ?? text)

function thingOf(part: string, names: Named, values: ReadonlyMap<string, NamedView>): NamedView | undefined {
  if (part.startsWith('$')) return variable(part, names)?.thing
  return values.get(part.toLowerCase()) ?? { id: part, attributes: {} }
}

/** `$web`, `${web.publicIp}`, and `$web_publicIp` as scripts have it. */
function variable(text: string, names: Named): { thing: NamedView; value: string } | undefined {
  const name = text.replaceAll(/[${}]/g, '')
  const own = names[name]
  if (own) return { thing: own, value: own.id }
  const [, first = '', attribute = ''] = /^(\w+)[._](\w+)$/.exec(name) ?? []
  const thing = names[first]
  const value = thing?.attributes[attribute]?.[0]
  return thing && value !== undefined ? { thing, value } : undefined
}

/** What a thing is called in texts, in small letters. */
function valuesOf(names: Named): ReadonlyMap<string, NamedView> {
  const things = Object.values(names)
  const values = things.flatMap((thing) => {
    const own = OWN.flatMap((key) => thing.attributes[key] ?? [])
    return [...own, ...(thing.called ?? []), thing.id].map((value) => [value.toLowerCase(), thing] as const)
  })
  return new Map(values)
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
