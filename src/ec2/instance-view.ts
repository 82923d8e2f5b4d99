/** Instances as the wire carries them: in reservations, as states, as status checks. */
import type { Output } from '../protocol/types.ts'
import { showTimeouts } from './connection-tracking.ts'
import { hostNameOf } from './dns-name.ts'
import type { Instance, InstanceState } from './instance.ts'
import { type Image, imageNamed } from './image.ts'
import { maintenanceOf, showMaintenance } from './instance-maintenance.ts'
import { typeNamed } from './instance-type.ts'
import { interfacesOfInstance, type NetworkInterface, primaryAddress } from './network-interface.ts'
import { attachmentStatusOf, showAddresses, showGroups, statusOf } from './network-interface-view.ts'
import { remembering } from './remembered.ts'
import type { State } from './state.ts'
import { showTags } from './tags.ts'
import { showAttached, volumesOf } from './volume.ts'

type Reservation = NonNullable<Output<'DescribeInstances'>['Reservations']>[number]
type BootMode = NonNullable<Image['bootMode']>
type WireInstance = NonNullable<Reservation['Instances']>[number]

/** State → the number beside its name. */
export const STATE_CODES: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
}

export const showState = (state: InstanceState): { Code: number; Name: InstanceState } => ({
  Code: STATE_CODES[state],
  Name: state,
})

/** Instances of one launch stand together. */
export function showReservations(state: State, instances: readonly Instance[]): Reservation[] {
  const groups = Map.groupBy(instances, (i) => i.reservationId)
  return [...groups].map(([ReservationId, members]) => showReservation(state, ReservationId, members))
}

export const showReservation = (state: State, ReservationId: string, members: readonly Instance[]): Reservation => ({
  ReservationId,
  OwnerId: members[0]?.account,
  Groups: [],
  Instances: members.map((i) => remember(state, i, showInstance)),
})

const remember = remembering<Instance, WireInstance>()

function showInstance(state: State, i: Instance): WireInstance {
  return {
    ...showMachine(i),
    ...showLaunch(i),
    ...showNetwork(state, i),
    UsageOperationUpdateTime: new Date(firstLaunchOf(i, state)),
    BlockDeviceMappings: volumesOf(state, i)
      .filter(() => i.state !== 'terminated')
      .map(showAttached),
    Tags: showTags(i.tags),
  }
}

const showMachine = (i: Instance): WireInstance => ({
  InstanceId: i.id,
  ImageId: i.imageId,
  InstanceType: i.instanceType as 't2.micro',
  Architecture: i.architecture,
  Hypervisor: 'xen',
  VirtualizationType: 'hvm',
  RootDeviceName: i.rootDevice,
  RootDeviceType: 'ebs',
  EbsOptimized: i.ebsOptimized,
  EnaSupport: true,
  PlatformDetails: 'Linux/UNIX',
  UsageOperation: 'RunInstances',
  ...showBoot(i),
  CpuOptions: showCpuOptions(i),
  EnclaveOptions: { Enabled: false },
  HibernationOptions: { Configured: false },
  CapacityReservationSpecification: { CapacityReservationPreference: i.capacityPreference ?? 'open' },
  MaintenanceOptions: showMaintenance(maintenanceOf(i)),
  MetadataOptions: showMetadataOptions(i),
  Monitoring: { State: i.monitoring ? 'enabled' : 'disabled' },
  NetworkPerformanceOptions: { BandwidthWeighting: 'default' },
  ProductCodes: [],
  Operator: { Managed: false },
})

/** AWS gives the state itself as the reason of a launch. */
export const reasonOf = ({ state, stateReason }: Instance) =>
  state === 'pending' ? { code: 'pending', message: 'pending' } : stateReason

function showReason(i: Instance): WireInstance['StateReason'] {
  const reason = reasonOf(i)
  return reason && { Code: reason.code, Message: reason.message }
}

/** What the image asks for, and what the type makes of it: only the later types boot by UEFI. */
export function bootOf(i: Instance): { readonly wanted?: BootMode; readonly current: 'uefi' | 'legacy-bios' } {
  const { bootMode: wanted } = imageNamed(i.region, i.imageId)
  const uefi =
    wanted !== undefined && (i.architecture === 'arm64' || typeNamed(i.instanceType).family.hypervisor === 'nitro')
  return { ...(wanted && { wanted }), current: uefi ? 'uefi' : 'legacy-bios' }
}

function showBoot(i: Instance): WireInstance {
  const { wanted, current } = bootOf(i)
  return { ...(wanted && { BootMode: wanted }), CurrentInstanceBootMode: current }
}

