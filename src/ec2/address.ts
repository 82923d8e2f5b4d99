/** Elastic IP address: a public address that an account keeps, and may associate with a private one. */
import { type Ip, parseIp } from '../ip/address.ts'
import type { Fact } from '../network/network.ts'
import { ApiError } from './errors.ts'
import { attachedGateway } from './internet-gateway.ts'
import { isVisible } from './lookup.ts'
import { isLive, type NetworkInterface } from './network-interface.ts'
import { type Context, defineKind, type Resource, weak } from './resource.ts'
import type { State } from './state.ts'

export interface Address extends Resource {
  /** `renaming`: a change of its reverse name is under way. */
  readonly state: 'available' | 'renaming'
  readonly publicIp: Ip
  readonly associationId?: string
  readonly networkInterfaceId?: string
  readonly privateIpAddress?: Ip
  /** The association before, so that ending it twice is no error. */
  readonly formerAssociationId?: string
  /** The name of its reverse DNS record, where it has one of its own; with a dot at its end. */
  readonly ptrRecord?: string
  /** The one before, which is in force while it is `renaming`. */
  readonly formerPtrRecord?: string
}

declare module './resource.ts' {
  interface ResourceTypes {
    'elastic-ip': Address
  }
}

/** Milliseconds: AWS takes minutes. */
const RENAMING = 1000

export const address = defineKind({
  type: 'elastic-ip',
  idPrefix: 'eipalloc',
  noun: 'allocation ID',
  codes: { notFound: 'InvalidAllocationID.NotFound', malformed: 'InvalidAllocationID.Malformed' },
  references: { networkInterfaceId: weak('network-interface') },
  lifecycle: { renaming: { after: RENAMING, to: 'available' } },
  indexed: { 'allocation-id': 'id', 'public-ip': 'publicIp', 'association-id': 'associationId' },
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

/** The reverse DNS name that is in force: until a change is through, the one before. With a dot at its end. */
export const reverseNameOf = ({ state, ptrRecord, formerPtrRecord }: Address): string | undefined =>
  state === 'renaming' ? formerPtrRecord : ptrRecord

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

/** The caller's address by its public IP. Throws InvalidAddress.Malformed and InvalidAddress.NotFound. */
export function addressNamed(context: Context, publicIp: string): Address {
  // unverified: AWS's words.
  if (!parseIp(publicIp)) throw new ApiError('InvalidAddress.Malformed', `Invalid IPv4 address: ${publicIp}`)
  const [found] = context.state.where('elastic-ip', 'publicIp', publicIp)
  if (found && isVisible('elastic-ip', found, context)) return found
  throw new ApiError('InvalidAddress.NotFound', `Address '${publicIp}' not found.`)
}
