/** How network interfaces come, are shown, and go. */
import type { Input } from '../protocol/types.ts'
import { timeoutsOf } from './connection-tracking.ts'
import { invalidParameter, invalidValue, unsupported } from './errors.ts'
import { find } from './lookup.ts'
import { createInterface, deleteInterface, isInUse, ownInterface } from './network-interface.ts'
import { showInterface } from './network-interface-view.ts'
import type { Handlers } from './resource.ts'
import { groupsForInterface } from './security-group.ts'
import { select } from './select.ts'
import { tagsFor } from './tags.ts'

type Wish = Input<'CreateNetworkInterface'>

export const networkInterfaceActions: Handlers = {
  CreateNetworkInterface(input, context) {
    refuseUnsupported(input)
    const subnet = find(context, 'subnet', input.SubnetId)
    const created = createInterface(context, {
      subnet,
      groupIds: groupsForInterface(context, subnet.vpcId, input.Groups),
      description: checkedDescription(input.Description ?? ''),
      addresses: {
        primary: input.PrivateIpAddress,
        list: input.PrivateIpAddresses,
        secondaries: input.SecondaryPrivateIpAddressCount,
      },
      idleTimeouts: timeoutsOf(input.ConnectionTrackingSpecification),
      tags: tagsFor('network-interface', input.TagSpecifications),
    })
    return {
      NetworkInterface: showInterface(context.state, created),
      ...(input.ClientToken && { ClientToken: input.ClientToken }),
    }
  },
  DescribeNetworkInterfaces(input, context) {
    const { items, ...page } = select(context, 'network-interface', input, input.NetworkInterfaceIds)
    return { NetworkInterfaces: items.map((eni) => showInterface(context.state, eni)), ...page }
  },
  DeleteNetworkInterface(input, context) {
    const found = find(context, 'network-interface', input.NetworkInterfaceId)
    if (isInUse(found)) throw invalidValue(`Network interface '${found.id}' is currently in use.`)
    deleteInterface(context, ownInterface(context, found.id))
    return {}
  },
}

/** unverified: AWS's words. */
export function checkedDescription(text: string): string {
  if (text.length > 255) throw invalidValue('The description of a network interface is limited to 255 characters.')
  return text
}

const TYPES: readonly string[] = ['efa', 'efa-only', 'branch', 'trunk']

function refuseUnsupported(input: Wish): void {
  const { Ipv6Addresses, Ipv6AddressCount, Ipv6Prefixes, Ipv6PrefixCount, Ipv4Prefixes, Ipv4PrefixCount } = input
  if (Ipv6Addresses?.length || Ipv6AddressCount || Ipv6Prefixes?.length || Ipv6PrefixCount || input.EnablePrimaryIpv6)
    throw unsupported('IPv6 addresses of network interfaces are not supported yet.')
  if (Ipv4Prefixes?.length || Ipv4PrefixCount) throw unsupported('Prefix delegation is not supported yet.')
  if (input.Operator) throw unsupported('Network interfaces of a service provider are not supported.')
  const type: string = input.InterfaceType ?? 'interface'
  if (TYPES.includes(type)) throw unsupported(`Network interfaces of type ${type} are not supported yet.`)
  if (type !== 'interface') throw invalidParameter(type, 'interfaceType')
}
