/** All that hangs on a VPC, read through the API: what must go before the VPC can. */
import type { Ec2 } from '../client/ec2-client.ts'

/** One thing to delete; `what` is how a person knows it. */
export interface Content {
  readonly id: string
  readonly what: string
}

export interface VpcContents {
  readonly vpcId: string
  readonly instances: readonly Content[]
  /** Elastic IPs that are associated with something in the VPC. */
  readonly addresses: readonly Content[]
  readonly peerings: readonly Content[]
  readonly natGateways: readonly Content[]
  /** EC2 Instance Connect Endpoints; `isGoing` where one is being deleted already. */
  readonly endpoints: readonly (Content & { readonly isGoing: boolean })[]
  /** Those that stay when the instances are gone; `attachmentId` where an instance of another VPC has one. */
  readonly interfaces: readonly (Content & { readonly attachmentId?: string })[]
  readonly gateways: readonly Content[]
  readonly egressOnlyGateways: readonly Content[]
  readonly subnets: readonly Content[]
  /** Without the main one, which goes with the VPC; so do the default group and network ACL. */
  readonly routeTables: readonly (Content & { readonly associations: readonly string[] })[]
  readonly groups: readonly Content[]
  readonly networkAcls: readonly Content[]
  /** Rules that refer to another group: while they are there, neither group can be deleted. */
  readonly references: readonly { readonly groupId: string; readonly ruleId: string; readonly egress: boolean }[]
  /** Further VPCs that the VPC's groups are associated with: these hold a group back as well. */
  readonly sharedGroups: readonly { readonly groupId: string; readonly vpcId: string }[]
}

type Tags = { Tags?: { Key?: string | undefined; Value?: string | undefined }[] | undefined }

function content(kind: string, id: string | undefined, { Tags }: Tags = {}, more = ''): Content {
  const name = Tags?.find(({ Key }) => Key === 'Name')?.Value
  return { id: id ?? '', what: [kind, name, id, more].filter(Boolean).join(' ') }
}

const inVpc = (vpcId: string, name = 'vpc-id') => ({ Filters: [{ Name: name, Values: [vpcId] }] })

/** Reads them all. Errors: those of the client. */
export async function vpcContents(client: Ec2, vpcId: string): Promise<VpcContents> {
  const instances = await instancesIn(client, vpcId)
  const [network, filters, peerings, natGateways, endpoints] = await Promise.all([
    networkIn(client, vpcId),
    filtersIn(client, vpcId),
    peeringsOf(client, vpcId),
    natGatewaysIn(client, vpcId),
    endpointsIn(client, vpcId),
  ])
  return {
    vpcId,
    instances,
    peerings,
    natGateways,
    endpoints,
    ...network,
    ...filters,
    ...(await interfacesIn(client, vpcId, instances)),
  }
}

async function instancesIn(client: Ec2, vpcId: string): Promise<Content[]> {
  const { Reservations = [] } = await client.call('DescribeInstances', inVpc(vpcId))
  return Reservations.flatMap(({ Instances = [] }) => Instances)
    .filter(({ State }) => State?.Name !== 'terminated')
    .map((instance) => content('instance', instance.InstanceId, instance, instance.PrivateIpAddress))
}

async function natGatewaysIn(client: Ec2, vpcId: string): Promise<Content[]> {
  const { NatGateways = [] } = await client.call('DescribeNatGateways', {
    Filter: [
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: 'state', Values: ['pending', 'available', 'deleting'] },
    ],
  })
  return NatGateways.map((gateway) => content('NAT gateway', gateway.NatGatewayId, gateway))
}

async function endpointsIn(client: Ec2, vpcId: string): Promise<VpcContents['endpoints']> {
  const { InstanceConnectEndpoints = [] } = await client.call('DescribeInstanceConnectEndpoints', inVpc(vpcId))
  return InstanceConnectEndpoints.map((endpoint) => ({
    ...content('Instance Connect Endpoint', endpoint.InstanceConnectEndpointId, endpoint),
    isGoing: endpoint.State === 'delete-in-progress',
  }))
}

/** Interfaces that go with what they are part of. */
const OF_SERVICES: ReadonlySet<string | undefined> = new Set(['nat_gateway', 'ec2_instance_connect_endpoint'])

