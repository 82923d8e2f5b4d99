/** Reservations: the instances of each launch. */
import { ApiError } from '../ec2/errors.ts'
import { imageNamed, publicParameter } from '../ec2/image.ts'
import type { Instance, InstanceState } from '../ec2/instance.ts'
import { typeNamed } from '../ec2/instance-type.ts'
import { baseOf, type Building, derivedId, type Home, type Reader } from './building.ts'
import type { Item } from './item.ts'

const STATES = ['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped'] as const

export const instances: Reader = {
  key: 'Reservations',
  within: 'Instances',
  id: 'InstanceId',
  read(item, home, building) {
    const { state, notes } = building
    const id = item.id('InstanceId', 'i')
    const place = { vpcId: item.idIf('VpcId', 'vpc'), subnetId: item.idIf('SubnetId', 'subnet') }
    const is: InstanceState = item.part('State')?.oneOf('Name', STATES) ?? 'running'
    const { vpcId, subnetId } = place
    item.part('State')?.skip('Code')
    item.parent?.skip('Groups', 'RequesterId')
    item.skip(...MEANINGLESS)
    if (is === 'terminated') {
      item.known()
      return notes.add('left-out', 'terminated instances', 'nothing is left of them', id)
    }
    if (!vpcId || !subnetId || !state.get('subnet', subnetId)) {
      item.known()
      return notes.add('outside', `subnet ${subnetId ?? '(none)'}`, 'its instances are left out', id)
    }
    state.put('instance', instanceOf(item, { id, vpcId, subnetId, state: is }, home, building))
  },
}

type Fixed = Pick<Instance, 'id' | 'vpcId' | 'subnetId' | 'state'>

function instanceOf(item: Item, fixed: Fixed, home: Home, building: Building): Instance {
  const whole = item.parent
  const owner = whole?.account('OwnerId')
  const base = baseOf(item, fixed.id, fixed.state, owner ? { ...home, account: owner } : home, building)
  const architecture = (item.textIf('Architecture') ?? 'x86_64').startsWith('arm64') ? 'arm64' : 'x86_64'
  const keyName = item.textIf('KeyName')
  return {
    ...base,
    ...fixed,
    ...placeOf(item, fixed, building),
    reservationId: whole?.textIf('ReservationId') ?? derivedId('r', fixed.id),
    launchIndex: item.numberIf('AmiLaunchIndex') ?? 0,
    clientToken: item.textIf('ClientToken') ?? '',
    imageId: imageFor(item, base.region, architecture, building),
    architecture,
    rootDevice: item.textIf('RootDeviceName') ?? '/dev/xvda',
    instanceType: typeFor(item, architecture, building),
    ...(keyName && { keyName }),
    launchTime: item.timeIf('LaunchTime') ?? building.now,
    boots: 1,
    disableApiTermination: false,
    disableApiStop: false,
    shutdownBehavior: 'stop',
    monitoring: item.part('Monitoring')?.textIf('State') === 'enabled',
    ebsOptimized: item.flag('EbsOptimized'),
    cpuCredits: 'standard',
    metadataOptions: metadataOptionsOf(item),
    ...reasonOf(item),
  }
}

function placeOf(item: Item, { subnetId }: Fixed, { state }: Building) {
  const placement = item.part('Placement')
  placement?.skip(
    'GroupName',
    'GroupId',
    'PartitionNumber',
    'HostId',
    'HostResourceGroupArn',
    'Affinity',
    'SpreadDomain',
  )
  const options = item.part('PrivateDnsNameOptions')
  options?.skip('EnableResourceNameDnsAAAARecord')
  const subnet = state.get('subnet', subnetId)
  return {
    availabilityZone: placement?.textIf('AvailabilityZone') ?? subnet?.availabilityZone ?? '',
    availabilityZoneId: placement?.textIf('AvailabilityZoneId') ?? subnet?.availabilityZoneId ?? '',
    tenancy: placement?.textIf('Tenancy') ?? 'default',
    hostnameType: options?.oneOf('HostnameType', ['ip-name', 'resource-name'], 'ip-name') ?? ('ip-name' as const),
    resourceNameDnsARecord: options?.flag('EnableResourceNameDnsARecord') ?? false,
  }
}