/** Milliseconds; a later start does not change it. */
export const firstLaunchOf = (i: Instance, state: State): number => volumesOf(state, i)[0]?.createTime ?? i.launchTime

const showLaunch = (i: Instance): WireInstance => ({
  State: showState(i.state),
  StateReason: showReason(i),
  StateTransitionReason: i.transitionReason,
  AmiLaunchIndex: i.launchIndex,
  ClientToken: i.clientToken,
  KeyName: i.keyName,
  LaunchTime: new Date(i.launchTime),
  Placement: {
    AvailabilityZone: i.availabilityZone,
    AvailabilityZoneId: i.availabilityZoneId,
    GroupName: '',
    Tenancy: i.tenancy as 'default',
  },
})

/** What a terminated instance has no more: its addresses, groups and subnet. */
function showNetwork(state: State, i: Instance): WireInstance {
  const interfaces = interfacesOfInstance(state, i.id)
  const [primary] = interfaces
  if (!primary || i.state === 'terminated')
    return { PrivateDnsName: '', PublicDnsName: '', NetworkInterfaces: [], SecurityGroups: [] }
  const shown = interfaces.map((eni) => showOwnInterface(state, eni))
  const association = shown[0]?.Association
  return {
    VpcId: i.vpcId,
    SubnetId: i.subnetId,
    PrivateIpAddress: primaryAddress(primary),
    PrivateDnsName: hostNameOf(i, primaryAddress(primary)),
    PublicDnsName: association?.PublicDnsName ?? '',
    PublicIpAddress: association?.PublicIp,
    SourceDestCheck: primary.sourceDestCheck,
    SecurityGroups: showGroups(state, primary.groupIds),
    NetworkInterfaces: shown,
    PrivateDnsNameOptions: {
      HostnameType: i.hostnameType,
      EnableResourceNameDnsARecord: i.resourceNameDnsARecord,
      EnableResourceNameDnsAAAARecord: false,
    },
  }
}

/** The interface as its instance shows it: the same facts in a shape of their own. */
function showOwnInterface(state: State, eni: NetworkInterface): NonNullable<WireInstance['NetworkInterfaces']>[number] {
  const addresses = showAddresses(state, eni).map(({ Association, ...rest }) => ({
    ...rest,
    ...(Association && { Association: within(Association) }),
  }))
  return {
    NetworkInterfaceId: eni.id,
    OwnerId: eni.account,
    SubnetId: eni.subnetId,
    VpcId: eni.vpcId,
    Description: eni.description,
    InterfaceType: 'interface',
    Status: statusOf(eni),
    MacAddress: eni.mac,
    SourceDestCheck: eni.sourceDestCheck,
    Groups: showGroups(state, eni.groupIds),
    PrivateIpAddress: primaryAddress(eni),
    PrivateDnsName: addresses[0]?.PrivateDnsName,
    PrivateIpAddresses: addresses,
    Ipv6Addresses: [],
    Operator: { Managed: false },
    ...showTimeouts(eni.idleTimeouts),
    Association: addresses[0]?.Association,
    Attachment: eni.attachment && {
      AttachmentId: eni.attachment.attachmentId,
      AttachTime: new Date(eni.attachment.attachTime),
      DeleteOnTermination: eni.attachment.deleteOnTermination,
      DeviceIndex: eni.attachment.deviceIndex,
      NetworkCardIndex: 0,
      Status: attachmentStatusOf(eni),
    },
  }
}

type Association = NonNullable<NonNullable<ReturnType<typeof showAddresses>[number]>['Association']>

const within = ({ IpOwnerId, PublicDnsName, PublicIp }: Association) => ({ IpOwnerId, PublicDnsName, PublicIp })

function showCpuOptions({ instanceType, cpuOptions }: Instance): NonNullable<WireInstance['CpuOptions']> {
  const { vcpus, cores } = typeNamed(instanceType)
  return { CoreCount: cpuOptions?.cores ?? cores, ThreadsPerCore: cpuOptions?.threadsPerCore ?? vcpus / cores }
}

export const showMetadataOptions = ({
  metadataOptions: m,
  state,
}: Instance): NonNullable<WireInstance['MetadataOptions']> => ({
  State: state === 'pending' ? 'pending' : 'applied',
  HttpTokens: m.httpTokens,
  HttpPutResponseHopLimit: m.httpPutResponseHopLimit,
  HttpEndpoint: m.httpEndpoint,
  HttpProtocolIpv6: 'disabled',
  InstanceMetadataTags: m.instanceMetadataTags,
})
