/** The root volume of a launch: what the image says, with what the request changes. */
import type { Input } from '../protocol/types.ts'
import { unsupported } from './errors.ts'
import { type Image, snapshotOf } from './image.ts'
import type { Instance } from './instance.ts'
import { type Context, newResource, type Tags } from './resource.ts'
import { type Volume, volume } from './volume.ts'

export type RootVolumeWish = Pick<
  Volume,
  'device' | 'size' | 'volumeType' | 'iops' | 'throughput' | 'encrypted' | 'deleteOnTermination' | 'snapshotId'
>

type Mappings = Input<'RunInstances'>['BlockDeviceMappings']

/** Only the image's root device may be named: instances have no other disks here. */
export function rootVolumeOf(image: Image, mappings: Mappings = []): RootVolumeWish {
  if (mappings.some((m) => m.DeviceName !== image.rootDevice))
    throw unsupported('Volumes beside the root volume are not supported yet.')
  const [{ Ebs: ebs } = {}] = mappings
  if (ebs?.SnapshotId && ebs.SnapshotId !== snapshotOf(image))
    throw unsupported('Root volumes from other snapshots are not supported.')
  if (ebs?.KmsKeyId) throw unsupported('Encryption keys are not supported: there is no KMS here.')
  const volumeType = ebs?.VolumeType ?? image.volumeType
  const size = ebs?.VolumeSize ?? image.rootSize
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
