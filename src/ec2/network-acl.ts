/** Network ACL: the stateless list of rules at a subnet's edge. Each VPC has a default one that allows everything. */
import type { Fact } from '../network/network.ts'
import type { Direction } from '../network/rules.ts'
import type { Output } from '../protocol/types.ts'
import { ApiError, dependencyViolation, invalidValue } from './errors.ts'
import { find, isVisible, remove } from './lookup.ts'
import { type AclEntry, allowAll, allowAll6, entriesOf, entryRule, showEntry } from './network-acl-entry.ts'
import { protocolNames } from './network-acl-entry-input.ts'
import { quota } from './quotas.ts'
import { type Context, defineKind, type Handlers, newResource, type Resource, type Tags } from './resource.ts'
import { select } from './select.ts'
import type { State } from './state.ts'
import type { Subnet } from './subnet.ts'
import { showTags, tagsFor } from './tags.ts'

export interface NetworkAcl extends Resource {
  readonly state: 'available'
  readonly vpcId: string
  readonly isDefault: boolean
  /** Those that can be changed; the final denials follow from the VPC (`entriesOf`). */
  readonly entries: readonly AclEntry[]
  /** The directions in which a call made, replaced or deleted an entry (N8). */
  readonly modified?: readonly Direction[]
  readonly associations: readonly AclAssociation[]
}

export interface AclAssociation {
  readonly associationId: string
  readonly subnetId: string
}

declare module './resource.ts' {
  interface ResourceTypes {
    'network-acl': NetworkAcl
  }
}

export const networkAcl = defineKind({
  type: 'network-acl',
  idPrefix: 'acl',
  noun: 'networkAcl ID',
  codes: { notFound: 'InvalidNetworkAclID.NotFound', malformed: 'InvalidNetworkAclId.Malformed' },
  references: { vpcId: { type: 'vpc', strength: (acl) => (acl.isDefault ? 'owned' : 'blocks') } },
  lifecycle: {},
  indexed: { 'network-acl-id': 'id', 'vpc-id': 'vpcId' },
  filters: {
    'network-acl-id': (acl) => acl.id,
    'vpc-id': (acl) => acl.vpcId,
    'owner-id': (acl) => acl.account,
    default: (acl) => acl.isDefault,
    'association.association-id': (acl) => acl.associations.map((a) => a.associationId),
    'association.network-acl-id': (acl) => acl.associations.map(() => acl.id),
    'association.subnet-id': (acl) => acl.associations.map((a) => a.subnetId),
    'entry.cidr': (acl, state) => entriesOf(state, acl).map((e) => e.cidrBlock),
    'entry.ipv6-cidr': (acl, state) => entriesOf(state, acl).map((e) => e.ipv6CidrBlock),
    'entry.egress': (acl, state) => entriesOf(state, acl).map((e) => e.egress),
    'entry.rule-number': (acl, state) => entriesOf(state, acl).map((e) => e.number),
    'entry.rule-action': (acl, state) => entriesOf(state, acl).map((e) => e.action),
    'entry.protocol': (acl, state) => entriesOf(state, acl).flatMap((e) => protocolNames(e.protocol)),
    'entry.icmp.type': (acl, state) => entriesOf(state, acl).map((e) => e.icmp?.type),
    'entry.icmp.code': (acl, state) => entriesOf(state, acl).map((e) => e.icmp?.code),
    'entry.port-range.from': (acl, state) => entriesOf(state, acl).map((e) => e.ports?.from),
    'entry.port-range.to': (acl, state) => entriesOf(state, acl).map((e) => e.ports?.to),
  },
  compile: facts,
})

/** The ACLs of a VPC. */
export const aclsOf = (state: State, vpcId: string): NetworkAcl[] => [...state.where('network-acl', 'vpcId', vpcId)]

/** The ACL that guards a subnet: it always has exactly one (N2). */
export function aclOf(state: State, s: Subnet): NetworkAcl {
  const [acl] = state.where('network-acl', 'associations.subnetId', s.id)
  if (!acl) throw new Error(`${s.id} has no network ACL`)
  return acl
}

