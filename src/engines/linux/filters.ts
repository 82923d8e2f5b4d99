/** Rule sets as chains: stateful ones for a combination that interfaces share, stateless ones for a segment's edge. */
import { keeping } from '../../network/kept.ts'
import type { AddressSet, Interface, Network, Rule } from '../../network/network.ts'
import { closed, type Direction, interfaceRules, rulesOf, ruleSetsOf } from '../../network/rules.ts'
import { partOf, type TableBuilder, type TablePart } from './chains.ts'
import { type Comments, commentFor, drop } from './comments.ts'
import { matchTexts } from './match.ts'
import { named, TRACKED } from './names.ts'
import { ruleLines } from './rule-entries.ts'

/** Packets of a flow at a host's interface, and the bit of the flow's mark that says that it is tracked there. */
interface Tracked {
  readonly way: 'original' | 'reply'
  readonly bit: number
  /** What is left to ask: it costs more than the rest, and comes last. */
  readonly where: string
}

/** The initiator's side, by whether its interface has the flow's address, and the responder's. */
const TRACKED_HERE: Readonly<Record<Direction, readonly Tracked[]>> = {
  egress: [
    { way: 'original', bit: TRACKED.initiator, where: 'iifname . ip saddr @senders' },
    { way: 'original', bit: TRACKED.foreign, where: 'iifname . ip saddr != @senders' },
    { way: 'reply', bit: TRACKED.responder, where: '' },
  ],
  ingress: [
    { way: 'original', bit: TRACKED.responder, where: '' },
    { way: 'reply', bit: TRACKED.initiator, where: 'oifname . ip daddr @senders' },
    { way: 'reply', bit: TRACKED.foreign, where: 'oifname . ip daddr != @senders' },
  ],
}

/** The chain that judges what enters or leaves a host interface; interfaces of the same rule sets share it. */
export const statefulName = (at: Interface, direction: Direction): string =>
  named(`sg-${direction}`, ruleSetsOf(at).join(',') || at.id)

const keepStateful = { ingress: keeping<TablePart>(), egress: keeping<TablePart>() }

/** That chain, with what it needs (S1, S2, S10, S11). */
export function statefulPart(network: Network, at: Interface, direction: Direction): TablePart {
  const rules = interfaceRules(network, at, direction)
  const sets = addressSetsIn(network, rules, () => rules.map(({ rule }) => rule))
  const guards = ruleSetsOf(at).map((id) => network.ruleSets.get(id))
  return keepStateful[direction](rules.length > 0 ? rules : at, [...guards, ...sets], () =>
    partOf((build, comments) => {
      sets.forEach(build.addressSet)
      build.chain(statefulName(at, direction), () => [
        ...TRACKED_HERE[direction].map(({ way, bit, where }) =>
          join(`ct direction ${way} ct mark and ${bit} == ${bit}`, where, 'accept comment "tracked"'),
        ),
        ...ruleLines(build, statefulName(at, direction), rules, direction, trackChain(build, direction), comments),
        drop(closed(network, at, direction), comments),
      ])
    }),
  )
}

/** Remembers in the flow's mark that it is tracked here; only its initiator's packets decide that (S10). */
const trackChain = (build: TableBuilder, direction: Direction): string =>
  build.chain(`track-${direction}`, () => [
    ...TRACKED_HERE[direction]
      .filter(({ way }) => way === 'original')
      .map(({ bit, where }) => join('ct direction original', where, `ct mark set ct mark or ${bit} accept`)),
    'accept',
  ])

/** The chain that judges what crosses a segment's edge. */
export const statelessName = (ruleSet: string, direction: Direction): string => named(`acl-${direction}`, ruleSet)

const keepStateless = { ingress: keeping<TablePart>(), egress: keeping<TablePart>() }

/** That chain, with what it needs: each packet alone, the first rule that matches (N1). */
export function statelessPart(network: Network, ruleSet: string, direction: Direction): TablePart {
  const rules = rulesOf(network, ruleSet, direction)
  const set = network.ruleSets.get(ruleSet)
  if (!set) throw new Error(`rule set ${ruleSet} is not there`)
  const sets = addressSetsIn(network, rules, () => rules)
  return keepStateless[direction](set, [rules, ...sets], () =>
    partOf((build, comments) => {
      sets.forEach(build.addressSet)
      build.chain(statelessName(ruleSet, direction), () => [
        ...rules.flatMap((rule) =>
          matchTexts(rule.match, direction).map((text) => join(text, verdictOf(rule, comments))),
        ),
        drop(set.origin, comments),
      ])
    }),
  )
}

const verdictOf = (rule: Rule, comments: Comments): string =>
  rule.action === 'allow' ? `counter accept ${commentFor(rule.origin, comments)}` : drop(rule.origin, comments)

const join = (...parts: readonly string[]): string => parts.filter(Boolean).join(' ')

const keepIds = keeping<readonly string[]>()

/** The address sets that a list of rules names. */
function addressSetsIn(network: Network, list: object, rules: () => readonly Rule[]): AddressSet[] {
  const ids = keepIds(list, [], () => [
    ...new Set(rules().flatMap(({ match: { remote } }) => ('addressSet' in remote ? [remote.addressSet] : []))),
  ])
  return ids.flatMap((id) => network.addressSets.get(id) ?? [])
}
