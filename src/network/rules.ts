/** How rule sets apply to an interface: union, tracking, and the fact behind a silence. Read by every engine. */
import { ANYWHERE, ANYWHERE6 } from '../ip/prefix.ts'
import { groupsOf } from './groups.ts'
import { type Match, TCP, UDP } from './match.ts'
import type { Interface, Network, Rule } from './network.ts'
import type { Origin } from './origin.ts'

export type Direction = Rule['direction']

/** A rule as one interface sees it. */
export interface InterfaceRule {
  readonly rule: Rule
  /** Whether a flow that this rule lets in is tracked; TCP and UDP may not be (S10), all else always is. */
  readonly tracked: boolean
}

/** The rules of one rule set and direction, in the order they are judged. */
export const rulesOf = (network: Network, ruleSet: string, direction: Direction): readonly Rule[] =>
  groupsOf(network).rules.get(`${ruleSet}/${direction}`) ?? NONE

const NONE: readonly Rule[] = []

/** What was made of the lists of rules that an interface unites, there and back; for as long as the first is there. */
interface United {
  readonly lists: readonly (readonly Rule[])[]
  readonly rules: readonly InterfaceRule[]
}
const memo = new WeakMap<readonly Rule[], Map<string, United>>()

/**
 * The union of the stateful rule sets of an interface in one direction (S1). Rules whose flows go untracked come
 * first: where several rules allow a flow, the most permissive decides (S10). The same lists give the same answer.
 */
export function interfaceRules(network: Network, at: Interface, direction: Direction): readonly InterfaceRule[] {
  const sets = ruleSetsOf(at)
  const there = sets.map((id) => rulesOf(network, id, direction))
  const back = sets.map((id) => rulesOf(network, id, direction === 'ingress' ? 'egress' : 'ingress'))
  const lists = [...there, ...back]
  const first = lists.find((list) => list.length > 0)
  if (!first) return NO_RULES
  const known = memo.get(first) ?? new Map<string, United>()
  memo.set(first, known)
  const key = `${sets.join()}/${direction}`
  const found = known.get(key)
  if (found?.lists.every((list, i) => list === lists[i])) return found.rules
  const rules = united(there.flat(), back.flat())
  known.set(key, { lists, rules })
  return rules
}

const NO_RULES: readonly InterfaceRule[] = []

function united(there: readonly Rule[], back: readonly Rule[]): readonly InterfaceRule[] {
  const open = back.filter((rule) => isAnywhere(rule.match) && !rule.match.ports)
  return there
    .map((rule) => ({ rule, tracked: !isUntracked(rule.match, open) }))
    .toSorted((a, b) => Number(a.tracked) - Number(b.tracked))
}

/** The rule sets of a host interface, in a fixed order. */
export const ruleSetsOf = (at: Interface): readonly string[] => (at.ruleSets ?? []).toSorted()

/** The resources that guard a host interface, by their rule sets: of one resource there is a set for each router. */
export const guardsOf = (network: Network, at: Interface): readonly string[] =>
  ruleSetsOf(at).map((id) => network.ruleSets.get(id)?.origin.resource ?? id)

/** The fact behind a packet that no rule of the interface allows. */
export function closed(network: Network, at: Interface, direction: Direction): Origin {
  const empty = interfaceRules(network, at, direction).length === 0
  const resource = guardsOf(network, at).join(',') || at.id
  return { resource, rule: direction, code: empty ? 'SG_HAS_NO_RULES' : 'ENI_SG_RULES_MISMATCH' }
}

/** S10: TCP or UDP from anywhere, and a rule the other way that allows all of that protocol to anywhere. */
function isUntracked(match: Match, back: readonly Rule[]): boolean {
  const { protocol } = match
  if (protocol !== TCP && protocol !== UDP && protocol !== undefined) return false
  return isAnywhere(match) && back.some((rule) => rule.match.protocol === undefined || rule.match.protocol === protocol)
}

const isAnywhere = ({ remote }: Match): boolean =>
  'prefix' in remote && (remote.prefix === ANYWHERE || remote.prefix === ANYWHERE6)