function metadataOptionsOf(item: Item): Instance['metadataOptions'] {
  const options = item.part('MetadataOptions')
  options?.skip('State', 'HttpProtocolIpv6')
  const toggle = ['enabled', 'disabled'] as const
  return {
    httpTokens: options?.oneOf('HttpTokens', ['optional', 'required'], 'optional') ?? 'optional',
    httpPutResponseHopLimit: options?.numberIf('HttpPutResponseHopLimit') ?? 1,
    httpEndpoint: options?.oneOf('HttpEndpoint', toggle, 'enabled') ?? 'enabled',
    instanceMetadataTags: options?.oneOf('InstanceMetadataTags', toggle, 'disabled') ?? 'disabled',
  }
}

function reasonOf(item: Item): Pick<Instance, 'stateReason' | 'transitionReason'> {
  const reason = item.part('StateReason')
  const stateReason = reason && { code: reason.textIf('Code') ?? '', message: reason.textIf('Message') ?? '' }
  return { ...(stateReason && { stateReason }), transitionReason: item.textIf('StateTransitionReason') ?? '' }
}

/** Of all images only those of the catalogue can be booted. */
function imageFor(item: Item, region: string, architecture: Instance['architecture'], { notes }: Building): string {
  const id = item.textIf('ImageId') ?? ''
  if (isKnown(() => imageNamed(region, id))) return id
  const name = `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`
  const instead = publicParameter(name, region)?.value ?? id
  notes.add('replaced', 'images', `instances have Amazon Linux 2023 (${instead}) in their place`, id)
  return instead
}

/** AWS has hundreds of types; the catalogue has some, in steps of the same names. */
function typeFor(item: Item, architecture: Instance['architecture'], { notes }: Building): string {
  const name = item.textIf('InstanceType') ?? ''
  if (isKnown(() => typeNamed(name))) return name
  const size = name.split('.')[1] ?? ''
  const [small, large] = architecture === 'arm64' ? ['t4g', 't4g.2xlarge'] : ['t3', 'm5.24xlarge']
  const candidates = [`${architecture === 'arm64' ? 't4g' : 'm5'}.${size}`, `${small}.${size}`]
  const instead = candidates.find((one) => isKnown(() => typeNamed(one))) ?? large
  notes.add('replaced', `instance type ${name || '(none)'}`, `instances are ${instead}`, item.text('InstanceId'))
  return instead
}

function isKnown(look: () => unknown): boolean {
  try {
    look()
    return true
  } catch (error) {
    if (error instanceof ApiError) return false
    throw error
  }
}

/** An instance is what its interfaces are: one without has no network. */
export const instancesWithoutInterface: Reader = {
  key: 'Reservations',
  within: 'Instances',
  read(item, _, { state, notes, attached }) {
    const id = item.text('InstanceId')
    if (!state.get('instance', id) || attached.has(id)) return
    state.remove('instance', id)
    notes.add('outside', 'the network interfaces of instances', 'these instances are left out', id)
  },
}

const MEANINGLESS = [
  ...['BlockDeviceMappings', 'BootMode', 'CapacityReservationId', 'CapacityReservationSpecification', 'CpuOptions'],
  ...['CurrentInstanceBootMode', 'ElasticGpuAssociations', 'ElasticInferenceAcceleratorAssociations', 'EnaSupport'],
  ...['EnclaveOptions', 'HibernationOptions', 'Hypervisor', 'IamInstanceProfile', 'InstanceLifecycle', 'KernelId'],
  ...['Licenses', 'MaintenanceOptions', 'NetworkPerformanceOptions', 'Operator', 'OutpostArn', 'Platform'],
  ...['PlatformDetails', 'ProductCodes', 'RamdiskId', 'RootDeviceType', 'SpotInstanceRequestId', 'SriovNetSupport'],
  ...['TpmSupport', 'UsageOperation', 'UsageOperationUpdateTime', 'VirtualizationType'],
  // They follow from the interfaces.
  ...['PrivateDnsName', 'PublicDnsName', 'PrivateIpAddress', 'PublicIpAddress', 'SourceDestCheck', 'SecurityGroups'],
  ...['Ipv6Address', 'SecondaryInterfaces'],
]
