/** Subnet: a part of a VPC block in one Availability Zone, guarded by one network ACL and routed by one table. */
import { createHash } from 'node:crypto'
import { type Ip, toInteger } from '../ip/address.ts'
import { addressAt, baseOf, contains, type Prefix, sizeOf } from '../ip/prefix.ts'
import type { Fact } from '../network/network.ts'
import type { Input, Output } from '../protocol/types.ts'
import { ApiError, unsupported } from './errors.ts'
import { find, remove } from './lookup.ts'
import { aclOf, associateDefaultAcl, forgetSubnetInAcls } from './network-acl.ts'
import { quota } from './quotas.ts'
import {
  arnOf,
  blocks,
  type Context,
  defineKind,
  type Handlers,
  newResource,
  type Resource,
  type Tags,
} from './resource.ts'
import { routeTableOf } from './route-table.ts'
import { forgetSubnetInTables } from './route-table-association.ts'
import { select } from './select.ts'
import type { State } from './state.ts'
import { modifySubnet } from './subnet-attribute.ts'
import { setAside } from './subnet-cidr-reservation.ts'
import { newSubnetBlock, showSubnetBlock } from './subnet-cidr.ts'
import { subnetBlock, zoneFor } from './subnet-placement.ts'
import { showTags, tagsFor } from './tags.ts'
import type { CidrBlock, Vpc } from './vpc.ts'
import { blockModeOf } from './vpc-block-public-access.ts'
import type { Zone } from './zone.ts'

export interface Subnet extends Resource {
  readonly state: 'pending' | 'available'
  readonly vpcId: string
  readonly cidrBlock: Prefix
  /** A record only: no interface has an address of it (C11). */
  readonly ipv6CidrBlock?: CidrBlock
  readonly availabilityZone: string
  readonly availabilityZoneId: string
  readonly defaultForAz: boolean
  readonly mapPublicIpOnLaunch: boolean
  readonly enableDns64: boolean
  readonly privateDnsHostnameType: string
  readonly enableResourceNameDnsARecord: boolean
  readonly enableResourceNameDnsAaaaRecord: boolean
}

declare module './resource.ts' {
  interface ResourceTypes {
    subnet: Subnet
  }
}

export const subnet = defineKind({
  type: 'subnet',
  idPrefix: 'subnet',
  noun: 'subnet ID',
  codes: { notFound: 'InvalidSubnetID.NotFound', malformed: 'InvalidSubnetID.Malformed' },
  references: { vpcId: blocks('vpc') },
  lifecycle: { pending: { after: 0, to: 'available' } },
  indexed: { 'subnet-id': 'id', 'vpc-id': 'vpcId' },
  filters: {
    'subnet-id': (s) => s.id,
    'vpc-id': (s) => s.vpcId,
    'owner-id': (s) => s.account,
    'subnet-arn': (s) => arnOf(s, 'subnet'),
    state: (s) => s.state,
    cidr: (s) => s.cidrBlock,
    'cidr-block': (s) => s.cidrBlock,
    cidrBlock: (s) => s.cidrBlock,
    'availability-zone': (s) => s.availabilityZone,
    availabilityZone: (s) => s.availabilityZone,
    'availability-zone-id': (s) => s.availabilityZoneId,
    availabilityZoneId: (s) => s.availabilityZoneId,
    'available-ip-address-count': (s, state) => unusedAddresses(state, s),
    'default-for-az': (s) => s.defaultForAz,
    defaultForAz: (s) => s.defaultForAz,
    'map-public-ip-on-launch': (s) => s.mapPublicIpOnLaunch,
    'map-customer-owned-ip-on-launch': () => false,
    'customer-owned-ipv4-pool': () => [],
    'enable-dns64': (s) => s.enableDns64,
    'enable-lni-at-device-index': () => [],
    'ipv6-cidr-block-association.ipv6-cidr-block': (s) => s.ipv6CidrBlock?.cidrBlock,
    'ipv6-cidr-block-association.association-id': (s) => s.ipv6CidrBlock?.associationId,
    'ipv6-cidr-block-association.state': (s) => s.ipv6CidrBlock?.state,
    'ipv6-native': () => false,
    'outpost-arn': () => [],
    'private-dns-name-options-on-launch.hostname-type': (s) => s.privateDnsHostnameType,
    'private-dns-name-options-on-launch.enable-resource-name-dns-a-record': (s) => s.enableResourceNameDnsARecord,
    'private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record': (s) => s.enableResourceNameDnsAaaaRecord,
  },
  compile: facts,
})

