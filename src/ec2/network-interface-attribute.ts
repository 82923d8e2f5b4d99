/** What can be changed on a network interface: its attributes and its secondary private addresses. */
import { parseIp } from '../ip/address.ts'
import type { Input, Output } from '../protocol/types.ts'
import { publicAddressesOf, publicAddressOf } from './address.ts'
import { dissociate } from './address-association.ts'
import { ApiError, invalidCombination, invalidParameter, invalidValue, unsupported } from './errors.ts'
import { find } from './lookup.ts'
import { isLive, type NetworkInterface, ownInterface } from './network-interface.ts'
import { checkAddressLimit } from './network-interface-attachment.ts'
import { showAttachment, showGroups } from './network-interface-view.ts'
import { explicitAddresses, takeSecondaries } from './private-address.ts'
import { takePublicAddress } from './public-address.ts'
import type { Context, Handlers } from './resource.ts'
import { groupsForInterface } from './security-group.ts'
import type { State } from './state.ts'

export const interfaceAttributeActions: Handlers = {
  DescribeNetworkInterfaceAttribute(input, context) {
    const eni = find(context, 'network-interface', input.NetworkInterfaceId)
    const read = attributes[(input.Attribute ?? 'description') as keyof typeof attributes]
    if (!read) throw invalidParameter(input.Attribute, 'attribute', 'Unknown attribute.')
    return { NetworkInterfaceId: eni.id, ...read(eni, context.state) }
  },
  ModifyNetworkInterfaceAttribute(input, context) {
    const eni = ownInterface(context, input.NetworkInterfaceId)
    refuseUnsupported(input)
    const given = changes.filter(([parameter]) => input[parameter] !== undefined)
    if (given.length === 0) throw invalidCombination('No attributes specified.')
    if (given.length > 1) throw invalidCombination('Fields for multiple attribute types specified')
    for (const [, change] of given) context.state.put('network-interface', change(eni, input, context))
    return {}
  },
  AssignPrivateIpAddresses(input, context) {
    const eni = ownInterface(context, input.NetworkInterfaceId)
    const { PrivateIpAddresses: wanted = [], SecondaryPrivateIpAddressCount: count = 0 } = input
    if (input.Ipv4Prefixes?.length || input.Ipv4PrefixCount)
      throw unsupported('Prefix delegation is not supported yet.')
    if (wanted.length > 0 && count > 0)
      throw invalidCombination('Specify either private IP addresses or a count of them, not both.')
    if (wanted.length === 0 && count === 0)
      throw new ApiError('MissingParameter', 'Either secondary IP addresses or a count must be specified.')
    const grown = addAddresses(context, input.AllowReassignment === true, eni, wanted, count)
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
    context.state.put('network-interface', withoutAddresses(context, eni, input.PrivateIpAddresses ?? []))
    return {}
  },
}

const attributes = {
  description: (eni) => ({ Description: { Value: eni.description } }),
  groupSet: (eni, state) => ({ Groups: showGroups(state, eni.groupIds) }),
  sourceDestCheck: (eni) => ({ SourceDestCheck: { Value: eni.sourceDestCheck } }),
  attachment: (eni) => ({ Attachment: showAttachment(eni) }),
  associatePublicIpAddress: (eni) => ({ AssociatePublicIpAddress: eni.wantsPublicIp }),
} satisfies Record<string, (eni: NetworkInterface, state: State) => Output<'DescribeNetworkInterfaceAttribute'>>

type Modify = Input<'ModifyNetworkInterfaceAttribute'>

/** Parameter → the interface as it asks for it. One call changes one attribute. */
const changes: readonly (readonly [
  keyof Modify,
  (eni: NetworkInterface, input: Modify, context: Context) => NetworkInterface,
])[] = [
  ['Description', (eni, { Description }) => ({ ...eni, description: Description?.Value ?? '' })],
  [
    'SourceDestCheck',
    (eni, { SourceDestCheck }) => ({ ...eni, sourceDestCheck: SourceDestCheck?.Value ?? eni.sourceDestCheck }),
  ],
  ['Groups', (eni, { Groups = [] }, context) => withGroups(context, eni, Groups)],
  ['Attachment', withDeleteOnTermination],
  [
    'AssociatePublicIpAddress',
    (eni, { AssociatePublicIpAddress }, context) => withPublicIp(context, eni, AssociatePublicIpAddress === true),
  ],
]

