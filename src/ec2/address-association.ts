/** Associating Elastic IP addresses with private ones, and ending it. */
import type { Ip } from '../ip/address.ts'
import type { Input } from '../protocol/types.ts'
import { type Address, addressNamed, interfaceOf, publicAddressOf } from './address.ts'
import { ApiError, invalidCombination, invalidValue, missingParameter } from './errors.ts'
import { attachedGateway } from './internet-gateway.ts'
import { find, isVisible } from './lookup.ts'
import {
  interfacesOfInstance,
  isLive,
  type NetworkInterface,
  onlyInterfaceOf,
  primaryAddress,
} from './network-interface.ts'
import { permittedInterface } from './network-interface-permission.ts'
import { takePublicAddress } from './public-address.ts'
import type { Context, Handlers } from './resource.ts'

export const associationActions: Handlers = {
  AssociateAddress(input, context) {
    const a = addressOf(context, input)
    const eni = targetOf(context, input)
    const inside = privateAddress(eni, input.PrivateIpAddress)
    if (!attachedGateway(context.state, eni.vpcId)) {
      throw new ApiError('Gateway.NotAttached', `Network ${eni.vpcId} is not attached to any internet gateway`)
    }
    // Asked again for what is already so, the answer is the same.
    if (a.networkInterfaceId === eni.id && a.privateIpAddress === inside) return { AssociationId: a.associationId }
    refuseManaged(context, a)
    if (a.associationId && !input.AllowReassociation) {
      throw new ApiError(
        'Resource.AlreadyAssociated',
        `resource ${a.id} is already associated with associate-id ${a.associationId}`,
      )
    }
    return { AssociationId: associate(context, a, eni, inside) }
  },
  DisassociateAddress(input, context) {
    const a = associatedAddress(context, input)
    if (!a?.associationId) return {}
    refuseManaged(context, a)
    const eni = interfaceOf(context.state, a)
    dissociate(context, a)
    if (eni) restorePublicIp(context, eni)
    return {}
  },
}

/** G5: takes the place of the Elastic IP the private address had, and of an auto-assigned public address. */
export function associate(context: Context, a: Address, eni: NetworkInterface, inside: Ip): string {
  if (a.associationId) leave(context, a)
  for (const other of context.state.where('elastic-ip', 'networkInterfaceId', eni.id)) {
    if (other.privateIpAddress === inside) dissociate(context, other)
  }
  if (inside === primaryAddress(eni) && eni.publicIp) {
    const { publicIp: _, ...rest } = eni
    context.state.put('network-interface', rest)
  }
  const associationId = context.newId('eipassoc')
  context.state.put('elastic-ip', {
    ...a,
    ...(a.associationId && { formerAssociationId: a.associationId }),
    associationId,
    networkInterfaceId: eni.id,
    privateIpAddress: inside,
  })
  return associationId
}

/** Throws AuthFailure while the address is that of a NAT gateway, which alone can let it go. */
export function refuseManaged({ state }: Context, a: Address): void {
  if (!interfaceOf(state, a)?.requester) return
  throw new ApiError('AuthFailure', 'You do not have permission to access the specified resource.')
}

/** The address for itself again; it stays allocated. */
export function dissociate(context: Context, a: Address): void {
  const { associationId, networkInterfaceId: _eni, privateIpAddress: _inside, ...rest } = a
  context.state.put('elastic-ip', { ...rest, ...(associationId && { formerAssociationId: associationId }) })
}

function leave(context: Context, a: Address): void {
  const eni = interfaceOf(context.state, a)
  dissociate(context, a)
  if (eni) restorePublicIp(context, eni)
}

/** G5, G7: launched with a public address, an instance with one interface has one whenever it lacks an Elastic IP. */
export function restorePublicIp(context: Context, eni: NetworkInterface): void {
  const { state } = context
  const { attachment } = eni
  if (!eni.wantsPublicIp || !attachment || !isLive(state, eni) || publicAddressOf(state, eni)) return
  if (interfacesOfInstance(state, attachment.instanceId).length > 1) return
  state.put('network-interface', { ...eni, publicIp: takePublicAddress(context) })
}

function addressOf(context: Context, { AllocationId, PublicIp }: Input<'AssociateAddress'>): Address {
  if (AllocationId && PublicIp)
    throw invalidCombination('You may specify public IP or allocation id, but not both in the same call')
  if (AllocationId) return find(context, 'elastic-ip', AllocationId)
  if (!PublicIp) throw missingParameter('AllocationId')
  addressNamed(context, PublicIp)
  throw invalidCombination('You must specify an allocation id when mapping an address to a VPC instance')
}

/**
 * By an instance that has only one interface, or by interface. Both at once AWS takes against its documentation, and
 * the instance counts: Terraform sends the old interface with the new instance (hashicorp/terraform#31744).
 */
function targetOf(context: Context, { InstanceId, NetworkInterfaceId }: Input<'AssociateAddress'>): NetworkInterface {
  if (!InstanceId && !NetworkInterfaceId)
    throw new ApiError('MissingParameter', 'Either instance ID or network interface id must be specified')
  if (!InstanceId) return permittedInterface(context, NetworkInterfaceId ?? '', 'EIP-ASSOCIATE')
  const { id, state } = find(context, 'instance', InstanceId)
  if (state !== 'running' && state !== 'stopped' && state !== 'stopping') {
    throw new ApiError(
      'IncorrectInstanceState',
      `The ${state} instance '${id}' is not in a valid state for this operation.`,
    )
  }
  return onlyInterfaceOf(context.state, id)
}

function privateAddress(eni: NetworkInterface, wanted: string | undefined): Ip {
  const address = wanted === undefined ? primaryAddress(eni) : eni.privateIpAddresses.find((own) => own === wanted)
  if (!address) throw invalidValue(`Address ${wanted} is not assigned to interface ${eni.id}`)
  return address
}

/** G6: ending what has ended is no error; an association that never was is. (Public IPs are of EC2-Classic.) */
function associatedAddress(
  context: Context,
  { AssociationId, PublicIp }: Input<'DisassociateAddress'>,
): Address | undefined {
  const { state } = context
  if (PublicIp && AssociationId)
    throw invalidCombination('You may specify public IP or association id, but not both in the same call')
  if (PublicIp) {
    addressNamed(context, PublicIp)
    throw invalidValue('You must specify an association id when unmapping an address from a VPC instance')
  }
  if (!AssociationId) throw missingParameter('AssociationId')
  const present = state.where('elastic-ip', 'associationId', AssociationId)
  const all = [...present, ...state.where('elastic-ip', 'formerAssociationId', AssociationId)]
  const own = all.find((a) => isVisible('elastic-ip', a, context))
  if (own) return own.associationId === AssociationId ? own : undefined
  throw new ApiError('InvalidAssociationID.NotFound', `The association ID '${AssociationId}' does not exist`)
}
