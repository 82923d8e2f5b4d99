/** Security group rule: one permission of a group, with an id and tags of its own. */
import { ANYWHERE } from '../ip/prefix.ts'
import { ICMP, ICMPV6, type Match, type Remote, TCP, UDP } from '../network/match.ts'
import type { Fact } from '../network/network.ts'
import { ApiError } from './errors.ts'
import { isStale, vpcsMet } from './group-reference.ts'
import { find } from './lookup.ts'
import { duplicate, keyOf, type Permission } from './permissions.ts'
import { entriesOf, prefixListIn, type Resized, weightOf } from './prefix-list.ts'
import { quota } from './quotas.ts'
import {
  blocks,
  type Context,
  defineKind,
  type Handlers,
  newResource,
  owned,
  type Resource,
  type Tags,
} from './resource.ts'
import { type SecurityGroup, setId } from './security-group.ts'
import { showRule } from './security-group-view.ts'
import { vpcsOf } from './security-group-vpc-association.ts'
import { select } from './select.ts'
import type { State } from './state.ts'

export interface SecurityGroupRule extends Resource, Permission {
  readonly state: 'available'
  readonly groupId: string
  readonly egress: boolean
}

declare module './resource.ts' {
  interface ResourceTypes {
    'security-group-rule': SecurityGroupRule
  }
}

export const securityGroupRule = defineKind({
  type: 'security-group-rule',
  idPrefix: 'sgr',
  noun: 'security group rule ID',
  codes: { notFound: 'InvalidSecurityGroupRuleId.NotFound', malformed: 'InvalidSecurityGroupRuleId.Malformed' },
  references: {
    groupId: owned('security-group'),
    prefixListId: blocks('prefix-list'),
    referencedGroupId: { type: 'security-group', strength: referenceStrength },
  },
  lifecycle: {},
  indexed: { 'security-group-rule-id': 'id', 'group-id': 'groupId' },
  filters: {
    'security-group-rule-id': (r) => r.id,
    'group-id': (r) => r.groupId,
  },
  compile: facts,
})

/** S8, X11: a group named by another group of its VPC stays; one named from a peer, or by itself only, may go. */
function referenceStrength(r: SecurityGroupRule, state: State): 'blocks' | 'weak' {
  if (r.referencedGroupId === r.groupId) return 'weak'
  return r.referenced?.vpcId === state.get('security-group', r.groupId)?.vpcId ? 'blocks' : 'weak'
}

/** The rules of a group in the order they were made. */
export const rulesOf = (state: State, groupId: string): SecurityGroupRule[] => [
  ...state.where('security-group-rule', 'groupId', groupId),
]

export const securityGroupRuleActions: Handlers = {
  DescribeSecurityGroupRules(input, context) {
    const { items, ...page } = select(context, 'security-group-rule', input, input.SecurityGroupRuleIds)
    return {
      SecurityGroupRules: items.map((r) => showRule(context.state, find(context, 'security-group', r.groupId), r)),
      ...page,
    }
  },
}

/** Throws InvalidPermission.Duplicate, or RulesPerSecurityGroupLimitExceeded; then nothing is added. */
export function addRules(
  context: Context,
  g: SecurityGroup,
  egress: boolean,
  wishes: readonly Permission[],
  tags: Tags,
): SecurityGroupRule[] {
  const present = rulesOf(context.state, g.id).filter((r) => r.egress === egress)
  const keys = new Set(present.map(keyOf))
  for (const wish of wishes) if (keys.has(keyOf(wish))) throw duplicate(wish)
  checkRoom(context, [...present, ...wishes])
  return wishes.map((wish) =>
    context.state.put('security-group-rule', {
      ...newResource(context, securityGroupRule, 'available', tags),
      state: 'available',
      groupId: g.id,
      egress,
      ...wish,
    }),
  )
}

/** Throws RulesPerSecurityGroupLimitExceeded where the rules are too many for a group in one direction. */
export function checkRoom({ state }: Context, rules: readonly Permission[]): void {
  if (hasRoomForRules(state, rules)) return
  throw new ApiError(
    'RulesPerSecurityGroupLimitExceeded',
    'The maximum number of rules per security group has been reached.',
  )
}

