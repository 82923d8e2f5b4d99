/** Things of an account's Region, read through the public API, each with the attributes by which labs know it. */
import type { Ec2 } from '../../client/ec2-client.ts'
import type { ATTRIBUTES, Kind } from './attributes.ts'

/** The values of an attribute; none where the thing has none. */
export interface Thing {
  readonly id: string
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

/** A reader says something of every attribute of its kind. */
type Attributes<K extends Kind> = Readonly<Record<(typeof ATTRIBUTES)[K][number], Value>>
type Value = string | boolean | undefined | readonly (string | undefined)[]

/** All things of a kind: what is over (terminated, deleted) is not among them. */
type Readers = { readonly [K in Kind]: (estate: Estate) => Promise<Attributes<K>[]> }

/** What there is, as it was when it was first asked for. */
export interface Estate {
  readonly client: Ec2
  things(kind: Kind): Promise<readonly Thing[]>
}

/** Reads each kind once, when it is asked for. */
export function estate(client: Ec2): Estate {
  const known = new Map<Kind, Promise<readonly Thing[]>>()
  const self: Estate = {
    client,
    things(kind) {
      const found = known.get(kind) ?? READERS[kind](self).then((all) => all.map(thingOf))
      known.set(kind, found)
      return found
    },
  }
  return self
}

function thingOf(values: Readonly<Record<string, Value>>): Thing {
  const attributes = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, texts(value)]))
  return { id: attributes.id?.[0] ?? '', attributes }
}

const texts = (value: Value): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((one) => (one === undefined || one === '' ? [] : String(one)))

type Tagged = { readonly Tags?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined }
const nameOf = ({ Tags }: Tagged): string | undefined => Tags?.find(({ Key }) => Key === 'Name')?.Value

const READERS: Readers = {
  async vpc({ client }) {
    const { Vpcs = [] } = await client.call('DescribeVpcs', {})
    return Vpcs.map((vpc) => ({
      id: vpc.VpcId,
      cidr: (vpc.CidrBlockAssociationSet ?? []).map(({ CidrBlock }) => CidrBlock),
      default: vpc.IsDefault,
      name: nameOf(vpc),
    }))
  },

  async subnet({ client, things }) {
    const [{ Subnets = [] }, tables] = await Promise.all([client.call('DescribeSubnets', {}), things('routeTable')])
    return Subnets.map((subnet) => ({
      id: subnet.SubnetId,
      vpc: subnet.VpcId,
      cidr: subnet.CidrBlock,
      zone: subnet.AvailabilityZone,
      name: nameOf(subnet),
      routeTable: tableOf(tables, subnet.SubnetId, subnet.VpcId)?.id,
    }))
  },

  async instance({ client }) {
    const { Reservations = [] } = await client.call('DescribeInstances', {})
    return Reservations.flatMap(({ Instances = [] }) => Instances)
      .filter(({ State }) => State?.Name !== 'terminated' && State?.Name !== 'shutting-down')
      .map((instance) => ({
        id: instance.InstanceId,
        vpc: instance.VpcId,
        subnet: instance.SubnetId,
        privateIp: instance.PrivateIpAddress,
        publicIp: instance.PublicIpAddress,
        sg: (instance.SecurityGroups ?? []).map(({ GroupId }) => GroupId),
        state: instance.State?.Name,
        name: nameOf(instance),
      }))
  },

  async routeTable({ client }) {
    const { RouteTables = [] } = await client.call('DescribeRouteTables', {})
    return RouteTables.map((table) => ({
      id: table.RouteTableId,
      vpc: table.VpcId,
      subnet: (table.Associations ?? []).map(({ SubnetId }) => SubnetId),
      main: table.Associations?.some(({ Main }) => Main) ?? false,
      name: nameOf(table),
    }))
  },

  async internetGateway({ client }) {
    const { InternetGateways = [] } = await client.call('DescribeInternetGateways', {})
    return InternetGateways.map((gateway) => ({
      id: gateway.InternetGatewayId,
      vpc: (gateway.Attachments ?? []).map(({ VpcId }) => VpcId),
      name: nameOf(gateway),
    }))
  },

  async natGateway({ client }) {
    const { NatGateways = [] } = await client.call('DescribeNatGateways', {})
    return NatGateways.filter(({ State }) => State === 'available' || State === 'pending').map((gateway) => ({
      id: gateway.NatGatewayId,
      vpc: gateway.VpcId,
      subnet: gateway.SubnetId,
      publicIp: (gateway.NatGatewayAddresses ?? []).map(({ PublicIp }) => PublicIp),
      state: gateway.State,
      name: nameOf(gateway),
    }))
  },

  async peering({ client }) {
    const { VpcPeeringConnections = [] } = await client.call('DescribeVpcPeeringConnections', {})
    return VpcPeeringConnections.filter(({ Status }) => LIVE.has(Status?.Code ?? '')).map((peering) => {
      const [requester, accepter] = [peering.RequesterVpcInfo?.VpcId, peering.AccepterVpcInfo?.VpcId]
      const between = [requester, accepter]
      const id = peering.VpcPeeringConnectionId
      return { id, requester, accepter, between, status: peering.Status?.Code, name: nameOf(peering) }
    })
  },

  async securityGroup({ client, things }) {
    const [{ SecurityGroups = [] }, instances] = await Promise.all([
      client.call('DescribeSecurityGroups', {}),
      things('instance'),
    ])
    return SecurityGroups.map((group) => ({
      id: group.GroupId,
      vpc: group.VpcId,
      groupName: group.GroupName,
      instance: instances.filter(({ attributes }) => attributes.sg?.includes(group.GroupId ?? '')).map(({ id }) => id),
      name: nameOf(group),
    }))
  },

  async networkAcl({ client }) {
    const { NetworkAcls = [] } = await client.call('DescribeNetworkAcls', {})
    return NetworkAcls.map((acl) => ({
      id: acl.NetworkAclId,
      vpc: acl.VpcId,
      subnet: (acl.Associations ?? []).map(({ SubnetId }) => SubnetId),
      default: acl.IsDefault,
      name: nameOf(acl),
    }))
  },

  async address({ client }) {
    const { Addresses = [] } = await client.call('DescribeAddresses', {})
    return Addresses.map((address) => ({
      id: address.AllocationId,
      publicIp: address.PublicIp,
      instance: address.InstanceId,
      association: address.AssociationId,
      name: nameOf(address),
    }))
  },
}

/** Others are over, though AWS still shows them. */
const LIVE: ReadonlySet<string> = new Set(['pending-acceptance', 'provisioning', 'active'])

/** The table that a subnet uses: its own, or else the main one. */
const tableOf = (tables: readonly Thing[], subnet: string | undefined, vpc: string | undefined): Thing | undefined =>
  tables.find(({ attributes }) => attributes.subnet?.includes(subnet ?? '')) ??
  tables.find(({ attributes }) => attributes.main?.[0] === 'true' && attributes.vpc?.[0] === vpc)
