/** Elastic IP address transfer: one account offers an address of its own to another, which has a week to accept it. */
import type { Output } from '../protocol/types.ts'
import { checkQuota, newAddress } from './address-life.ts'
import { refuseManaged } from './address-association.ts'
import type { Address } from './address.ts'
import { ApiError, invalidParameter } from './errors.ts'
import { checkId, find, remove, visible } from './lookup.ts'
import { type Ip, parseIp } from '../ip/address.ts'
import { type Context, defineKind, type Handlers, inState, newResource, type Resource } from './resource.ts'
import { pageOf } from './select.ts'
import { tagsFor } from './tags.ts'

export interface AddressTransfer extends Resource {
  readonly state: 'pending' | 'accepted' | 'disabled'
  /** As the account that offers it knows the address. */
  readonly allocationId: string
  readonly publicIp: Ip
  readonly transferAccount: string
  /** Milliseconds since the epoch. */
  readonly expires: number
  readonly acceptedAt?: number
}

declare module './resource.ts' {
  interface ResourceTypes {
    'address-transfer': AddressTransfer
  }
}

const DAY = 24 * 3_600_000

export const addressTransfer = defineKind({
  type: 'address-transfer',
  // AWS gives transfers no id; nothing can be asked for by this one.
  idPrefix: 'address/transfer',
  noun: 'address transfer',
  codes: { notFound: 'InvalidAllocationID.NotFound', malformed: 'InvalidAllocationID.Malformed' },
  references: {
    allocationId: { type: 'elastic-ip', strength: ({ state }) => (state === 'pending' ? 'owned' : 'weak') },
  },
  lifecycle: { pending: { after: 7 * DAY, gone: true }, accepted: { after: 14 * DAY, gone: true } },
  filters: {},
})

export const addressTransferActions: Handlers = {
  EnableAddressTransfer({ AllocationId, TransferAccountId }, context) {
    const a = find(context, 'elastic-ip', AllocationId)
    // unverified: AWS's words.
    if (!/^\d{12}$/.test(TransferAccountId) || TransferAccountId === context.caller.account)
      throw invalidParameter(TransferAccountId, 'transferAccountId', 'Expecting the ID of another account.')
    refuseManaged(context, a)
    const earlier = offerOf(context, a)
    if (earlier) context.state.remove('address-transfer', earlier.id)
    const offer = context.state.put('address-transfer', {
      ...newResource(context, addressTransfer, 'pending', {}),
      state: 'pending',
      allocationId: a.id,
      publicIp: a.publicIp,
      transferAccount: TransferAccountId,
      expires: context.now + 7 * DAY,
    })
    return { AddressTransfer: showTransfer(offer) }
  },
  DisableAddressTransfer({ AllocationId }, context) {
    const a = find(context, 'elastic-ip', AllocationId)
    const offer = offerOf(context, a)
    // unverified: code and words.
    if (!offer)
      throw new ApiError('InvalidAllocationID.NotFound', `The allocation ID '${a.id}' has no transfer to disable`)
    context.state.remove('address-transfer', offer.id)
    return { AddressTransfer: showTransfer(inState(offer, 'disabled', context.now)) }
  },
  AcceptAddressTransfer({ Address, TagSpecifications }, context) {
    const tags = tagsFor('elastic-ip', TagSpecifications)
    const offer = offerTo(context, Address)
    const offered = context.state.get('elastic-ip', offer.allocationId)
    if (!offered) throw new Error(`${offer.allocationId} is offered and not there`)
    refuseBound(offered)
    checkQuota(context)
    const accepted: AddressTransfer = { ...inState(offer, 'accepted', context.now), acceptedAt: context.now }
    context.state.put('address-transfer', accepted)
    remove(context, 'elastic-ip', offered.id)
    const { id } = newAddress(context, offered.publicIp, tags)
    return { AddressTransfer: { ...showTransfer(accepted), AllocationId: id } }
  },
  DescribeAddressTransfers(input, context) {
    const { AllocationIds: ids = [] } = input
    const all = [...visible(context, 'address-transfer')]
    for (const id of ids) if (!all.some((t) => t.allocationId === id)) checkAllocation(context, id)
    const named = ids.length > 0 ? all.filter((t) => ids.includes(t.allocationId)) : all
    const { items, ...page } = pageOf(named, input, 'address-transfer', { min: 5, max: 1000 })
    return { AddressTransfers: items.map(showTransfer), ...page }
  },
}

const offerOf = ({ state }: Context, { id }: Address): AddressTransfer | undefined =>
  state.where('address-transfer', 'allocationId', id).find((t) => t.state === 'pending')

/** What is offered to the caller. Throws InvalidAddress.Malformed and InvalidAddress.NotFound (unverified). */
function offerTo({ caller, state }: Context, text: string): AddressTransfer {
  if (!parseIp(text)) throw new ApiError('InvalidAddress.Malformed', `Invalid IPv4 address: ${text}`)
  const offer = state
    .where('address-transfer', 'publicIp', text)
    .find((t) => t.state === 'pending' && t.transferAccount === caller.account && t.region === caller.region)
  if (!offer) throw new ApiError('InvalidAddress.NotFound', `Address '${text}' not found.`)
  return offer
}

/** Both may be offered so, and be put right before the offer is accepted (words unverified). */
function refuseBound({ publicIp, ptrRecord, associationId }: Address): void {
  if (ptrRecord)
    throw new ApiError('InvalidTransfer.AddressCustomPtrSet', `Address ${publicIp} has a reverse DNS record.`)
  if (associationId) throw new ApiError('InvalidTransfer.AddressAssociated', `Address ${publicIp} is associated.`)
}

/** An address that is not offered is no error, an unknown one is. */
function checkAllocation(context: Context, id: string): void {
  checkId('elastic-ip', id)
  find(context, 'elastic-ip', id)
}

const showTransfer = (t: AddressTransfer): NonNullable<Output<'EnableAddressTransfer'>['AddressTransfer']> => ({
  PublicIp: t.publicIp,
  AllocationId: t.allocationId,
  TransferAccountId: t.transferAccount,
  TransferOfferExpirationTimestamp: new Date(t.expires),
  ...(t.acceptedAt !== undefined && { TransferOfferAcceptedTimestamp: new Date(t.acceptedAt) }),
  AddressTransferStatus: t.state,
})