/** The interface with other groups; there is at least one. */
export function withGroups(context: Context, eni: NetworkInterface, groups: readonly string[]): NetworkInterface {
  if (groups.length === 0) throw invalidCombination('At least one security group must be specified.')
  return { ...eni, groupIds: groupsForInterface(context, eni.vpcId, groups) }
}

function withDeleteOnTermination(eni: NetworkInterface, { Attachment: change }: Modify): NetworkInterface {
  const { attachment } = eni
  if (!attachment || (change?.AttachmentId && change.AttachmentId !== attachment.attachmentId)) {
    throw new ApiError(
      'InvalidAttachmentID.NotFound',
      `The attachment ID '${change?.AttachmentId ?? ''}' does not exist`,
    )
  }
  return {
    ...eni,
    attachment: { ...attachment, deleteOnTermination: change?.DeleteOnTermination ?? attachment.deleteOnTermination },
  }
}

/** The interface with an auto-assigned public address of its own, or without. */
function withPublicIp(context: Context, eni: NetworkInterface, wanted: boolean): NetworkInterface {
  if (eni.attachment?.deviceIndex !== 0)
    throw invalidValue('A public IP address can be associated with the primary network interface only.')
  const { publicIp: _, ...rest } = eni
  if (!wanted) return { ...rest, wantsPublicIp: false }
  const needed = isLive(context.state, eni) && !publicAddressOf(context.state, eni)
  return { ...eni, wantsPublicIp: true, ...(needed && { publicIp: takePublicAddress(context) }) }
}

function refuseUnsupported(input: Modify): void {
  if (input.EnablePrimaryIpv6) throw unsupported('IPv6 addresses of network interfaces are not supported yet.')
  if (input.ConnectionTrackingSpecification) throw unsupported('Connection tracking timeouts are not supported yet.')
  if (input.EnaSrdSpecification) throw unsupported('ENA Express is not supported.')
  if (input.AssociatedSubnetIds) throw unsupported('Associated subnets are not supported.')
}

function addAddresses(
  context: Context,
  reassign: boolean,
  eni: NetworkInterface,
  wanted: readonly string[],
  count: number,
): NetworkInterface {
  const instance = eni.attachment && context.state.get('instance', eni.attachment.instanceId)
  if (instance) checkAddressLimit(instance.instanceType, eni.privateIpAddresses.length + wanted.length + count)
  if (reassign) takeFromOthers(context, eni, wanted)
  const subnet = find(context, 'subnet', eni.subnetId)
  const { secondaries } = explicitAddresses(context, subnet, {
    list: wanted.map((PrivateIpAddress) => ({ PrivateIpAddress })),
  })
  const grown = context.state.put('network-interface', {
    ...eni,
    privateIpAddresses: [...eni.privateIpAddresses, ...secondaries],
  })
  return takeSecondaries(context, grown, count)
}

/** AllowReassignment: secondary addresses move here from other interfaces of the subnet. */
function takeFromOthers(context: Context, eni: NetworkInterface, wanted: readonly string[]): void {
  for (const other of context.state.where('network-interface', 'subnetId', eni.subnetId)) {
    if (other.id === eni.id) continue
    const moved = other.privateIpAddresses.slice(1).filter((address) => wanted.includes(address))
    if (moved.length > 0) context.state.put('network-interface', withoutAddresses(context, other, moved))
  }
}

/** The interface without these secondary addresses; their Elastic IPs are disassociated. */
function withoutAddresses(context: Context, eni: NetworkInterface, leaving: readonly string[]): NetworkInterface {
  for (const text of leaving) {
    const at = eni.privateIpAddresses.indexOf(parseIp(text) ?? (eni.privateIpAddresses[0] as never))
    if (at < 0) throw invalidValue(`Some of the specified addresses are not assigned to interface ${eni.id}`)
    if (at === 0) throw invalidValue(`The primary address of interface ${eni.id} can not be unassigned`)
  }
  for (const { elastic, privateIpAddress } of publicAddressesOf(context.state, eni)) {
    if (elastic && leaving.includes(privateIpAddress)) dissociate(context, elastic)
  }
  return { ...eni, privateIpAddresses: eni.privateIpAddresses.filter((address) => !leaving.includes(address)) }
}
