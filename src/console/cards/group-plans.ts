/** The calls that change a security group's rules. */
import { type PlannedCall, planned } from '../../wizard/planned-call.ts'
import type { Group, Rule } from '../estate/estate.ts'
import { portsOf } from './traffic.ts'
import type { Traffic } from './traffic-types.ts'

/** What is wanted of a rule. */
export interface RuleWish {
  readonly traffic: Traffic
  /** A block, a group, or a prefix list. */
  readonly peer: string
  readonly description: string
}

const NO_PEER = 'Give a block such as 10.1.0.0/16, the id of a group or prefix list, or 0.0.0.0/0 for anywhere.'

function checked(peer: string): string {
  if (!peer.trim()) throw new Error(NO_PEER)
  return peer.trim()
}

/** As Authorize takes it. Throws an Error that says what is missing. */
export function permissionOf({ traffic, peer: text, description }: RuleWish) {
  const peer = checked(text)
  const words = description.trim() ? { Description: description.trim() } : {}
  const plain = { IpProtocol: traffic.protocol, ...portsOf(traffic) }
  if (peer.startsWith('sg-')) return { ...plain, UserIdGroupPairs: [{ GroupId: peer, ...words }] }
  if (peer.startsWith('pl-')) return { ...plain, PrefixListIds: [{ PrefixListId: peer, ...words }] }
  return peer.includes(':')
    ? { ...plain, Ipv6Ranges: [{ CidrIpv6: peer, ...words }] }
    : { ...plain, IpRanges: [{ CidrIp: peer, ...words }] }
}

export function ruleAddition({ id }: Group, egress: boolean, wish: RuleWish): readonly PlannedCall[] {
  const input = { GroupId: id, IpPermissions: [permissionOf(wish)] }
  return egress
    ? [planned('Add rule', 'AuthorizeSecurityGroupEgress', input)]
    : [planned('Add rule', 'AuthorizeSecurityGroupIngress', input)]
}

/** The rule keeps its id; AWS refuses another kind of source. */
export function ruleChange({ id }: Group, rule: Rule, wish: RuleWish): readonly PlannedCall[] {
  const { traffic, description } = wish
  const SecurityGroupRule = {
    IpProtocol: traffic.protocol,
    ...portsOf(traffic),
    ...peerOf(checked(wish.peer)),
    ...((description.trim() || rule.description) && { Description: description.trim() }),
  }
  const changes = [{ SecurityGroupRuleId: rule.id, SecurityGroupRule }]
  return [planned('Save rule', 'ModifySecurityGroupRules', { GroupId: id, SecurityGroupRules: changes })]
}

function peerOf(peer: string) {
  if (peer.startsWith('sg-')) return { ReferencedGroupId: peer }
  if (peer.startsWith('pl-')) return { PrefixListId: peer }
  return peer.includes(':') ? { CidrIpv6: peer } : { CidrIpv4: peer }
}

export function revocation({ id }: Group, rule: Rule): readonly PlannedCall[] {
  const input = { GroupId: id, SecurityGroupRuleIds: [rule.id] }
  return rule.egress
    ? [planned('Delete rule', 'RevokeSecurityGroupEgress', input)]
    : [planned('Delete rule', 'RevokeSecurityGroupIngress', input)]
}
