/** How NAT gateways come and go: what a creation asks for, what makes it fail, and what a deletion gives back. */
import { parseIp } from '../ip/address.ts'
import type { Input } from '../protocol/types.ts'
import { associate } from './address-association.ts'
import type { Address } from './address.ts'
import { ApiError, invalidCombination, invalidValue, missingParameter, unsupported } from './errors.ts'
import { attachedGateway } from './internet-gateway.ts'
import { find, isVisible, visible } from './lookup.ts'
import { type NatGateway, natGateway, natGatewayNamed } from './nat-gateway.ts'
import { showNatGateway } from './nat-gateway-view.ts'
import { createInterface, deleteInterface, type NetworkInterface, primaryAddress } from './network-interface.ts'
import { quota } from './quotas.ts'
import { type Context, type Handlers, inState, newResource } from './resource.ts'
import { select } from './select.ts'
import { availableAddresses, type Subnet } from './subnet.ts'
import { tagsFor } from './tags.ts'

type Wish = Input<'CreateNatGateway'>
type Failure = NonNullable<NatGateway['failure']>

export const natGatewayActions: Handlers = {
  CreateNatGateway(input, context) {
    refuseUnsupported(input)
    if (!input.SubnetId) throw missingParameter('SubnetId')
    const subnet = find(context, 'subnet', input.SubnetId)
    const tags = tagsFor('natgateway', input.TagSpecifications)
    const elastic = elasticIpFor(context, input)
    checkQuota(context, subnet)
    const gateway: NatGateway = {
      ...newResource(context, natGateway, 'pending', tags),
      state: 'pending',
      subnetId: subnet.id,
      vpcId: subnet.vpcId,
      availabilityZone: subnet.availabilityZone,
      connectivityType: elastic ? 'public' : 'private',
      createTime: context.now,
      address: elastic ? { allocationId: elastic.id } : {},
    }
    const failure = failureOf(context, gateway, subnet, elastic)
    const created = failure
      ? context.state.put('natgateway', { ...gateway, state: 'failing', failure })
      : withInterface(context, gateway, subnet, input.PrivateIpAddress, elastic)
    return { NatGateway: showNatGateway(created), ...(input.ClientToken && { ClientToken: input.ClientToken }) }
  },
  DescribeNatGateways(input, context) {
    const { NatGatewayIds: ids, Filter: Filters, ...query } = input
    for (const id of ids ?? []) natGatewayNamed(context, id)
    const { items, ...page } = select(context, 'natgateway', { ...query, Filters }, ids)
    return { NatGateways: items.map(showNatGateway), ...page }
  },
  DeleteNatGateway(input, context) {
    const gateway = natGatewayNamed(context, input.NatGatewayId)
    // Unverified: AWS's answer for one that is deleted already.
    if (gateway.state === 'deleted')
      throw new ApiError('NatGatewayNotFound', `The Nat Gateway ${gateway.id} was not found`)
    if (gateway.state !== 'deleting') end(context, gateway)
    return { NatGatewayId: gateway.id }
  },
}

/** The gateway with its interface, and on that the Elastic IP. */
function withInterface(
  context: Context,
  gateway: NatGateway,
  subnet: Subnet,
  privateIp: string | undefined,
  elastic: Address | undefined,
): NatGateway {
  const eni = createInterface(context, {
    subnet,
    groupIds: [],
    description: `Interface for NAT Gateway ${gateway.id}`,
    addresses: { primary: privateIp },
    tags: {},
    sourceDestCheck: false,
    requester: { interfaceType: 'nat_gateway', node: gateway.id },
  })
  const associationId = elastic && associate(context, elastic, eni, primaryAddress(eni))
  return context.state.put('natgateway', {
    ...gateway,
    networkInterfaceId: eni.id,
    address: {
      ...gateway.address,
      networkInterfaceId: eni.id,
      privateIp: primaryAddress(eni),
      ...(associationId && { associationId }),
      ...(elastic && { publicIp: elastic.publicIp }),
    },
  })
}

/** A6: its Elastic IP stays allocated, and routes to it become blackholes. */
function end(context: Context, gateway: NatGateway): void {
  const { networkInterfaceId, ...rest } = gateway
  const eni: NetworkInterface | undefined =
    networkInterfaceId === undefined ? undefined : context.state.get('network-interface', networkInterfaceId)
  if (eni) deleteInterface(context, eni)
  context.state.put('natgateway', { ...inState(rest, 'deleting', context.now), deleteTime: context.now })
}

/** A2: a public gateway needs one. Throws InvalidElasticIpID.NotFound, which AWS says here only. */
function elasticIpFor(context: Context, { AllocationId: id, ConnectivityType = 'public' }: Wish): Address | undefined {
  if (ConnectivityType !== 'public' && ConnectivityType !== 'private')
    throw invalidValue(`Value (${ConnectivityType}) for parameter connectivityType is invalid.`)
  // Unverified: AWS's words for a private gateway with an Elastic IP.
  if (ConnectivityType === 'private' && id)
    throw invalidCombination('You cannot specify an allocation ID for a private NAT gateway.')
  if (ConnectivityType === 'private') return undefined
  if (!id) throw missingParameter('AllocationId')
  if (!/^eipalloc-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) return find(context, 'elastic-ip', id)
  const found = context.state.get('elastic-ip', id)
  if (found && isVisible('elastic-ip', found, context)) return found
  throw new ApiError('InvalidElasticIpID.NotFound', `The elasticIp ID '${id}' does not exist`)
}

/** A1: what AWS notices only after it has answered. */
function failureOf(
  { state }: Context,
  { connectivityType, vpcId }: NatGateway,
  subnet: Subnet,
  elastic: Address | undefined,
): Failure | undefined {
  if (connectivityType === 'public' && !attachedGateway(state, vpcId))
    return { code: 'Gateway.NotAttached', message: `Network ${vpcId} has no Internet gateway attached` }
  if (elastic?.associationId)
    return { code: 'Resource.AlreadyAssociated', message: `Elastic IP address ${elastic.id} is already associated` }
  if (availableAddresses(state, subnet) < 1)
    return {
      code: 'InsufficientFreeAddressesInSubnet',
      message: 'Subnet has insufficient free addresses to create this NAT gateway',
    }
  return undefined
}

function checkQuota(context: Context, { availabilityZone }: Subnet): void {
  const counted = new Set<NatGateway['state']>(['pending', 'available', 'deleting'])
  const all = [...visible(context, 'natgateway')].filter((g) => g.availabilityZone === availabilityZone)
  const limit = quota('natGatewaysPerZone')
  if (all.filter((g) => counted.has(g.state)).length < limit) return
  throw new ApiError(
    'NatGatewayLimitExceeded',
    `Performing this operation would exceed the limit of ${limit} NAT gateways`,
  )
}

function refuseUnsupported(input: Wish): void {
  if (input.AvailabilityMode === 'regional' || input.AvailabilityZoneAddresses?.length || input.VpcId)
    throw unsupported('Regional NAT gateways are not supported: create a zonal one in a subnet.')
  if (
    input.SecondaryAllocationIds?.length ||
    input.SecondaryPrivateIpAddresses?.length ||
    input.SecondaryPrivateIpAddressCount
  )
    throw unsupported('Secondary addresses of NAT gateways are not supported.')
  if (input.PrivateIpAddress !== undefined && !parseIp(input.PrivateIpAddress))
    throw invalidValue(
      `Value (${input.PrivateIpAddress}) for parameter privateIpAddress is invalid. Invalid IPv4 address.`,
    )
}
