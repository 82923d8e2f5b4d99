/** The fixed orders of what a network holds: the same facts stand in the same order, however they came. */
import { lengthOf } from '../ip/prefix.ts'
import type { Interface, Route, Rule } from './network.ts'

export type Compare<T> = (a: T, b: T) => number

export const compareText: Compare<string> = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

/** Of facts that nothing else puts into an order. */
export const byText: Compare<unknown> = (a, b) => compareText(JSON.stringify(a), JSON.stringify(b))

/** As `byText`, with each text made once. */
export function inOrder<T>(items: readonly T[]): readonly T[] {
  const keyed = items.map((item) => ({ item, key: JSON.stringify(item) }))
  return keyed.toSorted((a, b) => compareText(a.key, b.key)).map(({ item }) => item)
}

/** As rules of one set and direction are judged. */
export const asJudged: Compare<Rule> = (a, b) => a.priority - b.priority || compareText(ruleOf(a), ruleOf(b))
const ruleOf = (rule: Rule): string => rule.origin.rule ?? ''

/** The longest prefix first (R3). */
export const longestFirst: Compare<Route> = (a, b) => lengthOf(b.prefix) - lengthOf(a.prefix)

/** Interfaces of a node or a segment: device index first. */
export const byDevice: Compare<Interface> = (a, b) =>
  (a.deviceIndex ?? 0) - (b.deviceIndex ?? 0) || compareText(a.id, b.id)
