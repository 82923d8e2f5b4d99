/** How rule sets apply to an interface: union, tracking, and the fact behind a silence. Read by every engine. */
import { ANYWHERE, ANYWHERE6 } from '../ip/prefix.ts'
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

const memo = new WeakMap<Network, Map<string, readonly InterfaceRule[]>>()
const byRuleSet = new WeakMap<Network, ReadonlyMap<string, readonly Rule[]>>()

/** The rules of one rule set and direction, in the order they are judged. */
export function rulesOf(network: Network, ruleSet: string, direction: Direction): readonly Rule[] {
  let index = byRuleSet.get(network)
  if (!index) {
    index = Map.groupBy(network.rules.toSorted(inOrder), (rule) => `${rule.ruleSet}/${rule.direction}`)
    byRuleSet.set(network, index)
  }
  return index.get(`${ruleSet}/${direction}`) ?? []
}

/**
 * The union of the stateful rule sets of an interface in one direction (S1). Rules whose flows go untracked come
 * first: where several rules allow a flow, the most permissive decides (S10).
 */
export function interfaceRules(network: Network, at: Interface, direction: Direction): readonly InterfaceRule[] {
  const sets = ruleSetsOf(at)
  const key = `${sets.join()}/${direction}`
  const known = memo.get(network) ?? new Map<string, readonly InterfaceRule[]>()
  memo.set(network, known)
  const found = known.get(key)
  if (found) return found
  const other = direction === 'ingress' ? 'egress' : 'ingress'
  const back = sets
    .flatMap((id) => rulesOf(network, id, other))
    .filter((rule) => isAnywhere(rule.match) && !rule.match.ports)
  const rules = sets
    .flatMap((id) => rulesOf(network, id, direction))
    .map((rule) => ({ rule, tracked: !isUntracked(rule.match, back) }))
    .toSorted((a, b) => Number(a.tracked) - Number(b.tracked))
  known.set(key, rules)
  return rules
}

/** The rule sets of a host interface, in a fixed order. */
export const ruleSetsOf = (at: Interface): readonly string[] => (at.ruleSets ?? []).toSorted()

/** The fact behind a packet that no rule of the interface allows. */
export function closed(network: Network, at: Interface, direction: Direction): Origin {
  const empty = interfaceRules(network, at, direction).length === 0
  const resource = ruleSetsOf(at).join(',') || at.id
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

const inOrder = (a: Rule, b: Rule): number => a.priority - b.priority || compareText(textOf(a), textOf(b))
const textOf = (rule: Rule): string => rule.origin.rule ?? ''
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
