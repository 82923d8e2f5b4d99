/** What of an instance can be changed once it is there: when, and what is refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Input } from '../../src/protocol/types.ts'
import { must, place } from './place.ts'
import { refused } from './world.ts'

type Change = Omit<Input<'ModifyInstanceAttribute'>, 'InstanceId'>

function stopped(launch = {}) {
  const p = place()
  const id = p.running(launch)
  p.call('StopInstances', { InstanceIds: [id] })
  p.settled()
  return { ...p, id, modify: (change: Change) => p.call('ModifyInstanceAttribute', { InstanceId: id, ...change }) }
}

const ATTRIBUTES = [
  ...['instanceType', 'kernel', 'ramdisk', 'userData', 'disableApiTermination', 'instanceInitiatedShutdownBehavior'],
  ...['rootDeviceName', 'blockDeviceMapping', 'productCodes', 'sourceDestCheck', 'groupSet', 'ebsOptimized'],
  ...['sriovNetSupport', 'enaSupport', 'enclaveOptions', 'disableApiStop'],
] as const

test('every attribute can be asked for, and no other', () => {
  const { call, running } = place()
  const id = running()
  const asked = (Attribute: string) =>
    call('DescribeInstanceAttribute', { InstanceId: id, Attribute: Attribute as never })
  for (const name of ATTRIBUTES) {
    assert.equal(asked(name).InstanceId, id)
    assert.equal(Object.keys(asked(name)).length, 2, name)
  }
  refused('InvalidParameterValue', () => asked('colour'))
  refused('InvalidInstanceID.NotFound', () =>
    call('DescribeInstanceAttribute', { InstanceId: 'i-0123456789abcdef0', Attribute: 'userData' }),
  )
})

for (const [name, change] of [
  ['instanceType', { InstanceType: { Value: 't3.micro' } }],
  ['userData', { UserData: { Value: Buffer.from('x') } }],
  ['ebsOptimized', { EbsOptimized: { Value: false } }],
  ['enaSupport', { EnaSupport: { Value: true } }],
  ['sriovNetSupport', { SriovNetSupport: { Value: 'simple' } }],
] as const) {
  test(`${name} is changed while the instance is stopped, and not while it runs`, () => {
    const { call, id, modify, settled } = stopped()
    modify(change)
    call('StartInstances', { InstanceIds: [id] })
    settled()
    refused('IncorrectInstanceState', () => modify(change), `The instance '${id}' is not in the 'stopped' state.`)
  })
}

for (const [name, change, code, words] of [
  ['no attribute', {}, 'InvalidParameterCombination', 'No attributes specified.'],
  [
    'two attributes',
    { DisableApiStop: { Value: true }, EbsOptimized: { Value: true } },
    'InvalidParameterCombination',
    'Fields for multiple attribute types specified',
  ],
  ['a type that is none', { InstanceType: { Value: 'huge' } }, 'InvalidInstanceAttributeValue', /'huge'/],
  [
    'a type of another architecture',
    { InstanceType: { Value: 't4g.micro' } },
    'InvalidInstanceAttributeValue',
    'Modifying the instance type from m5.xlarge to t4g.micro is not allowed.',
  ],
  ['ENA away', { EnaSupport: { Value: false } }, 'UnsupportedOperation', undefined],
  ['disks without saying which', { Attribute: 'blockDeviceMapping' }, 'MissingParameter', undefined],
  ['a kernel', { Kernel: { Value: 'aki-1' } }, 'UnsupportedOperation', undefined],
  ['neither true nor false', { Attribute: 'disableApiTermination', Value: 'yes' }, 'InvalidParameterValue', undefined],
  [
    'a device that is not there',
    { BlockDeviceMappings: [{ DeviceName: '/dev/sdz', Ebs: { DeleteOnTermination: true } }] },
    'InvalidInstanceAttributeValue',
    'No device is currently mapped at /dev/sdz',
  ],
  ['another behaviour', { InstanceInitiatedShutdownBehavior: { Value: 'sleep' } }, 'InvalidParameterValue', undefined],
] as const) {
  test(`a change is refused that asks for ${name}`, () => {
    const { id, modify, see } = stopped({ InstanceType: 'm5.xlarge' })
    const before = see(id)
    refused(code, () => modify(change as Change), words)
    assert.deepEqual(see(id), before)
  })
}

test('a type with fewer interfaces than the instance has is not taken', () => {
  const { call, id, modify, subnetId } = stopped({ InstanceType: 'm5.large' })
  for (const DeviceIndex of [1, 2]) {
    const eni = must(call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId)
    call('AttachNetworkInterface', { NetworkInterfaceId: eni, InstanceId: id, DeviceIndex })
  }
  refused('InvalidInstanceAttributeValue', () => modify({ InstanceType: { Value: 't3.micro' } }))
  modify({ InstanceType: { Value: 't3.medium' } })
})

test('an instance that ends is changed no more', () => {
  const { call, running } = place()
  const InstanceId = running()
  call('TerminateInstances', { InstanceIds: [InstanceId] })
  const changes = [
    () => call('ModifyInstanceAttribute', { InstanceId, DisableApiStop: { Value: true } }),
    () => call('ModifyInstanceMaintenanceOptions', { InstanceId, AutoRecovery: 'disabled' }),
    () => call('ModifyInstanceCpuOptions', { InstanceId, CoreCount: 1, ThreadsPerCore: 1 }),
    () => call('ModifyInstancePlacement', { InstanceId, Tenancy: 'dedicated' }),
    () => call('ModifyPrivateDnsNameOptions', { InstanceId, EnableResourceNameDnsARecord: true }),
    () => call('ModifyInstanceNetworkPerformanceOptions', { InstanceId, BandwidthWeighting: 'default' }),
  ]
  for (const change of changes) refused('IncorrectInstanceState', change)
})

test('cores are switched off while the instance is stopped, and are all there in another type', () => {
  const { call, id, modify, see } = stopped({ InstanceType: 'm5.2xlarge' })
  const change = { InstanceId: id, CoreCount: 2, ThreadsPerCore: 1 }
  assert.deepEqual(call('ModifyInstanceCpuOptions', change), change)
  assert.deepEqual(see(id).CpuOptions, { CoreCount: 2, ThreadsPerCore: 1 })
  refused('MissingParameter', () => call('ModifyInstanceCpuOptions', { InstanceId: id, CoreCount: 2 }))
  modify({ InstanceType: { Value: 'm5.large' } })
  assert.deepEqual(see(id).CpuOptions, { CoreCount: 1, ThreadsPerCore: 2 })
})

test('tenancy, capacity and bandwidth are changed while stopped; what there is not, is refused', () => {
  const { call, id, see } = stopped()
  const InstanceId = id
  assert.deepEqual(call('ModifyInstancePlacement', { InstanceId, Tenancy: 'dedicated' }), { Return: true })
  assert.equal(see(id).Placement?.Tenancy, 'dedicated')
  assert.deepEqual(call('ModifyInstancePlacement', { InstanceId, GroupName: '' }), { Return: true })
  refused('MissingParameter', () => call('ModifyInstancePlacement', { InstanceId }))
  refused('UnsupportedOperation', () => call('ModifyInstancePlacement', { InstanceId, GroupName: 'near' }))
  refused('UnsupportedOperation', () => call('ModifyInstancePlacement', { InstanceId, Affinity: 'host' }))
  const capacity = (CapacityReservationPreference: 'none' | 'capacity-reservations-only') =>
    call('ModifyInstanceCapacityReservationAttributes', {
      InstanceId,
      CapacityReservationSpecification: { CapacityReservationPreference },
    })
  assert.deepEqual(capacity('none'), { Return: true })
  assert.equal(see(id).CapacityReservationSpecification?.CapacityReservationPreference, 'none')
  refused('UnsupportedOperation', () => capacity('capacity-reservations-only'))
  const weigh = (BandwidthWeighting: 'default' | 'ebs-1') =>
    call('ModifyInstanceNetworkPerformanceOptions', { InstanceId, BandwidthWeighting })
  assert.deepEqual(weigh('default'), { InstanceId, BandwidthWeighting: 'default' })
  refused('UnsupportedOperation', () => weigh('ebs-1'))
})

test('recovery is switched off and on in any state, one option at a time', () => {
  const { call, running, see } = place()
  const InstanceId = running()
  assert.deepEqual(call('ModifyInstanceMaintenanceOptions', { InstanceId, AutoRecovery: 'disabled' }), {
    InstanceId,
    AutoRecovery: 'disabled',
    RebootMigration: 'default',
  })
  call('ModifyInstanceMaintenanceOptions', { InstanceId, RebootMigration: 'disabled' })
  assert.deepEqual(see(InstanceId).MaintenanceOptions, { AutoRecovery: 'disabled', RebootMigration: 'disabled' })
  refused('MissingParameter', () => call('ModifyInstanceMaintenanceOptions', { InstanceId }))
})

test('credits are changed instance by instance: what can not be is told beside what was', () => {
  const { call, running } = place()
  const [small, large] = [running(), running({ InstanceType: 'm5.large' })]
  const credits = (CpuCredits: string, ...ids: string[]) =>
    call('ModifyInstanceCreditSpecification', {
      InstanceCreditSpecifications: ids.map((InstanceId) => ({ InstanceId, CpuCredits })),
    })
  const changed = credits('unlimited', small, large, 'i-0123456789abcdef0', 'i-x')
  assert.deepEqual(changed.SuccessfulInstanceCreditSpecifications, [{ InstanceId: small }])
  assert.deepEqual(
    changed.UnsuccessfulInstanceCreditSpecifications?.map((u) => u.Error?.Code),
    ['InstanceCreditSpecification.NotSupported', 'InvalidInstanceID.NotFound', 'InvalidInstanceID.Malformed'],
  )
  const shown = (InstanceIds?: string[]) =>
    call('DescribeInstanceCreditSpecifications', InstanceIds ? { InstanceIds } : {}).InstanceCreditSpecifications
  assert.deepEqual(shown([small]), [{ InstanceId: small, CpuCredits: 'unlimited' }])
  assert.deepEqual(shown([large]), [])
  credits('standard', small)
  assert.deepEqual(shown(), [])
  refused('InvalidParameterValue', () => credits('some', small))
})
