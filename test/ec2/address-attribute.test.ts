/** The reverse name of an Elastic IP address: set, shown while it changes and after, reset; and what it holds back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { must, place } from './place.ts'
import { refused } from './world.ts'

function named() {
  const p = place()
  const id = p.elastic()
  const PublicIp = must(p.addressOf(id).PublicIp)
  const name = (DomainName?: string) =>
    p.call('ModifyAddressAttribute', { AllocationId: id, ...(DomainName && { DomainName }) }).Address
  const reset = () => p.call('ResetAddressAttribute', { AllocationId: id, Attribute: 'domain-name' }).Address
  const show = (input: object = { AllocationIds: [id] }) => p.call('DescribeAddressesAttribute', input)
  const shown = () => must(show().Addresses?.[0])
  return { ...p, id, whole: { PublicIp, AllocationId: id }, name, reset, show, shown }
}

test('a name is pending, then in force, then replaced, then gone', () => {
  const { clock, whole, name, reset, show, shown } = named()
  assert.deepEqual(show().Addresses, [])
  const first = { ...whole, PtrRecordUpdate: { Value: 'mail.example.com.', Status: 'PENDING' } }
  assert.deepEqual(name('mail.example.com'), first)
  assert.deepEqual(shown(), first)
  clock.advance(1000)
  assert.deepEqual(shown(), { ...whole, PtrRecord: 'mail.example.com.' })
  assert.deepEqual(name('mx.example.com.'), {
    ...whole,
    PtrRecord: 'mail.example.com.',
    PtrRecordUpdate: { Value: 'mx.example.com.', Status: 'PENDING' },
  })
  clock.advance(1000)
  assert.deepEqual(shown(), { ...whole, PtrRecord: 'mx.example.com.' })
  assert.equal(reset()?.PtrRecord, 'mx.example.com.')
  assert.equal(shown().PtrRecordUpdate?.Status, 'PENDING')
  clock.advance(1000)
  assert.deepEqual(show().Addresses, [])
  assert.deepEqual(reset(), whole)
})

test('a name stays through an association and its end', () => {
  const { call, clock, id, name, shown, running } = named()
  name('mail.example.com')
  clock.advance(1000)
  const AssociationId = must(call('AssociateAddress', { AllocationId: id, InstanceId: running() }).AssociationId)
  call('DisassociateAddress', { AssociationId })
  assert.equal(shown().PtrRecord, 'mail.example.com.')
})

test('what is no name, no attribute or no address is refused', () => {
  const { call, name, show } = named()
  refused('MissingParameter', () => name())
  for (const wrong of ['com', 'a b.example.com', '-x.example.com', `${'x'.repeat(64)}.com`, `${'x.'.repeat(127)}com`])
    refused('InvalidParameterValue', () => name(wrong))
  const stranger = { AllocationId: 'eipalloc-0123456789abcdef0' }
  refused('InvalidAllocationID.NotFound', () =>
    call('ModifyAddressAttribute', { ...stranger, DomainName: 'a.example' }),
  )
  refused('InvalidAllocationID.NotFound', () =>
    call('ResetAddressAttribute', { ...stranger, Attribute: 'domain-name' }),
  )
  refused('InvalidAllocationID.NotFound', () => show({ AllocationIds: [stranger.AllocationId] }))
  refused('InvalidParameterValue', () => show({ Attribute: 'colour' }))
})

test('1.13: an address with a name is not released', () => {
  const { call, clock, id, name, reset } = named()
  name('mail.example.com')
  clock.advance(1000)
  refused('InvalidAddress.Locked', () => call('ReleaseAddress', { AllocationId: id }))
  reset()
  call('ReleaseAddress', { AllocationId: id })
})

test('DescribeAddressesAttribute gives pages, of addresses that have a name', () => {
  const { call, elastic, show, id, name } = named()
  const [other] = [elastic(), elastic()]
  name('one.example.com')
  call('ModifyAddressAttribute', { AllocationId: must(other), DomainName: 'two.example.com' })
  const first = show({ MaxResults: 1, Attribute: 'domain-name' })
  const second = show({ MaxResults: 1, NextToken: first.NextToken })
  assert.deepEqual([first.Addresses?.[0]?.AllocationId, second.Addresses?.[0]?.AllocationId], [id, other])
  assert.equal(second.NextToken, undefined)
  for (const MaxResults of [0, 1001]) refused('InvalidParameterValue', () => show({ MaxResults }))
})
