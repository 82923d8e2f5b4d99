/** What DescribeInstances can be asked for. What instances here never have is a known filter that matches nothing. */
import { publicAddressOf } from './address.ts'
import type { Instance } from './instance.ts'
import { hostNameOf } from './dns-name.ts'
import { STATE_CODES } from './instance-view.ts'
import { interfacesOfInstance, type NetworkInterface, primaryAddress } from './network-interface.ts'
import { interfaceFilters } from './network-interface-filters.ts'
import { publicNameOf } from './network-interface-view.ts'
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

/** `network-interface.*` asks what DescribeNetworkInterfaces asks without the prefix. */
const throughInterfaces: Readonly<Record<string, Reader>> = Object.fromEntries(
  Object.entries(interfaceFilters).map(([name, read]) => [`network-interface.${name}`, ofInterfaces(read)]),
)

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
  'capacity-reservation-id': never,
  'client-token': (i) => i.clientToken,
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
  'metadata-options.http-endpoint': (i) => i.metadataOptions.httpEndpoint,
  'metadata-options.http-tokens': (i) => i.metadataOptions.httpTokens,
  'monitoring-state': (i) => (i.monitoring ? 'enabled' : 'disabled'),
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
  'state-reason-code': (i) => i.stateReason?.code,
  'state-reason-message': (i) => i.stateReason?.message,
  'subnet-id': unlessTerminated((i) => i.subnetId),
  tenancy: (i) => i.tenancy,
  'usage-operation': () => 'RunInstances',
  'virtualization-type': () => 'hvm',
  'vpc-id': unlessTerminated((i) => i.vpcId),
}
