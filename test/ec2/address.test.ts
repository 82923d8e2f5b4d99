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

test('G5: an address that moves leaves its interface a fresh auto-assigned one, where the launch asked for it', () => {
  const { call, running, elastic, see, subnetId } = place()
  const launch = { NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnetId, AssociatePublicIpAddress: true }] }
  const [a, b] = [running(launch), running()]
  const auto = see(a).PublicIpAddress
  const allocation = elastic()
  call('AssociateAddress', { AllocationId: allocation, InstanceId: a })
  call('AssociateAddress', { AllocationId: allocation, InstanceId: b, AllowReassociation: true })
  assert.ok(see(a).PublicIpAddress)
  assert.notEqual(see(a).PublicIpAddress, auto)
  call('AssociateAddress', { AllocationId: allocation, InstanceId: a, AllowReassociation: true })
  assert.equal(see(b).PublicIpAddress, undefined)
})

test('G5: an instance with a second interface gets no auto-assigned address after its Elastic IP', () => {
  const { call, running, elastic, see, subnetId, primaryOf } = place()
  const instanceId = running({
    NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnetId, AssociatePublicIpAddress: true }],
  })
  const eni = primaryOf(instanceId)
  const second = must(call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId)
  call('AttachNetworkInterface', { NetworkInterfaceId: second, InstanceId: instanceId, DeviceIndex: 1 })
  const AssociationId = must(
    call('AssociateAddress', { AllocationId: elastic(), NetworkInterfaceId: eni }).AssociationId,
  )
  call('DisassociateAddress', { AssociationId })
  assert.equal(see(instanceId).PublicIpAddress, undefined)
})

test('G5: each private address has an Elastic IP of its own; an address that is not there has none', () => {
  const { call, running, elastic, primaryOf, interfaceOf, see } = place()
  const instanceId = running()
  const eni = primaryOf(instanceId)
  const primary = must(see(instanceId).PrivateIpAddress)
  const secondary = must(
    call('AssignPrivateIpAddresses', { NetworkInterfaceId: eni, SecondaryPrivateIpAddressCount: 1 })
      .AssignedPrivateIpAddresses?.[0]?.PrivateIpAddress,
  )
  const [one, two] = [elastic(), elastic()]
  call('AssociateAddress', { AllocationId: one, InstanceId: instanceId })
  call('AssociateAddress', { AllocationId: two, NetworkInterfaceId: eni, PrivateIpAddress: secondary })
  assert.deepEqual(
    interfaceOf(eni).PrivateIpAddresses?.map((a) => [a.PrivateIpAddress, a.Association?.AllocationId]),
    [
      [primary, one],
      [secondary, two],
    ],
  )
  for (const PrivateIpAddress of ['10.0.1.99', 'nothing'])
    refused('InvalidParameterValue', () =>
      call('AssociateAddress', { AllocationId: elastic(), NetworkInterfaceId: eni, PrivateIpAddress }),
    )
})

test('G6: an association that a reassociation has ended can be ended again', () => {
  const { call, running, elastic, addressOf } = place()
  const allocation = elastic()
  const first = must(call('AssociateAddress', { AllocationId: allocation, InstanceId: running() }).AssociationId)
  const second = must(
    call('AssociateAddress', { AllocationId: allocation, InstanceId: running(), AllowReassociation: true })
      .AssociationId,
  )
  call('DisassociateAddress', { AssociationId: first })
  assert.equal(addressOf(allocation).AssociationId, second)
})

test('an instance named beside an interface counts, as when Terraform moves an address to another instance', () => {
  const { call, running, elastic, addressOf, primaryOf } = place()
  const [before, after] = [running(), running()]
  const AllocationId = elastic()
  call('AssociateAddress', { AllocationId, InstanceId: after, NetworkInterfaceId: primaryOf(before) })
  assert.equal(addressOf(AllocationId).InstanceId, after)
})

test('the calls for an association name the address and its target once, and by id', () => {
  const { call, running, elastic, addressOf } = place()
  const instanceId = running()
  const allocation = elastic()
  const PublicIp = must(addressOf(allocation).PublicIp)
  const associate = (input: object) => () => call('AssociateAddress', input)
  refused('MissingParameter', associate({ InstanceId: instanceId }))
  refused('MissingParameter', associate({ AllocationId: allocation }))
  refused('InvalidParameterCombination', associate({ AllocationId: allocation, PublicIp, InstanceId: instanceId }))
  refused(
    'InvalidParameterCombination',
    associate({ PublicIp, InstanceId: instanceId }),
    'You must specify an allocation id when mapping an address to a VPC instance',
  )
  refused('InvalidAddress.NotFound', associate({ PublicIp: '198.18.1.1', InstanceId: instanceId }))
  const disassociate = (input: object) => () => call('DisassociateAddress', input)
  refused('MissingParameter', disassociate({}))
  refused(
    'InvalidParameterValue',
    disassociate({ PublicIp }),
    'You must specify an association id when unmapping an address from a VPC instance',
  )
  refused('InvalidParameterCombination', disassociate({ PublicIp, AssociationId: 'eipassoc-0123456789abcdef0' }))
  assert.equal(addressOf(allocation).AssociationId, undefined)
})

test('an address is released by its id, with the border group that it has', () => {
  const { call, elastic, addressOf } = place()
  const allocation = elastic()
  const PublicIp = must(addressOf(allocation).PublicIp)
  const release = (input: object) => () => call('ReleaseAddress', input)
  refused('MissingParameter', release({}))
  refused(
    'InvalidParameterValue',
    release({ PublicIp }),
    'You must specify an allocation id when releasing a VPC elastic IP address',
  )
  refused('InvalidParameterCombination', release({ PublicIp, AllocationId: allocation }))
  refused('InvalidAddress.NotFound', release({ PublicIp: '198.18.1.1' }))
  refused('InvalidAddress.Malformed', release({ PublicIp: 'nowhere' }))
  refused('InvalidAddress.NotFound', release({ AllocationId: allocation, NetworkBorderGroup: 'us-east-1-bos-1' }))
  release({ AllocationId: allocation, NetworkBorderGroup: 'us-east-1' })()
  assert.deepEqual(call('DescribeAddresses', {}).Addresses, [])
})
