/** How Elastic IP addresses are allocated, shown and released. */
import type { Ip } from '../ip/address.ts'
import type { Input, Output } from '../protocol/types.ts'
import { dissociate, refuseManaged } from './address-association.ts'
import { recoveredAddress, rememberReleased } from './address-recovery.ts'
import { type Address, address, addressNamed, interfaceOf } from './address.ts'
import {
  ApiError,
  invalidCombination,
  invalidParameter,
  invalidValue,
  missingParameter,
  unsupported,
} from './errors.ts'
import { find, remove } from './lookup.ts'
import { takePublicAddress } from './public-address.ts'
import { quota } from './quotas.ts'
import { type Context, type Handlers, newResource, ownCount, type Tags } from './resource.ts'
import { select } from './select.ts'
import type { State } from './state.ts'
import { showTags, tagsFor } from './tags.ts'

export const addressActions: Handlers = {
  AllocateAddress(input, context) {
    refuseUnsupported(input, context)
    const tags = tagsFor('elastic-ip', input.TagSpecifications)
    checkQuota(context)
    const publicIp = input.Address ? recoveredAddress(context, input.Address) : takePublicAddress(context)
    const { id, region } = newAddress(context, publicIp, tags)
    return { AllocationId: id, PublicIp: publicIp, Domain: 'vpc', PublicIpv4Pool: 'amazon', NetworkBorderGroup: region }
  },
  ReleaseAddress(input, context) {
    const a = addressToRelease(context, input)
    if (input.NetworkBorderGroup && input.NetworkBorderGroup !== a.region)
      throw new ApiError('InvalidAddress.NotFound', `Address '${a.publicIp}' not found.`)
    refuseManaged(context, a)
    refuseAssociated(context, a)
    // unverified: AWS's words.
    if (a.ptrRecord)
      throw new ApiError('InvalidAddress.Locked', `Address ${a.publicIp} has a reverse DNS record: reset it first.`)
    if (a.associationId) dissociate(context, a)
    remove(context, 'elastic-ip', a.id)
    rememberReleased(context, a.publicIp)
    return {}
  },
  DescribeAddresses(input, context) {
    const ids = input.PublicIps?.length
      ? [...(input.AllocationIds ?? []), ...input.PublicIps.map((text) => addressNamed(context, text).id)]
      : input.AllocationIds
    const { items } = select(context, 'elastic-ip', { Filters: input.Filters }, ids)
    return { Addresses: items.map((a) => showAddress(context.state, a)) }
  },
}

/** The caller's from now on. */
export function newAddress(context: Context, publicIp: Ip, tags: Tags): Address {
  const base = newResource(context, address, 'available', tags)
  return context.state.put('elastic-ip', { ...base, state: 'available', publicIp })
}

/** G6: throws AddressLimitExceeded. */
export function checkQuota(context: Context): void {
  if (ownCount(context, 'elastic-ip') < quota('elasticIps')) return
  throw new ApiError('AddressLimitExceeded', 'The maximum number of addresses has been reached.')
}

function addressToRelease(context: Context, { AllocationId, PublicIp }: Input<'ReleaseAddress'>): Address {
  if (AllocationId && PublicIp)
    throw invalidCombination('You may specify public IP or allocation id, but not both in the same call')
  if (AllocationId) return find(context, 'elastic-ip', AllocationId)
  if (!PublicIp) throw missingParameter('AllocationId')
  addressNamed(context, PublicIp)
  throw invalidValue('You must specify an allocation id when releasing a VPC elastic IP address')
}

/** G6: only a default VPC lets go of an address that is in use. */
function refuseAssociated(context: Context, a: Address): void {
  const eni = interfaceOf(context.state, a)
  if (!eni || context.state.get('vpc', eni.vpcId)?.isDefault) return
  throw new ApiError('InvalidIPAddress.InUse', `Address ${a.publicIp} is in use.`)
}

function refuseUnsupported(input: Input<'AllocateAddress'>, { caller: { region } }: Context): void {
  const domain: string = input.Domain ?? 'vpc'
  if (domain === 'standard') throw unsupported('EC2-Classic is gone: addresses are allocated for use in a VPC.')
  if (domain !== 'vpc') throw invalidParameter(domain, 'domain')
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
