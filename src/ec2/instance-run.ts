/** RunInstances: from one request to as many instances as fit, with their interfaces and root volumes. */
import type { Input } from '../protocol/types.ts'
import { invalidParameter, missingParameter, unsupported } from './errors.ts'
import { type Image, imageFor } from './image.ts'
import { type Instance, instance } from './instance.ts'
import { checkedBehavior, checkedUserData } from './instance-attribute.ts'
import { privateDnsOptions } from './instance-dns-options.ts'
import { type InterfacePlan, makeInterfaces, planInterfaces, roomFor } from './instance-interfaces.ts'
import { DEFAULT_INSTANCE_TYPE, type InstanceType, refuseArchitecture, typeNamed } from './instance-type.ts'
import { metadataOptionsFor } from './instance-metadata-options.ts'
import { showReservation } from './instance-view.ts'
import { type KeyPair, keyPairNamed } from './key-pair.ts'
import { type Context, type Handlers, newResource, type Tags } from './resource.ts'
import type { Subnet } from './subnet.ts'
import { tagsFor } from './tags.ts'
import { createRootVolume, type RootVolumeWish, rootVolumeOf } from './volume-root.ts'

type Run = Input<'RunInstances'>

/** All that a request says, checked, before anything is made. */
interface Launch {
  readonly image: Image
  readonly type: InstanceType
  readonly key: KeyPair | undefined
  readonly plans: readonly InterfacePlan[]
  readonly subnet: Subnet
  readonly rootVolume: RootVolumeWish
  readonly tags: { readonly instance: Tags; readonly interface: Tags; readonly volume: Tags }
}

const TAGGED = ['instance', 'network-interface', 'volume'] as const

export const runInstancesActions: Handlers = {
  RunInstances(input, context) {
    refuseUnsupported(input)
    refuseCounts(input)
    const launch = planLaunch(context, input)
    const count = Math.max(input.MinCount, Math.min(input.MaxCount, roomFor(context.state, launch.plans)))
    const reservationId = context.newId('r')
    const launched = Array.from({ length: count }, (_, index) => runOne(context, input, launch, reservationId, index))
    return showReservation(context.state, reservationId, launched)
  },
}

function planLaunch(context: Context, input: Run): Launch {
  if (!input.ImageId) throw missingParameter('ImageId')
  const image = imageFor(context.caller.region, input.ImageId)
  const type = typeNamed(input.InstanceType ?? DEFAULT_INSTANCE_TYPE)
  refuseArchitecture(type, image.architecture)
  const key = input.KeyName ? keyPairNamed(context, input.KeyName) : undefined
  const plans = planInterfaces(context, input, type)
  const [primary] = plans
  if (!primary) throw new Error('a launch without an interface')
  const [forInstance, forInterface, forVolume] = TAGGED.map((named) =>
    tagsFor(named, input.TagSpecifications, TAGGED),
  ) as [Tags, Tags, Tags]
  return {
    image,
    type,
    key,
    plans,
    subnet: primary.subnet,
    rootVolume: rootVolumeOf(image, input.BlockDeviceMappings),
    tags: { instance: forInstance, interface: forInterface, volume: forVolume },
  }
}

function runOne(context: Context, input: Run, launch: Launch, reservationId: string, launchIndex: number): Instance {
  const launched = context.state.put('instance', {
    ...newResource(context, instance, 'pending', launch.tags.instance),
    ...placeOf(launch.subnet, input),
    ...settingsOf(launch, input),
    state: 'pending',
    reservationId,
    launchIndex,
    clientToken: input.ClientToken ?? '',
    launchTime: context.now,
    boots: 1,
    transitionReason: '',
  })
  makeInterfaces(context, launched, launch.plans, launch.tags.interface)
  createRootVolume(context, launched, launch.rootVolume, launch.tags.volume)
  return launched
}

