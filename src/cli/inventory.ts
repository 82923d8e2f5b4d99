/** What a caller has in a Region, read through the public API: VPCs, what is in them, and how they are connected. */
import type { Ec2 } from '../client/ec2-client.ts'

/** `name` is the Name tag; empty where there is none. */
export interface Item {
  readonly id: string
  readonly name: string
}

export interface Instance extends Item {
  readonly state: string
  readonly vpcId: string
  readonly subnetId: string
  readonly privateIp: string
  /** Empty where it has none. */
  readonly publicIp: string
}

export interface Subnet extends Item {
  readonly vpcId: string
  readonly cidr: string
  readonly zone: string
}

/** `target` is an id or `local`. */
export interface Route {
  readonly destination: string
  readonly target: string
  readonly state: string
}

export interface RouteTable extends Item {
  readonly vpcId: string
  readonly main: boolean
  /** The subnets explicitly associated with it. */
  readonly subnetIds: readonly string[]
  readonly routes: readonly Route[]
}

/** `vpcId` is empty while it is attached to none. */
export interface Gateway extends Item {
  readonly vpcId: string
}

export interface Peering extends Item {
  readonly status: string
  readonly requester: string
  readonly accepter: string
}

export interface Vpc extends Item {
  readonly cidrs: readonly string[]
  readonly isDefault: boolean
}

export interface Inventory {
  readonly region: string
  readonly vpcs: readonly Vpc[]
  readonly subnets: readonly Subnet[]
  readonly routeTables: readonly RouteTable[]
  readonly gateways: readonly Gateway[]
  readonly peerings: readonly Peering[]
  /** Without those that are terminated. */
  readonly instances: readonly Instance[]
}

/** Everything the map shows and names can mean. Errors: those of the client. */
export async function inventory(client: Ec2): Promise<Inventory> {
  const [vpcs, subnets, routeTables, gateways, peerings, instances] = await Promise.all([
    readVpcs(client),
    readSubnets(client),
    readTables(client),
    readGateways(client),
    readPeerings(client),
    readInstances(client),
  ])
  return { region: client.region, vpcs, subnets, routeTables, gateways, peerings, instances }
}

type Tagged = { Tags?: { Key?: string | undefined; Value?: string | undefined }[] | undefined }

const item = (id: string | undefined, { Tags }: Tagged): Item => ({
  id: id ?? '',
  name: Tags?.find(({ Key }) => Key === 'Name')?.Value ?? '',
})

async function readVpcs(client: Ec2): Promise<Vpc[]> {
  const { Vpcs = [] } = await client.call('DescribeVpcs', {})
  return Vpcs.map((vpc) => ({
    ...item(vpc.VpcId, vpc),
    isDefault: vpc.IsDefault ?? false,
    cidrs: (vpc.CidrBlockAssociationSet ?? [])
      .filter(({ CidrBlockState }) => CidrBlockState?.State === 'associated')
      .map(({ CidrBlock = '' }) => CidrBlock),
  }))
}

async function readSubnets(client: Ec2): Promise<Subnet[]> {
  const { Subnets = [] } = await client.call('DescribeSubnets', {})
  return Subnets.map((subnet) => ({
    ...item(subnet.SubnetId, subnet),
    vpcId: subnet.VpcId ?? '',
    cidr: subnet.CidrBlock ?? '',
    zone: subnet.AvailabilityZone ?? '',
  }))
}

async function readTables(client: Ec2): Promise<RouteTable[]> {
  const { RouteTables = [] } = await client.call('DescribeRouteTables', {})
  return RouteTables.map((table) => ({
    ...item(table.RouteTableId, table),
    vpcId: table.VpcId ?? '',
    main: table.Associations?.some(({ Main }) => Main) ?? false,
    subnetIds: (table.Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
    routes: (table.Routes ?? []).map((route) => ({
      destination: route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId ?? '',
      target: targetOf(route),
      state: route.State ?? '',
    })),
  }))
}

/** Where a route may name what it leads to. */
const TARGETS = [
  'GatewayId',
  'VpcPeeringConnectionId',
  'NetworkInterfaceId',
  'NatGatewayId',
  'EgressOnlyInternetGatewayId',
] as const

const targetOf = (route: { readonly [key in (typeof TARGETS)[number]]?: string | undefined }): string =>
  TARGETS.map((key) => route[key]).find((id) => id !== undefined) ?? ''

async function readGateways(client: Ec2): Promise<Gateway[]> {
  const { InternetGateways = [] } = await client.call('DescribeInternetGateways', {})
  return InternetGateways.map((gateway) => ({
    ...item(gateway.InternetGatewayId, gateway),
    vpcId: gateway.Attachments?.[0]?.VpcId ?? '',
  }))
}

async function readPeerings(client: Ec2): Promise<Peering[]> {
  const { VpcPeeringConnections = [] } = await client.call('DescribeVpcPeeringConnections', {})
  return VpcPeeringConnections.map((peering) => ({
    ...item(peering.VpcPeeringConnectionId, peering),
    status: peering.Status?.Code ?? '',
    requester: peering.RequesterVpcInfo?.VpcId ?? '',
    accepter: peering.AccepterVpcInfo?.VpcId ?? '',
  }))
}

async function readInstances(client: Ec2): Promise<Instance[]> {
  const { Reservations = [] } = await client.call('DescribeInstances', {})
  return Reservations.flatMap(({ Instances = [] }) => Instances)
    .map((instance) => ({
      ...item(instance.InstanceId, instance),
      state: instance.State?.Name ?? '',
      vpcId: instance.VpcId ?? '',
      subnetId: instance.SubnetId ?? '',
      privateIp: instance.PrivateIpAddress ?? '',
      publicIp: instance.PublicIpAddress ?? '',
    }))
    .filter(({ state }) => state !== 'terminated')
}
