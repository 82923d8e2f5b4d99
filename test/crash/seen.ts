/** What an answer of the API says, as facts: the same words for what a call made and for what a read shows. */
import type {
  Address,
  Instance,
  InternetGateway,
  ManagedPrefixList,
  NatGateway,
  NetworkAcl,
  NetworkAclEntry,
  NetworkInterface,
  RouteTable,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Tag,
  Vpc,
  VpcBlockPublicAccessExclusion,
  VpcPeeringConnection,
} from '@aws-sdk/client-ec2'
import { type Fact, fact } from './ledger.ts'

const text = (...parts: readonly (string | number | boolean | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(' ')

/** The tag that names the call which made a resource. */
export const CALL = 'call'

export const tagFacts = (id = '', tags: readonly Tag[] = []): Fact[] =>
  tags.map(({ Key = '', Value = '' }) => fact(`tag ${id} ${Key}`, Value, [id]))

export const vpcFacts = ({ VpcId: id = '', CidrBlock, CidrBlockAssociationSet = [], Tags }: Vpc = {}): Fact[] => [
  fact(id, text(CidrBlock)),
  ...CidrBlockAssociationSet.filter((a) => /^associat/.test(a.CidrBlockState?.State ?? '')).map((a) =>
    fact(`${a.AssociationId}`, text(id, a.CidrBlock), [id]),
  ),
  ...tagFacts(id, Tags),
]

export const subnetFacts = ({ SubnetId: id = '', VpcId = '', CidrBlock, Tags }: Subnet = {}): Fact[] => [
  fact(id, text(VpcId, CidrBlock), [VpcId]),
  ...tagFacts(id, Tags),
]

export const gatewayFacts = ({ InternetGatewayId: id = '', Attachments, Tags }: InternetGateway = {}): Fact[] => [
  fact(id, 'there'),
  ...(Attachments ?? []).map(({ VpcId = '' }) => fact(`attached ${id}`, VpcId, [id, VpcId])),
  ...tagFacts(id, Tags),
]

/** What goes on by itself within a moment counts as done. */
const PEERING_STATES: Readonly<Record<string, string>> = {
  'initiating-request': 'pending-acceptance',
  provisioning: 'active',
  deleting: 'deleted',
}

export function peeringFacts(pcx: VpcPeeringConnection = {}): Fact[] {
  const { VpcPeeringConnectionId: id = '', RequesterVpcInfo, AccepterVpcInfo, Status, Tags } = pcx
  const vpcs = [RequesterVpcInfo?.VpcId ?? '', AccepterVpcInfo?.VpcId ?? '']
  const state = Status?.Code ?? ''
  return [
    fact(id, text(...vpcs)),
    fact(`status ${id}`, PEERING_STATES[state] ?? state, [id, ...vpcs]),
    ...tagFacts(id, Tags),
  ]
}

export function tableFacts({ RouteTableId: id = '', VpcId = '', Routes, Associations, Tags }: RouteTable = {}): Fact[] {
  // The route to the VPC itself is nobody's, until somebody gives it another target (R2).
  const routes = (Routes ?? []).filter((r) => r.GatewayId !== 'local')
  return [
    fact(id, VpcId, [VpcId]),
    ...routes.map((r) =>
      routeFact(
        id,
        r.DestinationCidrBlock ?? r.DestinationPrefixListId,
        r.GatewayId ?? r.NatGatewayId ?? r.VpcPeeringConnectionId ?? r.NetworkInterfaceId,
      ),
    ),
    ...(Associations ?? []).map(({ RouteTableAssociationId = '', SubnetId }) =>
      fact(RouteTableAssociationId, id, SubnetId === undefined ? [id] : [id, SubnetId]),
    ),
    ...tagFacts(id, Tags),
  ]
}

export const routeFact = (table = '', to = '', target = ''): Fact => fact(`route ${table} ${to}`, target, [table])

export const groupFacts = ({ GroupId: id = '', GroupName, VpcId = '', Tags }: SecurityGroup = {}): Fact[] => [
  fact(id, text(GroupName, VpcId), [VpcId]),
  ...tagFacts(id, Tags),
]

export function ruleFacts(rule: SecurityGroupRule): Fact[] {
  const { SecurityGroupRuleId: id = '', GroupId = '', IsEgress, IpProtocol, FromPort, ToPort, Tags } = rule
  const remote = rule.CidrIpv4 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId
  return [
    fact(id, text(GroupId, IsEgress ? 'egress' : 'ingress', IpProtocol, FromPort, ToPort, remote), [GroupId]),
    ...tagFacts(id, Tags),
  ]
}

export const aclFacts = ({
  NetworkAclId: id = '',
  VpcId = '',
  Entries,
  Associations,
  Tags,
}: NetworkAcl = {}): Fact[] => [
  fact(id, VpcId, [VpcId]),
  ...(Entries ?? []).map((entry) => entryFact(id, entry)),
  ...(Associations ?? []).map(({ NetworkAclAssociationId = '', SubnetId = '' }) =>
    fact(NetworkAclAssociationId, id, [id, SubnetId]),
  ),
  ...tagFacts(id, Tags),
]

export const entryKey = (acl: string, { Egress, RuleNumber }: NetworkAclEntry): string =>
  `entry ${acl} ${Egress ? 'egress' : 'ingress'} ${RuleNumber}`

export const entryFact = (acl: string, entry: NetworkAclEntry): Fact =>
  fact(entryKey(acl, entry), text(entry.RuleAction, entry.Protocol, entry.CidrBlock ?? entry.Ipv6CidrBlock), [acl])

/** `alive nat-1` is there while a gateway works: what it holds falls with that. */
export const natFacts = ({ NatGatewayId: id = '', SubnetId, State, Tags }: NatGateway = {}): Fact[] => [
  fact(id, text(SubnetId)),
  ...(State === 'available' ? [fact(`alive ${id}`, 'yes')] : []),
  ...tagFacts(id, Tags),
]

export function interfaceFacts(eni: NetworkInterface = {}): Fact[] {
  const { NetworkInterfaceId: id = '', Attachment, PrivateIpAddresses = [], Groups, Description = '' } = eni
  const gateway = /nat-[0-9a-f]{17}/.exec(Description)?.[0]
  const holder = Attachment?.DeleteOnTermination ? Attachment.InstanceId : gateway && `alive ${gateway}`
  const secondary = PrivateIpAddresses.filter((a) => !a.Primary).map((a) => a.PrivateIpAddress ?? '')
  const isHeld = Attachment?.InstanceId && Attachment.Status !== 'detached' && Attachment.Status !== 'detaching'
  return [
    fact(id, text(eni.SubnetId, eni.PrivateIpAddress, eni.MacAddress), holder ? [holder] : []),
    groupsFact(
      id,
      (Groups ?? []).map(({ GroupId = '' }) => GroupId),
    ),
    checkFact(id, eni.SourceDestCheck),
    ...secondary.map((address) => addressFact(id, address)),
    ...(isHeld ? [attachmentFact(Attachment.AttachmentId, id, Attachment.InstanceId, Attachment.DeviceIndex)] : []),
    ...tagFacts(id, eni.TagSet),
  ]
}

export const groupsFact = (eni: string, groups: readonly string[]): Fact =>
  fact(`groups ${eni}`, groups.toSorted().join(' '), [eni])
export const checkFact = (eni: string, isOn: boolean | undefined): Fact => fact(`check ${eni}`, text(isOn), [eni])
export const addressFact = (eni: string, address: string): Fact => fact(`address ${eni} ${address}`, 'secondary', [eni])
export const attachmentFact = (id = '', eni = '', instance = '', index = 0): Fact =>
  fact(id, text(eni, instance, index), [eni, instance])

export function elasticFacts(address: Address): Fact[] {
  const { AllocationId: id = '', PublicIp, AssociationId, NetworkInterfaceId = '', PrivateIpAddress, Tags } = address
  return [
    fact(id, text(PublicIp)),
    ...(AssociationId
      ? [fact(AssociationId, text(id, NetworkInterfaceId, PrivateIpAddress), [id, NetworkInterfaceId])]
      : []),
    ...tagFacts(id, Tags),
  ]
}

/** What is on its way to a state counts as there; what is terminated is gone. */
const INSTANCE_STATES: Readonly<Record<string, string>> = {
  pending: 'up',
  running: 'up',
  stopping: 'down',
  stopped: 'down',
}

export function instanceFacts({ InstanceId: id = '', State, SubnetId, PrivateIpAddress, Tags }: Instance): Fact[] {
  const state = INSTANCE_STATES[State?.Name ?? '']
  return state === undefined
    ? []
    : [fact(id, text(SubnetId, PrivateIpAddress)), stateFact(id, state), ...tagFacts(id, Tags)]
}

export const stateFact = (instance: string, state: string): Fact => fact(`state ${instance}`, state, [instance])

export const listFacts = ({ PrefixListId: id = '', PrefixListName, Tags }: ManagedPrefixList = {}): Fact[] => [
  fact(id, text(PrefixListName)),
  ...tagFacts(id, Tags),
]

export const listEntryFact = (list: string, cidr = ''): Fact => fact(`in ${list} ${cidr}`, 'yes', [list])

/** One that is deleted is shown for an hour. */
export function exclusionFacts(exclusion: VpcBlockPublicAccessExclusion = {}): Fact[] {
  const { ExclusionId: id = '', State = '', InternetGatewayExclusionMode, ResourceArn = '', Tags } = exclusion
  const resource = ResourceArn.split('/').at(-1) ?? ''
  return State.startsWith('delete')
    ? []
    : [fact(id, text(resource), [resource]), exclusionMode(id, InternetGatewayExclusionMode), ...tagFacts(id, Tags)]
}

export const exclusionMode = (id: string, mode: string | undefined): Fact => fact(`mode ${id}`, text(mode), [id])
export const blockMode = (mode: string | undefined): Fact => fact('public access', text(mode))
export const dnsFact = (vpc: string, isOn: boolean | undefined): Fact => fact(`dns ${vpc}`, text(isOn), [vpc])
