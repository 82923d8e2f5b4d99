/** What DescribeInstances can be asked for. What instances here never have is a known filter that matches nothing. */
import { publicAddressOf } from './address.ts'
import type { Instance } from './instance.ts'
import { hostNameOf } from './dns-name.ts'
import { maintenanceOf } from './instance-maintenance.ts'
import { bootOf, firstLaunchOf, reasonOf, STATE_CODES } from './instance-view.ts'
import { interfacesOfInstance, type NetworkInterface, primaryAddress } from './network-interface.ts'
import { interfaceFilters } from './network-interface-filters.ts'
import { publicNameOf, showAddresses } from './network-interface-view.ts'
import type { FilterValue } from './resource.ts'
import type { State } from './state.ts'
import { type Volume, volumesOf } from './volume.ts'

type Reader = (i: Instance, state: State) => FilterValue
type Value = string | number | boolean | undefined

/** Of the primary interface; a terminated instance has none. */
const ofPrimary =
  (read: (eni: NetworkInterface, state: State) => Value): Reader =>
  (i, state) => {
    const [primary] = interfacesOfInstance(state, i.id)
    return primary && read(primary, state)
  }

const ofInterfaces =
  (read: (eni: NetworkInterface, state: State) => FilterValue): Reader =>
  (i, state) =>
    interfacesOfInstance(state, i.id).flatMap((eni) => [read(eni, state)].flat())

const ofVolumes =
  (read: (v: Volume) => Value): Reader =>
  (i, state) =>
    volumesOf(state, i).map(read)

const unlessTerminated =
  (read: (i: Instance) => Value): Reader =>
  (i) =>
    i.state === 'terminated' ? undefined : read(i)

const never: Reader = () => []

/** Of all addresses that the instance's interfaces show. */
const ofAddresses = (read: (address: ReturnType<typeof showAddresses>[number]) => Value): Reader =>
  ofInterfaces((eni, state) => showAddresses(state, eni).map(read))

/** `network-interface.*` asks what DescribeNetworkInterfaces asks without the prefix, and more of the addresses. */
const throughInterfaces: Readonly<Record<string, Reader>> = {
  ...Object.fromEntries(
    Object.entries(interfaceFilters).map(([name, read]) => [`network-interface.${name}`, ofInterfaces(read)]),
  ),
  'network-interface.addresses.association.allocation-id': ofAddresses((a) => a.Association?.AllocationId),
  'network-interface.addresses.association.association-id': ofAddresses((a) => a.Association?.AssociationId),
  'network-interface.addresses.association.carrier-ip': never,
  'network-interface.addresses.association.customer-owned-ip': never,
  'network-interface.addresses.association.ip-owner-id': ofAddresses((a) => a.Association?.IpOwnerId),
  'network-interface.addresses.association.public-dns-name': ofAddresses((a) => a.Association?.PublicDnsName),
  'network-interface.addresses.private-dns-name': ofAddresses((a) => a.PrivateDnsName),
  'network-interface.association.carrier-ip': never,
  'network-interface.association.customer-owned-ip': never,
  'network-interface.attachment.network-card-index': ofInterfaces((eni) => eni.attachment && 0),
  'network-interface.deny-all-igw-traffic': ofInterfaces(() => false),
  'network-interface.ipv4-prefixes.ipv4-prefix': never,
  'network-interface.ipv6-address': never,
  'network-interface.ipv6-addresses.ipv6-address': never,
  'network-interface.ipv6-addresses.is-primary-ipv6': never,
  'network-interface.ipv6-native': ofInterfaces(() => false),
  'network-interface.ipv6-prefixes.ipv6-prefix': never,
  'network-interface.outpost-arn': never,
  'network-interface.public-dns-name': ofAddresses((a) => a.Association?.PublicDnsName),
  'network-interface.tag-key': ofInterfaces((eni) => Object.keys(eni.tags)),
  'network-interface.tag-value': ofInterfaces((eni) => Object.values(eni.tags)),
}

