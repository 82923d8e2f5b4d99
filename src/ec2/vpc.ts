/** VPC: a block of addresses with a router of its own, a main route table, a default group and a default ACL. */
import { familyOf, type Ip, ip } from '../ip/address.ts'
import { addressAt, covers, lengthOf, type Prefix, parsePrefix, prefix } from '../ip/prefix.ts'
import type { Fact, Service } from '../network/network.ts'
import type { Output } from '../protocol/types.ts'
import { ApiError, invalidCombination, missingParameter, unsupported } from './errors.ts'
import { addIpv6Block, refuseOtherPools, showIpv6Block } from './ipv6-block.ts'
import { find, remove } from './lookup.ts'
import { createDefaultAcl } from './network-acl.ts'
import { type Context, defineKind, type Handlers, newResource, type Resource } from './resource.ts'
import { createMainRouteTable } from './route-table.ts'
import { createDefaultGroup } from './security-group.ts'
import { select } from './select.ts'
import { showTags, tagsFor } from './tags.ts'
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
  references: {},
  lifecycle: { pending: { after: 0, to: 'available' } },
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
    if (input.Ipv4IpamPoolId) throw unsupported('IPAM pools are not supported yet.')
    if (!input.CidrBlock) throw missingParameter('cidrBlock')
    const created = createVpc(context, {
      block: vpcBlock(input.CidrBlock),
      tenancy: input.InstanceTenancy ?? 'default',
      tags: tagsFor('vpc', input.TagSpecifications),
    })
    if (input.AmazonProvidedIpv6CidrBlock) addIpv6Block(context, created)
    return { Vpc: showVpc(find(context, 'vpc', created.id)) }
  },
  DescribeVpcs(input, context) {
    const { items, ...page } = select(context, 'vpc', input, input.VpcIds)
    return { Vpcs: items.map(showVpc), ...page }
  },
  DeleteVpc(input, context) {
    const { id } = find(context, 'vpc', input.VpcId)
    deletePeeringsOf(context, id)
    remove(context, 'vpc', id)
    return {}
  },
  DescribeVpcAttribute(input, context) {
    const v = find(context, 'vpc', input.VpcId)
    const read = attributes[input.Attribute as keyof typeof attributes]
    if (!read)
      throw new ApiError(
        'InvalidParameterValue',
        `Value (${input.Attribute}) for parameter attribute is invalid. Unknown attribute.`,
      )
    return { VpcId: v.id, ...read(v) }
  },
  ModifyVpcAttribute(input, context) {
    const { VpcId, EnableDnsSupport, EnableDnsHostnames, EnableNetworkAddressUsageMetrics } = input
    const v = find(context, 'vpc', VpcId)
    if (
      [EnableDnsSupport, EnableDnsHostnames, EnableNetworkAddressUsageMetrics].filter((a) => a?.Value !== undefined)
        .length !== 1
    ) {
      throw invalidCombination('Fields for multiple attribute types specified')
    }
    context.state.put('vpc', {
      ...v,
      enableDnsSupport: EnableDnsSupport?.Value ?? v.enableDnsSupport,
      enableDnsHostnames: EnableDnsHostnames?.Value ?? v.enableDnsHostnames,
      enableNetworkAddressUsageMetrics: EnableNetworkAddressUsageMetrics?.Value ?? v.enableNetworkAddressUsageMetrics,
    })
    return {}
  },
}

const attributes = {
  enableDnsSupport: (v: Vpc) => ({ EnableDnsSupport: { Value: v.enableDnsSupport } }),
  enableDnsHostnames: (v: Vpc) => ({ EnableDnsHostnames: { Value: v.enableDnsHostnames } }),
  enableNetworkAddressUsageMetrics: (v: Vpc) => ({
    EnableNetworkAddressUsageMetrics: { Value: v.enableNetworkAddressUsageMetrics },
  }),
} satisfies Record<string, (v: Vpc) => Output<'DescribeVpcAttribute'>>

/** A VPC with what AWS makes beside it: main route table, default group, default ACL. */
export function createVpc(
  context: Context,
  wish: { block: Prefix; tenancy: string; tags: Resource['tags']; isDefault?: boolean },
): Vpc {
  const isDefault = wish.isDefault ?? false
  const created: Vpc = context.state.put('vpc', {
    ...newResource(context, vpc, 'pending', wish.tags),
    state: 'pending',
    cidrBlocks: [{ associationId: context.newId('vpc-cidr-assoc'), cidrBlock: wish.block, state: 'associated' }],
    isDefault,
    instanceTenancy: wish.tenancy,
    dhcpOptionsId: defaultDhcpOptionsId(context),
    enableDnsSupport: true,
    enableDnsHostnames: isDefault,
    enableNetworkAddressUsageMetrics: false,
  })
  createMainRouteTable(context, created)
  createDefaultAcl(context, created)
  createDefaultGroup(context, created)
  return created
}

/** The Region's own DHCP options set: the same id for an account and Region, always. */
function defaultDhcpOptionsId(context: Context): string {
  for (const v of context.state.all('vpc')) {
    if (v.account === context.caller.account && v.region === context.caller.region) return v.dhcpOptionsId
  }
  return context.newId('dopt')
}

export function showVpc(v: Vpc): NonNullable<Output<'CreateVpc'>['Vpc']> {
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
    InstanceTenancy: v.instanceTenancy as 'default',
    IsDefault: v.isDefault,
    Tags: showTags(v.tags),
  }
}
