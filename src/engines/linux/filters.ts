/** Rule sets as chains: stateful ones for a combination that interfaces share, stateless ones for a segment's edge. */
import { familyOf } from '../../ip/address.ts'
import type { Interface, Network, Rule } from '../../network/network.ts'
import { closed, type Direction, interfaceRules, rulesOf, ruleSetsOf } from '../../network/rules.ts'
import type { TableBuilder } from './chains.ts'
import { type Comments, commentFor, drop } from './comments.ts'
import { matchTexts } from './match.ts'
import { named, TRACKED } from './names.ts'

/** What is at the initiator's interface, by whether it has the flow's address there. */
const AT_INITIATOR = {
  egress: (has: '' | '!= ') => `iifname . ip saddr ${has}@senders ct direction original`,
  ingress: (has: '' | '!= ') => `oifname . ip daddr ${has}@senders ct direction reply`,
} as const
const AT_RESPONDER = { egress: 'ct direction reply', ingress: 'ct direction original' } as const

/** Conntrack's flow and direction, and the bit that says that it is tracked here. */
const trackedHere = (direction: Direction): readonly (readonly [flow: string, bit: number])[] => [
  [AT_INITIATOR[direction](''), TRACKED.initiator],
  [AT_INITIATOR[direction]('!= '), TRACKED.foreign],
  [AT_RESPONDER[direction], TRACKED.responder],
]

/** The chain that judges what enters or leaves a host interface (S1, S2, S10, S11). */
export function statefulChain(
  build: TableBuilder,
  network: Network,
  at: Interface,
  direction: Direction,
  comments: Comments,
): string {
  const combination = ruleSetsOf(at).join(',') || at.id
  return build.chain(named(`sg-${direction}`, combination), () => {
    const rules = interfaceRules(network, at, direction)
    useAddressSets(
      build,
      network,
      rules.map(({ rule }) => rule),
    )
    return [
      ...trackedHere(direction).map(([flow, bit]) => `${flow} ct mark and ${bit} == ${bit} accept comment "tracked"`),
      ...rules.flatMap(({ rule, tracked }) => {
        const verdict = tracked ? `goto ${trackChain(build, direction)}` : 'accept'
        return matchTexts(rule.match, direction).map((text) =>
          join(text, `${verdict} ${commentFor(rule.origin, comments)}`),
        )
      }),
      drop(closed(network, at, direction), comments),
    ]
  })
}

/** Remembers in the flow's mark that it is tracked here; only its initiator's packets decide that (S10). */
const trackChain = (build: TableBuilder, direction: Direction): string =>
  build.chain(`track-${direction}`, () => [
    ...trackedHere(direction)
      .filter(([flow]) => flow.endsWith('ct direction original'))
      .map(([flow, bit]) => `${flow} ct mark set ct mark or ${bit} accept`),
    'accept',
  ])

/** The chain that judges what crosses a segment's edge: each packet alone, the first rule that matches (N1). */
export function statelessChain(
  build: TableBuilder,
  network: Network,
  ruleSet: string,
  direction: Direction,
  comments: Comments,
): string {
  return build.chain(named(`acl-${direction}`, ruleSet), () => {
    const rules = rulesOf(network, ruleSet, direction)
    const set = network.ruleSets.get(ruleSet)
    if (!set) throw new Error(`rule set ${ruleSet} is not there`)
    useAddressSets(build, network, rules)
    return [
      ...rules.flatMap((rule) =>
        matchTexts(rule.match, direction).map((text) => join(text, verdictOf(rule, comments))),
      ),
      drop(set.origin, comments),
    ]
  })
}

const verdictOf = (rule: Rule, comments: Comments): string =>
  rule.action === 'allow' ? `accept ${commentFor(rule.origin, comments)}` : drop(rule.origin, comments)

const join = (...parts: readonly string[]): string => parts.filter(Boolean).join(' ')

function useAddressSets(build: TableBuilder, network: Network, rules: readonly Rule[]): void {
  for (const {
    match: { remote },
  } of rules) {
    if (!('addressSet' in remote)) continue
    const members = network.addressSets.get(remote.addressSet)?.addresses ?? []
    build.set(
      named('set', remote.addressSet),
      'ipv4_addr',
      members.filter((a) => familyOf(a) === 4),
    )
  }
}