export const instanceFilters: Readonly<Record<string, Reader>> = {
  ...throughInterfaces,
  affinity: never,
  architecture: (i) => i.architecture,
  'availability-zone': (i) => i.availabilityZone,
  'availability-zone-id': (i) => i.availabilityZoneId,
  'block-device-mapping.attach-time': ofVolumes((v) => new Date(v.createTime).toISOString()),
  'block-device-mapping.delete-on-termination': ofVolumes((v) => v.deleteOnTermination),
  'block-device-mapping.device-name': ofVolumes((v) => v.device),
  'block-device-mapping.status': ofVolumes(() => 'attached'),
  'block-device-mapping.volume-id': ofVolumes((v) => v.id),
  'boot-mode': (i) => bootOf(i).wanted,
  'capacity-reservation-id': never,
  'capacity-reservation-specification.capacity-reservation-preference': (i) => i.capacityPreference ?? 'open',
  'capacity-reservation-specification.capacity-reservation-target.capacity-reservation-id': never,
  'capacity-reservation-specification.capacity-reservation-target.capacity-reservation-resource-group-arn': never,
  'client-token': (i) => i.clientToken,
  'current-instance-boot-mode': (i) => bootOf(i).current,
  'dns-name': ofPrimary((eni, state) => {
    const found = publicAddressOf(state, eni)
    return found && publicNameOf(state, eni, found.publicIp)
  }),
  'ebs-optimized': (i) => i.ebsOptimized,
  'ena-support': () => true,
  'enclave-options.enabled': () => false,
  'hibernation-options.configured': () => false,
  'host-id': never,
  hypervisor: () => 'xen',
  'iam-instance-profile.arn': never,
  'iam-instance-profile.id': never,
  'image-id': (i) => i.imageId,
  'instance-id': (i) => i.id,
  'instance-lifecycle': never,
  'instance-state-code': (i) => STATE_CODES[i.state],
  'instance-state-name': (i) => i.state,
  'instance-type': (i) => i.instanceType,
  'instance.group-id': ofInterfaces((eni) => eni.groupIds),
  'instance.group-name': ofInterfaces((eni, state) =>
    eni.groupIds.map((id) => state.get('security-group', id)?.groupName),
  ),
  'ip-address': ofPrimary((eni, state) => publicAddressOf(state, eni)?.publicIp),
  'ipv6-address': never,
  'kernel-id': never,
  'key-name': (i) => i.keyName,
  'launch-index': (i) => i.launchIndex,
  'launch-time': (i) => new Date(i.launchTime).toISOString(),
  'maintenance-options.auto-recovery': (i) => maintenanceOf(i).autoRecovery,
  'metadata-options.http-endpoint': (i) => i.metadataOptions.httpEndpoint,
  'metadata-options.http-protocol-ipv4': () => 'enabled',
  'metadata-options.http-protocol-ipv6': () => 'disabled',
  'metadata-options.http-put-response-hop-limit': (i) => i.metadataOptions.httpPutResponseHopLimit,
  'metadata-options.http-tokens': (i) => i.metadataOptions.httpTokens,
  'metadata-options.instance-metadata-tags': (i) => i.metadataOptions.instanceMetadataTags,
  'metadata-options.state': (i) => (i.state === 'pending' ? 'pending' : 'applied'),
  'monitoring-state': (i) => (i.monitoring ? 'enabled' : 'disabled'),
  'network-performance-options.bandwidth-weighting': () => 'default',
  'operator.managed': () => false,
  'operator.principal': never,
  'outpost-arn': never,
  'owner-id': (i) => i.account,
  'placement-group-name': never,
  'placement-partition-number': never,
  platform: never,
  'platform-details': () => 'Linux/UNIX',
  'private-dns-name': (i, state) => {
    const [primary] = interfacesOfInstance(state, i.id)
    return primary && hostNameOf(i, primaryAddress(primary))
  },
  'private-dns-name-options.enable-resource-name-dns-a-record': (i) => i.resourceNameDnsARecord,
  'private-dns-name-options.enable-resource-name-dns-aaaa-record': () => false,
  'private-dns-name-options.hostname-type': (i) => i.hostnameType,
  'private-ip-address': ofPrimary((eni) => eni.privateIpAddresses[0]),
  'product-code': never,
  'product-code.type': never,
  'ramdisk-id': never,
  reason: (i) => i.transitionReason,
  'requester-id': never,
  'reservation-id': (i) => i.reservationId,
  'root-device-name': (i) => i.rootDevice,
  'root-device-type': () => 'ebs',
  'source-dest-check': ofPrimary((eni) => eni.sourceDestCheck),
  'spot-instance-request-id': never,
  'state-reason-code': (i) => reasonOf(i)?.code,
  'state-reason-message': (i) => reasonOf(i)?.message,
  'subnet-id': unlessTerminated((i) => i.subnetId),
  tenancy: (i) => i.tenancy,
  'tpm-support': never,
  'usage-operation': () => 'RunInstances',
  'usage-operation-update-time': (i, state) => new Date(firstLaunchOf(i, state)).toISOString(),
  'virtualization-type': () => 'hvm',
  'vpc-id': unlessTerminated((i) => i.vpcId),
}