/** The subnets of a VPC. */
export const subnetsOf = (state: State, vpcId: string): Subnet[] => [...state.where('subnet', 'vpcId', vpcId)]

/** C4: base, router, DNS, one for the future, and the last. */
export const reservedAddresses = (s: Subnet): Ip[] => [0, 1, 2, 3, -1].map((offset) => addressAt(s.cidrBlock, offset))

/** Whether an interface has the address, be its instance stopped (C5). */
export const isUsed = (state: State, s: Subnet, address: Ip): boolean =>
  state.count('network-interface', 'subnetId/privateIpAddresses', `${s.id}/${address}`) > 0

/** Those that nobody has. unverified: that a CIDR reservation does not lower the number. */
const unusedAddresses = (state: State, s: Subnet): number =>
  Number(sizeOf(s.cidrBlock)) -
  reservedAddresses(s).length -
  state.count('network-interface', 'subnetId*privateIpAddresses', s.id)

/** How many of them the subnet can give to whom it likes: what a reservation sets aside is not among them. */
export function availableAddresses(state: State, s: Subnet): number {
  const aside = setAside(state, s.id)
  if (aside.length === 0) return unusedAddresses(state, s)
  const used = state.where('network-interface', 'subnetId', s.id).flatMap((eni) => eni.privateIpAddresses)
  const outside = [...reservedAddresses(s), ...used].filter((address) => !aside.some((of) => contains(of, address)))
  return Number(sizeOf(s.cidrBlock)) - aside.reduce((sum, of) => sum + Number(sizeOf(of)), 0) - outside.length
}

/** Where in the subnet a part of it ends. */
const endIn = (s: Subnet, part: Prefix): number =>
  Number(toInteger(baseOf(part)) - toInteger(baseOf(s.cidrBlock)) + sizeOf(part))

/** An address nobody has: any of the subnet's, as AWS picks them. Throws InsufficientFreeAddressesInSubnet. */
export function freeAddress(context: Context, s: Subnet): Ip {
  const reserved = reservedAddresses(s)
  const aside = setAside(context.state, s.id)
  const size = Number(sizeOf(s.cidrBlock))
  if (availableAddresses(context.state, s) <= 0) {
    throw new ApiError(
      'InsufficientFreeAddressesInSubnet',
      `There are not enough free addresses in subnet '${s.id}' to satisfy the requested number of instances.`,
    )
  }
  let at = createHash('sha256').update(context.newId('address')).digest().readUInt32BE() % size
  for (;;) {
    const address = addressAt(s.cidrBlock, at)
    const reservation = aside.find((of) => contains(of, address))
    if (!reservation && !reserved.includes(address) && !isUsed(context.state, s, address)) return address
    at = (reservation ? endIn(s, reservation) : at + 1) % size
  }
}

export const subnetActions: Handlers = {
  CreateSubnet(input, context) {
    refuseUnsupported(input)
    const v = find(context, 'vpc', input.VpcId)
    const created = createSubnet(context, {
      vpc: v,
      block: subnetBlock(context, v, input.CidrBlock),
      ...(input.Ipv6CidrBlock && { ipv6: newSubnetBlock(context, v, input.Ipv6CidrBlock) }),
      zone: zoneFor(context, input),
      tags: tagsFor('subnet', input.TagSpecifications),
    })
    return { Subnet: showSubnet(context.state, created) }
  },
  DescribeSubnets(input, context) {
    const { items, ...page } = select(context, 'subnet', input, input.SubnetIds)
    return { Subnets: items.map((s) => showSubnet(context.state, s)), ...page }
  },
  DeleteSubnet(input, context) {
    const { id } = find(context, 'subnet', input.SubnetId)
    remove(context, 'subnet', id)
    forgetSubnetInTables(context, id)
    forgetSubnetInAcls(context, id)
    return {}
  },
  ModifySubnetAttribute(input, context) {
    context.state.put('subnet', modifySubnet(find(context, 'subnet', input.SubnetId), input))
    return {}
  },
}

