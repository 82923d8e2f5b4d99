/** Elastic IP addresses that go from one account to another; and the calls of EC2-Classic. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STRANGER } from './interfaces.ts'
import { must, place } from './place.ts'
import { refused, US } from './world.ts'

const DAY = 24 * 3_600_000

function offered() {
  const p = place()
  const id = p.elastic()
  const address = must(p.addressOf(id).PublicIp)
  const offer = (TransferAccountId = STRANGER.account) =>
    p.call('EnableAddressTransfer', { AllocationId: id, TransferAccountId }).AddressTransfer
  const accept = (caller = STRANGER, input: object = {}) =>
    p.call('AcceptAddressTransfer', { Address: address, ...input }, caller).AddressTransfer
  const end = () => p.call('DisableAddressTransfer', { AllocationId: id }).AddressTransfer
  const list = (input: object = {}, caller = US) => p.call('DescribeAddressTransfers', input, caller).AddressTransfers
  const owned = (caller = US) => must(p.call('DescribeAddresses', {}, caller).Addresses)
  return { ...p, id, address, offer, accept, end, list, owned }
}

test('an address is offered, accepted, and then the other account’s, without its tags', () => {
  const { call, clock, id, address, offer, accept, list, owned } = offered()
  call('CreateTags', { Resources: [id], Tags: [{ Key: 'Name', Value: 'n' }] })
  const pending = {
    PublicIp: address,
    AllocationId: id,
    TransferAccountId: STRANGER.account,
    TransferOfferExpirationTimestamp: new Date(clock.now + 7 * DAY),
    AddressTransferStatus: 'pending',
  }
  assert.deepEqual(offer(), pending)
  assert.deepEqual(list(), [pending])
  assert.deepEqual(list({}, STRANGER), [])
  const tags = [{ ResourceType: 'elastic-ip', Tags: [{ Key: 'Team', Value: 'b' }] }]
  const accepted = must(accept(STRANGER, { TagSpecifications: tags }))
  const [theirs] = owned(STRANGER)
  assert.deepEqual(
    [theirs?.PublicIp, theirs?.AllocationId, theirs?.Tags],
    [address, accepted.AllocationId, [{ Key: 'Team', Value: 'b' }]],
  )
  assert.notEqual(accepted.AllocationId, id)
  assert.deepEqual(owned(), [])
  assert.deepEqual(list({ AllocationIds: [id] }), [
    { ...pending, AddressTransferStatus: 'accepted', TransferOfferAcceptedTimestamp: new Date(clock.now) },
  ])
  refused('InvalidAddress.NotFound', () => accept())
  clock.advance(14 * DAY)
  assert.deepEqual(list(), [])
})

test('an offer ends after seven days, when it is disabled, with a new one, and with its address', () => {
  const { call, clock, id, offer, accept, end, list } = offered()
  offer()
  clock.advance(7 * DAY)
  assert.deepEqual(list(), [])
  refused('InvalidAddress.NotFound', () => accept())
  offer()
  assert.equal(end()?.AddressTransferStatus, 'disabled')
  refused('InvalidAddress.NotFound', () => accept())
  refused('InvalidAllocationID.NotFound', end)
  offer()
  offer('111111111111')
  assert.equal(list()?.length, 1)
  refused('InvalidAddress.NotFound', () => accept())
  call('ReleaseAddress', { AllocationId: id })
  assert.deepEqual(list(), [])
})

test('an offer is for its account and Region alone', () => {
  const { offer, accept, owned, id } = offered()
  offer()
  refused('InvalidAddress.NotFound', () => accept(US))
  refused('InvalidAddress.NotFound', () => accept({ ...STRANGER, region: 'eu-west-1' }))
  refused('InvalidAddress.NotFound', () => accept({ ...STRANGER, account: '111111111111' }))
  assert.equal(owned()[0]?.AllocationId, id)
})

test('an address that is associated or has a reverse name is offered, and not accepted', () => {
  const { call, clock, id, offer, accept, running, owned } = offered()
  const AssociationId = must(call('AssociateAddress', { AllocationId: id, InstanceId: running() }).AssociationId)
  offer()
  refused('InvalidTransfer.AddressAssociated', () => accept())
  call('DisassociateAddress', { AssociationId })
  call('ModifyAddressAttribute', { AllocationId: id, DomainName: 'mail.example.com' })
  refused('InvalidTransfer.AddressCustomPtrSet', () => accept())
  call('ResetAddressAttribute', { AllocationId: id, Attribute: 'domain-name' })
  clock.advance(1000)
  accept()
  assert.equal(owned(STRANGER).length, 1)
})

test('G6: the quota of who accepts holds', () => {
  const { call, offer, accept, owned } = offered()
  for (let i = 0; i < 5; i++) call('AllocateAddress', {}, STRANGER)
  offer()
  refused('AddressLimitExceeded', () => accept())
  assert.equal(owned().length, 1)
})

test('an offer wants another account, and an address that a NAT gateway does not hold', () => {
  const { call, offer, subnetId, id, accept } = offered()
  for (const account of [US.account, 'somebody']) refused('InvalidParameterValue', () => offer(account))
  refused('InvalidAddress.Malformed', () => accept(STRANGER, { Address: 'nowhere' }))
  call('CreateNatGateway', { SubnetId: subnetId, AllocationId: id })
  refused('AuthFailure', () => offer())
})

test('DescribeAddressTransfers: ids that are not there are refused, pages are of 5 to 1,000', () => {
  const { call, offer, list, id, elastic } = offered()
  assert.deepEqual(list({ AllocationIds: [id] }), [])
  refused('InvalidAllocationID.NotFound', () => list({ AllocationIds: ['eipalloc-0123456789abcdef0'] }))
  refused('InvalidAllocationID.Malformed', () => list({ AllocationIds: ['eipalloc-x'] }))
  offer()
  call('EnableAddressTransfer', { AllocationId: elastic(), TransferAccountId: STRANGER.account })
  assert.equal(list({ AllocationIds: [id] })?.length, 1)
  assert.equal(list({ MaxResults: 5 })?.length, 2)
  for (const MaxResults of [4, 1001]) refused('InvalidParameterValue', () => list({ MaxResults }))
})

test('without EC2-Classic every address is in a VPC, stays there, and none is moving', () => {
  const { call, address, id } = offered()
  assert.deepEqual(call('MoveAddressToVpc', { PublicIp: address }), { AllocationId: id, Status: 'InVpc' })
  refused('OperationNotPermitted', () => call('RestoreAddressToClassic', { PublicIp: address }))
  for (const action of ['MoveAddressToVpc', 'RestoreAddressToClassic'] as const)
    refused('InvalidAddress.NotFound', () => call(action, { PublicIp: '198.18.1.1' }))
  const moving = (input: object = {}) => call('DescribeMovingAddresses', input).MovingAddressStatuses
  assert.deepEqual(moving(), [])
  assert.deepEqual(moving({ PublicIps: [address], MaxResults: 5 }), [])
  assert.deepEqual(moving({ Filters: [{ Name: 'moving-status', Values: ['MovingToVpc'] }] }), [])
  refused('InvalidAddress.NotFound', () => moving({ PublicIps: ['198.18.1.1'] }))
  refused('InvalidParameterValue', () => moving({ Filters: [{ Name: 'colour', Values: ['red'] }] }))
  refused('InvalidParameterValue', () => moving({ MaxResults: 4 }))
})
