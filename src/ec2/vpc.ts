/** VPC: a block of addresses with a router of its own, a main route table, a default group and a default ACL. */
import { familyOf, type Ip, ip } from '../ip/address.ts'
import { addressAt, covers, lengthOf, overlaps, type Prefix, parsePrefix, prefix } from '../ip/prefix.ts'
import type { Fact, Service } from '../network/network.ts'
import type { Output } from '../protocol/types.ts'
import { defaultDhcpOptions } from './dhcp-options.ts'
import { ApiError, missingParameter, unsupported } from './errors.ts'
import { addIpv6Block, ipv6Blocks, refuseOtherPools, showIpv6Block } from './ipv6-block.ts'
import { find, remove } from './lookup.ts'
import { createDefaultAcl } from './network-acl.ts'
import { quota } from './quotas.ts'
import { blocks, type Context, defineKind, type Handlers, newResource, ownCount, type Resource } from './resource.ts'
import { createMainRouteTable } from './route-table.ts'
import { createDefaultGroup } from './security-group.ts'
import { select } from './select.ts'
import type { State } from './state.ts'
import { showTags, tagsFor } from './tags.ts'
import { blockModeOf } from './vpc-block-public-access.ts'
import { deletePeeringsOf } from './vpc-peering-request.ts'

export interface Vpc extends Resource {
  readonly state: 'pending' | 'available'
  readonly cidrBlocks: readonly CidrBlock[]
  /** Records only: nothing is addressed or routed by them (C11). */
  readonly ipv6CidrBlocks?: readonly CidrBlock[]
  readonly isDefault: boolean
  readonly instanceTenancy: string
  readonly dhcpOptionsId: string
  readonly enableDnsSupport: boolean
  readonly enableDnsHostnames: boolean
  readonly enableNetworkAddressUsageMetrics: boolean
}

/** The first IPv4 block is the primary one and is there as long as the VPC (C8). */
export interface CidrBlock {
  readonly associationId: string
  readonly cidrBlock: Prefix
  readonly state: 'associating' | 'associated' | 'disassociating' | 'disassociated'
}

declare module './resource.ts' {
  interface ResourceTypes {
    vpc: Vpc
  }
}

export const vpc = defineKind({
  type: 'vpc',
  idPrefix: 'vpc',
  noun: 'vpc ID',
  codes: { notFound: 'InvalidVpcID.NotFound', malformed: 'InvalidVpcID.Malformed' },
  references: { dhcpOptionsId: blocks('dhcp-options') },
  lifecycle: { pending: { after: 0, to: 'available' } },
  indexed: { 'vpc-id': 'id', 'dhcp-options-id': 'dhcpOptionsId' },
  filters: {
    'vpc-id': (v) => v.id,
    'owner-id': (v) => v.account,
    cidr: (v) => primaryBlock(v),
    'cidr-block': (v) => primaryBlock(v),
    cidrBlock: (v) => primaryBlock(v),
    'cidr-block-association.association-id': (v) => v.cidrBlocks.map((b) => b.associationId),
    'cidr-block-association.cidr-block': (v) => v.cidrBlocks.map((b) => b.cidrBlock),
    'cidr-block-association.state': (v) => v.cidrBlocks.map((b) => b.state),
    'dhcp-options-id': (v) => v.dhcpOptionsId,
    'ipv6-cidr-block-association.association-id': (v) => v.ipv6CidrBlocks?.map((b) => b.associationId),
    'ipv6-cidr-block-association.ipv6-cidr-block': (v) => v.ipv6CidrBlocks?.map((b) => b.cidrBlock),
    'ipv6-cidr-block-association.ipv6-pool': (v) => v.ipv6CidrBlocks?.map(() => 'Amazon'),
    'ipv6-cidr-block-association.state': (v) => v.ipv6CidrBlocks?.map((b) => b.state),
    'is-default': (v) => v.isDefault,
    isDefault: (v) => v.isDefault,
    state: (v) => v.state,
  },
  compile: (v) => [{ node: { id: v.id, kind: 'router', origin: { resource: v.id } } }, ...services(v)],
})

const METADATA = ip('169.254.169.254')
const DNS = ip('169.254.169.253')

/** P6: the metadata service always; names, at two addresses, while the VPC wants them. */
const services = (v: Vpc): Fact[] => [
  service(v, 'metadata', METADATA),
  ...(v.enableDnsSupport ? [DNS, addressAt(primaryBlock(v), 2)].map((address) => service(v, 'dns', address)) : []),
]

const service = ({ id }: Vpc, kind: Service['kind'], address: Ip): Fact => ({
  service: { node: id, kind, address, origin: { resource: id, rule: kind } },
})

export const primaryBlock = (v: Vpc): Prefix => v.cidrBlocks[0]?.cidrBlock ?? prefix('0.0.0.0/32')

