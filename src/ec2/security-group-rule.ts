/** Security group rule: one permission of a group, with an id and tags of its own. */
import { ANYWHERE } from '../ip/prefix.ts'
import { ICMP, ICMPV6, type Match, type Remote, TCP, UDP } from '../network/match.ts'
import type { Fact } from '../network/network.ts'
import { ApiError } from './errors.ts'
import { isStale } from './group-reference.ts'
import { find } from './lookup.ts'
import { duplicate, keyOf, type Permission } from './permissions.ts'
import { quota } from './quotas.ts'
import { type Context, defineKind, type Handlers, newResource, owned, type Resource, type Tags } from './resource.ts'
import type { SecurityGroup } from './security-group.ts'
import { showRule } from './security-group-view.ts'
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
    referencedGroupId: { type: 'security-group', strength: referenceStrength },
  },
  lifecycle: {},
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
export const rulesOf = (state: State, groupId: string): SecurityGroupRule[] =>
  [...state.all('security-group-rule')].filter((r) => r.groupId === groupId)

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
  checkQuota([...present, ...wishes])
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

/** S9: per direction, IPv4 and IPv6 apart; a reference counts as one of either. */
function checkQuota(rules: readonly Permission[]): void {
  const ipv4 = rules.filter((r) => !r.cidrIpv6).length
  const ipv6 = rules.filter((r) => !r.cidrIpv4).length
  if (Math.max(ipv4, ipv6) <= quota('rulesPerSecurityGroup')) return
  throw new ApiError(
    'RulesPerSecurityGroupLimitExceeded',
    'The maximum number of rules per security group has been reached.',
  )
}

function facts(r: SecurityGroupRule, state: State): Fact[] {
  const g = state.get('security-group', r.groupId)
  if (!g) return []
  const origin = { resource: r.groupId, rule: r.id }
  const stale = isStaleRule(state, r)
  const remote: Remote =
    r.referencedGroupId === undefined
      ? { prefix: r.cidrIpv4 ?? r.cidrIpv6 ?? ANYWHERE }
      : { addressSet: stale ? `${r.id}/stale` : r.referencedGroupId }
  const rule: Fact = {
    rule: {
      ruleSet: r.groupId,
      direction: r.egress ? 'egress' : 'ingress',
      priority: 0,
      action: 'allow',
      match: { ...trafficOf(r), remote },
      origin,
    },
  }
  // X11: a stale rule is still there and admits nobody.
  return stale ? [rule, { addressSet: { id: `${r.id}/stale`, addresses: [], origin } }] : [rule]
}

export function isStaleRule(state: State, r: SecurityGroupRule): boolean {
  const g = state.get('security-group', r.groupId)
  if (!g || r.referencedGroupId === undefined || !r.referenced) return false
  return isStale(state, g.vpcId, r.referencedGroupId, r.referenced)
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
