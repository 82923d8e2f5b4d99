/** The root volume of a launch: what the image says, with what the request changes. */
import type { Input } from '../protocol/types.ts'
import { ApiError, invalidCombination, missingParameter, unsupported } from './errors.ts'
import { type Image, snapshotOf } from './image.ts'
import type { Instance } from './instance.ts'
import { type Context, newResource, type Tags } from './resource.ts'
import { type Volume, volume } from './volume.ts'

export type RootVolumeWish = Pick<
  Volume,
  'device' | 'size' | 'volumeType' | 'iops' | 'throughput' | 'encrypted' | 'deleteOnTermination' | 'snapshotId'
>

type Mappings = Input<'RunInstances'>['BlockDeviceMappings']

/** Only the image's root device can have a volume: instances have no other disks here. */
export function rootVolumeOf(image: Image, mappings: Mappings = []): RootVolumeWish {
  const ebs = rootMapping(image, mappings)?.Ebs
  if (ebs?.SnapshotId && ebs.SnapshotId !== snapshotOf(image))
    throw unsupported('Root volumes from other snapshots are not supported.')
  if (ebs?.KmsKeyId) throw unsupported('Encryption keys are not supported: there is no KMS here.')
  const volumeType = ebs?.VolumeType ?? image.volumeType
  const size = ebs?.VolumeSize ?? image.rootSize
  checkPerformance(volumeType, size, ebs ?? {})
  if (size < image.rootSize)
    throw new ApiError(
      'InvalidBlockDeviceMapping',
      `Volume of size ${size}GB is smaller than snapshot '${snapshotOf(image)}', expect size >= ${image.rootSize}GB`,
    )
  return {
    device: image.rootDevice,
    size,
    volumeType,
    iops: ebs?.Iops ?? defaultIops(volumeType, size),
    ...(volumeType === 'gp3' && { throughput: ebs?.Throughput ?? 125 }),
    encrypted: ebs?.Encrypted ?? false,
    deleteOnTermination: ebs?.DeleteOnTermination ?? true,
    snapshotId: snapshotOf(image),
  }
}

/** unverified: the words of the refusals. */
function rootMapping(image: Image, mappings: NonNullable<Mappings>) {
  // Suppressed devices and instance store volumes that a type has not are left out by AWS as well.
  const wanted = mappings.filter((m) => m.NoDevice === undefined && m.VirtualName === undefined)
  const names = mappings.map((m) => m.DeviceName)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice)
    throw new ApiError(
      'InvalidBlockDeviceMapping',
      `The device '${twice}' is used in more than one block-device mapping`,
    )
  if (mappings.some((m) => m.DeviceName === image.rootDevice && !wanted.includes(m)))
    throw new ApiError('InvalidBlockDeviceMapping', `The root device '${image.rootDevice}' can not be left out.`)
  if (wanted.some((m) => m.DeviceName !== image.rootDevice))
    throw unsupported('Volumes beside the root volume are not supported yet.')
  return wanted[0]
}

type Ebs = NonNullable<NonNullable<Mappings>[number]['Ebs']>

/** Volume type → its GiB, its IOPS where they can be chosen, and how many of them each GiB allows. */
const volumeTypes: Readonly<Record<string, { readonly size: Range; readonly iops?: Range; readonly ratio?: number }>> =
  {
    gp2: { size: [1, 16_384] },
    gp3: { size: [1, 65_536], iops: [3000, 80_000], ratio: 500 },
    io1: { size: [4, 16_384], iops: [100, 64_000], ratio: 50 },
    io2: { size: [4, 65_536], iops: [100, 256_000], ratio: 1000 },
    standard: { size: [1, 1024] },
  }
type Range = readonly [number, number]

/** Throws where a volume of the type can not be the root, as large, or as fast. unverified: words beside iops' own. */
function checkPerformance(type: string, size: number, { Iops, Throughput }: Ebs): void {
  const limits = Object.hasOwn(volumeTypes, type) ? volumeTypes[type] : undefined
  if (!limits) throw invalidCombination(`Invalid volume type '${type}' for boot volume.`)
  if (size < limits.size[0] || size > limits.size[1])
    throw new ApiError('InvalidParameterValue', `Volume of ${size}GiB is not valid for volume type ${type}.`)
  if (Throughput !== undefined && type !== 'gp3')
    throw invalidCombination(`The parameter throughput is not supported for ${type} volumes.`)
  if (Throughput !== undefined && (Throughput < 125 || Throughput > 2000))
    throw new ApiError('InvalidParameterValue', `Volume throughput of ${Throughput} is not between 125 and 2000.`)
  if (Iops !== undefined && !limits.iops)
    throw invalidCombination(`The parameter iops is not supported for ${type} volumes.`)
  if (Iops === undefined && type.startsWith('io')) throw missingParameter('iops')
  checkIops(type, size, Iops, limits)
}

function checkIops(
  type: string,
  size: number,
  wanted: number | undefined,
  { iops, ratio = 0 }: { iops?: Range; ratio?: number },
): void {
  if (wanted === undefined || !iops) return
  if (wanted < iops[0] || wanted > iops[1])
    throw new ApiError('InvalidParameterValue', `Volume iops of ${wanted} is not between ${iops[0]} and ${iops[1]}.`)
  if (wanted > Math.max(iops[0], ratio * size))
    throw new ApiError('InvalidParameterCombination', `Iops to volume size ratio of ${type} is larger than ${ratio}.`)
}

/** gp2 earns three a GiB, from 100 to 16,000; gp3 starts with 3,000. */
const defaultIops = (volumeType: string, size: number): number =>
  volumeType === 'gp2' ? Math.min(16_000, Math.max(100, 3 * size)) : volumeType === 'gp3' ? 3000 : 100

export function createRootVolume(context: Context, owner: Instance, wish: RootVolumeWish, tags: Tags): Volume {
  return context.state.put('volume', {
    ...newResource(context, volume, 'in-use', tags),
    ...wish,
    state: 'in-use',
    instanceId: owner.id,
    createTime: context.now,
    availabilityZone: owner.availabilityZone,
  })
}
