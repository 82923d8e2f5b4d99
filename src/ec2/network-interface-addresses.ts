/** The secondary private addresses of a network interface: assigned, moved between interfaces, and taken away. */
import { type Ip, parseIp } from '../ip/address.ts'
import { publicAddressesOf } from './address.ts'
import { dissociate } from './address-association.ts'
import { ApiError, invalidCombination, invalidValue, unsupported } from './errors.ts'
import { find } from './lookup.ts'
import { checkCount, type NetworkInterface, ownInterface, refuseTwice } from './network-interface.ts'
import { checkAddressLimit } from './network-interface-attachment.ts'
import { explicitAddresses, takeSecondaries } from './private-address.ts'
import type { Context, Handlers } from './resource.ts'

export const interfaceAddressActions: Handlers = {
  AssignPrivateIpAddresses(input, context) {
    const eni = ownInterface(context, input.NetworkInterfaceId)
    const { PrivateIpAddresses: wanted = [], SecondaryPrivateIpAddressCount: count = 0 } = input
    if (input.Ipv4Prefixes?.length || input.Ipv4PrefixCount)
      throw unsupported('Prefix delegation is not supported yet.')
    if (wanted.length > 0 && count !== 0)
      throw invalidCombination('Specify either private IP addresses or a count of them, not both.')
    if (wanted.length === 0 && count === 0)
      throw new ApiError('MissingParameter', 'Either secondary IP addresses or a count must be specified.')
    const addresses = wanted.map(addressIn)
    refuseTwice(addresses)
    const grown = addAddresses(context, input.AllowReassignment === true, eni, addresses, count)
    const added = grown.privateIpAddresses.slice(eni.privateIpAddresses.length)
    return {
      NetworkInterfaceId: eni.id,
      AssignedPrivateIpAddresses: added.map((PrivateIpAddress) => ({ PrivateIpAddress })),
      AssignedIpv4Prefixes: [],
    }
  },
  UnassignPrivateIpAddresses(input, context) {
    const eni = ownInterface(context, input.NetworkInterfaceId)
    if (input.Ipv4Prefixes?.length) throw unsupported('Prefix delegation is not supported yet.')
    if (!input.PrivateIpAddresses?.length)
      throw new ApiError('MissingParameter', 'The request must contain the parameter PrivateIpAddresses')
    const leaving = input.PrivateIpAddresses.map(addressIn)
    checkSecondaries(eni, leaving)
    for (const { elastic, privateIpAddress } of publicAddressesOf(context.state, eni))
      if (elastic && leaving.includes(privateIpAddress)) dissociate(context, elastic)
    putWithout(context, eni, leaving)
    return {}
  },
}

function addressIn(text: string): Ip {
  const address = parseIp(text)
  if (address) return address
  throw invalidValue(`Value (${text}) for parameter privateIpAddress is invalid. Invalid IPv4 address.`)
}

/** What the interface has already is no error (unverified). */
function addAddresses(
  context: Context,
  reassign: boolean,
  eni: NetworkInterface,
  wanted: readonly Ip[],
  count: number,
): NetworkInterface {
  const fresh = wanted.filter((address) => !eni.privateIpAddresses.slice(1).includes(address))
  const instance = eni.attachment && context.state.get('instance', eni.attachment.instanceId)
  checkCount(eni.privateIpAddresses.length + fresh.length, count)
  if (instance) checkAddressLimit(instance.instanceType, eni.privateIpAddresses.length + fresh.length + count)
  const moved = reassign ? takeFromOthers(context, eni, fresh) : []
  const subnet = find(context, 'subnet', eni.subnetId)
  const { secondaries } = explicitAddresses(context, subnet, {
    list: fresh.map((PrivateIpAddress) => ({ PrivateIpAddress })),
  })
  const grown = context.state.put('network-interface', {
    ...eni,
    privateIpAddresses: [...eni.privateIpAddresses, ...secondaries],
  })
  for (const id of moved) moveElastic(context, id, eni)
  return takeSecondaries(context, grown, count)
}

/**
 * AllowReassignment: secondary addresses move here from other interfaces of the subnet. Gives the Elastic IPs that
 * stand for them, which move along.
 */
function takeFromOthers(context: Context, eni: NetworkInterface, wanted: readonly Ip[]): string[] {
  return context.state.where('network-interface', 'subnetId', eni.subnetId).flatMap((other) => {
    const moved = other.id === eni.id ? [] : other.privateIpAddresses.slice(1).filter((own) => wanted.includes(own))
    if (moved.length === 0) return []
    const along = publicAddressesOf(context.state, other).filter((a) => moved.includes(a.privateIpAddress))
    putWithout(context, other, moved)
    return along.flatMap((a) => a.elastic?.id ?? [])
  })
}

/** unverified: that the association keeps its id. */
function moveElastic(context: Context, id: string, eni: NetworkInterface): void {
  const elastic = context.state.get('elastic-ip', id)
  if (elastic) context.state.put('elastic-ip', { ...elastic, networkInterfaceId: eni.id })
}

/** unverified: AWS's words. */
function checkSecondaries(eni: NetworkInterface, leaving: readonly Ip[]): void {
  for (const address of leaving) {
    const at = eni.privateIpAddresses.indexOf(address)
    if (at < 0) throw invalidValue(`Some of the specified addresses are not assigned to interface ${eni.id}`)
    if (at === 0) throw invalidValue(`The primary address of interface ${eni.id} can not be unassigned`)
  }
}

function putWithout(context: Context, eni: NetworkInterface, leaving: readonly Ip[]): void {
  const privateIpAddresses = eni.privateIpAddresses.filter((address) => !leaving.includes(address))
  context.state.put('network-interface', { ...eni, privateIpAddresses })
}
