/** What a call means once it is acknowledged, as effects on facts; without an answer, what it would have meant. */
import type { InstanceNetworkInterface, ManagedPrefixList } from '@aws-sdk/client-ec2'
import type { Action, Input, Output } from '../../src/protocol/types.ts'
import { type Effect, type Fact, type Facts, fact, open, remove, set } from './ledger.ts'
import {
  aclFacts,
  addressFact,
  attachmentFact,
  blockMode,
  checkFact,
  dnsFact,
  elasticFacts,
  entryFact,
  entryKey,
  exclusionFacts,
  exclusionMode,
  gatewayFacts,
  groupsFact,
  instanceFacts,
  interfaceFacts,
  listEntryFact,
  listFacts,
  natFacts,
  peeringFacts,
  routeFact,
  ruleFacts,
  stateFact,
  subnetFacts,
  tableFacts,
  vpcFacts,
} from './seen.ts'

type Meanings = {
  readonly [A in Action]?: (input: Input<A>, answer: Output<A> | undefined, known: Facts) => readonly Effect[]
}

const sets = (facts: readonly Fact[]): Effect[] => facts.map(set)
/** What an answer says that something made; nothing is known of it without one. */
const made = <T>(answer: T | undefined, facts: (answer: T) => readonly Fact[]): Effect[] =>
  answer === undefined ? [] : sets(facts(answer))

const networks: Meanings = {
  CreateVpc: (_, answer) => made(answer?.Vpc, vpcFacts),
  DeleteVpc: ({ VpcId }) => [remove(VpcId)],
  AssociateVpcCidrBlock: ({ VpcId }, answer, known) => [
    ...made(answer?.CidrBlockAssociation, (a) => [fact(`${a.AssociationId}`, `${VpcId} ${a.CidrBlock}`, [VpcId])]),
    ...waitingFor(VpcId, known),
  ],
  DisassociateVpcCidrBlock: ({ AssociationId }) => [remove(AssociationId)],
  ModifyVpcAttribute: ({ VpcId, EnableDnsSupport }) =>
    EnableDnsSupport ? [set(dnsFact(VpcId, EnableDnsSupport.Value))] : [],
  CreateSubnet: (_, answer) => made(answer?.Subnet, subnetFacts),
  DeleteSubnet: ({ SubnetId }) => [remove(SubnetId)],
  CreateInternetGateway: (_, answer) => made(answer?.InternetGateway, gatewayFacts),
  AttachInternetGateway: ({ InternetGatewayId: id, VpcId }) => [set(fact(`attached ${id}`, VpcId, [id, VpcId]))],
  DetachInternetGateway: ({ InternetGatewayId: id }) => [remove(`attached ${id}`)],
  DeleteInternetGateway: ({ InternetGatewayId }) => [remove(InternetGatewayId)],
  // What becomes of a request follows by itself: only what both sides have said is certain.
  CreateVpcPeeringConnection: (_, answer) =>
    made(answer?.VpcPeeringConnection, (pcx) => peeringFacts(pcx).filter(({ key }) => !key.startsWith('status'))),
  AcceptVpcPeeringConnection: ({ VpcPeeringConnectionId: id = '' }, answer, known) => [
    peering(id, answer && 'active', known),
  ],
  DeleteVpcPeeringConnection: ({ VpcPeeringConnectionId: id }, answer, known) => [
    peering(id, answer && 'deleted', known),
  ],
  CreateRouteTable: (_, answer) => made(answer?.RouteTable, tableFacts),
  DeleteRouteTable: ({ RouteTableId }) => [remove(RouteTableId)],
  AssociateRouteTable: ({ RouteTableId, SubnetId = '' }, answer) =>
    made(answer?.AssociationId, (id) => [fact(id, RouteTableId, [RouteTableId, SubnetId])]),
  DisassociateRouteTable: ({ AssociationId }) => [remove(AssociationId)],
  CreateRoute: (input) => [set(routeOf(input))],
  ReplaceRoute: (input) => [set(routeOf(input))],
  DeleteRoute: (input) => [remove(routeOf(input).key)],
}

/** C10: a block that overlaps the requester's ends a request that waits. */
const waitingFor = (vpcId: string, known: Facts): Effect[] =>
  [...known.values()]
    .filter(({ key, owners }) => key.startsWith('status ') && owners.includes(vpcId))
    .filter(({ value }) => value === 'pending-acceptance')
    .map(({ key }) => open(key))