async function interfacesIn(client: Ec2, vpcId: string, instances: readonly Content[]) {
  const { NetworkInterfaces = [] } = await client.call('DescribeNetworkInterfaces', inVpc(vpcId))
  const { Addresses = [] } = await client.call('DescribeAddresses', {})
  const ids = new Set(NetworkInterfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId))
  const isOwn = ({ InstanceId }: { InstanceId?: string | undefined } = {}) =>
    instances.some(({ id }) => id === InstanceId)
  return {
    interfaces: NetworkInterfaces.filter(
      ({ Attachment, InterfaceType }) =>
        !OF_SERVICES.has(InterfaceType) && !(Attachment?.DeleteOnTermination && isOwn(Attachment)),
    ).map(({ NetworkInterfaceId, TagSet, Attachment }) => ({
      ...content('network interface', NetworkInterfaceId, { Tags: TagSet }),
      ...(Attachment?.Status === 'attached' && !isOwn(Attachment) && { attachmentId: Attachment.AttachmentId ?? '' }),
    })),
    addresses: Addresses.filter(({ NetworkInterfaceId }) => NetworkInterfaceId && ids.has(NetworkInterfaceId)).map(
      (address) => content('Elastic IP', address.AllocationId, address, address.PublicIp),
    ),
  }
}

const over = new Set(['deleted', 'deleting', 'rejected', 'failed', 'expired'])

async function peeringsOf(client: Ec2, vpcId: string): Promise<Content[]> {
  const { VpcPeeringConnections = [] } = await client.call('DescribeVpcPeeringConnections', {})
  return VpcPeeringConnections.filter(({ RequesterVpcInfo: one, AccepterVpcInfo: other }) =>
    [one?.VpcId, other?.VpcId].includes(vpcId),
  )
    .filter(({ Status }) => !over.has(Status?.Code ?? ''))
    .map((peering) => content('peering connection', peering.VpcPeeringConnectionId, peering))
}

async function networkIn(client: Ec2, vpcId: string) {
  const [{ Subnets = [] }, { RouteTables = [] }, { InternetGateways = [] }, egressOnlyGateways] = await Promise.all([
    client.call('DescribeSubnets', inVpc(vpcId)),
    client.call('DescribeRouteTables', inVpc(vpcId)),
    client.call('DescribeInternetGateways', inVpc(vpcId, 'attachment.vpc-id')),
    egressOnlyGatewaysOf(client, vpcId),
  ])
  return {
    egressOnlyGateways,
    subnets: Subnets.map((subnet) => content('subnet', subnet.SubnetId, subnet, subnet.CidrBlock)),
    gateways: InternetGateways.map((gateway) => content('internet gateway', gateway.InternetGatewayId, gateway)),
    routeTables: RouteTables.filter(({ Associations }) => !Associations?.some(({ Main }) => Main)).map((table) => ({
      ...content('route table', table.RouteTableId, table),
      associations: (table.Associations ?? []).flatMap(({ RouteTableAssociationId }) => RouteTableAssociationId ?? []),
    })),
  }
}

/** The API has no filter for their VPC. */
async function egressOnlyGatewaysOf(client: Ec2, vpcId: string): Promise<Content[]> {
  const { EgressOnlyInternetGateways = [] } = await client.call('DescribeEgressOnlyInternetGateways', {})
  return EgressOnlyInternetGateways.filter(({ Attachments }) => Attachments?.[0]?.VpcId === vpcId).map((gateway) =>
    content('egress-only internet gateway', gateway.EgressOnlyInternetGatewayId, gateway),
  )
}

async function filtersIn(client: Ec2, vpcId: string) {
  const { SecurityGroups = [] } = await client.call('DescribeSecurityGroups', inVpc(vpcId))
  const { NetworkAcls = [] } = await client.call('DescribeNetworkAcls', inVpc(vpcId))
  const ids = SecurityGroups.flatMap(({ GroupId }) => GroupId ?? [])
  const { SecurityGroupRules = [] } = await client.call('DescribeSecurityGroupRules', {
    Filters: [{ Name: 'group-id', Values: ids }],
  })
  const { SecurityGroupVpcAssociations = [] } = await client.call('DescribeSecurityGroupVpcAssociations', {
    Filters: [{ Name: 'group-id', Values: ids }],
  })
  return {
    sharedGroups: SecurityGroupVpcAssociations.map(({ GroupId = '', VpcId = '' }) => ({
      groupId: GroupId,
      vpcId: VpcId,
    })),
    groups: SecurityGroups.filter(({ GroupName }) => GroupName !== 'default').map((group) =>
      content('security group', group.GroupId, group, group.GroupName),
    ),
    networkAcls: NetworkAcls.filter(({ IsDefault }) => !IsDefault).map((acl) =>
      content('network ACL', acl.NetworkAclId, acl),
    ),
    // A group that refers to itself is in nobody's way.
    references: SecurityGroupRules.filter(
      ({ ReferencedGroupInfo: other, GroupId }) => other && other.GroupId !== GroupId,
    ).map(({ GroupId = '', SecurityGroupRuleId = '', IsEgress = false }) => ({
      groupId: GroupId,
      ruleId: SecurityGroupRuleId,
      egress: IsEgress,
    })),
  }
}
