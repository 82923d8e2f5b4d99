/** The lists of a network as cases: routes, the longest prefix first, and rules in the order they are judged. */
import { lengthOf, PRIVATE_PREFIXES } from '../ip/prefix.ts'
import type { Match } from '../network/match.ts'
import type { NextHop, Route, Rule } from '../network/network.ts'
import type { Direction, InterfaceRule } from '../network/rules.ts'
import type { AddressField, Cases, Test } from './headers.ts'
import type { Topology } from './topology.ts'

/** Whether what leads to the same is one case: the way a packet takes is kept then, which rule let it pass is not. */
export type Merging = boolean

/** Rules that are united (S1); merged, all that one interface tracks alike. */
export const statefulCases = (
  topology: Topology,
  rules: readonly InterfaceRule[],
  direction: Direction,
  merging: Merging,
): Cases<InterfaceRule> =>
  kept(topology, rules, merging, (sets) => ({
    tests: rules.map(({ rule }) => ruleTest(rule.match, direction, sets)),
    key: ({ tracked }) => `${tracked}`,
  }))

/** Rules of which the first decides (N1); merged, all that allow and all that deny. */
export const statelessCases = (
  topology: Topology,
  rules: readonly Rule[],
  direction: Direction,
  merging: Merging,
): Cases<Rule> =>
  kept(topology, rules, merging, (sets) => ({
    tests: rules.map(({ match }) => ruleTest(match, direction, sets)),
    key: ({ action }) => action,
  }))

/** Routes of one table (R3); merged, all that lead the same way. */
export const routeCases = (topology: Topology, routes: readonly Route[], merging: Merging): Cases<Route> =>
  kept(topology, routes, merging, () => ({
    tests: routes.map(({ prefix }): Test => ({ field: 'destination', prefix })),
    key: ({ nextHop }) => wayOf(nextHop),
  }))

const wayOf = (hop: NextHop): string => ('interface' in hop ? `${hop.kind} ${hop.interface}` : hop.kind)

/** Private addresses by the RFC that sets them apart (G2). */
const privateCases = (field: AddressField): Cases<'RFC1918' | 'RFC6598'> => ({
  tests: PRIVATE_PREFIXES.map((prefix) => ({ field, prefix })),
  outcomes: PRIVATE_PREFIXES.map((prefix) => Number(lengthOf(prefix) === 10)),
  values: ['RFC1918', 'RFC6598'],
})
export const PRIVATE = { source: privateCases('source'), destination: privateCases('destination') } as const

/** The addresses of a set of the network; noted, as they may change while the list does not. */
type Sets = (id: string) => ReturnType<Topology['addressSets']['get']>

interface Kept {
  readonly cases: Cases<never>
  readonly sets: ReadonlyMap<string, ReturnType<Sets>>
}

const each = new WeakMap<readonly unknown[], Kept>()
const merged = new WeakMap<readonly unknown[], Kept>()

/** What was made of a list before, while the address sets that its tests name are the same. */
function kept<T>(
  { addressSets }: Topology,
  list: readonly T[],
  merging: Merging,
  make: (sets: Sets) => { tests: readonly Test[]; key: (item: T) => string },
): Cases<T> {
  const memo = merging ? merged : each
  const known = memo.get(list)
  if (known && [...known.sets].every(([id, set]) => addressSets.get(id) === set)) return known.cases
  const sets = new Map<string, ReturnType<Sets>>()
  const { tests, key } = make((id) => {
    const set = addressSets.get(id)
    sets.set(id, set)
    return set
  })
  const cases = merging ? mergedBy(list, tests, key) : { tests, outcomes: list.map((_, i) => i), values: list }
  memo.set(list, { cases: cases as Cases<never>, sets })
  return cases
}

/** One case for all items of a key; the first of them stands for it. */
function mergedBy<T>(list: readonly T[], tests: readonly Test[], key: (item: T) => string): Cases<T> {
  const first = new Map<string, number>()
  const values: T[] = []
  const outcomes = list.map((item) => {
    const known = first.get(key(item))
    if (known !== undefined) return known
    first.set(key(item), values.length)
    return values.push(item) - 1
  })
  return { tests, outcomes, values }
}

/** N6, S3: egress looks at the destination, ingress at the source; both at the destination port. */
function ruleTest(match: Match, direction: Direction, sets: Sets): Test {
  const members = 'addressSet' in match.remote ? sets(match.remote.addressSet) : undefined
  return { match, remote: direction === 'egress' ? 'destination' : 'source', members }
}