export const networkAclActions: Handlers = {
  CreateNetworkAcl(input, context) {
    const { id } = find(context, 'vpc', input.VpcId)
    const created = createAcl(context, id, false, tagsFor('network-acl', input.TagSpecifications))
    const { ClientToken } = input
    return { NetworkAcl: showAcl(context.state, created), ...(ClientToken && { ClientToken }) }
  },
  DescribeNetworkAcls(input, context) {
    const { items, ...page } = select(context, 'network-acl', input, input.NetworkAclIds)
    return { NetworkAcls: items.map((acl) => showAcl(context.state, acl)), ...page }
  },
  DeleteNetworkAcl(input, context) {
    const acl = find(context, 'network-acl', input.NetworkAclId)
    if (acl.isDefault) throw invalidValue(`cannot delete default network ACL ${acl.id}`)
    if (acl.associations.length > 0)
      throw dependencyViolation(`The networkAcl '${acl.id}' has dependencies and cannot be deleted.`)
    remove(context, 'network-acl', acl.id)
    return {}
  },
  ReplaceNetworkAclAssociation(input, context) {
    const acl = find(context, 'network-acl', input.NetworkAclId)
    const [old] = context.state
      .where('network-acl', 'associations.associationId', input.AssociationId)
      .filter((one) => isVisible('network-acl', one, context))
    const association = old?.associations.find((a) => a.associationId === input.AssociationId)
    if (!old || !association)
      throw new ApiError('InvalidAssociationID.NotFound', `The association ID '${input.AssociationId}' does not exist`)
    // unverified: AWS's words for an ACL of another VPC.
    if (old.vpcId !== acl.vpcId)
      throw invalidValue(`Network ACL ${acl.id} and subnet ${association.subnetId} belong to different networks`)
    forgetSubnetInAcls(context, association.subnetId)
    return { NewAssociationId: associate(context, acl.id, association.subnetId) }
  },
}

function createAcl(context: Context, vpcId: string, isDefault: boolean, tags: Tags): NetworkAcl {
  if (aclsOf(context.state, vpcId).length >= quota('aclsPerVpc'))
    throw new ApiError('NetworkAclLimitExceeded', 'The maximum number of network ACLs has been reached.')
  return context.state.put('network-acl', {
    ...newResource(context, networkAcl, 'available', tags),
    state: 'available',
    vpcId,
    isDefault,
    entries: isDefault ? [allowAll(true), allowAll(false)] : [],
    associations: [],
  })
}

/** The ACL that a new VPC gets: everything may pass (N1). */
export const createDefaultAcl = (context: Context, { id }: { readonly id: string }): NetworkAcl =>
  createAcl(context, id, true, {})

/**
 * N8: in a VPC that gets an IPv6 block, the default ACL lets IPv6 through in each direction that nobody modified, and
 * no other ACL does. The entry stays when the block goes (unverified).
 */
export function allowIpv6({ state }: Context, vpcId: string): void {
  const acl = defaultAclOf(state, vpcId)
  const added = [allowAll6(true), allowAll6(false)].filter(
    ({ egress, number }) =>
      !acl.modified?.includes(egress ? 'egress' : 'ingress') &&
      !acl.entries.some((e) => e.egress === egress && e.number === number),
  )
  state.put('network-acl', { ...acl, entries: [...acl.entries, ...added] })
}

/** A new subnet is guarded by the VPC's default ACL (N2). */
export function associateDefaultAcl(context: Context, s: Subnet): void {
  associate(context, defaultAclOf(context.state, s.vpcId).id, s.id)
}

function defaultAclOf(state: State, vpcId: string): NetworkAcl {
  const acl = aclsOf(state, vpcId).find((one) => one.isDefault)
  if (!acl) throw new Error(`${vpcId} has no default network ACL`)
  return acl
}

function associate(context: Context, aclId: string, subnetId: string): string {
  const acl = find(context, 'network-acl', aclId)
  const associationId = context.newId('aclassoc')
  context.state.put('network-acl', { ...acl, associations: [...acl.associations, { associationId, subnetId }] })
  return associationId
}

/** A subnet that is deleted, or gets another ACL, leaves its association. */
export function forgetSubnetInAcls({ state }: Context, subnetId: string): void {
  for (const acl of state.where('network-acl', 'associations.subnetId', subnetId)) {
    const associations = acl.associations.filter((a) => a.subnetId !== subnetId)
    state.put('network-acl', { ...acl, associations })
  }
}

function facts(acl: NetworkAcl, state: State): Fact[] {
  const origin = { resource: acl.id, code: 'SUBNET_ACL_RESTRICTION' }
  const rules = entriesOf(state, acl).map((entry) => ({ rule: entryRule(acl.id, entry) }))
  return [{ ruleSet: { id: acl.id, stateful: false, origin } }, ...rules]
}

function showAcl(state: State, acl: NetworkAcl): NonNullable<Output<'CreateNetworkAcl'>['NetworkAcl']> {
  return {
    NetworkAclId: acl.id,
    VpcId: acl.vpcId,
    OwnerId: acl.account,
    IsDefault: acl.isDefault,
    Entries: entriesOf(state, acl).map(showEntry),
    Associations: acl.associations.map((a) => ({
      NetworkAclAssociationId: a.associationId,
      NetworkAclId: acl.id,
      SubnetId: a.subnetId,
    })),
    Tags: showTags(acl.tags),
  }
}
