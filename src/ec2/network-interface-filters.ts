/** What DescribeNetworkInterfaces can be asked for. */
import { publicAddressesOf, publicAddressOf } from './address.ts'
import { privateName } from './dns-name.ts'
import type { NetworkInterface } from './network-interface.ts'
import {
  attachmentStatusOf,
  publicNameOf,
  type ShownAttachment,
  shownAttachment,
  statusOf,
} from './network-interface-view.ts'
import type { FilterValue } from './resource.ts'
import type { State } from './state.ts'

const ofAttachment =
  (read: (attachment: ShownAttachment) => FilterValue) =>
  (eni: NetworkInterface): FilterValue => {
    const attachment = shownAttachment(eni)
    return attachment && read(attachment)
  }

export const interfaceFilters: Readonly<Record<string, (eni: NetworkInterface, state: State) => FilterValue>> = {
  'addresses.association.owner-id': (eni, state) =>
    publicAddressesOf(state, eni).map((a) => a.elastic?.account ?? 'amazon'),
  'addresses.association.public-ip': (eni, state) => publicAddressesOf(state, eni).map((a) => a.publicIp),
  'addresses.primary': (eni) => eni.privateIpAddresses.map((_, i) => i === 0),
  'addresses.private-ip-address': (eni) => eni.privateIpAddresses,
  'association.allocation-id': (eni, state) => publicAddressesOf(state, eni).map((a) => a.elastic?.id),
  'association.association-id': (eni, state) => publicAddressesOf(state, eni).map((a) => a.elastic?.associationId),
  'association.ip-owner-id': (eni, state) => publicAddressesOf(state, eni).map((a) => a.elastic?.account ?? 'amazon'),
  'association.public-ip': (eni, state) => publicAddressesOf(state, eni).map((a) => a.publicIp),
  'association.public-dns-name': (eni, state) => {
    const found = publicAddressOf(state, eni)
    return found && publicNameOf(state, eni, found.publicIp)
  },
  'attachment.attach-time': ofAttachment(({ attachTime }) =>
    attachTime === undefined ? undefined : new Date(attachTime).toISOString(),
  ),
  'attachment.attachment-id': ofAttachment((a) => a.attachmentId),
  'attachment.delete-on-termination': ofAttachment((a) => a.deleteOnTermination),
  'attachment.device-index': ofAttachment((a) => a.deviceIndex),
  'attachment.instance-id': ofAttachment((a) => a.instanceId),
  'attachment.instance-owner-id': ofAttachment((a) => a.owner),
  'attachment.nat-gateway-id': ({ requester }) =>
    requester?.interfaceType === 'nat_gateway' ? requester.node : undefined,
  'attachment.status': (eni) => shownAttachment(eni) && attachmentStatusOf(eni),
  'availability-zone': (eni) => eni.availabilityZone,
  'availability-zone-id': (eni) => eni.availabilityZoneId,
  description: (eni) => eni.description,
  'group-id': (eni) => eni.groupIds,
  'group-name': (eni, state) => eni.groupIds.map((id) => state.get('security-group', id)?.groupName),
  'interface-type': (eni) => eni.requester?.interfaceType ?? 'interface',
  'ipv6-addresses.ipv6-address': () => [],
  'mac-address': (eni) => eni.mac,
  'network-interface-id': (eni) => eni.id,
  'operator.managed': () => false,
  'operator.principal': () => [],
  'owner-id': (eni) => eni.account,
  'private-dns-name': (eni) => eni.privateIpAddresses.map((address) => privateName(eni.region, address)),
  'private-ip-address': (eni) => eni.privateIpAddresses,
  'requester-id': (eni) => eni.requester?.node,
  'requester-managed': (eni) => eni.requester !== undefined,
  'source-dest-check': (eni) => eni.sourceDestCheck,
  status: statusOf,
  'subnet-id': (eni) => eni.subnetId,
  'vpc-id': (eni) => eni.vpcId,
}