/** Without an answer it may be in any state: it could have been asked for a moment before. */
const peering = (id: string, status: string | undefined, known: Facts): Effect =>
  status === undefined
    ? open(`status ${id}`)
    : set(fact(`status ${id}`, status, [id, ...(known.get(id)?.value.split(' ') ?? [])]))

const routeOf = (route: Input<'CreateRoute'>): Fact =>
  routeFact(
    route.RouteTableId,
    route.DestinationCidrBlock ?? route.DestinationPrefixListId,
    route.GatewayId ?? route.NatGatewayId ?? route.VpcPeeringConnectionId ?? route.NetworkInterfaceId,
  )

const rules: Meanings = {
  CreateSecurityGroup: ({ GroupName, VpcId = '' }, answer) =>
    made(answer?.GroupId, (id) => [fact(id, `${GroupName} ${VpcId}`, [VpcId])]),
  DeleteSecurityGroup: ({ GroupId = '' }) => [remove(GroupId)],
  AuthorizeSecurityGroupIngress: (_, answer) =>
    made(answer?.SecurityGroupRules, (all) => all.flatMap((rule) => ruleFacts(rule))),
  AuthorizeSecurityGroupEgress: (_, answer) =>
    made(answer?.SecurityGroupRules, (all) => all.flatMap((rule) => ruleFacts(rule))),
  RevokeSecurityGroupIngress: ({ SecurityGroupRuleIds = [] }) => SecurityGroupRuleIds.map(remove),
  RevokeSecurityGroupEgress: ({ SecurityGroupRuleIds = [] }) => SecurityGroupRuleIds.map(remove),
  CreateNetworkAcl: (_, answer) => made(answer?.NetworkAcl, aclFacts),
  DeleteNetworkAcl: ({ NetworkAclId }) => [remove(NetworkAclId)],
  CreateNetworkAclEntry: (input) => [set(entryFact(input.NetworkAclId, input))],
  ReplaceNetworkAclEntry: (input) => [set(entryFact(input.NetworkAclId, input))],
  DeleteNetworkAclEntry: (input) => [remove(entryKey(input.NetworkAclId, input))],
  ReplaceNetworkAclAssociation: ({ AssociationId, NetworkAclId }, answer, known) => {
    const [, subnet = ''] = known.get(AssociationId)?.owners ?? []
    const owners = subnet ? [NetworkAclId, subnet] : [NetworkAclId]
    return [remove(AssociationId), ...made(answer?.NewAssociationId, (id) => [fact(id, NetworkAclId, owners)])]
  },
  CreateManagedPrefixList: ({ Entries = [] }, answer) =>
    made(answer?.PrefixList, (list) => [
      ...listFacts(list),
      ...Entries.map(({ Cidr }) => listEntryFact(list.PrefixListId ?? '', Cidr)),
    ]),
  ModifyManagedPrefixList: ({ PrefixListId, AddEntries = [], RemoveEntries = [] }, answer) =>
    unlessFailed(answer?.PrefixList, [
      ...AddEntries.map(({ Cidr }) => set(listEntryFact(PrefixListId, Cidr))),
      ...RemoveEntries.map(({ Cidr }) => remove(listEntryFact(PrefixListId, Cidr).key)),
    ]),
  DeleteManagedPrefixList: ({ PrefixListId }, answer) => unlessFailed(answer?.PrefixList, [remove(PrefixListId)]),
  ModifyVpcBlockPublicAccessOptions: ({ InternetGatewayBlockMode }) => [set(blockMode(InternetGatewayBlockMode))],
  CreateVpcBlockPublicAccessExclusion: (_, answer) => made(answer?.VpcBlockPublicAccessExclusion, exclusionFacts),
  ModifyVpcBlockPublicAccessExclusion: ({ ExclusionId, InternetGatewayExclusionMode }) => [
    set(exclusionMode(ExclusionId, InternetGatewayExclusionMode)),
  ],
  DeleteVpcBlockPublicAccessExclusion: ({ ExclusionId }) => [remove(ExclusionId)],
}

/** AWS takes what a list cannot do, and says in its state that it has failed. */
const unlessFailed = (list: ManagedPrefixList | undefined, effects: readonly Effect[]): readonly Effect[] =>
  list?.State?.endsWith('failed') ? [] : effects

