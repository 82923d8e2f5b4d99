/** Volumes: the root disks of instances, as they are shown, found and deleted. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { must, place } from './place.ts'
import { refused } from './world.ts'

function withVolume() {
  const p = place()
  const id = p.running({ TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'a', Value: 'b' }] }] })
  return { ...p, id, volume: must(p.call('DescribeVolumes', {}).Volumes?.[0]) }
}

test('every documented filter of DescribeVolumes is met or not', () => {
  const { call, id, volume } = withVolume()
  const found = (Name: string, value: string) =>
    call('DescribeVolumes', { Filters: [{ Name, Values: [value] }] }).Volumes?.length
  const values = {
    'attachment.attach-time': '2026-01-01T*',
    'attachment.delete-on-termination': 'true',
    'attachment.device': '/dev/xvda',
    'attachment.instance-id': id,
    'attachment.status': 'attached',
    'availability-zone': 'us-east-1a',
    'availability-zone-id': 'use1-az1',
    'create-time': '2026-01-01T*',
    encrypted: 'false',
    'fast-restored': 'false',
    'multi-attach-enabled': 'false',
    'operator.managed': 'false',
    size: '8',
    'snapshot-id': must(volume.SnapshotId),
    status: 'in-use',
    'tag:a': 'b',
    'tag-key': 'a',
    'volume-id': must(volume.VolumeId),
    'volume-type': 'gp3',
  }
  for (const [name, value] of Object.entries(values)) {
    assert.equal(found(name, value), 1, name)
    assert.equal(found(name, 'nothing'), 0, name)
  }
  assert.equal(found('operator.principal', '*'), 0)
  refused('InvalidParameterValue', () => found('colour', 'red'))
})

test('a volume is well, and every documented filter of its status is met or not', () => {
  const { call, id, volume } = withVolume()
  const statuses = (Name: string, value: string) =>
    call('DescribeVolumeStatus', { Filters: [{ Name, Values: [value] }] }).VolumeStatuses
  const [status] = must(statuses('volume-status.status', 'ok'))
  assert.deepEqual([status?.VolumeId, status?.AttachmentStatuses], [volume.VolumeId, [{ InstanceId: id }]])
  const values = {
    'availability-zone': 'us-east-1a',
    'volume-status.details-name': 'io-enabled',
    'volume-status.details-status': 'passed',
    'volume-status.status': 'ok',
  }
  for (const [name, value] of Object.entries(values)) {
    assert.equal(statuses(name, value)?.length, 1, name)
    assert.deepEqual(statuses(name, 'nothing'), [], name)
  }
  const events = ['description', 'event-id', 'event-type', 'not-after', 'not-before'].map((name) => `event.${name}`)
  for (const name of [...events, 'action.code', 'action.description', 'action.event-id'])
    assert.deepEqual(statuses(name, '*'), [], name)
  refused('InvalidParameterValue', () => statuses('colour', 'red'))
})

test('a volume is asked for by its id, its attributes one by one', () => {
  const { call, volume } = withVolume()
  const VolumeId = must(volume.VolumeId)
  assert.deepEqual(call('DescribeVolumeAttribute', { VolumeId, Attribute: 'autoEnableIO' }), {
    VolumeId,
    AutoEnableIO: { Value: false },
  })
  assert.deepEqual(call('DescribeVolumeAttribute', { VolumeId, Attribute: 'productCodes' }), {
    VolumeId,
    ProductCodes: [],
  })
  assert.equal(call('DescribeVolumeStatus', { VolumeIds: [VolumeId] }).VolumeStatuses?.length, 1)
  for (const action of ['DescribeVolumes', 'DescribeVolumeStatus'] as const) {
    refused('InvalidVolume.NotFound', () => call(action, { VolumeIds: ['vol-0123456789abcdef0'] }))
    refused('InvalidParameterValue', () => call(action, { VolumeIds: ['vol-x'] }))
    refused('InvalidParameterCombination', () => call(action, { VolumeIds: [VolumeId], MaxResults: 5 }))
  }
})

test('a stopped instance keeps its volume, and a volume that outlives its instance is deleted by itself', () => {
  const { call, id, volume, settled } = withVolume()
  const VolumeId = must(volume.VolumeId)
  call('StopInstances', { InstanceIds: [id] })
  settled()
  refused('VolumeInUse', () => call('DeleteVolume', { VolumeId }))
  call('ModifyInstanceAttribute', {
    InstanceId: id,
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: false } }],
  })
  call('TerminateInstances', { InstanceIds: [id] })
  settled()
  assert.deepEqual(call('DescribeVolumes', {}).Volumes?.[0]?.Attachments, [])
  assert.deepEqual(call('DescribeVolumeStatus', {}).VolumeStatuses?.[0]?.AttachmentStatuses, [])
  call('DeleteVolume', { VolumeId })
  refused('InvalidVolume.NotFound', () => call('DeleteVolume', { VolumeId }))
})
