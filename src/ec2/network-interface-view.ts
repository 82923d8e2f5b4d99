/** A network interface as the wire carries it: by itself, and (in `instance-view.ts`) within its instance. */
import type { Ip } from '../ip/address.ts'
import type { Output } from '../protocol/types.ts'
import { type PublicAddress, publicAddressesOf } from './address.ts'
import { showTimeouts } from './connection-tracking.ts'
import { privateName, publicName } from './dns-name.ts'
import type { Attachment, NetworkInterface } from './network-interface.ts'
import type { State } from './state.ts'
import { showTags } from './tags.ts'

type WireInterface = NonNullable<Output<'CreateNetworkInterface'>['NetworkInterface']>

/** Interface state → what `Status` says. */
const STATUS = { available: 'available', 'in-use': 'in-use', detaching: 'in-use', detached: 'available' } as const
/** Interface state → what the attachment says. */
const ATTACHMENT_STATUS = {
  available: 'detached',
  'in-use': 'attached',
  detaching: 'detaching',
  detached: 'detached',
} as const

export const statusOf = (eni: NetworkInterface): (typeof STATUS)[NetworkInterface['state']] => STATUS[eni.state]
export const attachmentStatusOf = (eni: NetworkInterface): (typeof ATTACHMENT_STATUS)[NetworkInterface['state']] =>
  ATTACHMENT_STATUS[eni.state]

/** What is seen of an attachment; that of a service's interface has no instance, and no time. */
export interface ShownAttachment extends Pick<Attachment, 'attachmentId' | 'deviceIndex' | 'deleteOnTermination'> {
  readonly owner: string
  readonly instanceId?: string
  readonly attachTime?: number
}

/** The attachment that is seen: the present one, or the last for some seconds, or that of the service it is part of. */
export function shownAttachment(eni: NetworkInterface): ShownAttachment | undefined {
  if (eni.requester) return serviceAttachment(eni)
  const attachment = eni.attachment ?? (eni.state === 'available' ? undefined : eni.formerAttachment)
  return attachment && { ...attachment, owner: attachment.instanceOwner ?? eni.account }
}

/** AWS calls such an attachment `ela-attach-`, and its owner `amazon-aws`. */
const serviceAttachment = (eni: NetworkInterface): ShownAttachment => ({
  attachmentId: `ela-attach-${eni.id.slice('eni-'.length)}`,
  owner: 'amazon-aws',
  deviceIndex: 1,
  deleteOnTermination: false,
})

export function showInterface(state: State, eni: NetworkInterface): WireInterface {
  const addresses = showAddresses(state, eni)
  const [primary] = addresses
  return {
    NetworkInterfaceId: eni.id,
    OwnerId: eni.account,
    SubnetId: eni.subnetId,
    VpcId: eni.vpcId,
    AvailabilityZone: eni.availabilityZone,
    AvailabilityZoneId: eni.availabilityZoneId,
    Description: eni.description,
    InterfaceType: (eni.requester?.interfaceType ?? 'interface') as 'interface',
    Status: statusOf(eni),
    MacAddress: eni.mac,
    Groups: showGroups(state, eni.groupIds),
    SourceDestCheck: eni.sourceDestCheck,
    RequesterManaged: eni.requester !== undefined,
    RequesterId: eni.requester?.node,
    Operator: { Managed: false },
    ...showTimeouts(eni.idleTimeouts),
    PrivateIpAddress: primary?.PrivateIpAddress,
    PrivateDnsName: primary?.PrivateDnsName,
    PrivateIpAddresses: addresses,
    Ipv6Addresses: [],
    Association: primary?.Association,
    Attachment: showAttachment(eni),
    TagSet: showTags(eni.tags),
  }
}

export const showGroups = (state: State, ids: readonly string[]): { GroupId: string; GroupName: string }[] =>
  ids.map((GroupId) => ({ GroupId, GroupName: state.get('security-group', GroupId)?.groupName ?? '' }))

/** Every private address with the public one that stands for it, the primary first. */
export function showAddresses(state: State, eni: NetworkInterface): NonNullable<WireInterface['PrivateIpAddresses']> {
  const all = publicAddressesOf(state, eni)
  return eni.privateIpAddresses.map((address, i) => {
    const found = all.find((a) => a.privateIpAddress === address)
    return {
      PrivateIpAddress: address,
      Primary: i === 0,
      ...(hasHostnames(state, eni) && { PrivateDnsName: privateName(eni.region, address) }),
      ...(found && { Association: showAssociation(state, eni, found) }),
    }
  })
}

function showAssociation(
  state: State,
  eni: NetworkInterface,
  { publicIp, elastic }: PublicAddress,
): NonNullable<WireInterface['Association']> {
  const PublicDnsName = publicNameOf(state, eni, publicIp)
  if (!elastic) return { IpOwnerId: 'amazon', PublicIp: publicIp, PublicDnsName }
  return {
    IpOwnerId: elastic.account,
    PublicIp: publicIp,
    PublicDnsName,
    AllocationId: elastic.id,
    AssociationId: elastic.associationId,
  }
}

export function showAttachment(eni: NetworkInterface): WireInterface['Attachment'] {
  const attachment = shownAttachment(eni)
  return (
    attachment && {
      AttachmentId: attachment.attachmentId,
      ...(attachment.instanceId && { InstanceId: attachment.instanceId }),
      InstanceOwnerId: attachment.owner,
      DeviceIndex: attachment.deviceIndex,
      NetworkCardIndex: 0,
      DeleteOnTermination: attachment.deleteOnTermination,
      ...(attachment.attachTime !== undefined && { AttachTime: new Date(attachment.attachTime) }),
      Status: attachmentStatusOf(eni),
    }
  )
}

/** G9: the name exists where the VPC has enableDnsHostnames; else it is empty. */
export const publicNameOf = (state: State, eni: NetworkInterface, address: Ip): string =>
  hasHostnames(state, eni) ? publicName(eni.region, address) : ''

const hasHostnames = (state: State, eni: NetworkInterface): boolean =>
  state.get('vpc', eni.vpcId)?.enableDnsHostnames ?? false
