/** DescribeAddresses: every documented filter, matched and not matched; ids and public IPs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { must, place } from './place.ts'
import { refused, US } from './world.ts'

/** An address that is associated, beside one that is not. */
function estate() {
  const p = place()
  const { call, running, elastic, addressOf, primaryOf } = p
  const instanceId = running()
  const free = elastic()
  const id = elastic()
  call('AssociateAddress', { AllocationId: id, InstanceId: instanceId })
  call('CreateTags', { Resources: [id], Tags: [{ Key: 'Owner', Value: 'TeamA' }] })
  return { ...p, free, id, instanceId, eni: primaryOf(instanceId), address: addressOf(id) }
}

type Estate = ReturnType<typeof estate>

const filters: readonly (readonly [string, (e: Estate) => string | undefined, string])[] = [
  ['allocation-id', (e) => e.id, 'eipalloc-1'],
  ['association-id', (e) => e.address.AssociationId, 'eipassoc-1'],
  ['instance-id', (e) => e.instanceId, 'i-1'],
  ['network-interface-id', (e) => e.eni, 'eni-1'],
  ['network-interface-owner-id', () => US.account, '999999999999'],
  ['private-ip-address', (e) => e.address.PrivateIpAddress, '10.0.1.1'],
  ['public-ip', (e) => e.address.PublicIp, '192.0.2.1'],
  ['tag:Owner', () => 'TeamA', 'TeamB'],
  ['tag-key', () => 'Owner', 'owner'],
  ['tag-value', () => 'TeamA', 'TeamB'],
]
for (const [name, right, wrong] of filters)
  test(`DescribeAddresses filters by ${name}`, () => {
    const e = estate()
    const by = (value: string) =>
      e.call('DescribeAddresses', { Filters: [{ Name: name, Values: [value] }] }).Addresses?.map((a) => a.AllocationId)
    assert.deepEqual(by(must(right(e))), [e.id])
    assert.deepEqual(by(wrong), [])
  })

for (const [name, right, wrong] of [
  ['domain', 'vpc', 'standard'],
  ['network-border-group', 'us-east-1', 'us-east-1-bos-1'],
] as const)
  test(`DescribeAddresses filters by ${name}, which all have`, () => {
    const { call } = estate()
    const by = (value: string) =>
      call('DescribeAddresses', { Filters: [{ Name: name, Values: [value] }] }).Addresses?.length
    assert.deepEqual([by(right), by(wrong)], [2, 0])
  })

test('DescribeAddresses finds addresses by allocation, by public IP, and by both', () => {
  const { call, free, id, address, addressOf } = estate()
  const by = (input: object) => call('DescribeAddresses', input).Addresses?.map((a) => a.AllocationId)
  const PublicIps = [must(address.PublicIp)]
  assert.deepEqual(by({ AllocationIds: [id] }), [id])
  assert.deepEqual(by({ PublicIps }), [id])
  assert.deepEqual(by({ PublicIps, AllocationIds: [free] }), [free, id])
  assert.deepEqual(by({ PublicIps, AllocationIds: [id] }), [id])
  assert.equal(addressOf(free).AssociationId, undefined)
  refused('InvalidAllocationID.NotFound', () => by({ AllocationIds: ['eipalloc-0123456789abcdef0'] }))
  refused('InvalidAddress.NotFound', () => by({ PublicIps: ['198.18.1.1'] }))
  refused('InvalidAddress.Malformed', () => by({ PublicIps: ['198.18.1'] }))
  refused('InvalidAddress.NotFound', () =>
    call('DescribeAddresses', { PublicIps }, { account: '999999999999', region: 'us-east-1', requestId: 'r' }),
  )
})
