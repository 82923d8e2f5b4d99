/** Elastic IP addresses: allocation, association, release. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { contains, prefix } from '../../src/ip/prefix.ts'
import { ip } from '../../src/ip/address.ts'
import { must, place } from './place.ts'
import { refused } from './world.ts'

test('an allocated address is one of the pool, never one of its reserved ends, never twice the same', () => {
  const { call } = place()
  const seen = Array.from({ length: 5 }, () => must(call('AllocateAddress', {}).PublicIp))
  assert.equal(new Set(seen).size, 5)
  for (const address of seen) {
    assert.ok(contains(prefix('198.18.0.0/22'), ip(address)), address)
    assert.ok(!['198.18.0.0', '198.18.0.1', '198.18.0.2', '198.18.0.3', '198.18.3.255'].includes(address), address)
  }
})

test('G6: the sixth address of a Region is refused', () => {
  const { call } = place()
  for (let i = 0; i < 5; i++) call('AllocateAddress', {})
  refused(
    'AddressLimitExceeded',
    () => call('AllocateAddress', {}),
    'The maximum number of addresses has been reached.',
  )
})

test('A8, A10: an associated address shows on the address, the interface and the instance', () => {
  const { call, running, see, elastic, addressOf, primaryOf, interfaceOf } = place()
  const instanceId = running()
  assert.equal(see(instanceId).PublicIpAddress, undefined)
  const allocation = elastic()
  const association = must(call('AssociateAddress', { AllocationId: allocation, InstanceId: instanceId }).AssociationId)
  const address = addressOf(allocation)
  assert.deepEqual(
    [address.AssociationId, address.InstanceId, address.NetworkInterfaceId],
    [association, instanceId, primaryOf(instanceId)],
  )
  assert.equal(address.PrivateIpAddress, see(instanceId).PrivateIpAddress)
  assert.equal(see(instanceId).PublicIpAddress, address.PublicIp)
  assert.equal(interfaceOf(primaryOf(instanceId)).Association?.AllocationId, allocation)
  assert.deepEqual(
    call('DescribeAddresses', { Filters: [{ Name: 'instance-id', Values: [instanceId] }] }).Addresses?.length,
    1,
  )
})

test('G4, D24: without an internet gateway an association is refused', () => {
  const { call, running, elastic, gatewayId, vpcId } = place()
  const instanceId = running()
  call('DetachInternetGateway', { InternetGatewayId: gatewayId, VpcId: vpcId })
  refused(
    'Gateway.NotAttached',
    () => call('AssociateAddress', { AllocationId: elastic(), InstanceId: instanceId }),
    `Network ${vpcId} is not attached to any internet gateway`,
  )
})

test('G4: a pending instance takes no address', () => {
  const { call, run, elastic } = place()
  const [launched] = run()
  refused('IncorrectInstanceState', () =>
    call('AssociateAddress', { AllocationId: elastic(), InstanceId: must(launched?.InstanceId) }),
  )
})

test('G5: an address that is elsewhere moves only with AllowReassociation', () => {
  const { call, running, elastic, addressOf } = place()
  const [a, b] = [running(), running()]
  const allocation = elastic()
  const first = must(call('AssociateAddress', { AllocationId: allocation, InstanceId: a }).AssociationId)
  assert.equal(call('AssociateAddress', { AllocationId: allocation, InstanceId: a }).AssociationId, first)
  refused(
    'Resource.AlreadyAssociated',
    () => call('AssociateAddress', { AllocationId: allocation, InstanceId: b }),
    `resource ${allocation} is already associated with associate-id ${first}`,
  )
  call('AssociateAddress', { AllocationId: allocation, InstanceId: b, AllowReassociation: true })
  assert.equal(addressOf(allocation).InstanceId, b)
})

test('G5: a new address takes the place of the old one, which stays allocated', () => {
  const { call, running, elastic, addressOf, see } = place()
  const instanceId = running()
  const [old, young] = [elastic(), elastic()]
  call('AssociateAddress', { AllocationId: old, InstanceId: instanceId })
  call('AssociateAddress', { AllocationId: young, InstanceId: instanceId })
  assert.equal(addressOf(old).AssociationId, undefined)
  assert.equal(see(instanceId).PublicIpAddress, addressOf(young).PublicIp)
})

test('G5: an Elastic IP ends the auto-assigned address; without it the instance gets another one', () => {
  const { call, running, elastic, see, subnetId } = place()
  const instanceId = running({
    NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnetId, AssociatePublicIpAddress: true }],
  })
  const auto = must(see(instanceId).PublicIpAddress)
  const association = must(call('AssociateAddress', { AllocationId: elastic(), InstanceId: instanceId }).AssociationId)
  assert.notEqual(see(instanceId).PublicIpAddress, auto)
  call('DisassociateAddress', { AssociationId: association })
  assert.ok(see(instanceId).PublicIpAddress)
})

test('G6: disassociating twice is no error, an unknown association is', () => {
  const { call, running, elastic, see } = place()
  const instanceId = running()
  const association = must(call('AssociateAddress', { AllocationId: elastic(), InstanceId: instanceId }).AssociationId)
  call('DisassociateAddress', { AssociationId: association })
  call('DisassociateAddress', { AssociationId: association })
  assert.equal(see(instanceId).PublicIpAddress, undefined)
  refused('InvalidAssociationID.NotFound', () =>
    call('DisassociateAddress', { AssociationId: 'eipassoc-0123456789abcdef0' }),
  )
})

test("G6, D37: an associated address can not be released in a VPC of one's own, and then can", () => {
  const { call, running, elastic, addressOf } = place()
  const allocation = elastic()
  const association = must(call('AssociateAddress', { AllocationId: allocation, InstanceId: running() }).AssociationId)
  refused(
    'InvalidIPAddress.InUse',
    () => call('ReleaseAddress', { AllocationId: allocation }),
    `Address ${addressOf(allocation).PublicIp} is in use.`,
  )
  call('DisassociateAddress', { AssociationId: association })
  call('ReleaseAddress', { AllocationId: allocation })
  refused(
    'InvalidAllocationID.NotFound',
    () => call('ReleaseAddress', { AllocationId: allocation }),
    `The allocation ID '${allocation}' does not exist`,
  )
})

test('G3, D24: the gateway can not go while an address is mapped', () => {
  const { call, running, elastic, gatewayId, vpcId } = place()
  call('AssociateAddress', { AllocationId: elastic(), InstanceId: running() })
  refused(
    'DependencyViolation',
    () => call('DetachInternetGateway', { InternetGatewayId: gatewayId, VpcId: vpcId }),
    /^Network vpc-[0-9a-f]+ has some mapped public address\(es\)\. Please unmap those /,
  )
})

test('G1: the address is a translation at the gateway while its instance lives', () => {
  const { call, records, running, elastic, settled, addressOf, vpcId, gatewayId, see } = place()
  const instanceId = running()
  const allocation = elastic()
  call('AssociateAddress', { AllocationId: allocation, InstanceId: instanceId })
  const outside = addressOf(allocation).PublicIp
  assert.deepEqual(compile(records).translations, [
    {
      interface: `${vpcId}/${gatewayId}`,
      inside: see(instanceId).PrivateIpAddress,
      outside,
      origin: { resource: allocation, rule: outside },
    },
  ])
  call('StopInstances', { InstanceIds: [instanceId] })
  settled()
  assert.deepEqual(compile(records).translations, [])
})

test('E1: an instance with two interfaces must be told which one', () => {
  const { call, running, elastic, subnetId } = place()
  const instanceId = running()
  const id = must(call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId)
  call('AttachNetworkInterface', { NetworkInterfaceId: id, InstanceId: instanceId, DeviceIndex: 1 })
  refused('InvalidInstanceID', () => call('AssociateAddress', { AllocationId: elastic(), InstanceId: instanceId }))
  call('AssociateAddress', { AllocationId: elastic(), NetworkInterfaceId: id })
})

test('an unknown public address is not found, in whatever form', () => {
  const { call } = place()
  refused(
    'InvalidAddress.NotFound',
    () => call('DescribeAddresses', { PublicIps: ['198.18.1.1'] }),
    `Address '198.18.1.1' not found.`,
  )
  refused('InvalidParameterValue', () => call('DescribeAddresses', { Filters: [{ Name: 'colour', Values: ['red'] }] }))
})
