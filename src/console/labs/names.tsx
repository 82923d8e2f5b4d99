/** Names in texts: what stands for a thing of the network lights it on the map, and opens its card. */
import { type ComponentChildren, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { CourseView, NamedView } from '../../lab/course/view.ts'
import { set } from '../parts/set.ts'
import { openCard, pointedAt } from '../state.ts'

export type Named = CourseView['names']
export const Names = createContext<Named>({})

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

/** A text, and the thing that it stands for. */
interface Part {
  readonly text: string
  readonly thing?: NamedView
}

/** The text in parts. */
export function parts(text: string, names: Named): Part[] {
  const values = valuesOf(names)
  const words = [...values.keys()].toSorted((one, other) => other.length - one.length).map(escaped)
  const pattern = new RegExp(`(${[VARIABLE, ANY_ID, ...words].join('|')})(?![\\w/]|[.-]\\w)`, 'g')
  return text.split(pattern).map((part, i) => {
    const thing = i % 2 === 1 ? thingOf(part, names, values) : undefined
    return { text: part, ...(thing && { thing }) }
  })
}

function thingOf(part: string, names: Named, values: ReadonlyMap<string, NamedView>): NamedView | undefined {
  if (part.startsWith('$')) return variable(part, names)?.thing
  return values.get(part) ?? { id: part, attributes: {} }
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

/** A command with the values of its names, as far as they are known. */
export const filled = (command: string, names: Named): string =>
  command.replaceAll(new RegExp(VARIABLE, 'g'), (text) => variable(text, names)?.value ?? text)

function valuesOf(names: Named): ReadonlyMap<string, NamedView> {
  const things = Object.values(names)
  const values = things.flatMap((thing) => OWN.flatMap((key) => thing.attributes[key] ?? []).map((v) => [v, thing]))
  return new Map([...values, ...things.map((thing) => [thing.id, thing])] as [string, NamedView][])
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The text, its names as buttons. */
export function Text({ children }: { children: string }) {
  const names = useContext(Names)
  return (
    <>
      {parts(children, names).map(({ text, thing }, i) =>
        thing ? <Thing key={`${i}${text}`} text={text} thing={thing} /> : text,
      )}
    </>
  )
}

/** What lights things while the mouse or the keyboard is on it. */
export const lighting = (ids: readonly string[]) => ({
  onPointerEnter: () => set(pointedAt, ids),
  onPointerLeave: () => set(pointedAt, []),
  onFocusIn: () => set(pointedAt, ids),
  onFocusOut: () => set(pointedAt, []),
})

const Thing = ({ text, thing }: { text: string; thing: NamedView }): ComponentChildren => (
  <button
    type="button"
    class="named"
    title={text === thing.id ? 'Open its card' : thing.id}
    {...lighting(onMap(thing))}
    onClick={() => openCard(thing.id)}
  >
    {text}
  </button>
)
