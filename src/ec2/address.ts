/** Elastic IP address: a public address that an account keeps, and may associate with a private one. */
import type { Ip } from '../ip/address.ts'
import type { Fact } from '../network/network.ts'
import type { Input, Output } from '../protocol/types.ts'
import { dissociate, refuseManaged } from './address-association.ts'
import { ApiError, invalidValue, missingParameter, unsupported } from './errors.ts'
import { attachedGateway } from './internet-gateway.ts'
import { find, remove, visible } from './lookup.ts'
import { isLive, type NetworkInterface } from './network-interface.ts'
import { takePublicAddress } from './public-address.ts'
import { quota } from './quotas.ts'
import { type Context, defineKind, type Handlers, newResource, type Resource, weak } from './resource.ts'
import { pageOf, select } from './select.ts'
import type { State } from './state.ts'
import { showTags, tagsFor } from './tags.ts'

export interface Address extends Resource {
  readonly state: 'available'
  readonly publicIp: Ip
  readonly associationId?: string
  readonly networkInterfaceId?: string
  readonly privateIpAddress?: Ip
  /** The association before, so that ending it twice is no error. */
  readonly formerAssociationId?: string
}

declare module './resource.ts' {
  interface ResourceTypes {
    'elastic-ip': Address
  }
}

export const address = defineKind({
  type: 'elastic-ip',
  idPrefix: 'eipalloc',
  noun: 'allocation ID',
  codes: { notFound: 'InvalidAllocationID.NotFound', malformed: 'InvalidAllocationID.Malformed' },
  references: { networkInterfaceId: weak('network-interface') },
  lifecycle: {},
  filters: {
    'allocation-id': (a) => a.id,
    'association-id': (a) => a.associationId,
    domain: () => 'vpc',
    'instance-id': (a, state) => interfaceOf(state, a)?.attachment?.instanceId,
    'network-border-group': (a) => a.region,
    'network-interface-id': (a) => a.networkInterfaceId,
    'network-interface-owner-id': (a, state) => interfaceOf(state, a)?.account,
    'private-ip-address': (a) => a.privateIpAddress,
    'public-ip': (a) => a.publicIp,
  },
  compile: facts,
})

/** A public address and the private one it stands for (G1). */
export interface PublicAddress {
  readonly publicIp: Ip
  readonly privateIpAddress: Ip
  /** Absent for an auto-assigned one. */
  readonly elastic?: Address
}

/** All public addresses of an interface, that of the primary private address first. */
export function publicAddressesOf(state: State, eni: NetworkInterface): PublicAddress[] {
  const elastic = state.where('elastic-ip', 'networkInterfaceId', eni.id)
  return eni.privateIpAddresses.flatMap((privateIpAddress, i) => {
    const own = elastic.find((a) => a.privateIpAddress === privateIpAddress)
    if (own) return [{ publicIp: own.publicIp, privateIpAddress, elastic: own }]
    return i === 0 && eni.publicIp ? [{ publicIp: eni.publicIp, privateIpAddress }] : []
  })
}

/** The public address that stands for the interface's primary private address. */
export const publicAddressOf = (state: State, eni: NetworkInterface): PublicAddress | undefined =>
  publicAddressesOf(state, eni).find((a) => a.privateIpAddress === eni.privateIpAddresses[0])

export const interfaceOf = (state: State, { networkInterfaceId }: Address): NetworkInterface | undefined =>
  networkInterfaceId === undefined ? undefined : state.get('network-interface', networkInterfaceId)

/** G1: one-to-one at the internet gateway, while the interface is part of a living instance. */
function facts(a: Address, state: State): Fact[] {
  const eni = interfaceOf(state, a)
  const gateway = eni && attachedGateway(state, eni.vpcId)
  if (!eni || !gateway || !a.privateIpAddress || !isLive(state, eni)) return []
  const origin = { resource: a.id, rule: a.publicIp }
  return [
    {
      translation: { interface: `${eni.vpcId}/${gateway.id}`, inside: a.privateIpAddress, outside: a.publicIp, origin },
    },
  ]
}

