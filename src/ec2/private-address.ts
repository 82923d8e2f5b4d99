/** Private addresses of network interfaces: which ones a call asks for, and whether the subnet has them. */
import { type Ip, parseIp } from '../ip/address.ts'
import { contains } from '../ip/prefix.ts'
import { ApiError, invalidCombination, invalidValue } from './errors.ts'
import type { NetworkInterface } from './network-interface.ts'
import type { Context } from './resource.ts'
import { refuseOfPrefixes } from './subnet-cidr-reservation.ts'
import { freeAddress, isUsed, reservedAddresses, type Subnet } from './subnet.ts'

/** As CreateNetworkInterface and RunInstances ask for them. */
export interface AddressWish {
  readonly primary?: string | undefined
  readonly list?:
    | readonly { readonly PrivateIpAddress?: string | undefined; readonly Primary?: boolean | undefined }[]
    | undefined
  /** How many more, of the subnet's choice. */
  readonly secondaries?: number | undefined
}

/** The addresses that the wish names, each checked. Without a `primary` the subnet chooses it. */
export function explicitAddresses(
  context: Context,
  subnet: Subnet,
  wish: AddressWish,
): { primary?: Ip; secondaries: readonly Ip[] } {
  const list = wish.list ?? []
  // As the API reference has it; words unverified.
  if (list.length > 1 && wish.secondaries)
    throw invalidCombination('Specify either private IP addresses or a count of secondary ones, not both.')
  const firsts = [...list.filter((a) => a.Primary).map((a) => a.PrivateIpAddress), wish.primary].filter(
    (a) => a !== undefined,
  )
  if (firsts.length > 1) throw invalidCombination('Only one primary private IP address can be specified.')
  const rest = list.filter((a) => !a.Primary).flatMap((a) => a.PrivateIpAddress ?? [])
  const secondaries = rest.map((text) => checkedAddress(context, subnet, text))
  const primary = firsts[0] === undefined ? {} : { primary: checkedAddress(context, subnet, firsts[0]) }
  return { ...primary, secondaries }
}

/** D35: an address of the subnet that is neither reserved nor in use. */
function checkedAddress(context: Context, subnet: Subnet, text: string): Ip {
  const address = parseIp(text)
  if (!address) throw invalidValue(`Value (${text}) for parameter privateIpAddress is invalid. Invalid IPv4 address.`)
  if (!contains(subnet.cidrBlock, address))
    throw invalidValue(`Address ${address} does not fall within the subnet's address range`)
  // Unverified (D35): AWS's exact words.
  if (reservedAddresses(subnet).includes(address))
    throw invalidValue(`Address ${address} is in subnet's reserved address range`)
  if (isUsed(context.state, subnet, address))
    throw new ApiError('InvalidIPAddress.InUse', `Address ${address} is in use.`)
  refuseOfPrefixes(context.state, subnet.id, address)
  return address
}

/** The interface with `count` more addresses of the subnet's choice. */
export function takeSecondaries(context: Context, eni: NetworkInterface, count: number): NetworkInterface {
  const subnet = context.state.get('subnet', eni.subnetId)
  if (!subnet) throw new Error(`${eni.id} has no subnet`)
  let grown = eni
  for (let i = 0; i < count; i++) {
    grown = context.state.put('network-interface', {
      ...grown,
      privateIpAddresses: [...grown.privateIpAddresses, freeAddress(context, subnet)],
    })
  }
  return grown
}
