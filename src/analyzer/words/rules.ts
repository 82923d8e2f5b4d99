/** Rules in words: what a group lets pass, what a numbered rule of an ACL says. */
import { setId } from '../../ec2/security-group.ts'
import { vpcsOf } from '../../ec2/security-group-vpc-association.ts'
import type { State } from '../../ec2/state.ts'
import { ANYWHERE, ANYWHERE6, type Prefix } from '../../ip/prefix.ts'
import type { Network, Rule } from '../../network/network.ts'
import { type Direction, rulesOf } from '../../network/rules.ts'
import { label } from './names.ts'
import { matchText } from './traffic.ts'

/** More than these would fill the screen. */
const SHOWN = 3

/** What is everywhere of one family says nothing of the other (R3). */
const ANYWHERES: ReadonlyMap<Prefix, string> = new Map([
  [ANYWHERE, 'anywhere'],
  [ANYWHERE6, 'anywhere over IPv6'],
])

/** What the rules of some groups let pass, as a sentence; empty where they have no rule. */
export function allowed(state: State, network: Network, groups: readonly string[], direction: Direction): string {
  const texts = groups.flatMap((id) =>
    rulesWith(state, network, id, direction).map((rule) => passText(state, id, rule)),
  )
  // The blocks of a prefix list are one rule to the reader, and so are those of one group in several VPCs.
  const rules = [...new Set(texts)]
  if (rules.length === 0) return ''
  const more = rules.length > SHOWN ? [`and ${rules.length - SHOWN} more`] : []
  const lets = groups.length === 1 ? 'It lets' : 'They let'
  return ` ${lets} ${direction === 'ingress' ? 'in' : 'out'} only: ${[...rules.slice(0, SHOWN), ...more].join('; ')}.`
}

/** `TCP port 22 from 18.206.107.24/29`, `all traffic from its own members`. */
function passText(state: State, group: string, rule: Rule): string {
  return `${matchText(rule.match)} ${rule.direction === 'ingress' ? 'from' : 'to'} ${remoteText(state, group, rule)}`
}

/** The rules of a group or an ACL; a group has a rule set for each VPC that uses it (S7). */
function rulesWith(state: State, network: Network, resource: string, direction: Direction): Rule[] {
  const group = state.get('security-group', resource)
  const sets = group ? vpcsOf(state, group).map((vpcId) => setId(group, vpcId)) : [resource]
  return sets.flatMap((id) => rulesOf(network, id, direction))
}

function remoteText(state: State, group: string, { match: { remote }, origin }: Rule): string {
  const list = state.get('security-group-rule', origin.rule ?? '')?.prefixListId
  if (list !== undefined) return `the prefix list ${label(state, list)}`
  if ('prefix' in remote) return ANYWHERES.get(remote.prefix) ?? remote.prefix
  if (remote.addressSet.endsWith('/stale')) return 'a group that is out of reach (stale)'
  const [named = ''] = remote.addressSet.split('/')
  return named === group ? 'its own members' : `the members of ${label(state, named)}`
}

/** A rule behind an origin: of an ACL `inbound rule 100 denies TCP port 22 from 10.0.0.0/8`, of a group its traffic. */
export function ruleText(state: State, network: Network, resource: string, rule: string): string {
  const [direction, number] = rule.split(':')
  if (number === '*') return `no ${sideOf(direction)} rule allows it (rule *)`
  const all = [...rulesWith(state, network, resource, 'ingress'), ...rulesWith(state, network, resource, 'egress')]
  const found = all.find(({ origin }) => origin.rule === rule)
  if (!found) return `rule ${rule}`
  const says = passText(state, resource, found)
  if (number === undefined) return says
  return `${sideOf(direction)} rule ${number} ${found.action === 'allow' ? 'allows' : 'denies'} ${says}`
}

const sideOf = (direction: string | undefined): string => (direction === 'ingress' ? 'inbound' : 'outbound')