const hosts: Meanings = {
  RunInstances: (_, answer) =>
    made(answer?.Instances, (all) => [
      ...all.flatMap(instanceFacts),
      ...all.flatMap(({ InstanceId = '', NetworkInterfaces = [] }) =>
        NetworkInterfaces.flatMap((each) => launchedFacts(each, InstanceId)),
      ),
    ]),
  StopInstances: ({ InstanceIds }) => InstanceIds.map((id) => set(stateFact(id, 'down'))),
  StartInstances: ({ InstanceIds }) => InstanceIds.map((id) => set(stateFact(id, 'up'))),
  TerminateInstances: ({ InstanceIds }) => InstanceIds.map(remove),
  CreateNetworkInterface: (_, answer) => made(answer?.NetworkInterface, interfaceFacts),
  DeleteNetworkInterface: ({ NetworkInterfaceId }) => [remove(NetworkInterfaceId)],
  AttachNetworkInterface: ({ NetworkInterfaceId, InstanceId, DeviceIndex }, answer) =>
    made(answer?.AttachmentId, (id) => [attachmentFact(id, NetworkInterfaceId, InstanceId, DeviceIndex)]),
  DetachNetworkInterface: ({ AttachmentId }) => [remove(AttachmentId)],
  ModifyNetworkInterfaceAttribute: ({ NetworkInterfaceId: id, Groups, SourceDestCheck }) => [
    ...(Groups ? [set(groupsFact(id, Groups))] : []),
    ...(SourceDestCheck ? [set(checkFact(id, SourceDestCheck.Value))] : []),
  ],
  AssignPrivateIpAddresses: ({ NetworkInterfaceId: id }, answer) =>
    made(answer?.AssignedPrivateIpAddresses, (all) => all.map((a) => addressFact(id, a.PrivateIpAddress ?? ''))),
  UnassignPrivateIpAddresses: ({ NetworkInterfaceId: id, PrivateIpAddresses = [] }) =>
    PrivateIpAddresses.map((address) => remove(addressFact(id, address).key)),
  AllocateAddress: (_, answer) => made(answer, elasticFacts),
  AssociateAddress: ({ AllocationId = '', InstanceId = '' }, answer, known) => {
    const attached = [...known.values()].find(({ value }) => value.endsWith(`${InstanceId} 0`))
    const id = attached?.owners[0] ?? ''
    return [
      // The interface's address may have had another one, which leaves it then.
      ...[...known.values()].filter((f) => /^eipassoc/.test(f.key) && f.owners[1] === id).map(({ key }) => open(key)),
      ...made(answer?.AssociationId, (association) => associationFacts(association, AllocationId, id, known)),
    ]
  },
  DisassociateAddress: ({ AssociationId = '' }) => [remove(AssociationId)],
  ReleaseAddress: ({ AllocationId = '' }) => [remove(AllocationId)],
  CreateNatGateway: (_, answer) => made(answer?.NatGateway, natFacts),
  DeleteNatGateway: ({ NatGatewayId }) => [remove(`alive ${NatGatewayId}`)],
  CreateTags: ({ Resources, Tags }) =>
    Resources.flatMap((id) => Tags.map(({ Key = '', Value = '' }) => set(fact(`tag ${id} ${Key}`, Value, [id])))),
  DeleteTags: ({ Resources, Tags = [] }) =>
    Resources.flatMap((id) => Tags.map(({ Key = '' }) => remove(`tag ${id} ${Key}`))),
}

/** The answer shows an interface in another shape than a read does. */
const launchedFacts = (launched: InstanceNetworkInterface, instance: string): Fact[] => {
  const { NetworkInterfaceId: id = '', Attachment, Groups = [] } = launched
  const owners = Attachment?.DeleteOnTermination ? [instance] : []
  return [
    fact(id, `${launched.SubnetId} ${launched.PrivateIpAddress} ${launched.MacAddress}`, owners),
    groupsFact(
      id,
      Groups.map(({ GroupId = '' }) => GroupId),
    ),
    attachmentFact(Attachment?.AttachmentId, id, instance, Attachment?.DeviceIndex),
  ]
}

/** The private address is known where the interface is. */
const associationFacts = (association: string, elastic: string, eni: string, known: Facts): Fact[] => {
  const address = known.get(eni)?.value.split(' ')[1]
  return address ? [fact(association, `${elastic} ${eni} ${address}`, [elastic, eni])] : []
}

/** The effects of a call; empty where it changes nothing that is looked at. */
export function meaning(action: string, input: object, answer: object | undefined, known: Facts): readonly Effect[] {
  const means = [networks, rules, hosts].map((table) => table[action as Action]).find(Boolean)
  return (means as ((...of: unknown[]) => readonly Effect[]) | undefined)?.(input, answer, known) ?? []
}
