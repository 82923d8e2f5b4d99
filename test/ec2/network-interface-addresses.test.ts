/** The secondary private addresses of network interfaces: counts, names, limits, and moves between interfaces. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interfaces } from './interfaces.ts'
import { must } from './place.ts'
import { refused } from './world.ts'

test('addresses are named or counted, never both, never neither, and none twice', () => {
  const { call, create, addressesOf } = interfaces()
  const id = create({ SecondaryPrivateIpAddressCount: 2 })
  assert.equal(new Set(addressesOf(id)).size, 3)
  const assign = (input: object) => () => call('AssignPrivateIpAddresses', { NetworkInterfaceId: id, ...input })
  refused(
    'InvalidParameterCombination',
    assign({ PrivateIpAddresses: ['10.0.1.9'], SecondaryPrivateIpAddressCount: 1 }),
  )
  refused('MissingParameter', assign({}))
  refused('InvalidParameterValue', assign({ SecondaryPrivateIpAddressCount: -1 }))
  refused('InvalidParameterValue', assign({ PrivateIpAddresses: ['10.0.1.9', '10.0.1.9'] }))
  refused('InvalidParameterValue', assign({ PrivateIpAddresses: ['10.0.1'] }))
  refused('UnsupportedOperation', assign({ Ipv4PrefixCount: 1 }))
  refused('MissingParameter', () => call('UnassignPrivateIpAddresses', { NetworkInterfaceId: id }))
  assert.equal(addressesOf(id).length, 3)
})

test('a new interface has each address once, and one primary one', () => {
  const { create } = interfaces()
  const one = { PrivateIpAddress: '10.0.1.9' }
  refused('InvalidParameterValue', () => create({ PrivateIpAddresses: [one, one] }))
  refused('InvalidParameterValue', () => create({ PrivateIpAddress: '10.0.1.9', PrivateIpAddresses: [one] }))
  refused('InvalidParameterCombination', () =>
    create({ PrivateIpAddress: '10.0.1.8', PrivateIpAddresses: [{ ...one, Primary: true }] }),
  )
  refused('InvalidParameterCombination', () =>
    create({ PrivateIpAddresses: [one, { PrivateIpAddress: '10.0.1.8' }], SecondaryPrivateIpAddressCount: 1 }),
  )
  refused('InvalidParameterValue', () => create({ SecondaryPrivateIpAddressCount: -1 }))
})

test('1.13: an interface has no more addresses than its instance type allows, nor than any type does', () => {
  const { call, create, attach, running, addressesOf } = interfaces()
  const id = create()
  const assign = (count: number) => () =>
    call('AssignPrivateIpAddresses', { NetworkInterfaceId: id, SecondaryPrivateIpAddressCount: count })
  const words = 'Number of private addresses will exceed limit.'
  refused('PrivateIpAddressLimitExceeded', () => create({ SecondaryPrivateIpAddressCount: 2 ** 31 - 1 }), words)
  refused('PrivateIpAddressLimitExceeded', assign(50), words)
  attach(id, running())
  assign(1)()
  refused('PrivateIpAddressLimitExceeded', assign(1), words)
  assert.equal(addressesOf(id).length, 2)
  const wide = create({ SecondaryPrivateIpAddressCount: 2 })
  refused('PrivateIpAddressLimitExceeded', () => attach(wide, running()), words)
})

test('an address moves between interfaces where that is allowed, a primary one never', () => {
  const { call, create, addressesOf } = interfaces()
  const [from, to] = [create({ PrivateIpAddress: '10.0.1.10' }), create()]
  const assign = (address: string, AllowReassignment?: boolean) =>
    call('AssignPrivateIpAddresses', {
      NetworkInterfaceId: to,
      PrivateIpAddresses: [address],
      ...(AllowReassignment !== undefined && { AllowReassignment }),
    })
  call('AssignPrivateIpAddresses', { NetworkInterfaceId: from, PrivateIpAddresses: ['10.0.1.20'] })
  refused('InvalidIPAddress.InUse', () => assign('10.0.1.20'), 'Address 10.0.1.20 is in use.')
  refused('InvalidIPAddress.InUse', () => assign('10.0.1.20', false))
  refused('InvalidIPAddress.InUse', () => assign('10.0.1.10', true))
  assert.deepEqual(assign('10.0.1.20', true).AssignedPrivateIpAddresses, [{ PrivateIpAddress: '10.0.1.20' }])
  assert.deepEqual(addressesOf(from), ['10.0.1.10'])
  assert.deepEqual(addressesOf(to).slice(1), ['10.0.1.20'])
  assert.deepEqual(assign('10.0.1.20', true).AssignedPrivateIpAddresses, [])
  assert.deepEqual(addressesOf(to).slice(1), ['10.0.1.20'])
})

test('the Elastic IP of an address moves along, and stays behind when the address goes', () => {
  const { call, create, elastic, addressOf, interfaceOf } = interfaces()
  const [from, to] = [create(), create()]
  call('AssignPrivateIpAddresses', { NetworkInterfaceId: from, PrivateIpAddresses: ['10.0.1.20'] })
  const allocation = elastic()
  call('AssociateAddress', { AllocationId: allocation, NetworkInterfaceId: from, PrivateIpAddress: '10.0.1.20' })
  call('AssignPrivateIpAddresses', {
    NetworkInterfaceId: to,
    PrivateIpAddresses: ['10.0.1.20'],
    AllowReassignment: true,
  })
  const moved = addressOf(allocation)
  assert.deepEqual([moved.NetworkInterfaceId, moved.PrivateIpAddress], [to, '10.0.1.20'])
  const shown = must(interfaceOf(to).PrivateIpAddresses?.find((a) => a.PrivateIpAddress === '10.0.1.20'))
  assert.equal(shown.Association?.PublicIp, moved.PublicIp)
  call('UnassignPrivateIpAddresses', { NetworkInterfaceId: to, PrivateIpAddresses: ['10.0.1.20'] })
  const left = addressOf(allocation)
  assert.deepEqual(
    [left.AssociationId, left.NetworkInterfaceId, left.PrivateIpAddress],
    [undefined, undefined, undefined],
  )
})

test('C5: the addresses of a stopped instance are in use', () => {
  const { call, running, settled, see, create } = interfaces()
  const instanceId = running()
  const address = must(see(instanceId).PrivateIpAddress)
  call('StopInstances', { InstanceIds: [instanceId] })
  settled()
  assert.equal(see(instanceId).State?.Name, 'stopped')
  refused('InvalidIPAddress.InUse', () => create({ PrivateIpAddress: address }), `Address ${address} is in use.`)
})
