/** Security group: a stateful set of allow rules around the interfaces that are its members. */
import { ANYWHERE, ANYWHERE6 } from '../ip/prefix.ts'
import type { Fact } from '../network/network.ts'
import type { Output } from '../protocol/types.ts'
import { ApiError, dependencyViolation } from './errors.ts'
import { hasIpv6 } from './ipv6-block.ts'
import { dependents, find, remove } from './lookup.ts'
import { quota } from './quotas.ts'
import {
  arnOf,
  type Context,
  defineKind,
  type Handlers,
  newResource,
  ownCount,
  type Resource,
  type Tags,
} from './resource.ts'
import { groupFilters } from './security-group-filters.ts'
import { descriptionFor, groupNamed, groupOf, groupWithName, nameFor, vpcWithoutName } from './security-group-name.ts'
import { addRules, rulesOf } from './security-group-rule.ts'
import { showPermissions } from './security-group-view.ts'
import { vpcsOf } from './security-group-vpc-association.ts'
import { select } from './select.ts'
import type { State } from './state.ts'
import { showTags, tagsFor } from './tags.ts'

export interface SecurityGroup extends Resource {
  readonly state: 'available'
  readonly vpcId: string
  readonly groupName: string
  readonly description: string
}

declare module './resource.ts' {
  interface ResourceTypes {
    'security-group': SecurityGroup
  }
}

/** The name of the group that each VPC has from the beginning. */
export const DEFAULT = 'default'

export const securityGroup = defineKind({
  type: 'security-group',
  idPrefix: 'sg',
  noun: 'security group',
  codes: { notFound: 'InvalidGroup.NotFound', malformed: 'InvalidGroupId.Malformed' },
  references: { vpcId: { type: 'vpc', strength: (g) => (isDefault(g) ? 'owned' : 'blocks') } },
  lifecycle: {},
  indexed: { 'group-id': 'id', 'group-name': 'groupName', 'vpc-id': 'vpcId' },
  filters: groupFilters,
  compile: facts,
})

export const isDefault = (g: SecurityGroup): boolean => g.groupName === DEFAULT

/** The groups of a VPC. */
export const groupsOf = (state: State, vpcId: string): SecurityGroup[] => [
  ...state.where('security-group', 'vpcId', vpcId),
]

/**
 * For each VPC that may use the group: the rule set of its interfaces there, and their addresses, which rules that name
 * the group mean (S7). VPCs may have the same addresses, so that each has its own of both.
 */
function facts(g: SecurityGroup, state: State): Fact[] {
  const members = state.where('network-interface', 'groupIds', g.id)
  const origin = { resource: g.id }
  return vpcsOf(state, g).flatMap((vpcId): Fact[] => {
    const id = setId(g, vpcId)
    const inVpc = members.filter((eni) => eni.vpcId === vpcId)
    return [
      { ruleSet: { id, stateful: true, origin } },
      { addressSet: { id, addresses: inVpc.flatMap((eni) => eni.privateIpAddresses).sort(), origin } },
    ]
  })
}

/** The name of a group's rule set, and of its members' address set, in a VPC that may use it. */
export const setId = (g: Pick<SecurityGroup, 'id' | 'vpcId'>, vpcId: string): string =>
  vpcId === g.vpcId ? g.id : `${g.id}/${vpcId}`

export const securityGroupActions: Handlers = {
  CreateSecurityGroup(input, context) {
    const vpcId = input.VpcId ? find(context, 'vpc', input.VpcId).id : vpcWithoutName(context)
    const groupName = nameFor(context, vpcId, input.GroupName)
    const description = descriptionFor(input.Description)
    const tags = tagsFor('security-group', input.TagSpecifications)
    const g = createGroup(context, { vpcId, groupName, description, tags })
    return { GroupId: g.id, SecurityGroupArn: arnOf(g, 'security-group'), Tags: showTags(g.tags) }
  },
  DescribeSecurityGroups(input, context) {
    const named = (input.GroupNames ?? []).map((name) => groupNamed(context, name).id)
    const { items, ...page } = select(context, 'security-group', input, [...(input.GroupIds ?? []), ...named])
    return { SecurityGroups: items.map((g) => showGroup(context.state, g)), ...page }
  },
  DeleteSecurityGroup(input, context) {
    const g = groupOf(context, input)
    if (isDefault(g))
      throw new ApiError(
        'CannotDelete',
        `the specified group: "${g.id}" name: "${g.groupName}" cannot be deleted by a user`,
      )
    // S8: interfaces, rules of other groups of the same VPC, associations with further VPCs.
    if (dependents(context.state, 'security-group', g.id).some((d) => d.strength === 'blocks')) {
      throw dependencyViolation(`resource ${g.id} has a dependent object`)
    }
    remove(context, 'security-group', g.id)
    return { Return: true, GroupId: g.id }
  },
}