const placeOf = (subnet: Subnet, { Placement, PrivateDnsNameOptions }: Run) => ({
  vpcId: subnet.vpcId,
  subnetId: subnet.id,
  availabilityZone: subnet.availabilityZone,
  availabilityZoneId: subnet.availabilityZoneId,
  tenancy: Placement?.Tenancy ?? 'default',
  ...privateDnsOptions(PrivateDnsNameOptions, {
    hostnameType: subnet.privateDnsHostnameType === 'resource-name' ? 'resource-name' : 'ip-name',
    resourceNameDnsARecord: subnet.enableResourceNameDnsARecord,
  }),
})

const settingsOf = ({ image, type, key }: Launch, input: Run) => ({
  imageId: image.id,
  architecture: image.architecture,
  rootDevice: image.rootDevice,
  instanceType: type.name,
  ...(key && { keyName: key.keyName, publicKey: key.publicKey }),
  ...(input.UserData && { userData: checkedUserData(input.UserData) }),
  disableApiTermination: input.DisableApiTermination ?? false,
  disableApiStop: input.DisableApiStop ?? false,
  shutdownBehavior: checkedBehavior(input.InstanceInitiatedShutdownBehavior),
  monitoring: input.Monitoring?.Enabled ?? false,
  ebsOptimized: input.EbsOptimized ?? false,
  cpuCredits: creditsOf(type, input),
  metadataOptions: metadataOptionsFor(image, input.MetadataOptions),
})

/** What a type has unless a launch says otherwise: t2 is throttled, its successors are not. */
function creditsOf({ name }: InstanceType, { CreditSpecification }: Run): Instance['cpuCredits'] {
  const wanted = CreditSpecification?.CpuCredits
  if (wanted !== undefined && wanted !== 'standard' && wanted !== 'unlimited')
    throw invalidParameter(wanted, 'creditSpecification.cpuCredits')
  return wanted ?? (name.startsWith('t2.') ? 'standard' : 'unlimited')
}

function refuseCounts({ MinCount, MaxCount }: Run): void {
  if (MinCount < 1) throw invalidParameter(MinCount, 'minCount', 'The minimum is 1.')
  if (MaxCount < MinCount) throw invalidParameter(MaxCount, 'maxCount', 'It must not be less than minCount.')
}

/** Parameter → why a request that has it is refused. What would change nothing that can be seen here is taken. */
const unsupportedParameters: readonly (readonly [(input: Run) => unknown, string])[] = [
  [(i) => i.LaunchTemplate, 'Launch templates are not supported yet.'],
  [(i) => i.InstanceMarketOptions, 'Spot Instances are not supported.'],
  [(i) => i.IamInstanceProfile, 'Instance profiles are not supported: there is no IAM here.'],
  [(i) => i.KernelId ?? i.RamdiskId, 'Kernels and RAM disks are not supported.'],
  [(i) => i.CpuOptions, 'CPU options are not supported.'],
  [
    (i) => i.Ipv6AddressCount || i.Ipv6Addresses?.length || i.EnablePrimaryIpv6,
    'IPv6 addresses of instances are not supported yet.',
  ],
  [(i) => i.HibernationOptions?.Configured, 'Hibernation is not supported.'],
  [(i) => i.EnclaveOptions?.Enabled, 'Enclaves are not supported.'],
  [
    (i) => i.ElasticGpuSpecification?.length || i.ElasticInferenceAccelerators?.length,
    'Accelerators are not supported.',
  ],
  [(i) => i.LicenseSpecifications?.length, 'License configurations are not supported.'],
  [(i) => i.SecondaryInterfaces?.length, 'Secondary interfaces are not supported.'],
  [
    (i) => i.Placement?.GroupName || i.Placement?.HostId || i.Placement?.GroupId,
    'Placement groups and dedicated hosts are not supported.',
  ],
]

function refuseUnsupported(input: Run): void {
  for (const [read, why] of unsupportedParameters) if (read(input)) throw unsupported(why)
}
