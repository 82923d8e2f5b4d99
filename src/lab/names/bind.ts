/** Names → the things that they mean now. */
import type { Binding, Selector } from '../format/lab.ts'
import { NOUNS } from './attributes.ts'
import { filled, filledData, type Mention } from './template.ts'
import type { Estate, Thing } from './things.ts'

/** Something that a text mentions is not there, or is there more than once; the message says so. */
export class UnboundError extends Error {
  override readonly name: string = 'UnboundError'
}

/** It is there more than once: nobody can say which is meant, and that it is gone least of all. */
export class AmbiguousError extends UnboundError {
  override readonly name = 'AmbiguousError'
}

export interface Names {
  /** What a name means, as far as it is bound. */
  readonly things: ReadonlyMap<string, Thing>
  /** The text with its names replaced. Throws UnboundError. */
  text(template: string): string
  /** The same in all texts of plain data. */
  data(template: unknown): unknown
}

/** Finds the thing of each name, in order. What is not there, is only missed where it is mentioned. */
export async function bind(bindings: readonly Binding[], estate: Estate): Promise<Names> {
  const things = new Map<string, Thing>()
  const unbound = new Map<string, UnboundError>()
  const names = namesOf(things, unbound)
  for (const { name, selector } of bindings) {
    try {
      things.set(name, await only(selector, estate, names))
    } catch (error) {
      if (!(error instanceof UnboundError)) throw error
      unbound.set(name, error)
    }
  }
  return names
}

function namesOf(things: ReadonlyMap<string, Thing>, unbound: ReadonlyMap<string, UnboundError>): Names {
  const valueFor = ({ name, attribute }: Mention): string => {
    const thing = things.get(name)
    if (!thing) throw unbound.get(name) ?? new UnboundError(`There is no ${name}.`)
    const [value] = thing.attributes[attribute] ?? []
    if (value === undefined) throw new UnboundError(`${thing.id} has no ${attribute}.`)
    return value
  }
  return {
    things,
    text: (template) => filled(template, valueFor),
    data: (template) => filledData(template, valueFor),
  }
}

/** All things that a selector means. Throws UnboundError where it mentions something that is not there. */
export async function selected({ kind, having }: Selector, estate: Estate, names: Names): Promise<readonly Thing[]> {
  const wanted = Object.entries(having).map(([key, values]) => [key, values.map(names.text)] as const)
  const all = await estate.things(kind)
  return all.filter(({ attributes }) =>
    wanted.every(([key, values]) => values.every((value) => attributes[key]?.includes(value))),
  )
}

/** The selector in words, names filled in where that can be. */
export function described({ kind, having }: Selector, names: Names): string {
  const parts = Object.entries(having).map(([key, values]) => {
    const texts = values.map(named(names)).join(' and ')
    return `${RELATIONS[key] ?? `with ${key}`} ${texts}`
  })
  return [NOUNS[kind], ...parts].join(' ')
}

/** How people say it. */
const RELATIONS: Readonly<Record<string, string>> = {
  cidr: 'of',
  vpc: 'in',
  subnet: 'in',
  zone: 'in',
  between: 'between',
  instance: 'of',
  state: 'that is',
  status: 'that is',
  groupName: 'called',
  name: 'called',
}

const named =
  ({ text }: Names) =>
  (template: string): string => {
    try {
      return text(template)
    } catch {
      return template
    }
  }

async function only(selector: Selector, estate: Estate, names: Names): Promise<Thing> {
  const [one, ...more] = await selected(selector, estate, names)
  if (one && more.length === 0) return one
  const what = described(selector, names)
  if (!one) throw new UnboundError(`There is no ${what} yet.`)
  throw new AmbiguousError(`There is more than one ${what}: ${[one, ...more].map(({ id }) => id).join(', ')}.`)
}
