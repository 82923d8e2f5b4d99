/** Volume: the root disk of an instance, as a record; made at launch, gone at termination. */
import type { Output } from '../protocol/types.ts'
import { ApiError } from './errors.ts'
import type { Instance } from './instance.ts'
import { find, remove } from './lookup.ts'
import { defineKind, type Handlers, type Resource, weak } from './resource.ts'
import { select } from './select.ts'
import type { State } from './state.ts'
import { showTags } from './tags.ts'
import { zonesOf } from './zone.ts'

export interface Volume extends Resource {
  readonly state: 'in-use' | 'available'
  readonly instanceId: string
  readonly device: string
  readonly createTime: number
  readonly availabilityZone: string
  /** GiB. */
  readonly size: number
  readonly volumeType: string
  readonly iops: number
  /** MiB/s, of gp3. */
  readonly throughput?: number
  readonly snapshotId: string
  readonly encrypted: boolean
  readonly deleteOnTermination: boolean
}

declare module './resource.ts' {
  interface ResourceTypes {
    volume: Volume
  }
}

export const isAttached = (v: Volume, state: State): boolean =>
  (state.get('instance', v.instanceId)?.state ?? 'terminated') !== 'terminated'

export const volume = defineKind({
  type: 'volume',
  idPrefix: 'vol',
  noun: 'volume',
  codes: { notFound: 'InvalidVolume.NotFound', malformed: 'InvalidParameterValue' },
  references: { instanceId: weak('instance') },
  lifecycle: {},
  filters: {
    'attachment.attach-time': (v) => new Date(v.createTime).toISOString(),
    'attachment.delete-on-termination': (v) => v.deleteOnTermination,
    'attachment.device': (v) => v.device,
    'attachment.instance-id': (v) => v.instanceId,
    'attachment.status': (v, state) => (isAttached(v, state) ? 'attached' : undefined),
    'availability-zone': (v) => v.availabilityZone,
    'availability-zone-id': (v) => zoneIdOf(v),
    'create-time': (v) => new Date(v.createTime).toISOString(),
    encrypted: (v) => v.encrypted,
    'fast-restored': () => false,
    'multi-attach-enabled': () => false,
    'operator.managed': () => false,
    'operator.principal': () => [],
    size: (v) => v.size,
    'snapshot-id': (v) => v.snapshotId,
    status: (v, state) => (isAttached(v, state) ? 'in-use' : 'available'),
    'volume-id': (v) => v.id,
    'volume-type': (v) => v.volumeType,
  },
})

/** The id beside the name of the volume's zone. */
export const zoneIdOf = ({ region, availabilityZone }: Volume): string | undefined =>
  zonesOf(region).find((z) => z.name === availabilityZone)?.id

/** The volumes of an instance, the root volume first. */
export const volumesOf = (state: State, { id }: Instance): Volume[] => [...state.where('volume', 'instanceId', id)]

export const volumeActions: Handlers = {
  DescribeVolumes(input, context) {
    const { items, ...page } = select(context, 'volume', input, input.VolumeIds, { min: 5, max: 1000 })
    return { Volumes: items.map((v) => showVolume(v, context.state)), ...page }
  },
  DeleteVolume(input, context) {
    const v = find(context, 'volume', input.VolumeId)
    if (isAttached(v, context.state))
      throw new ApiError('VolumeInUse', `Volume ${v.id} is currently attached to ${v.instanceId}`)
    remove(context, 'volume', v.id)
    return {}
  },
}

function showVolume(v: Volume, state: State): NonNullable<Output<'DescribeVolumes'>['Volumes']>[number] {
  const attached = isAttached(v, state)
  return {
    VolumeId: v.id,
    State: attached ? 'in-use' : 'available',
    CreateTime: new Date(v.createTime),
    AvailabilityZone: v.availabilityZone,
    AvailabilityZoneId: zoneIdOf(v),
    Operator: { Managed: false },
    Size: v.size,
    VolumeType: v.volumeType as 'gp3',
    Iops: v.iops,
    Throughput: v.throughput,
    SnapshotId: v.snapshotId,
    Encrypted: v.encrypted,
    MultiAttachEnabled: false,
    Attachments: attached
      ? [
          {
            VolumeId: v.id,
            InstanceId: v.instanceId,
            Device: v.device,
            State: 'attached',
            AttachTime: new Date(v.createTime),
            DeleteOnTermination: v.deleteOnTermination,
          },
        ]
      : [],
    Tags: showTags(v.tags),
  }
}

/** A volume as an instance's block device. */
export const showAttached = (v: Volume) => ({
  DeviceName: v.device,
  Ebs: {
    VolumeId: v.id,
    AttachTime: new Date(v.createTime),
    DeleteOnTermination: v.deleteOnTermination,
    Status: 'attached' as const,
  },
})