export const addressActions: Handlers = {
  AllocateAddress(input, context) {
    refuseUnsupported(input, context)
    if ([...visible(context, 'elastic-ip')].length >= quota('elasticIps')) {
      throw new ApiError('AddressLimitExceeded', 'The maximum number of addresses has been reached.')
    }
    const base = newResource(context, address, 'available', tagsFor('elastic-ip', input.TagSpecifications))
    const { id, publicIp, region } = context.state.put('elastic-ip', {
      ...base,
      state: 'available',
      publicIp: takePublicAddress(context),
    })
    return { AllocationId: id, PublicIp: publicIp, Domain: 'vpc', PublicIpv4Pool: 'amazon', NetworkBorderGroup: region }
  },
  ReleaseAddress(input, context) {
    const a = input.AllocationId ? find(context, 'elastic-ip', input.AllocationId) : undefined
    if (!a && input.PublicIp)
      throw invalidValue('You must specify an allocation id when releasing a VPC elastic IP address')
    if (!a) throw missingParameter('AllocationId')
    refuseManaged(context, a)
    refuseAssociated(context, a)
    if (a.associationId) dissociate(context, a)
    remove(context, 'elastic-ip', a.id)
    return {}
  },
  DescribeAddresses(input, context) {
    const ids = input.PublicIps?.length
      ? [...(input.AllocationIds ?? []), ...input.PublicIps.map((text) => addressNamed(context, text).id)]
      : input.AllocationIds
    const { items } = select(context, 'elastic-ip', { Filters: input.Filters }, ids)
    return { Addresses: items.map((a) => showAddress(context.state, a)) }
  },
  DescribeAddressesAttribute(input, context) {
    const { AllocationIds: ids } = input
    const all = ids?.length ? ids.map((id) => find(context, 'elastic-ip', id)) : [...visible(context, 'elastic-ip')]
    // Reverse names can not be set here, so every address has the one AWS gives, which is not shown.
    const { items, ...page } = pageOf(all, input, 'elastic-ip attribute', { min: 1, max: 1000 })
    return { Addresses: items.map((a) => ({ PublicIp: a.publicIp, AllocationId: a.id })), ...page }
  },
}

/** The caller's address by its public IP. Throws InvalidAddress.NotFound. */
export function addressNamed(context: Context, publicIp: string): Address {
  for (const a of visible(context, 'elastic-ip')) if (a.publicIp === publicIp) return a
  throw new ApiError('InvalidAddress.NotFound', `Address '${publicIp}' not found.`)
}

/** G6: only a default VPC lets go of an address that is in use. */
function refuseAssociated(context: Context, a: Address): void {
  const eni = interfaceOf(context.state, a)
  if (!eni || context.state.get('vpc', eni.vpcId)?.isDefault) return
  throw new ApiError('InvalidIPAddress.InUse', `Address ${a.publicIp} is in use.`)
}

function refuseUnsupported(input: Input<'AllocateAddress'>, { caller: { region } }: Context): void {
  if (input.Domain === 'standard') throw unsupported('EC2-Classic is gone: addresses are allocated for use in a VPC.')
  if (input.Address) throw unsupported('Recovering a certain Elastic IP address is not supported.')
  if (input.PublicIpv4Pool && input.PublicIpv4Pool !== 'amazon')
    throw unsupported('Address pools of your own are not supported yet.')
  if (input.CustomerOwnedIpv4Pool || input.IpamPoolId)
    throw unsupported('Customer-owned and IPAM pools are not supported.')
  if (input.NetworkBorderGroup && input.NetworkBorderGroup !== region)
    throw unsupported('Network border groups other than the Region are not supported.')
}

function showAddress(state: State, a: Address): NonNullable<Output<'DescribeAddresses'>['Addresses']>[number] {
  const eni = interfaceOf(state, a)
  return {
    AllocationId: a.id,
    PublicIp: a.publicIp,
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: a.region,
    AssociationId: a.associationId,
    NetworkInterfaceId: eni?.id,
    NetworkInterfaceOwnerId: eni?.account,
    SubnetId: eni?.subnetId,
    InstanceId: eni?.attachment?.instanceId,
    PrivateIpAddress: a.privateIpAddress,
    Tags: showTags(a.tags),
  }
}
