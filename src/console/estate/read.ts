/** Reads an estate through the public API, kind by kind, so that a change costs what it concerns. */
import type { Ec2 } from '../../client/ec2-client.ts'
import type { Address, Estate, Gateway, Group, Instance, Peering, Route, RouteTable, Rule, Side } from './estate.ts'
import type { Subnet, Vpc } from './estate.ts'
import { type Changed, changedInstances, replaced } from './few.ts'
import { acls } from './read-acls.ts'
import { thing } from './thing.ts'

async function vpcs(client: Ec2): Promise<Vpc[]> {
  const { Vpcs = [] } = await client.call('DescribeVpcs', {})
  return Vpcs.map((vpc) => ({
    ...thing(vpc.VpcId, vpc),
    isDefault: vpc.IsDefault ?? false,
    cidrs: (vpc.CidrBlockAssociationSet ?? [])
      .filter(({ CidrBlockState }) => CidrBlockState?.State === 'associated')
      .map(({ CidrBlock = '' }) => CidrBlock),
    ipv6Cidrs: (vpc.Ipv6CidrBlockAssociationSet ?? []).flatMap(({ Ipv6CidrBlock }) => Ipv6CidrBlock ?? []),
  }))
}

async function subnets(client: Ec2): Promise<Subnet[]> {
  const { Subnets = [] } = await client.call('DescribeSubnets', {})
  return Subnets.map((subnet) => ({
    ...thing(subnet.SubnetId, subnet),
    vpcId: subnet.VpcId ?? '',
    cidr: subnet.CidrBlock ?? '',
    zone: subnet.AvailabilityZone ?? '',
    free: subnet.AvailableIpAddressCount ?? 0,
    assignsPublicIp: subnet.MapPublicIpOnLaunch ?? false,
  }))
}

/** Where a route may name what it leads to. */
const TARGETS = [
  'GatewayId',
  'VpcPeeringConnectionId',
  'NatGatewayId',
  'EgressOnlyInternetGatewayId',
  'InstanceId',
  'NetworkInterfaceId',
] as const
type Target = { readonly [key in (typeof TARGETS)[number]]?: string | undefined }

const targetOf = (route: Target): string => TARGETS.map((key) => route[key]).find((id) => id !== undefined) ?? ''

async function tables(client: Ec2): Promise<RouteTable[]> {
  const { RouteTables = [] } = await client.call('DescribeRouteTables', {})
  return RouteTables.map((table) => ({
    ...thing(table.RouteTableId, table),
    vpcId: table.VpcId ?? '',
    main: table.Associations?.some(({ Main }) => Main) ?? false,
    mainAssociationId: table.Associations?.find(({ Main }) => Main)?.RouteTableAssociationId ?? '',
    associations: (table.Associations ?? []).flatMap(({ SubnetId, RouteTableAssociationId = '' }) =>
      SubnetId === undefined ? [] : { id: RouteTableAssociationId, subnetId: SubnetId },
    ),
    routes: (table.Routes ?? []).map(
      (route): Route => ({
        destination:
          route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId ?? '',
        target: targetOf(route),
        state: route.State ?? '',
      }),
    ),
  }))
}

async function gateways(client: Ec2): Promise<Gateway[]> {
  const [{ InternetGateways = [] }, { NatGateways = [] }, { EgressOnlyInternetGateways = [] }] = await Promise.all([
    client.call('DescribeInternetGateways', {}),
    client.call('DescribeNatGateways', {}),
    client.call('DescribeEgressOnlyInternetGateways', {}),
  ])
  const plain = { subnetId: '', publicIp: '' }
  return [
    ...InternetGateways.map(
      (gateway): Gateway => ({
        ...thing(gateway.InternetGatewayId, gateway),
        ...plain,
        kind: 'internet gateway',
        vpcId: gateway.Attachments?.[0]?.VpcId ?? '',
        state: gateway.Attachments?.[0]?.State ?? 'detached',
      }),
    ),
    ...EgressOnlyInternetGateways.map(
      (gateway): Gateway => ({
        ...thing(gateway.EgressOnlyInternetGatewayId, gateway),
        ...plain,
        kind: 'egress-only internet gateway',
        vpcId: gateway.Attachments?.[0]?.VpcId ?? '',
        state: gateway.Attachments?.[0]?.State ?? '',
      }),
    ),
    ...NatGateways.filter(({ State }) => State !== 'deleted').map(
      (gateway): Gateway => ({
        ...thing(gateway.NatGatewayId, gateway),
        kind: 'NAT gateway',
        vpcId: gateway.VpcId ?? '',
        subnetId: gateway.SubnetId ?? '',
        state: gateway.State ?? '',
        publicIp: gateway.NatGatewayAddresses?.[0]?.PublicIp ?? '',
      }),
    ),
  ]
}

interface VpcInfo {
  readonly VpcId?: string | undefined
  readonly CidrBlock?: string | undefined
  readonly CidrBlockSet?: readonly { readonly CidrBlock?: string | undefined }[] | undefined
  readonly Region?: string | undefined
  readonly OwnerId?: string | undefined
}

const sideOf = ({ VpcId, CidrBlock, CidrBlockSet, Region, OwnerId }: VpcInfo = {}): Side => ({
  vpcId: VpcId ?? '',
  cidrs: (CidrBlockSet ?? [{ CidrBlock }]).flatMap((block) => block.CidrBlock ?? []),
  region: Region ?? '',
  owner: OwnerId ?? '',
})

