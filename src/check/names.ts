/** What a word of an assertion or a question can mean: the things of a state by id, name, tag and address. */
import type { ResourceType, ResourceTypes } from '../ec2/resource.ts'
import type { State } from '../ec2/state.ts'
import { meant, type Named, vpcAliases } from './named.ts'

/** Whose things are meant where a word may mean several: those of this account and Region, if there are any. */
export interface Scope {
  readonly account?: string
  readonly region?: string
}

/** A word means nothing, or several things; the message says what there is. */
export class NameError extends Error {
  override readonly name = 'NameError'
}

type Record<T extends ResourceType> = ResourceTypes[T]

interface Tagged {
  readonly id: string
  readonly account: string
  readonly region: string
  readonly tags: Readonly<{ [key: string]: string }>
}

const nameOf = (thing: Tagged): string => thing.tags.Name ?? groupName(thing) ?? ''
const groupName = (thing: Tagged): string | undefined => ('groupName' in thing ? String(thing.groupName) : undefined)

function namedBy(thing: Tagged): Named {
  const [name, group] = [nameOf(thing), groupName(thing)]
  const created = thing.id.startsWith('vpc-') ? vpcAliases(name) : []
  return { id: thing.id, name, aliases: group === undefined ? created : [group] }
}

/** Those of a kind that a word may mean; empty where it is none. */
export function matching<T extends ResourceType>(state: State, type: T, word: string, scope: Scope): Record<T>[] {
  const exact = state.get(type, word)
  // A peering that is over may be asked about by its id, as routes still lead to it.
  if (exact && (isThere(exact) || type === 'vpc-peering-connection')) return [exact]
  const things = [...state.all(type)].filter(isThere)
  return preferred(
    meant(things, word, (thing) => namedBy(thing as Tagged)),
    scope,
  )
}

/** A terminated instance, and a peering that is over, are memories: their names may be in use again. */
const isThere = (thing: unknown): boolean => !OVER.has((thing as { state: string }).state)
const OVER: ReadonlySet<string> = new Set(['terminated', 'deleted', 'rejected', 'failed', 'expired'])

/** Of several, those in the scope, if any. */
function preferred<R>(found: readonly R[], { account, region }: Scope): R[] {
  const inScope = (found as readonly (R & Tagged)[]).filter(
    (thing) => (account ?? thing.account) === thing.account && (region ?? thing.region) === thing.region,
  )
  return inScope.length > 0 ? inScope : [...found]
}

/** The one thing of a kind that a word means. Throws NameError. */
export function only<T extends ResourceType>(
  state: State,
  type: T,
  noun: string,
  word: string,
  scope: Scope,
): Record<T> {
  const [one, ...others] = matching(state, type, word, scope)
  if (one && others.length === 0) return one
  if (one) throw new NameError(`${word} may mean several, so give an id: ${idsOf([one, ...others])}`)
  throw new NameError(`There is no ${noun} ${word}${known([...state.all(type)].filter(isThere))}`)
}

const SHOWN = 12

/** `: there is ...`, or a full stop. */
function known(things: readonly unknown[]): string {
  if (things.length === 0) return ', nor any other.'
  const more = things.length > SHOWN ? ` and ${things.length - SHOWN} more` : ''
  return `. There is: ${idsOf(things.slice(0, SHOWN))}${more}`
}

function idsOf(things: readonly unknown[]): string {
  return (things as readonly Tagged[])
    .map((thing) => (nameOf(thing) === '' ? thing.id : `${nameOf(thing)} (${thing.id})`))
    .join(', ')
}

/** All of a kind with a tag. */
export const tagged = <T extends ResourceType>(state: State, type: T, key: string, value: string): Record<T>[] =>
  [...state.all(type)].filter((thing) => isThere(thing) && (thing as Tagged).tags[key] === value)
