/** Launching instances and asking about them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { must, place } from './place.ts'
import { refused } from './world.ts'

test('a launch answers pending, and the instance runs when the engine has caught up', () => {
  const { run, see, settled, subnetId, vpcId } = place()
  const launched = must(run()[0])
  assert.deepEqual(launched.State, { Code: 0, Name: 'pending' })
  assert.match(must(launched.PrivateIpAddress), /^10\.0\.1\./)
  assert.equal(launched.PrivateDnsName, `ip-${must(launched.PrivateIpAddress).replaceAll('.', '-')}.ec2.internal`)
  settled()
  const seen = see(must(launched.InstanceId))
  assert.deepEqual(seen.State, { Code: 16, Name: 'running' })
  assert.deepEqual([seen.SubnetId, seen.VpcId, seen.InstanceType], [subnetId, vpcId, 't2.micro'])
  assert.deepEqual(
    seen.SecurityGroups?.map((g) => g.GroupName),
    ['default'],
  )
  assert.equal(seen.NetworkInterfaces?.[0]?.Attachment?.DeleteOnTermination, true)
})

test('as many are launched as the subnet has addresses for, from MinCount to MaxCount', () => {
  const { run } = place('10.0.0.0/16', '10.0.1.0/28')
  const launched = run({ MinCount: 2, MaxCount: 20 })
  assert.equal(launched.length, 11)
  assert.deepEqual(
    launched.map((i) => i.AmiLaunchIndex),
    Array.from({ length: 11 }, (_, i) => i),
  )
  assert.equal(new Set(launched.map((i) => i.PrivateIpAddress)).size, 11)
  refused('InsufficientFreeAddressesInSubnet', () => run({ MinCount: 1, MaxCount: 1 }))
})

test('instances of one launch share a reservation', () => {
  const { call, run } = place()
  run({ MinCount: 2, MaxCount: 2 })
  run()
  const reservations = must(call('DescribeInstances', {}).Reservations)
  assert.deepEqual(
    reservations.map((r) => r.Instances?.length),
    [2, 1],
  )
})

test('a launch refuses an unknown image, a foreign architecture, an unknown key and bad counts', () => {
  const { call, run } = place()
  refused(
    'InvalidAMIID.NotFound',
    () => run({ ImageId: 'ami-0123456789abcdef0' }),
    `The image id '[ami-0123456789abcdef0]' does not exist`,
  )
  refused('InvalidAMIID.Malformed', () => run({ ImageId: 'ami-xyz' }))
  refused('InvalidKeyPair.NotFound', () => run({ KeyName: 'mine' }), `The key pair 'mine' does not exist`)
  refused('InvalidParameterValue', () => run({ InstanceType: 't4g.micro' }), /does not match the architecture 'x86_64'/)
  refused('InvalidParameterValue', () => run({ MinCount: 2, MaxCount: 1 }))
  refused('InvalidParameterValue', () => run({ UserData: 'no base64!' }), 'Invalid BASE64 encoding of user data.')
  assert.deepEqual(call('DescribeInstances', {}).Reservations, [])
  assert.deepEqual(call('DescribeNetworkInterfaces', {}).NetworkInterfaces, [])
})

test('a launch with network interfaces takes neither subnet nor groups beside them', () => {
  const { run, subnetId } = place()
  refused(
    'InvalidParameterCombination',
    () => run({ SubnetId: subnetId, NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnetId }] }),
    'Network interfaces and an instance-level subnet ID may not be specified on the same request',
  )
  refused(
    'InvalidParameterCombination',
    () =>
      run({
        NetworkInterfaces: [
          { DeviceIndex: 0, SubnetId: subnetId, AssociatePublicIpAddress: true },
          { DeviceIndex: 1, SubnetId: subnetId },
        ],
      }),
    'The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.',
  )
})

test('a given interface becomes the primary one and outlives the instance', () => {
  const { call, clock, run, settled, subnetId, interfaceOf } = place()
  const id = must(
    call('CreateNetworkInterface', { SubnetId: subnetId, PrivateIpAddress: '10.0.1.50' }).NetworkInterface
      ?.NetworkInterfaceId,
  )
  const launched = must(run({ NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: id }] })[0])
  assert.equal(launched.PrivateIpAddress, '10.0.1.50')
  settled()
  call('TerminateInstances', { InstanceIds: [must(launched.InstanceId)] })
  settled()
  clock.advance(30_000)
  assert.equal(interfaceOf(id).Status, 'available')
  assert.equal(interfaceOf(id).Attachment, undefined)
})

test('one unknown id is named, and so are several', () => {
  const { call } = place()
  const [a, b] = ['i-0123456789abcdef0', 'i-0123456789abcdef1']
  refused(
    'InvalidInstanceID.NotFound',
    () => call('DescribeInstances', { InstanceIds: [a] }),
    `The instance ID '${a}' does not exist`,
  )
  refused(
    'InvalidInstanceID.NotFound',
    () => call('StopInstances', { InstanceIds: [a, b] }),
    `The instance IDs '${a}, ${b}' do not exist`,
  )
  refused('InvalidInstanceID.Malformed', () => call('TerminateInstances', { InstanceIds: ['i-xyz'] }))
})

test('the tags of a launch reach the instance, its interface and its volume', () => {
  const { call, running, see, interfaceOf, primaryOf } = place()
  const tags = (ResourceType: 'instance' | 'network-interface' | 'volume') => ({
    ResourceType,
    Tags: [{ Key: 'Name', Value: ResourceType }],
  })
  const id = running({ TagSpecifications: [tags('instance'), tags('network-interface'), tags('volume')] })
  assert.deepEqual(see(id).Tags, [{ Key: 'Name', Value: 'instance' }])
  assert.deepEqual(interfaceOf(primaryOf(id)).TagSet, [{ Key: 'Name', Value: 'network-interface' }])
  const volumes = must(call('DescribeVolumes', { Filters: [{ Name: 'attachment.instance-id', Values: [id] }] }).Volumes)
  assert.deepEqual(
    volumes.map((v) => v.Tags),
    [[{ Key: 'Name', Value: 'volume' }]],
  )
  assert.equal(see(id).BlockDeviceMappings?.[0]?.Ebs?.VolumeId, volumes[0]?.VolumeId)
})

test('filters that clients send: state, subnet, image, name, interface', () => {
  const { call, running, run, subnetId, imageId, see } = place()
  const first = running({ TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web-1' }] }] })
  const second = must(run()[0]?.InstanceId)
  const ids = (Name: string, ...Values: string[]) =>
    call('DescribeInstances', { Filters: [{ Name, Values }] })
      .Reservations?.flatMap((r) => r.Instances ?? [])
      .map((i) => i.InstanceId)
  assert.deepEqual(ids('instance-state-name', 'running'), [first])
  assert.deepEqual(ids('instance-state-code', '0'), [second])
  assert.deepEqual(ids('subnet-id', subnetId), [first, second])
  assert.deepEqual(ids('image-id', imageId), [first, second])
  assert.deepEqual(ids('tag:Name', 'web-*'), [first])
  assert.deepEqual(ids('private-ip-address', must(see(second).PrivateIpAddress)), [second])
  assert.deepEqual(
    ids('network-interface.network-interface-id', must(see(first).NetworkInterfaces?.[0]?.NetworkInterfaceId)),
    [first],
  )
  assert.deepEqual(ids('instance.group-name', 'default'), [first, second])
  assert.deepEqual(ids('instance-lifecycle', 'spot'), [])
  refused('InvalidParameterValue', () => ids('colour', 'red'), `The filter 'colour' is invalid`)
})

test('attributes are read and changed one at a time; type and user data only while stopped', () => {
  const { call, running, settled, see } = place()
  const id = running({ UserData: Buffer.from('#!/bin/sh').toString('base64') })
  const read = (Attribute: 'userData' | 'disableApiStop' | 'instanceInitiatedShutdownBehavior' | 'sourceDestCheck') =>
    call('DescribeInstanceAttribute', { InstanceId: id, Attribute })
  assert.equal(read('userData').UserData?.Value, Buffer.from('#!/bin/sh').toString('base64'))
  assert.deepEqual(read('disableApiStop').DisableApiStop, { Value: false })
  assert.deepEqual(read('instanceInitiatedShutdownBehavior').InstanceInitiatedShutdownBehavior, { Value: 'stop' })
  call('ModifyInstanceAttribute', { InstanceId: id, SourceDestCheck: { Value: false } })
  assert.deepEqual(read('sourceDestCheck').SourceDestCheck, { Value: false })
  refused(
    'IncorrectInstanceState',
    () => call('ModifyInstanceAttribute', { InstanceId: id, InstanceType: { Value: 't3.micro' } }),
    `The instance '${id}' is not in the 'stopped' state.`,
  )
  call('StopInstances', { InstanceIds: [id] })
  settled()
  call('ModifyInstanceAttribute', { InstanceId: id, Attribute: 'instanceType', Value: 't3.micro' })
  call('ModifyInstanceAttribute', { InstanceId: id, UserData: { Value: Buffer.from('new') } })
  assert.equal(see(id).InstanceType, 't3.micro')
  assert.equal(read('userData').UserData?.Value, Buffer.from('new').toString('base64'))
})

test('E1: the check of an instance with two interfaces is changed on the interface', () => {
  const { call, running, subnetId } = place()
  const id = running()
  const eni = must(call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId)
  call('AttachNetworkInterface', { NetworkInterfaceId: eni, InstanceId: id, DeviceIndex: 1 })
  refused('InvalidInstanceID', () =>
    call('ModifyInstanceAttribute', { InstanceId: id, SourceDestCheck: { Value: false } }),
  )
})

test('what can not be done is said', () => {
  const { run } = place()
  refused('UnsupportedOperation', () => run({ IamInstanceProfile: { Name: 'role' } }))
  refused('UnsupportedOperation', () => run({ LaunchTemplate: { LaunchTemplateName: 'mine' } }))
  refused('UnsupportedOperation', () =>
    run({ BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 1 } }] }),
  )
})

test('the root volume is as large as was asked for, and is said to end with the instance or not', () => {
  const { call, running, settled } = place()
  const id = running({
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, DeleteOnTermination: false } }],
  })
  const seen = must(call('DescribeVolumes', {}).Volumes?.[0])
  assert.deepEqual(
    [seen.Size, seen.VolumeType, seen.Iops, seen.State, seen.Attachments?.[0]?.InstanceId],
    [20, 'gp3', 3000, 'in-use', id],
  )
  refused('VolumeInUse', () => call('DeleteVolume', { VolumeId: must(seen.VolumeId) }))
  call('TerminateInstances', { InstanceIds: [id] })
  settled()
  assert.equal(call('DescribeVolumes', {}).Volumes?.[0]?.State, 'available')
  call('DeleteVolume', { VolumeId: must(seen.VolumeId) })
  assert.deepEqual(call('DescribeVolumes', {}).Volumes, [])
})