async function peerings(client: Ec2): Promise<Peering[]> {
  const { VpcPeeringConnections = [] } = await client.call('DescribeVpcPeeringConnections', {})
  return VpcPeeringConnections.map((peering) => ({
    ...thing(peering.VpcPeeringConnectionId, peering),
    status: peering.Status?.Code ?? '',
    message: peering.Status?.Message ?? '',
    requester: sideOf(peering.RequesterVpcInfo),
    accepter: sideOf(peering.AccepterVpcInfo),
  }))
}

async function instances(client: Ec2, ids?: readonly string[]): Promise<Instance[]> {
  if (ids?.length === 0) return []
  const which = ids ? { Filters: [{ Name: 'instance-id', Values: [...ids] }] } : {}
  const { Reservations = [] } = await client.call('DescribeInstances', which)
  return Reservations.flatMap(({ Instances = [] }) => Instances)
    .map((instance) => ({
      ...thing(instance.InstanceId, instance),
      state: instance.State?.Name ?? '',
      type: instance.InstanceType ?? '',
      vpcId: instance.VpcId ?? '',
      subnetId: instance.SubnetId ?? '',
      privateIp: instance.PrivateIpAddress ?? '',
      publicIp: instance.PublicIpAddress ?? '',
      groupIds: (instance.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    }))
    .filter(({ state }) => state !== 'terminated')
}

async function groups(client: Ec2): Promise<Group[]> {
  const { SecurityGroups = [] } = await client.call('DescribeSecurityGroups', {})
  return SecurityGroups.map((group) => ({
    ...thing(group.GroupId, group),
    vpcId: group.VpcId ?? '',
    groupName: group.GroupName ?? '',
    description: group.Description ?? '',
  }))
}

async function rules(client: Ec2): Promise<Map<string, Rule[]>> {
  const { SecurityGroupRules = [] } = await client.call('DescribeSecurityGroupRules', {})
  const byGroup = new Map<string, Rule[]>()
  for (const rule of SecurityGroupRules) {
    const of = byGroup.get(rule.GroupId ?? '') ?? []
    byGroup.set(rule.GroupId ?? '', of)
    of.push({
      id: rule.SecurityGroupRuleId ?? '',
      egress: rule.IsEgress ?? false,
      protocol: rule.IpProtocol ?? '-1',
      from: rule.FromPort ?? -1,
      to: rule.ToPort ?? -1,
      peer: rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.ReferencedGroupInfo?.GroupId ?? rule.PrefixListId ?? '',
      description: rule.Description ?? '',
    })
  }
  return byGroup
}

async function addresses(client: Ec2): Promise<Address[]> {
  const { Addresses = [] } = await client.call('DescribeAddresses', {})
  return Addresses.map((address) => ({
    ...thing(address.AllocationId, address),
    publicIp: address.PublicIp ?? '',
    associationId: address.AssociationId ?? '',
    instanceId: address.InstanceId ?? '',
    privateIp: address.PrivateIpAddress ?? '',
  }))
}

const READERS = { vpcs, subnets, tables, gateways, peerings, instances, groups, rules, acls, addresses } satisfies {
  [Part in keyof Estate]: (client: Ec2) => Promise<Estate[Part]>
}
type Part = keyof typeof READERS

/** Kind of record → what of an estate it shows in; other kinds show nowhere. */
const SHOWN: Readonly<Record<string, readonly Part[]>> = {
  vpc: ['vpcs', 'acls'],
  subnet: ['subnets', 'acls'],
  'route-table': ['tables'],
  'internet-gateway': ['gateways', 'tables'],
  'egress-only-internet-gateway': ['gateways', 'tables'],
  natgateway: ['gateways', 'tables'],
  'vpc-peering-connection': ['peerings', 'tables'],
  // Its interface has the addresses; a subnet counts those that are free.
  instance: ['instances'],
  'network-interface': ['instances', 'subnets', 'tables'],
  'network-acl': ['acls'],
  'security-group': ['groups', 'rules'],
  'security-group-rule': ['rules'],
  'elastic-ip': ['addresses', 'instances'],
}

/** The parts to read again after records of these kinds have changed; all of them where nobody knows which. */
export const partsOf = (types: readonly string[]): readonly Part[] =>
  types.length === 0 ? (Object.keys(READERS) as Part[]) : [...new Set(types.flatMap((type) => SHOWN[type] ?? []))]

/** The estate with these parts read anew; of instances, where `few` are named, these alone. Errors: the client's. */
export async function reread(
  client: Ec2,
  estate: Estate,
  parts: readonly Part[],
  few?: readonly string[],
): Promise<Estate> {
  const read = async (part: Part) => {
    if (part !== 'instances' || !few) return [part, await READERS[part](client)] as const
    return [part, replaced(estate.instances, few, await instances(client, few))] as const
  }
  return { ...estate, ...Object.fromEntries(await Promise.all(parts.map(read))) }
}

/** The estate after records of these kinds have changed; all of it where nobody knows which. Errors: the client's. */
export async function readAfter(
  client: Ec2,
  estate: Estate,
  types: readonly string[],
  changed: Changed,
): Promise<Estate> {
  const parts = partsOf(types)
  // The same estate draws nothing anew.
  if (parts.length === 0) return estate
  const isAsked = types.length > 0 && parts.includes('instances')
  const few = isAsked ? await changedInstances(client, new Set(types), changed, estate.addresses) : undefined
  return reread(client, estate, parts, few)
}
