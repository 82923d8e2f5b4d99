/** The default VPC: what AWS puts into an account's Region before anybody asks, and making it again. */
import { ANYWHERE, addressAt, overlaps, type Prefix, prefix } from '../ip/prefix.ts'
import type { Input } from '../protocol/types.ts'
import { defaultDhcpOptions } from './dhcp-options.ts'
import { ApiError, invalidCombination, missingParameter, unsupported } from './errors.ts'
import { attachGateway, createInternetGateway } from './internet-gateway.ts'
import { visible } from './lookup.ts'
import { type Context, defineKind, type Handlers, type Resource } from './resource.ts'
import { addRoute } from './route.ts'
import { mainTableOf } from './route-table.ts'
import { createSubnet, showSubnet, type Subnet, subnetsOf } from './subnet.ts'
import { createVpc, primaryBlock, showVpc, type Vpc } from './vpc.ts'
import { type Zone, zoneNamed, zonesOf } from './zone.ts'

/** That somebody was here before: a default VPC that was deleted stays deleted. */
interface AccountRegion extends Resource {
  readonly state: 'known'
  /** The default DHCP options that were made for it; absent in a state from before there were any. */
  readonly dhcpOptionsId?: string
}

declare module './resource.ts' {
  interface ResourceTypes {
    'account-region': AccountRegion
  }
}

export const accountRegion = defineKind({
  type: 'account-region',
  idPrefix: 'account/region',
  noun: 'account',
  codes: { notFound: 'InvalidParameterValue', malformed: 'InvalidParameterValue' },
  references: {},
  lifecycle: {},
  filters: {},
})

const BLOCK = prefix('172.31.0.0/16')
/** Sixteen /20 subnets fit into the block. */
const SUBNET_SIZE = 4096
const SUBNETS = 16

/** On the first touch of an account's Region, makes its default DHCP options and its default VPC. */
export function ensureDefaults(context: Context): void {
  const { account, region } = context.caller
  const id = `${account}/${region}`
  const known = context.state.get('account-region', id)
  if (known?.dhcpOptionsId) return
  const base: AccountRegion = { id, account, region, tags: {}, state: 'known', stateSince: context.now }
  context.state.put('account-region', { ...base, ...known, dhcpOptionsId: defaultDhcpOptions(context).id })
  if (!known) createDefaultVpc(context)
}

/** The caller's default VPC, if there is one. */
export function defaultVpcOf(context: Context): Vpc | undefined {
  for (const v of visible(context, 'vpc')) if (v.isDefault) return v
  return undefined
}

/** Where an instance goes that names no subnet: the default subnet of the zone, or of the first one that has any. */
export function availableDefaultSubnet(context: Context, zone?: string): Subnet {
  const v = defaultVpcOf(context)
  if (!v)
    throw new ApiError(
      'VPCIdNotSpecified',
      'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.',
    )
  if (zone) zoneNamed(context.caller.region, zone)
  const found = subnetsOf(context.state, v.id)
    .filter((s) => s.defaultForAz && (!zone || s.availabilityZone === zone))
    .sort((a, b) => (a.availabilityZone < b.availabilityZone ? -1 : 1))
  if (!found[0])
    throw new ApiError('MissingInput', `No subnets found for the default VPC '${v.id}'. Please specify a subnet.`)
  return found[0]
}

export const defaultVpcActions: Handlers = {
  CreateDefaultVpc(_, context) {
    if (defaultVpcOf(context)) {
      throw new ApiError('DefaultVpcAlreadyExists', 'A Default VPC already exists for this account in this region.')
    }
    return { Vpc: showVpc(context.state, createDefaultVpc(context)) }
  },
  CreateDefaultSubnet(input, context) {
    const v = defaultVpcOf(context)
    if (!v) throw new ApiError('DefaultVpcDoesNotExist', 'No default VPC exists for this account in this region.')
    const zone = zoneFor(context, input)
    const present = subnetsOf(context.state, v.id).find((s) => s.defaultForAz && s.availabilityZone === zone.name)
    if (present) {
      throw new ApiError(
        'DefaultSubnetAlreadyExistsInAvailabilityZone',
        `'${present.id}' is already the default subnet in ${zone.name}.`,
      )
    }
    return { Subnet: showSubnet(context.state, createDefaultSubnet(context, v, zone)) }
  },
}

/** unverified: the codes of the refusals. */
function zoneFor(context: Context, input: Input<'CreateDefaultSubnet'>): Zone {
  const { AvailabilityZone, AvailabilityZoneId, Ipv6Native } = input
  if (Ipv6Native) throw unsupported('Subnets of IPv6 alone are not supported yet.')
  if (AvailabilityZone && AvailabilityZoneId)
    throw invalidCombination('The parameters AvailabilityZone and AvailabilityZoneId cannot be used together')
  const text = AvailabilityZone ?? AvailabilityZoneId
  if (!text) throw missingParameter('availabilityZone')
  return zoneNamed(context.caller.region, text)
}

/** 172.31.0.0/16, a /20 in every zone, and a main table that leads to an internet gateway. */
function createDefaultVpc(context: Context): Vpc {
  const v = createVpc(context, { block: BLOCK, tenancy: 'default', tags: {}, isDefault: true })
  for (const zone of zonesOf(context.caller.region)) createDefaultSubnet(context, v, zone)
  const gateway = attachGateway(context, createInternetGateway(context, {}), v.id)
  addRoute(context, mainTableOf(context.state, v.id), {
    destination: ANYWHERE,
    target: { type: 'internet-gateway', id: gateway.id },
    origin: 'CreateRoute',
  })
  return v
}

const createDefaultSubnet = (context: Context, v: Vpc, zone: Zone): Subnet =>
  createSubnet(context, { vpc: v, block: freeBlock(context, v), zone, tags: {}, isDefault: true })

/** The first /20 that no subnet touches. */
function freeBlock(context: Context, v: Vpc): Prefix {
  const taken = subnetsOf(context.state, v.id).map((s) => s.cidrBlock)
  const blocks = Array.from({ length: SUBNETS }, (_, i) => prefix(`${addressAt(primaryBlock(v), i * SUBNET_SIZE)}/20`))
  const free = blocks.find((block) => !taken.some((other) => overlaps(block, other)))
  if (!free)
    throw new ApiError(
      'InsufficientCidrBlocks',
      'There is not enough available free address space in the default VPC for a default subnet.',
    )
  return free
}
