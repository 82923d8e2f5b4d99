/** RunInstances: from one request to as many instances as fit, with their interfaces and root volumes. */
import type { Input } from '../protocol/types.ts'
import { ApiError, invalidParameter, invalidValue, missingParameter, unsupported } from './errors.ts'
import { type Image, imageFor } from './image.ts'
import { type CpuOptions, type Instance, instance } from './instance.ts'
import { checkedBehavior, checkedUserData } from './instance-attribute.ts'
import { cpuOptionsFor } from './instance-cpu-options.ts'
import { creditsOf } from './instance-credits.ts'
import { privateDnsOptions } from './instance-dns-options.ts'
import { maintenanceFor, refuseWeighting } from './instance-maintenance.ts'
import { type InterfacePlan, makeInterfaces, planInterfaces, roomFor } from './instance-interfaces.ts'
import { capacityPreferenceFor, refuseHosts, tenancyOf } from './instance-placement.ts'
import {
  DEFAULT_INSTANCE_TYPE,
  hasEbsOptimization,
  type InstanceType,
  refuseArchitecture,
  typeNamed,
} from './instance-type.ts'
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
  readonly cpuOptions: CpuOptions | undefined
  readonly tags: { readonly instance: Tags; readonly interface: Tags; readonly volume: Tags }
}

const TAGGED = ['instance', 'network-interface', 'volume'] as const

export const runInstancesActions: Handlers = {
  RunInstances(input, context) {
    refuseUnsupported(input)
    refuseCounts(input)
    const launch = planLaunch(context, input)
    const count = Math.max(input.MinCount, Math.min(input.MaxCount, roomFor(context, launch.plans)))
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
  refuseForType(type, input)
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
    cpuOptions: cpuOptionsFor(type, input.CpuOptions),
    tags: { instance: forInstance, interface: forInterface, volume: forVolume },
  }
}

function runOne(context: Context, input: Run, launch: Launch, reservationId: string, launchIndex: number): Instance {
  const launched = context.state.put('instance', {
    ...newResource(context, instance, 'pending', launch.tags.instance),
    ...placeOf(context, launch.subnet, input),
    ...settingsOf(context, launch, input),
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

const placeOf = (context: Context, subnet: Subnet, { Placement, PrivateDnsNameOptions }: Run) => ({
  vpcId: subnet.vpcId,
  subnetId: subnet.id,
  availabilityZone: subnet.availabilityZone,
  availabilityZoneId: subnet.availabilityZoneId,
  tenancy: tenancyOf(context, subnet, Placement),
  ...privateDnsOptions(PrivateDnsNameOptions, {
    hostnameType: subnet.privateDnsHostnameType === 'resource-name' ? 'resource-name' : 'ip-name',
    resourceNameDnsARecord: subnet.enableResourceNameDnsARecord,
  }),
})

const settingsOf = (context: Context, { image, type, key, cpuOptions }: Launch, input: Run) => ({
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
  cpuCredits: creditsOf(type, input.CreditSpecification?.CpuCredits),
  ...(cpuOptions && { cpuOptions }),
  capacityPreference: capacityPreferenceFor(input.CapacityReservationSpecification),
  maintenance: maintenanceFor(input.MaintenanceOptions),
  metadataOptions: metadataOptionsFor(context, image, input.MetadataOptions),
})

/** unverified: AWS's words for the counts and the token. */
function refuseCounts({ MinCount, MaxCount, ClientToken = '' }: Run): void {
  if (ClientToken.length > 64) throw invalidValue('The client token must not be longer than 64 characters.')
  if (MinCount < 1) throw invalidParameter(MinCount, 'minCount', 'The minimum is 1.')
  if (MaxCount < MinCount) throw invalidParameter(MaxCount, 'maxCount', 'It must not be less than minCount.')
}

/** Parameter → why a request that has it is refused. What would change nothing that can be seen here is taken. */
const unsupportedParameters: readonly (readonly [(input: Run) => unknown, string])[] = [
  [(i) => i.LaunchTemplate, 'Launch templates are not supported yet.'],
  [(i) => i.InstanceMarketOptions, 'Spot Instances are not supported.'],
  [(i) => i.IamInstanceProfile, 'Instance profiles are not supported: there is no IAM here.'],
  [(i) => i.KernelId ?? i.RamdiskId, 'Kernels and RAM disks are not supported.'],
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
  [(i) => i.Operator?.Principal, 'Instances that a service manages are not supported.'],
]

/** What a launch wants and its type has not. */
function refuseForType(type: InstanceType, { EbsOptimized, NetworkPerformanceOptions }: Run): void {
  refuseWeighting(NetworkPerformanceOptions?.BandwidthWeighting, type.name)
  if (EbsOptimized && !hasEbsOptimization(type))
    throw new ApiError(
      'Unsupported',
      'EBS-optimized instances are not supported for your requested configuration. ' +
        'Please check the documentation for supported configurations.',
    )
}

function refuseUnsupported(input: Run): void {
  for (const [read, why] of unsupportedParameters) if (read(input)) throw unsupported(why)
  refuseHosts(input.Placement ?? {})
}
