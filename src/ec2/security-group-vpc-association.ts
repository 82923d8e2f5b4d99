/** Security group VPC association: by it interfaces of a further VPC may take a group (S6). */
import type { Output } from '../protocol/types.ts'
import { ApiError, dependencyViolation, invalidParameter, invalidValue } from './errors.ts'
import { find } from './lookup.ts'
import { blocks, defineKind, type Handlers, inState, newResource, owned, type Resource } from './resource.ts'
import { groupsOf, isDefault, type SecurityGroup } from './security-group.ts'
import { type Filter, filterFor, pageOf, select } from './select.ts'
import type { State } from './state.ts'
import { showTags } from './tags.ts'

export interface SecurityGroupVpcAssociation extends Resource {
  readonly state: 'associating' | 'associated' | 'disassociating'
  readonly groupId: string
  /** The further VPC, never the one the group was made in. */
  readonly vpcId: string
}

declare module './resource.ts' {
  interface ResourceTypes {
    'security-group-vpc-association': SecurityGroupVpcAssociation
  }
}

export const securityGroupVpcAssociation = defineKind({
  type: 'security-group-vpc-association',
  idPrefix: 'sgvpcassoc',
  noun: 'security group VPC association',
  codes: { notFound: 'InvalidAssociationID.NotFound', malformed: 'InvalidAssociationID.NotFound' },
  // S8: an associated group can not be deleted. unverified: that an association goes with its VPC.
  references: { groupId: blocks('security-group'), vpcId: owned('vpc') },
  lifecycle: {
    associating: { after: 0, to: 'associated' },
    disassociating: { after: 0, gone: true },
  },
  filters: {
    'group-id': (a) => a.groupId,
    'group-owner-id': (a, state) => state.get('security-group', a.groupId)?.account,
    state: (a) => a.state,
    'vpc-id': (a) => a.vpcId,
    'vpc-owner-id': (a, state) => state.get('vpc', a.vpcId)?.account,
  },
})

/** The VPCs whose interfaces may take the group: the one it was made in first. */
export const vpcsOf = (state: State, g: SecurityGroup): string[] => [
  g.vpcId,
  ...state
    .where('security-group-vpc-association', 'groupId', g.id)
    .filter((a) => a.state === 'associated')
    .map((a) => a.vpcId),
]

export const groupVpcActions: Handlers = {
  AssociateSecurityGroupVpc(input, context) {
    const g = find(context, 'security-group', input.GroupId)
    const vpc = find(context, 'vpc', input.VpcId)
    // unverified: code and words of all four.
    if (isDefault(g))
      throw invalidParameter(g.id, 'GroupId', 'A default security group cannot be associated with a VPC.')
    if (vpc.isDefault)
      throw invalidParameter(vpc.id, 'VpcId', 'A security group cannot be associated with a default VPC.')
    if (g.vpcId === vpc.id)
      throw invalidParameter(vpc.id, 'VpcId', `The security group '${g.id}' was created in this VPC.`)
    if (associationOf(context.state, g.id, vpc.id))
      throw new ApiError(
        'Resource.AlreadyAssociated',
        `The security group '${g.id}' is already associated with the VPC '${vpc.id}'`,
      )
    const made = context.state.put('security-group-vpc-association', {
      ...newResource(context, securityGroupVpcAssociation, 'associating', {}),
      state: 'associating',
      groupId: g.id,
      vpcId: vpc.id,
    })
    return { State: made.state }
  },
  DisassociateSecurityGroupVpc(input, context) {
    const { id } = find(context, 'security-group', input.GroupId)
    const vpcId = find(context, 'vpc', input.VpcId).id
    const association = associationOf(context.state, id, vpcId)
    // unverified: code and words of both.
    if (!association)
      throw new ApiError(
        'InvalidAssociationID.NotFound',
        `The security group '${id}' is not associated with the VPC '${vpcId}'`,
      )
    if (context.state.where('network-interface', 'groupIds', id).some((eni) => eni.vpcId === vpcId))
      throw dependencyViolation(`resource ${id} has a dependent object`)
    const ended = inState(association, 'disassociating', context.now)
    return { State: context.state.put('security-group-vpc-association', ended).state }
  },
  DescribeSecurityGroupVpcAssociations(input, context) {
    const { items, ...page } = select(context, 'security-group-vpc-association', input, undefined)
    return { SecurityGroupVpcAssociations: items.map((a) => showAssociation(context.state, a)), ...page }
  },
  GetSecurityGroupsForVpc(input, context) {
    const { id } = find(context, 'vpc', input.VpcId)
    const associated = context.state
      .where('security-group-vpc-association', 'vpcId', id)
      .filter((a) => a.state === 'associated')
      .map((a) => find(context, 'security-group', a.groupId))
    const matches = filterFor(context, 'security-group', (input.Filters ?? []).map(asGroupFilter))
    const all = [...groupsOf(context.state, id), ...associated].filter(matches)
    const { items, ...page } = pageOf(all, input, `groups for ${id}`, { min: 5, max: 1000 })
    return { SecurityGroupForVpcs: items.map(showForVpc), ...page }
  },
}

const associationOf = (state: State, groupId: string, vpcId: string): SecurityGroupVpcAssociation | undefined =>
  state.where('security-group-vpc-association', 'groupId', groupId).find((a) => a.vpcId === vpcId)

/** The filters of GetSecurityGroupsForVpc, by their names in DescribeSecurityGroups. */
const FILTERS: ReadonlyMap<string, string> = new Map([
  ['group-id', 'group-id'],
  ['description', 'description'],
  ['group-name', 'group-name'],
  ['owner-id', 'owner-id'],
  ['primary-vpc-id', 'vpc-id'],
])

function asGroupFilter({ Name = '', Values }: Filter): Filter {
  const name = FILTERS.get(Name)
  if (!name) throw invalidValue(`The filter '${Name}' is invalid`)
  return { Name: name, Values }
}

type ShownAssociation = NonNullable<
  Output<'DescribeSecurityGroupVpcAssociations'>['SecurityGroupVpcAssociations']
>[number]

const showAssociation = (state: State, a: SecurityGroupVpcAssociation): ShownAssociation => ({
  GroupId: a.groupId,
  VpcId: a.vpcId,
  State: a.state,
  GroupOwnerId: state.get('security-group', a.groupId)?.account ?? a.account,
  VpcOwnerId: state.get('vpc', a.vpcId)?.account ?? a.account,
})

const showForVpc = (
  g: SecurityGroup,
): NonNullable<Output<'GetSecurityGroupsForVpc'>['SecurityGroupForVpcs']>[number] => ({
  GroupId: g.id,
  GroupName: g.groupName,
  Description: g.description,
  OwnerId: g.account,
  PrimaryVpcId: g.vpcId,
  Tags: showTags(g.tags),
})