/** The IPv4 blocks that hold addresses now. */
export const activeBlocks = (v: Vpc): Prefix[] =>
  v.cidrBlocks.filter((b) => b.state === 'associated' || b.state === 'associating').map((b) => b.cidrBlock)

/** Whether any block of the one is in the way of any of the other, of either family: then they are never peered. */
export function blocksOverlap(a: Vpc, b: Vpc): boolean {
  const others = [...activeBlocks(b), ...ipv6Blocks(b)]
  return [...activeBlocks(a), ...ipv6Blocks(a)].some((one) => others.some((other) => overlaps(one, other)))
}

/** C1, C2: /16 to /28, host bits cleared. 169.254/16 is never a VPC's (C7). */
export function vpcBlock(text: string): Prefix {
  const block = parsePrefix(text)
  if (!block || familyOf(block) !== 4)
    throw new ApiError(
      'InvalidParameterValue',
      `Value (${text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
    )
  if (lengthOf(block) < 16 || lengthOf(block) > 28 || covers(prefix('169.254.0.0/16'), block)) {
    throw new ApiError('InvalidVpc.Range', `The CIDR '${text}' is invalid.`)
  }
  return block
}

export const vpcActions: Handlers = {
  CreateVpc(input, context) {
    refuseOtherPools(input, context)
    if (input.VpcEncryptionControl) throw unsupported('Encryption controls of VPCs are not supported.')
    // unverified: code and words.
    if (input.InstanceTenancy === 'host') throw new ApiError('InvalidTenancy', 'The tenancy of a VPC cannot be host.')
    if (!input.CidrBlock) throw missingParameter('cidrBlock')
    const created = createVpc(context, {
      block: vpcBlock(input.CidrBlock),
      tenancy: input.InstanceTenancy ?? 'default',
      tags: tagsFor('vpc', input.TagSpecifications),
    })
    if (input.AmazonProvidedIpv6CidrBlock) addIpv6Block(context, created)
    return { Vpc: showVpc(context.state, find(context, 'vpc', created.id)) }
  },
  DescribeVpcs(input, context) {
    const { items, ...page } = select(context, 'vpc', input, input.VpcIds)
    return { Vpcs: items.map((v) => showVpc(context.state, v)), ...page }
  },
  DeleteVpc(input, context) {
    const { id } = find(context, 'vpc', input.VpcId)
    deletePeeringsOf(context, id)
    remove(context, 'vpc', id)
    return {}
  },
}

/** A VPC with what AWS makes beside it: main route table, default group, default ACL. */
export function createVpc(
  context: Context,
  wish: { block: Prefix; tenancy: string; tags: Resource['tags']; isDefault?: boolean },
): Vpc {
  checkQuota(context)
  const isDefault = wish.isDefault ?? false
  const created: Vpc = context.state.put('vpc', {
    ...newResource(context, vpc, 'pending', wish.tags),
    state: 'pending',
    cidrBlocks: [{ associationId: context.newId('vpc-cidr-assoc'), cidrBlock: wish.block, state: 'associated' }],
    isDefault,
    instanceTenancy: wish.tenancy,
    dhcpOptionsId: defaultDhcpOptions(context).id,
    enableDnsSupport: true,
    enableDnsHostnames: isDefault,
    enableNetworkAddressUsageMetrics: false,
  })
  createMainRouteTable(context, created)
  createDefaultAcl(context, created)
  createDefaultGroup(context, created)
  return created
}

/** C14: the default VPC counts as well. */
function checkQuota(context: Context): void {
  if (ownCount(context, 'vpc') >= quota('vpcs'))
    throw new ApiError('VpcLimitExceeded', 'The maximum number of VPCs has been reached.')
}

export function showVpc(state: State, v: Vpc): NonNullable<Output<'CreateVpc'>['Vpc']> {
  return {
    VpcId: v.id,
    OwnerId: v.account,
    State: v.state,
    CidrBlock: primaryBlock(v),
    CidrBlockAssociationSet: v.cidrBlocks.map((b) => ({
      AssociationId: b.associationId,
      CidrBlock: b.cidrBlock,
      CidrBlockState: { State: b.state },
    })),
    ...(v.ipv6CidrBlocks?.length && {
      Ipv6CidrBlockAssociationSet: v.ipv6CidrBlocks.map((b) => showIpv6Block(v, b)),
    }),
    DhcpOptionsId: v.dhcpOptionsId,
    BlockPublicAccessStates: { InternetGatewayBlockMode: blockModeOf(state, { ...v, vpcId: v.id }) },
    InstanceTenancy: v.instanceTenancy as 'default',
    IsDefault: v.isDefault,
    Tags: showTags(v.tags),
  }
}