interface GroupWish {
  readonly vpcId: string
  readonly groupName: string
  readonly description: string
  readonly tags: Tags
}

/** A group that lets everything out and nothing in (S1). */
function createGroup(context: Context, wish: GroupWish): SecurityGroup {
  if (ownCount(context, 'security-group') >= quota('securityGroups')) {
    throw new ApiError('SecurityGroupLimitExceeded', 'The maximum number of security groups has been reached.')
  }
  const { tags, ...rest } = wish
  const g = context.state.put('security-group', {
    ...newResource(context, securityGroup, 'available', tags),
    state: 'available',
    ...rest,
  })
  addRules(context, g, true, [{ ...ALL_TRAFFIC, cidrIpv4: ANYWHERE }], {})
  if (hasIpv6(context.state, g.vpcId)) addRules(context, g, true, [OUT_IPV6], {})
  return g
}

/**
 * S1: in a VPC that gets an IPv6 block, each group that still has the one rule for going out that it was made with
 * lets IPv6 out as well. unverified: that AWS takes it so for groups that were there before.
 */
export function letOutIpv6(context: Context, vpcId: string): void {
  for (const g of groupsOf(context.state, vpcId)) {
    const [first, ...more] = rulesOf(context.state, g.id).filter((r) => r.egress)
    const asMade = more.length === 0 && first?.protocol === '-1' && first.cidrIpv4 === ANYWHERE
    if (asMade) addRules(context, g, true, [OUT_IPV6], {})
  }
}

const ALL_TRAFFIC = { protocol: '-1', fromPort: -1, toPort: -1 }
const OUT_IPV6 = { ...ALL_TRAFFIC, cidrIpv6: ANYWHERE6 }

/** The group that a new VPC gets: its members talk to each other (S1). */
export function createDefaultGroup(context: Context, { id: vpcId }: { readonly id: string }): SecurityGroup {
  const g = createGroup(context, { vpcId, groupName: DEFAULT, description: 'default VPC security group', tags: {} })
  addRules(
    context,
    g,
    false,
    [{ ...ALL_TRAFFIC, referencedGroupId: g.id, referenced: { account: g.account, vpcId } }],
    {},
  )
  return g
}

/** The VPC's default group, which is always there. */
export function defaultGroupOf(state: State, vpcId: string): SecurityGroup {
  const g = groupWithName(state, vpcId, DEFAULT)
  if (!g) throw new Error(`${vpcId} has no default security group`)
  return g
}

/** The groups for an interface in a VPC: those named, which the VPC must be able to use (S6), or its default group. */
export function groupsForInterface(context: Context, vpcId: string, ids: readonly string[] | undefined): string[] {
  if (!ids?.length) return [defaultGroupOf(context.state, vpcId).id]
  const groups = [...new Set(ids)].map((id) => find(context, 'security-group', id))
  if (groups.some((g) => !vpcsOf(context.state, g).includes(vpcId))) {
    throw new ApiError('InvalidGroup.NotFound', 'You have specified two resources that belong to different networks.')
  }
  if (groups.length > quota('securityGroupsPerInterface')) {
    throw new ApiError(
      'SecurityGroupsPerInterfaceLimitExceeded',
      'The maximum number of security groups per interface has been reached.',
    )
  }
  return groups.map((g) => g.id)
}

function showGroup(
  state: State,
  g: SecurityGroup,
): NonNullable<Output<'DescribeSecurityGroups'>['SecurityGroups']>[number] {
  const rules = rulesOf(state, g.id)
  return {
    GroupId: g.id,
    GroupName: g.groupName,
    Description: g.description,
    VpcId: g.vpcId,
    OwnerId: g.account,
    SecurityGroupArn: arnOf(g, 'security-group'),
    IpPermissions: showPermissions(
      state,
      g,
      rules.filter((r) => !r.egress),
    ),
    IpPermissionsEgress: showPermissions(
      state,
      g,
      rules.filter((r) => r.egress),
    ),
    Tags: showTags(g.tags),
  }
}
