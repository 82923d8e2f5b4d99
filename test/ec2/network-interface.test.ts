/** Network interfaces: their addresses, groups and attachments. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { must, place } from './place.ts'
import { refused } from './world.ts'

test('a new interface has a free address of its subnet, the default group and a MAC of its own', () => {
  const { call, subnetId, vpcId } = place()
  const eni = must(call('CreateNetworkInterface', { SubnetId: subnetId, Description: 'mine' }).NetworkInterface)
  assert.match(must(eni.PrivateIpAddress), /^10\.0\.1\.\d+$/)
  assert.match(must(eni.MacAddress), /^02(:[0-9a-f]{2}){5}$/)
  assert.deepEqual(
    eni.Groups?.map((g) => g.GroupName),
    ['default'],
  )
  assert.deepEqual([eni.VpcId, eni.Status, eni.SourceDestCheck, eni.Description], [vpcId, 'available', true, 'mine'])
  const again = must(call('DescribeNetworkInterfaces', {}).NetworkInterfaces?.[0])
  assert.equal(again.MacAddress, eni.MacAddress)
})

for (const last of [0, 1, 2, 3, 255]) {
  test(`D35, C4: 10.0.1.${last} is reserved in 10.0.1.0/24`, () => {
    const { call, subnetId } = place()
    refused(
      'InvalidParameterValue',
      () => call('CreateNetworkInterface', { SubnetId: subnetId, PrivateIpAddress: `10.0.1.${last}` }),
      `Address 10.0.1.${last} is in subnet's reserved address range`,
    )
  })
}

test('D35: an address outside the subnet, in use, or no address is refused', () => {
  const { call, subnetId } = place()
  call('CreateNetworkInterface', { SubnetId: subnetId, PrivateIpAddress: '10.0.1.9' })
  refused(
    'InvalidIPAddress.InUse',
    () => call('CreateNetworkInterface', { SubnetId: subnetId, PrivateIpAddress: '10.0.1.9' }),
    'Address 10.0.1.9 is in use.',
  )
  refused(
    'InvalidParameterValue',
    () => call('CreateNetworkInterface', { SubnetId: subnetId, PrivateIpAddress: '10.0.2.9' }),
    `Address 10.0.2.9 does not fall within the subnet's address range`,
  )
  refused('InvalidParameterValue', () =>
    call('CreateNetworkInterface', { SubnetId: subnetId, PrivateIpAddress: '10.0.1' }),
  )
})

test('secondary addresses come with the interface, later, and go again; the primary stays', () => {
  const { call, subnetId, interfaceOf } = place()
  const created = must(
    call('CreateNetworkInterface', {
      SubnetId: subnetId,
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.20' }, { PrivateIpAddress: '10.0.1.10', Primary: true }],
    }).NetworkInterface,
  )
  const id = must(created.NetworkInterfaceId)
  assert.equal(created.PrivateIpAddresses?.length, 2)
  assert.deepEqual(
    created.PrivateIpAddresses?.filter((a) => a.Primary).map((a) => a.PrivateIpAddress),
    ['10.0.1.10'],
  )
  const added = call('AssignPrivateIpAddresses', { NetworkInterfaceId: id, PrivateIpAddresses: ['10.0.1.30'] })
  assert.deepEqual(added.AssignedPrivateIpAddresses, [{ PrivateIpAddress: '10.0.1.30' }])
  call('AssignPrivateIpAddresses', { NetworkInterfaceId: id, SecondaryPrivateIpAddressCount: 1 })
  call('UnassignPrivateIpAddresses', { NetworkInterfaceId: id, PrivateIpAddresses: ['10.0.1.20', '10.0.1.30'] })
  assert.equal(interfaceOf(id).PrivateIpAddresses?.length, 2)
  refused('InvalidParameterValue', () =>
    call('UnassignPrivateIpAddresses', { NetworkInterfaceId: id, PrivateIpAddresses: ['10.0.1.10'] }),
  )
  refused('InvalidParameterValue', () =>
    call('UnassignPrivateIpAddresses', { NetworkInterfaceId: id, PrivateIpAddresses: ['10.0.1.99'] }),
  )
})

test('a subnet without a free address answers InsufficientFreeAddressesInSubnet, and nothing is left behind', () => {
  const { call, subnetId } = place('10.0.0.0/16', '10.0.1.0/28')
  for (let i = 0; i < 11; i++) call('CreateNetworkInterface', { SubnetId: subnetId })
  refused('InsufficientFreeAddressesInSubnet', () => call('CreateNetworkInterface', { SubnetId: subnetId }))
  assert.equal(call('DescribeNetworkInterfaces', {}).NetworkInterfaces?.length, 11)
})

test('A18: a subnet and its VPC can not go while an interface is there', () => {
  const { call, subnetId, vpcId } = place()
  const id = must(call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId)
  refused('DependencyViolation', () => call('DeleteSubnet', { SubnetId: subnetId }))
  refused('DependencyViolation', () => call('DeleteVpc', { VpcId: vpcId }))
  call('DeleteNetworkInterface', { NetworkInterfaceId: id })
  call('DeleteSubnet', { SubnetId: subnetId })
  refused(
    'InvalidNetworkInterfaceID.NotFound',
    () => call('DeleteNetworkInterface', { NetworkInterfaceId: id }),
    `The networkInterface ID '${id}' does not exist`,
  )
})

test('a detached interface shows its attachment as detaching, then detached, for some seconds', () => {
  const { call, clock, subnetId, running, interfaceOf } = place()
  const instanceId = running()
  const id = must(call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId)
  const attachment = must(
    call('AttachNetworkInterface', { NetworkInterfaceId: id, InstanceId: instanceId, DeviceIndex: 1 }).AttachmentId,
  )
  assert.equal(interfaceOf(id).Attachment?.Status, 'attached')
  refused(
    'InvalidParameterValue',
    () => call('DeleteNetworkInterface', { NetworkInterfaceId: id }),
    `Network interface '${id}' is currently in use.`,
  )
  call('DetachNetworkInterface', { AttachmentId: attachment })
  const byAttachment = () =>
    call('DescribeNetworkInterfaces', { Filters: [{ Name: 'attachment.attachment-id', Values: [attachment] }] })
      .NetworkInterfaces
  assert.equal(byAttachment()?.[0]?.Attachment?.Status, 'detaching')
  clock.advance(2000)
  assert.equal(byAttachment()?.[0]?.Attachment?.Status, 'detached')
  assert.equal(byAttachment()?.[0]?.Status, 'available')
  clock.advance(60_000)
  assert.deepEqual(byAttachment(), [])
  call('DeleteNetworkInterface', { NetworkInterfaceId: id })
})

test('attaching is refused where the place is taken, the interface is in use, or the type has no room', () => {
  const { call, subnetId, running, primaryOf } = place()
  const instanceId = running()
  const create = () => must(call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId)
  const [first, second] = [create(), create()]
  refused(
    'InvalidParameterValue',
    () => call('AttachNetworkInterface', { NetworkInterfaceId: first, InstanceId: instanceId, DeviceIndex: 0 }),
    `Instance '${instanceId}' already has an interface attached at device index '0'.`,
  )
  const attachment = must(
    call('AttachNetworkInterface', { NetworkInterfaceId: first, InstanceId: instanceId, DeviceIndex: 1 }).AttachmentId,
  )
  refused(
    'InvalidNetworkInterface.InUse',
    () => call('AttachNetworkInterface', { NetworkInterfaceId: first, InstanceId: instanceId, DeviceIndex: 2 }),
    `Interface: [${first}] in use.`,
  )
  refused(
    'AttachmentLimitExceeded',
    () => call('AttachNetworkInterface', { NetworkInterfaceId: second, InstanceId: instanceId, DeviceIndex: 2 }),
    'Interface count 3 exceeds the limit for t2.micro',
  )
  const primary = must(
    call('DescribeNetworkInterfaces', { NetworkInterfaceIds: [primaryOf(instanceId)] }).NetworkInterfaces?.[0]
      ?.Attachment?.AttachmentId,
  )
  refused('OperationNotPermitted', () => call('DetachNetworkInterface', { AttachmentId: primary }))
  call('DetachNetworkInterface', { AttachmentId: attachment })
  refused('InvalidAttachmentID.NotFound', () => call('DetachNetworkInterface', { AttachmentId: attachment }))
})

test('E1: the source/destination check, the description and the groups can be changed, one in a call', () => {
  const { call, subnetId, vpcId, interfaceOf } = place()
  const id = must(call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId)
  const group = must(call('CreateSecurityGroup', { VpcId: vpcId, GroupName: 'web', Description: 'web' }).GroupId)
  call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: id, SourceDestCheck: { Value: false } })
  call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: id, Description: { Value: 'changed' } })
  call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: id, Groups: [group] })
  const eni = interfaceOf(id)
  assert.deepEqual(
    [eni.SourceDestCheck, eni.Description, eni.Groups],
    [false, 'changed', [{ GroupId: group, GroupName: 'web' }]],
  )
  refused('InvalidParameterCombination', () =>
    call('ModifyNetworkInterfaceAttribute', {
      NetworkInterfaceId: id,
      SourceDestCheck: { Value: true },
      Description: { Value: 'two' },
    }),
  )
  const read = call('DescribeNetworkInterfaceAttribute', { NetworkInterfaceId: id, Attribute: 'sourceDestCheck' })
  assert.deepEqual(read, { NetworkInterfaceId: id, SourceDestCheck: { Value: false } })
})

test('S6: an interface takes no group of another VPC', () => {
  const { call, subnetId } = place()
  const other = must(call('CreateVpc', { CidrBlock: '10.9.0.0/16' }).Vpc?.VpcId)
  const group = must(call('CreateSecurityGroup', { VpcId: other, GroupName: 'far', Description: 'far' }).GroupId)
  assert.throws(() => call('CreateNetworkInterface', { SubnetId: subnetId, Groups: [group] }), { name: 'ApiError' })
})

test('only an interface of a pending or running instance is part of the network', () => {
  const { call, records, running, settled, primaryOf } = place()
  const instanceId = running()
  const id = primaryOf(instanceId)
  const network = compile(records)
  assert.equal(network.nodes.get(instanceId)?.kind, 'host')
  assert.equal(network.interfaces.get(id)?.node, instanceId)
  assert.equal(network.interfaces.get(id)?.deviceIndex, 0)
  call('StopInstances', { InstanceIds: [instanceId] })
  settled()
  assert.equal(compile(records).interfaces.get(id), undefined)
  assert.equal(compile(records).nodes.get(instanceId), undefined)
})

test("two accounts do not see each other's interfaces", () => {
  const { call, subnetId } = place()
  const id = must(call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId)
  const stranger = { account: '999999999999', region: 'us-east-1', requestId: 'r' }
  assert.deepEqual(call('DescribeNetworkInterfaces', {}, stranger).NetworkInterfaces, [])
  refused('InvalidNetworkInterfaceID.NotFound', () =>
    call('DeleteNetworkInterface', { NetworkInterfaceId: id }, stranger),
  )
})