function refuseUnsupported(input: Input<'CreateSubnet'>): void {
  if (input.Ipv6Native) throw unsupported('Subnets of IPv6 alone are not supported yet.')
  const { Ipv4IpamPoolId, Ipv4NetmaskLength, Ipv6IpamPoolId, Ipv6NetmaskLength } = input
  if ([Ipv4IpamPoolId, Ipv4NetmaskLength, Ipv6IpamPoolId, Ipv6NetmaskLength].some((asked) => asked !== undefined))
    throw unsupported('IPAM pools are not supported yet.')
  if (input.OutpostArn) throw unsupported('Outposts are not supported.')
}

/** A subnet with the VPC's default ACL; the main table routes it until another is associated (R1, N2). */
export function createSubnet(
  context: Context,
  wish: { vpc: Vpc; block: Prefix; ipv6?: CidrBlock; zone: Zone; tags: Tags; isDefault?: boolean },
): Subnet {
  if (context.state.count('subnet', 'vpcId', wish.vpc.id) >= quota('subnetsPerVpc'))
    throw new ApiError('SubnetLimitExceeded', 'The maximum number of subnets has been reached.')
  const isDefault = wish.isDefault ?? false
  const created: Subnet = context.state.put('subnet', {
    ...newResource(context, subnet, 'pending', wish.tags),
    state: 'pending',
    vpcId: wish.vpc.id,
    cidrBlock: wish.block,
    ...(wish.ipv6 && { ipv6CidrBlock: wish.ipv6 }),
    availabilityZone: wish.zone.name,
    availabilityZoneId: wish.zone.id,
    defaultForAz: isDefault,
    mapPublicIpOnLaunch: isDefault,
    enableDns64: false,
    privateDnsHostnameType: 'ip-name',
    enableResourceNameDnsARecord: false,
    enableResourceNameDnsAaaaRecord: false,
  })
  associateDefaultAcl(context, created)
  return created
}

/** The segment, and the router's own address on it. */
function facts(s: Subnet, state: State): Fact[] {
  const origin = { resource: s.id }
  return [
    { segment: { id: s.id, kind: 'subnet', prefix: s.cidrBlock, mtu: 9001, ruleSet: aclOf(state, s).id, origin } },
    {
      interface: {
        id: `${s.vpcId}/${s.id}`,
        node: s.vpcId,
        segment: s.id,
        addresses: [addressAt(s.cidrBlock, 1)],
        table: routeTableOf(state, s).id,
        sourceDestCheck: false,
        placement: 'local',
        origin,
      },
    },
  ]
}

export function showSubnet(state: State, s: Subnet): NonNullable<Output<'CreateSubnet'>['Subnet']> {
  return {
    SubnetId: s.id,
    SubnetArn: arnOf(s, 'subnet'),
    OwnerId: s.account,
    VpcId: s.vpcId,
    State: s.state,
    CidrBlock: s.cidrBlock,
    AvailabilityZone: s.availabilityZone,
    AvailabilityZoneId: s.availabilityZoneId,
    AvailableIpAddressCount: unusedAddresses(state, s),
    DefaultForAz: s.defaultForAz,
    MapPublicIpOnLaunch: s.mapPublicIpOnLaunch,
    MapCustomerOwnedIpOnLaunch: false,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: s.ipv6CidrBlock ? [showSubnetBlock(s.ipv6CidrBlock)] : [],
    Ipv6Native: false,
    EnableDns64: s.enableDns64,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: s.privateDnsHostnameType as 'ip-name',
      EnableResourceNameDnsARecord: s.enableResourceNameDnsARecord,
      EnableResourceNameDnsAAAARecord: s.enableResourceNameDnsAaaaRecord,
    },
    BlockPublicAccessStates: { InternetGatewayBlockMode: blockModeOf(state, s) },
    Tags: showTags(s.tags),
  }
}
