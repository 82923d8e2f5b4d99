/** AllocateAddress: what it takes, refuses and echoes, and an address that was given back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STRANGER } from './interfaces.ts'
import { must, place } from './place.ts'
import { refused, US } from './world.ts'

test('what an allocation answers, Describe shows', () => {
  const { call } = place()
  const made = call('AllocateAddress', {
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: 'us-east-1',
    TagSpecifications: [{ ResourceType: 'elastic-ip', Tags: [{ Key: 'Name', Value: 'n' }] }],
  })
  assert.match(must(made.AllocationId), /^eipalloc-[0-9a-f]{17}$/)
  const { Tags, ...shown } = must(call('DescribeAddresses', {}).Addresses?.[0])
  assert.deepEqual(Tags, [{ Key: 'Name', Value: 'n' }])
  assert.deepEqual(JSON.parse(JSON.stringify(shown)), { ...made })
})

for (const [code, wish] of [
  ['UnsupportedOperation', { Domain: 'standard' }],
  ['InvalidParameterValue', { Domain: 'colour' }],
  ['UnsupportedOperation', { PublicIpv4Pool: 'ipv4pool-ec2-0123456789abcdef0' }],
  ['UnsupportedOperation', { CustomerOwnedIpv4Pool: 'ipv4pool-coip-0123456789abcdef0' }],
  ['UnsupportedOperation', { IpamPoolId: 'ipam-pool-0123456789abcdef0' }],
  ['UnsupportedOperation', { NetworkBorderGroup: 'us-east-1-bos-1' }],
  ['InvalidAddress.NotFound', { Address: '198.18.1.1' }],
  ['InvalidAddress.Malformed', { Address: 'nowhere' }],
  ['InvalidParameterValue', { TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'a', Value: 'b' }] }] }],
] as const)
  test(`an allocation with ${JSON.stringify(wish).slice(0, 70)} is refused with ${code}`, () => {
    const { call } = place()
    refused(code, () => call('AllocateAddress', wish as object))
    assert.deepEqual(call('DescribeAddresses', {}).Addresses, [])
  })

test('an address that was released can be had again by who released it, for a week, while it is free', () => {
  const { call, clock } = place()
  const allocate = (Address: string, caller = US) => call('AllocateAddress', { Address }, caller)
  const first = call('AllocateAddress', {})
  const address = must(first.PublicIp)
  refused('InvalidAddress.NotFound', () => allocate(address), `Address '${address}' not found.`)
  call('ReleaseAddress', { AllocationId: must(first.AllocationId) })
  refused('InvalidAddress.NotFound', () => allocate(address, STRANGER))
  const again = allocate(address)
  assert.equal(again.PublicIp, address)
  assert.notEqual(again.AllocationId, first.AllocationId)
  refused('InvalidAddress.NotFound', () => allocate(address))
  call('ReleaseAddress', { AllocationId: must(again.AllocationId) })
  clock.advance(7 * 24 * 3_600_000)
  refused('InvalidAddress.NotFound', () => allocate(address))
})

test('G6, 1.12: five addresses in a Region, each Region and account for itself, and one again after a release', () => {
  const { call } = place()
  const five = (caller = US) => Array.from({ length: 5 }, () => call('AllocateAddress', {}, caller))
  const [first] = five()
  five(STRANGER)
  five({ ...US, region: 'eu-west-1' })
  refused('AddressLimitExceeded', () => call('AllocateAddress', {}))
  call('ReleaseAddress', { AllocationId: must(first?.AllocationId) })
  call('AllocateAddress', {})
})
