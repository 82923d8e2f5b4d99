/** Security group: a stateful set of allow rules around the interfaces that are its members. */
import { ANYWHERE, ANYWHERE6 } from '../ip/prefix.ts'
import type { Fact } from '../network/network.ts'
import type { Input, Output } from '../protocol/types.ts'
import { ApiError, dependencyViolation, invalidParameter, invalidValue } from './errors.ts'
import { hasIpv6 } from './ipv6-block.ts'
import { dependents, find, remove, visible } from './lookup.ts'
import { quota } from './quotas.ts'
import { arnOf, type Context, defineKind, type Handlers, newResource, type Resource, type Tags } from './resource.ts'
import { groupFilters } from './security-group-filters.ts'
import { addRules, rulesOf } from './security-group-rule.ts'
import { showPermissions } from './security-group-view.ts'
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

const DEFAULT = 'default'

export const securityGroup = defineKind({
  type: 'security-group',
  idPrefix: 'sg',
  noun: 'security group',
  codes: { notFound: 'InvalidGroup.NotFound', malformed: 'InvalidGroupId.Malformed' },
  references: { vpcId: { type: 'vpc', strength: (g) => (isDefault(g) ? 'owned' : 'blocks') } },
  lifecycle: {},
  filters: groupFilters,
  compile: facts,
})

export const isDefault = (g: SecurityGroup): boolean => g.groupName === DEFAULT

/** The groups of a VPC. */
export const groupsOf = (state: State, vpcId: string): SecurityGroup[] => [
  ...state.where('security-group', 'vpcId', vpcId),
]

/** The rule set, and the addresses that a rule naming this group means (S7). */
function facts({ id }: SecurityGroup, state: State): Fact[] {
  const members = state.where('network-interface', 'groupIds', id)
  const addresses = members.flatMap((eni) => eni.privateIpAddresses).sort()
  const origin = { resource: id }
  return [{ ruleSet: { id, stateful: true, origin } }, { addressSet: { id, addresses, origin } }]
}

export const securityGroupActions: Handlers = {
  CreateSecurityGroup(input, context) {
    const vpcId = input.VpcId ? find(context, 'vpc', input.VpcId).id : defaultVpcId(context)
    const groupName = checkName(context, vpcId, input.GroupName)
    const tags = tagsFor('security-group', input.TagSpecifications)
    const g = createGroup(context, {
      vpcId,
      groupName,
      description: checkText(input.Description, 'GroupDescription'),
      tags,
    })
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
    // S8: interfaces, and rules of other groups of the same VPC.
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
  if ([...visible(context, 'security-group')].length >= quota('securityGroups')) {
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
  const g = groupsOf(state, vpcId).find(isDefault)
  if (!g) throw new Error(`${vpcId} has no default security group`)
  return g
}

/** The groups for an interface in a VPC: those named, which must be of the VPC (S6), or else its default group. */
export function groupsForInterface(context: Context, vpcId: string, ids: readonly string[] | undefined): string[] {
  if (!ids?.length) return [defaultGroupOf(context.state, vpcId).id]
  const groups = [...new Set(ids)].map((id) => find(context, 'security-group', id))
  if (groups.some((g) => g.vpcId !== vpcId)) {
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

/** The group a call names: by id, or by its name in the default VPC. */
export function groupOf(
  context: Context,
  { GroupId, GroupName }: Pick<Input<'DeleteSecurityGroup'>, 'GroupId' | 'GroupName'>,
): SecurityGroup {
  return GroupId ? find(context, 'security-group', GroupId) : groupNamed(context, GroupName)
}

/** A group of the default VPC by its name. Throws where there is none. */
export function groupNamed(context: Context, name: string | undefined): SecurityGroup {
  if (!name) throw new ApiError('MissingParameter', 'The request must contain the parameter groupName or groupId')
  const vpcId = defaultVpcId(context)
  const g = groupsOf(context.state, vpcId).find((one) => one.groupName === name)
  if (!g)
    throw new ApiError('InvalidGroup.NotFound', `The security group '${name}' does not exist in default VPC '${vpcId}'`)
  return g
}

function defaultVpcId(context: Context): string {
  for (const v of visible(context, 'vpc')) if (v.isDefault) return v.id
  throw new ApiError('VPCIdNotSpecified', 'No default VPC for this user')
}

/** S8. */
function checkName({ state }: Context, vpcId: string, name: string): string {
  if (name === DEFAULT) throw new ApiError('InvalidGroup.Reserved', `Cannot use reserved security group name: ${name}`)
  if (/^sg-/i.test(name)) throw invalidParameter(name, 'GroupName', 'Group names may not be in the format sg-*.')
  const text = checkText(name.trim(), 'GroupName')
  if (groupsOf(state, vpcId).some((g) => g.groupName === text)) {
    throw new ApiError('InvalidGroup.Duplicate', `The security group '${text}' already exists for VPC '${vpcId}'`)
  }
  return text
}

function checkText(text: string, parameter: string): string {
  if (text.length > 0 && text.length <= 255 && /^[\w .:/()#,@[\]+=&;{}!$*-]*$/.test(text)) return text
  // unverified: AWS's words.
  throw invalidValue(
    `Value (${text}) for parameter ${parameter} is invalid. ` +
      'Up to 255 characters from a-zA-Z0-9 and . _-:/()#,@[]+=&;{}!$* are allowed.',
  )
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
