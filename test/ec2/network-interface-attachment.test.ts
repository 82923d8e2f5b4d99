/** Attaching network interfaces and taking them off: places, zones, networks, and what a service keeps for itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { interfaces } from './interfaces.ts'
import { must } from './place.ts'
import { refused } from './world.ts'

test('an interface of another zone is not attached', () => {
  const { call, vpcId, create, attach, running, interfaceOf } = interfaces()
  const zone = { VpcId: vpcId, CidrBlock: '10.0.2.0/24', AvailabilityZone: 'us-east-1b' }
  const id = create({ SubnetId: must(call('CreateSubnet', zone).Subnet?.SubnetId) })
  refused(
    'InvalidParameterCombination',
    () => attach(id, running()),
    'You may not attach a network interface to an instance if they are not in the same availability zone',
  )
  assert.equal(interfaceOf(id).Status, 'available')
})

test('an interface of another VPC of the same zone is attached, and has its own subnet and groups', () => {
  const { call, records, create, attach, running } = interfaces()
  const VpcId = must(call('CreateVpc', { CidrBlock: '10.9.0.0/16' }).Vpc?.VpcId)
  const block = { VpcId, CidrBlock: '10.9.1.0/24', AvailabilityZone: 'us-east-1a' }
  const far = must(call('CreateSubnet', block).Subnet?.SubnetId)
  const instanceId = running()
  const id = create({ SubnetId: far })
  attach(id, instanceId)
  const made = must(compile(records).interfaces.get(id))
  assert.deepEqual([made.node, made.segment, made.deviceIndex], [instanceId, far, 1])
})

test('attaching wants a place that can be, an interface and an instance that are there, and no extras', () => {
  const { call, create, attach, run, running } = interfaces()
  const instanceId = running()
  const id = create()
  refused('InvalidParameterValue', () => attach(id, instanceId, -1))
  refused('InvalidInstanceID.NotFound', () => attach(id, 'i-0123456789abcdef0'))
  refused('InvalidNetworkInterfaceID.NotFound', () => attach('eni-0123456789abcdef0', instanceId))
  refused('InvalidNetworkInterfaceId.Malformed', () => attach('eni-abc', instanceId))
  refused('IncorrectInstanceState', () => attach(id, must(run()[0]?.InstanceId)))
  const extras = [{ NetworkCardIndex: 1 }, { EnaQueueCount: 2 }, { EnaSrdSpecification: { EnaSrdEnabled: true } }]
  for (const extra of extras)
    refused('UnsupportedOperation', () =>
      call('AttachNetworkInterface', { NetworkInterfaceId: id, InstanceId: instanceId, DeviceIndex: 1, ...extra }),
    )
})

test('an interface is attached to a stopped instance, and taken off it by force or not', () => {
  const { call, clock, create, attach, running, settled, interfaceOf } = interfaces()
  const instanceId = running()
  call('StopInstances', { InstanceIds: [instanceId] })
  settled()
  const id = create()
  for (const Force of [false, true]) {
    const AttachmentId = attach(id, instanceId)
    assert.equal(interfaceOf(id).Attachment?.InstanceId, instanceId)
    call('DetachNetworkInterface', { AttachmentId, Force })
    assert.equal(interfaceOf(id).Attachment?.Status, 'detaching')
    refused('InvalidNetworkInterface.InUse', () => attach(id, instanceId))
    clock.advance(1000)
    assert.equal(interfaceOf(id).Attachment?.Status, 'detached')
  }
})

test('1.13: what is no attachment is malformed or not found, and the primary interface stays', () => {
  const { call, running, primaryOf, interfaceOf } = interfaces()
  const detach = (AttachmentId: string) => () => call('DetachNetworkInterface', { AttachmentId })
  const primary = interfaceOf(primaryOf(running()))
  refused('InvalidNetworkInterfaceAttachmentId.Malformed', detach(must(primary.NetworkInterfaceId)))
  refused('InvalidAttachmentID.NotFound', detach('eni-attach-0123456789abcdef0'))
  refused(
    'OperationNotPermitted',
    detach(must(primary.Attachment?.AttachmentId)),
    'The network interface at device index 0 and networkCard index 0 cannot be detached.',
  )
})

test("a service's interface shows whose it is, and can not be changed, attached, taken off or deleted", () => {
  const { call, elastic, modify, attach, running, ofGateway, interfaceOf } = interfaces()
  const id = ofGateway()
  const before = interfaceOf(id)
  const { Attachment: attachment } = before
  assert.deepEqual([before.RequesterManaged, before.InterfaceType, before.Status], [true, 'nat_gateway', 'in-use'])
  assert.match(must(attachment?.AttachmentId), /^ela-attach-/)
  assert.deepEqual(
    [attachment?.InstanceOwnerId, attachment?.InstanceId, attachment?.Status],
    ['amazon-aws', undefined, 'attached'],
  )
  refused(
    'OperationNotPermitted',
    () => call('DetachNetworkInterface', { AttachmentId: must(attachment?.AttachmentId), Force: true }),
    "You are not allowed to manage 'ela-attach' attachments.",
  )
  refused(
    'InvalidParameterValue',
    () => call('DeleteNetworkInterface', { NetworkInterfaceId: id }),
    `Network interface '${id}' is currently in use.`,
  )
  const calls: readonly (() => unknown)[] = [
    () => modify(id, { SourceDestCheck: { Value: true } }),
    () => modify(id, { Description: { Value: 'mine' } }),
    () => attach(id, running()),
    () => call('AssignPrivateIpAddresses', { NetworkInterfaceId: id, SecondaryPrivateIpAddressCount: 1 }),
    () => call('ResetNetworkInterfaceAttribute', { NetworkInterfaceId: id, SourceDestCheck: 'true' }),
    () => call('AssociateAddress', { AllocationId: elastic(), NetworkInterfaceId: id }),
  ]
  for (const each of calls) refused('OperationNotPermitted', each)
  assert.deepEqual(interfaceOf(id), before)
})

test('1.12: a Region has 5,000 interfaces', () => {
  const { create, transaction, call } = interfaces()
  const id = create()
  transaction({ account: '123456789012', region: 'us-east-1', requestId: 'r' }, ({ state }) => {
    const eni = must(state.get('network-interface', id))
    for (let i = 1; i < 5000; i++)
      state.put('network-interface', { ...eni, id: `eni-${i.toString(16).padStart(8, '0')}`, privateIpAddresses: [] })
  })
  refused('NetworkInterfaceLimitExceeded', () => create())
  call('DeleteNetworkInterface', { NetworkInterfaceId: 'eni-00000001' })
  create()
})
