/** What can be read and changed on a network interface one attribute at a time. */
import type { Input, Output } from '../protocol/types.ts'
import { publicAddressOf } from './address.ts'
import { timeoutsOf } from './connection-tracking.ts'
import { invalidCombination, invalidParameter, missingParameter, unsupported } from './errors.ts'
import { find } from './lookup.ts'
import { isLive, type NetworkInterface, ownInterface } from './network-interface.ts'
import { noAttachment } from './network-interface-attachment.ts'
import { checkedDescription } from './network-interface-life.ts'
import { showAttachment, showGroups } from './network-interface-view.ts'
import { takePublicAddress } from './public-address.ts'
import type { Context, Handlers } from './resource.ts'
import { groupsForInterface } from './security-group.ts'
import type { State } from './state.ts'

export const interfaceAttributeActions: Handlers = {
  DescribeNetworkInterfaceAttribute(input, context) {
    const eni = find(context, 'network-interface', input.NetworkInterfaceId)
    const name: string | undefined = input.Attribute
    // unverified: AWS's words where none is named, which its reference does not allow.
    if (name === undefined) throw invalidCombination('No attributes specified.')
    const read = Object.hasOwn(attributes, name) ? attributes[name as keyof typeof attributes] : undefined
    if (!read) throw invalidParameter(name, 'attribute', 'Unknown attribute.')
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
  ResetNetworkInterfaceAttribute(input, context) {
    const eni = ownInterface(context, input.NetworkInterfaceId)
    if (input.SourceDestCheck === undefined) throw invalidCombination('No attributes specified.')
    context.state.put('network-interface', { ...eni, sourceDestCheck: true })
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
  ['Description', (eni, { Description }) => ({ ...eni, description: checkedDescription(Description?.Value ?? '') })],
  ['SourceDestCheck', withSourceDestCheck],
  ['Groups', (eni, { Groups = [] }, context) => withGroups(context, eni, Groups)],
  ['Attachment', withDeleteOnTermination],
  [
    'AssociatePublicIpAddress',
    (eni, { AssociatePublicIpAddress }, context) => withPublicIp(context, eni, AssociatePublicIpAddress === true),
  ],
  ['ConnectionTrackingSpecification', withTimeouts],
]

/** The interface with other groups; there is at least one. */
export function withGroups(context: Context, eni: NetworkInterface, groups: readonly string[]): NetworkInterface {
  if (groups.length === 0) throw invalidCombination('At least one security group must be specified.')
  return { ...eni, groupIds: groupsForInterface(context, eni.vpcId, groups) }
}

function withSourceDestCheck(eni: NetworkInterface, { SourceDestCheck }: Modify): NetworkInterface {
  if (SourceDestCheck?.Value === undefined) throw missingParameter('SourceDestCheck.Value')
  return { ...eni, sourceDestCheck: SourceDestCheck.Value }
}

function withTimeouts(eni: NetworkInterface, { ConnectionTrackingSpecification }: Modify): NetworkInterface {
  const idleTimeouts = timeoutsOf(ConnectionTrackingSpecification, eni.idleTimeouts)
  return { ...eni, ...(idleTimeouts && { idleTimeouts }) }
}

/** The id of the attachment must be given with it, says the API reference. */
function withDeleteOnTermination(eni: NetworkInterface, { Attachment: change }: Modify): NetworkInterface {
  const { attachment } = eni
  if (!change?.AttachmentId) throw missingParameter('Attachment.AttachmentId')
  if (change.AttachmentId !== attachment?.attachmentId) throw noAttachment(change.AttachmentId)
  if (change.DeleteOnTermination === undefined) throw missingParameter('Attachment.DeleteOnTermination')
  return { ...eni, attachment: { ...attachment, deleteOnTermination: change.DeleteOnTermination } }
}

/** May be set on any interface; only the primary one of an instance has such an address. */
function withPublicIp(context: Context, eni: NetworkInterface, wanted: boolean): NetworkInterface {
  const { publicIp: _, ...rest } = eni
  if (!wanted) return { ...rest, wantsPublicIp: false }
  const isPrimary = eni.attachment?.deviceIndex === 0
  const needed = isPrimary && isLive(context.state, eni) && !publicAddressOf(context.state, eni)
  return { ...eni, wantsPublicIp: true, ...(needed && { publicIp: takePublicAddress(context) }) }
}

function refuseUnsupported(input: Modify): void {
  if (input.EnablePrimaryIpv6) throw unsupported('IPv6 addresses of network interfaces are not supported yet.')
  if (input.EnaSrdSpecification) throw unsupported('ENA Express is not supported.')
  if (input.Attachment?.EnaQueueCount !== undefined || input.Attachment?.DefaultEnaQueueCount !== undefined)
    throw unsupported('ENA queues are not supported.')
  if (input.AssociatedSubnetIds) throw unsupported('Associated subnets are not supported.')
}