/**
 * S9: whether a group may have these rules in one direction. IPv4 and IPv6 count apart, and a reference counts as one
 * of either; a prefix list counts as many as it may have entries.
 */
export function hasRoomForRules(state: State, rules: readonly Permission[], as?: Resized): boolean {
  const weigh = ({ prefixListId: id }: Permission): number =>
    id === undefined ? 1 : id === as?.id ? as.weight : weightOf(state, id)
  return ([4, 6] as const).every((family) => {
    const weights = rules.filter((r) => (familyOfRule(state, r) ?? family) === family).map(weigh)
    return weights.reduce((sum, weight) => sum + weight, 0) <= quota('rulesPerSecurityGroup')
  })
}

/** Undefined where it is of both. */
function familyOfRule(state: State, r: Permission): 4 | 6 | undefined {
  if (r.cidrIpv4) return 4
  if (r.cidrIpv6) return 6
  if (r.prefixListId === undefined) return undefined
  return prefixListIn(state, r.prefixListId)?.addressFamily === 'IPv6' ? 6 : 4
}

function facts(r: SecurityGroupRule, state: State): Fact[] {
  const g = state.get('security-group', r.groupId)
  if (!g) return []
  const origin = { resource: r.groupId, rule: r.id }
  const stale = isStaleRule(state, r)
  const direction = r.egress ? 'egress' : 'ingress'
  const rules = vpcsOf(state, g).flatMap((vpcId) =>
    remotesOf(state, vpcId, r, stale).map((remote): Fact => {
      const match = { ...trafficOf(r), remote }
      return { rule: { ruleSet: setId(g, vpcId), direction, priority: 0, action: 'allow', match, origin } }
    }),
  )
  // X11: a stale rule is still there and admits nobody.
  return stale ? [...rules, { addressSet: { id: `${r.id}/stale`, addresses: [], origin } }] : rules
}

/**
 * Whom a rule lets in or out to at interfaces of a VPC; of a prefix list each block that it has now (L1), of a group
 * the members that are met there.
 */
function remotesOf(state: State, vpcId: string, r: SecurityGroupRule, stale: boolean): Remote[] {
  const { prefixListId, referencedGroupId } = r
  if (prefixListId !== undefined) return entriesOf(state, prefixListId).map(({ cidr }) => ({ prefix: cidr }))
  if (referencedGroupId === undefined) return [{ prefix: r.cidrIpv4 ?? r.cidrIpv6 ?? ANYWHERE }]
  if (stale) return [{ addressSet: `${r.id}/stale` }]
  const other = state.get('security-group', referencedGroupId)
  if (!other) return [{ addressSet: referencedGroupId }]
  return vpcsMet(state, vpcId, other).map((theirs) => ({ addressSet: setId(other, theirs) }))
}

export function isStaleRule(state: State, r: SecurityGroupRule): boolean {
  const g = state.get('security-group', r.groupId)
  if (!g || r.referencedGroupId === undefined || !r.referenced) return false
  return isStale(state, g, r.referencedGroupId, r.referenced)
}

const NUMBERS: Readonly<Record<string, number>> = { tcp: TCP, udp: UDP, icmp: ICMP, icmpv6: ICMPV6 }

/** All ports are no condition: the union of groups asks for that (S10). */
function trafficOf({ protocol, fromPort: from, toPort: to }: Permission): Omit<Match, 'remote'> {
  if (protocol === '-1') return {}
  const number = NUMBERS[protocol] ?? Number(protocol)
  if (number === TCP || number === UDP)
    return { protocol: number, ...((from !== 0 || to !== 65535) && { ports: { from, to } }) }
  if (number === ICMP || number === ICMPV6)
    return { protocol: number, ...(from !== -1 && { icmp: { type: from, ...(to !== -1 && { code: to }) } }) }
  return { protocol: number }
}
