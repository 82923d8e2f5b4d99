import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allPages, assertFilters, type Filter } from './filters.ts'
import { listed } from './prefix-lists.ts'
import { refused, US, world } from './world.ts'

describe('a prefix list', () => {
  test('L1: is made, shown, found by filters and tags, and deleted', () => {
    const w = listed()
    const tags = [{ ResourceType: 'prefix-list' as const, Tags: [{ Key: 'Name', Value: 'all offices' }] }]
    const made = w.create(['10.5.0.0/16', '10.6.1.7/24'], { TagSpecifications: tags })
    const id = made?.PrefixListId ?? ''
    assert.match(id, /^pl-[0-9a-f]{17}$/)
    assert.equal(made?.State, 'create-in-progress')
    assert.deepEqual(w.show(id), {
      PrefixListId: id,
      PrefixListName: 'offices',
      PrefixListArn: `arn:aws:ec2:us-east-1:${US.account}:prefix-list/${id}`,
      AddressFamily: 'IPv4',
      State: 'create-complete',
      MaxEntries: 5,
      Version: 1,
      OwnerId: US.account,
      Tags: [{ Key: 'Name', Value: 'all offices' }],
    })
    assert.deepEqual(w.entries(id), ['10.5.0.0/16', '10.6.1.0/24'])
    const found = (Name: string, value: string) =>
      w.call('DescribeManagedPrefixLists', { Filters: [{ Name, Values: [value] }] }).PrefixLists?.length
    assert.equal(found('prefix-list-name', 'off*'), 1)
    assert.equal(found('tag:Name', 'all offices'), 1)
    assert.equal(found('owner-id', US.account), 1)
    assert.equal(found('prefix-list-id', 'pl-0'), 0)
    assert.equal(w.call('DeleteManagedPrefixList', { PrefixListId: id }).PrefixList?.State, 'delete-in-progress')
    refused('InvalidPrefixListID.NotFound', () => w.show(id), `The prefix list ID '${id}' does not exist`)
    refused('InvalidPrefixListId.Malformed', () => w.show('pl-x'))
  })

  test('is paged: the lists, and the entries of one', () => {
    const w = listed()
    const id = w.create(['10.5.0.0/16', '10.6.0.0/16', '10.7.0.0/16'])?.PrefixListId ?? ''
    const first = w.call('GetManagedPrefixListEntries', { PrefixListId: id, MaxResults: 2 })
    assert.equal(first.Entries?.length, 2)
    const rest = { PrefixListId: id, MaxResults: 2, NextToken: first.NextToken }
    assert.deepEqual(w.call('GetManagedPrefixListEntries', rest).Entries, [{ Cidr: '10.7.0.0/16' }])
    const lists = allPages(1, (query) => {
      const { PrefixLists: items = [], NextToken } = w.call('DescribeManagedPrefixLists', query)
      return { items, NextToken }
    })
    assert.deepEqual(
      lists.map((list) => list.OwnerId),
      [US.account, 'AWS'],
    )
    refused('InvalidParameterValue', () => w.call('DescribeManagedPrefixLists', { MaxResults: 101 }))
    refused('InvalidParameterValue', () => w.call('GetManagedPrefixListEntries', { PrefixListId: id, MaxResults: 0 }))
  })

  test('is found by each documented filter', () => {
    const w = listed()
    const id = w.made('10.5.0.0/16')
    w.create([], { PrefixListName: 'branches' })
    w.call('CreateTags', { Resources: [id], Tags: [{ Key: 'tier', Value: 'front' }] })
    const found = (Filters: Filter[]) =>
      w.call('DescribeManagedPrefixLists', { Filters }).PrefixLists?.map((list) => list.PrefixListName) ?? []
    assertFilters(found, {
      'owner-id': [US.account, ['offices', 'branches']],
      'prefix-list-id': [id, ['offices']],
      'prefix-list-name': ['branches', ['branches']],
      'tag:tier': ['front', ['offices']],
    })
    refused('InvalidParameterValue', () => found([{ Name: 'address-family', Values: ['IPv4'] }]))
    assert.deepEqual(found([{ Name: 'owner-id', Values: ['AWS'] }]), ['com.amazonaws.us-east-1.ec2-instance-connect'])
  })

  test('L1: of IPv6 blocks is a record like any other, and a rule may name it', () => {
    const w = listed()
    const made = w.create([], { AddressFamily: 'IPv6', Entries: [{ Cidr: '2001:db8:1::/48', Description: 'one' }] })
    const id = made?.PrefixListId ?? ''
    assert.deepEqual([made?.AddressFamily, w.entries(id)], ['IPv6', ['2001:db8:1::/48']])
    refused('InvalidParameterValue', () => w.add(id, '10.5.0.0/16'))
    w.add(id, '2001:db8:2::/48')
    assert.equal(w.show(id)?.Version, 2)
    w.allow(id)
    assert.deepEqual(
      w.peers().map((peer) => peer.split(' ')[0]),
      ['2001:db8:1::/48', '2001:db8:2::/48'],
    )
  })

  test('L1: is of one address family, and not too large, too many or badly named', () => {
    const w = listed()
    refused('InvalidParameterValue', () => w.create(['10.5.0.0/16'], { AddressFamily: 'IPv6' }))
    refused('InvalidParameterValue', () => w.create([], { AddressFamily: 'ipv4' }))
    refused('InvalidParameterValue', () => w.create(['2001:db8::/32']))
    refused('InvalidParameterValue', () => w.create(['10.0.0.0']))
    refused('InvalidParameterValue', () => w.create(['10.5.0.0/16', '10.5.0.1/16']))
    const words = 'The prefix list name cannot begin with (com.amazonaws., com.amazon., com.aws.).'
    for (const PrefixListName of ['com.amazonaws.mine', 'com.amazon.mine', 'com.aws.mine'])
      refused('InvalidParameterValue', () => w.create([], { PrefixListName }), words)
    w.call('DeleteManagedPrefixList', {
      PrefixListId: w.create([], { PrefixListName: 'com.aws-mine' })?.PrefixListId ?? '',
    })
    for (const MaxEntries of [0, 1001]) refused('InvalidParameterValue', () => w.create([], { MaxEntries }))
    refused('PrefixListMaxEntriesExceeded', () => w.create(['10.5.0.0/16', '10.6.0.0/16'], { MaxEntries: 1 }))
    const many = Array.from({ length: 101 }, (_, i) => `10.5.${i}.0/24`)
    refused('InvalidParameterValue', () => w.create(many, { MaxEntries: 200 }), /100 entry additions or removals/)
    for (let i = 0; i < 100; i++) w.create([], { PrefixListName: `list ${i}` })
    refused('PrefixListLimitExceeded', () => w.create([]))
  })

  test('L1: has a new version with other entries, and none with another name or size', () => {
    const w = listed()
    const id = w.made('10.5.0.0/16', '10.6.0.0/16')
    const wish = { CurrentVersion: 1, AddEntries: [{ Cidr: '10.7.0.0/16' }], RemoveEntries: [{ Cidr: '10.5.0.0/16' }] }
    assert.equal(w.modify(id, wish)?.State, 'modify-in-progress')
    assert.equal(w.show(id)?.State, 'modify-complete')
    assert.equal(w.show(id)?.Version, 2)
    assert.deepEqual(w.entries(id), ['10.6.0.0/16', '10.7.0.0/16'])
    assert.deepEqual(w.entries(id, 1), ['10.5.0.0/16', '10.6.0.0/16'])
    refused('InvalidParameterValue', () => w.entries(id, 3))
    assert.equal(w.modify(id, { PrefixListName: 'branches', MaxEntries: 3 })?.Version, 2)
    assert.deepEqual([w.show(id)?.PrefixListName, w.show(id)?.MaxEntries], ['branches', 3])
    refused('PrefixListVersionMismatch', () => w.modify(id, wish), 'The prefix list has the incorrect version number.')
    refused('InvalidParameterValue', () => w.modify(id, { ...wish, CurrentVersion: 0 }), /greater than \(1\)\.$/)
    refused('InvalidParameterCombination', () => w.modify(id, { AddEntries: wish.AddEntries, MaxEntries: 9 }))
    refused('InvalidPrefixListModification', () => w.take(id, '10.9.0.0/16'), /does not exist/)
    refused('InvalidPrefixListModification', () => w.add(id, '10.6.0.0/16'), /already exists/)
    refused('PrefixListMaxEntriesExceeded', () => w.add(id, '10.8.0.0/16', '10.9.0.0/16'))
    refused('PrefixListMaxEntriesExceeded', () => w.modify(id, { MaxEntries: 1 }))
    refused('MissingParameter', () => w.modify(id, {}))
    const both = { AddEntries: [{ Cidr: '10.6.0.0/16', Description: 'new' }], RemoveEntries: [{ Cidr: '10.6.0.0/16' }] }
    const words = 'Request cannot contain Cidr 10.6.0.0/16 in both AddPrefixListEntries and RemovePrefixListEntries'
    refused('InvalidParameterValue', () => w.modify(id, both), words)
    refused('UnsupportedOperation', () => w.modify(id, { IpamPrefixListResolverSyncEnabled: true }))
    refused('InvalidParameterValue', () => w.modify(id, { PrefixListName: 'com.amazonaws.mine' }))
    assert.equal(w.show(id)?.Version, 2)
  })

  test('goes back to the entries of an earlier version, in a new one', () => {
    const w = listed()
    const id = w.made('10.5.0.0/16')
    w.take(id, '10.5.0.0/16')
    w.add(id, '10.6.0.0/16')
    const restore = (PreviousVersion: number, CurrentVersion: number) =>
      w.call('RestoreManagedPrefixListVersion', { PrefixListId: id, PreviousVersion, CurrentVersion }).PrefixList
    refused('PrefixListVersionMismatch', () => restore(1, 2))
    refused('InvalidParameterValue', () => restore(3, 3))
    refused('InvalidParameterValue', () => restore(7, 3))
    assert.equal(restore(1, 3)?.State, 'restore-in-progress')
    assert.deepEqual([w.show(id)?.State, w.show(id)?.Version], ['restore-complete', 4])
    assert.deepEqual(w.entries(id), ['10.5.0.0/16'])
  })

  test('in use is not deleted: its state says who uses it, and it stays in force', () => {
    const w = listed()
    const id = w.made('10.5.0.0/16')
    w.allow(id)
    w.route(id)
    const associations = w.call('GetManagedPrefixListAssociations', { PrefixListId: id }).PrefixListAssociations
    const users = [w.RouteTableId, w.GroupId]
    assert.deepEqual(
      associations,
      users.map((ResourceId) => ({ ResourceId, ResourceOwner: US.account })),
    )
    w.call('DeleteManagedPrefixList', { PrefixListId: id })
    assert.equal(w.show(id)?.State, 'delete-failed')
    for (const user of users) assert.ok(w.show(id)?.StateMessage?.includes(user), user)
    assert.equal(w.taken()['10.5.0.0/16'], `${id} 10.5.0.0/16`)
    w.call('DeleteRoute', { RouteTableId: w.RouteTableId, DestinationPrefixListId: id })
    w.call('RevokeSecurityGroupIngress', { GroupId: w.GroupId, IpPermissions: [w.permission(id)] })
    w.add(id, '10.6.0.0/16')
    assert.equal(w.show(id)?.StateMessage, undefined, 'a change that worked says nothing of what failed before')
    w.call('DeleteManagedPrefixList', { PrefixListId: id })
    refused('InvalidPrefixListID.NotFound', () => w.show(id))
  })

  test('is nobody else’s to see, name or change', () => {
    const w = listed()
    const id = w.made('10.5.0.0/16')
    const other = { ...US, account: '210987654321' }
    refused('InvalidPrefixListID.NotFound', () =>
      w.call('GetManagedPrefixListEntries', { PrefixListId: id }, { ...US, region: 'eu-west-1' }),
    )
    refused('InvalidPrefixListID.NotFound', () => w.call('DeleteManagedPrefixList', { PrefixListId: id }, other))
    const shown = w.call('DescribeManagedPrefixLists', {}, other).PrefixLists?.map((list) => list.OwnerId)
    assert.deepEqual(shown, ['AWS'])
  })
})

describe('the lists of AWS', () => {
  const NAME = 'com.amazonaws.us-east-1.ec2-instance-connect'

  test('are there without being made: where Instance Connect comes from (I5)', () => {
    const w = listed()
    const named = [{ Name: 'prefix-list-name', Values: [NAME] }]
    const [list] = w.call('DescribeManagedPrefixLists', { Filters: named }).PrefixLists ?? []
    assert.deepEqual([list?.OwnerId, list?.MaxEntries, list?.Version], ['AWS', undefined, undefined])
    assert.match(list?.PrefixListArn ?? '', /^arn:aws:ec2:us-east-1:aws:prefix-list\/pl-/)
    const id = list?.PrefixListId ?? ''
    assert.deepEqual(w.entries(id), ['18.206.107.24/29'])
    const plain = { PrefixListId: id, PrefixListName: NAME, Cidrs: ['18.206.107.24/29'] }
    assert.deepEqual(w.call('DescribePrefixLists', { Filters: named }).PrefixLists, [plain])
    w.made('10.5.0.0/16')
    assert.deepEqual(w.call('DescribePrefixLists', {}).PrefixLists, [plain], 'one’s own are not among them')
    w.allow(id)
    assert.deepEqual(
      w.peers().map((peer) => peer.split(' ')[0]),
      ['18.206.107.24/29'],
    )
    assert.deepEqual(
      w.call('GetManagedPrefixListAssociations', { PrefixListId: id }).PrefixListAssociations?.[0]?.ResourceId,
      w.GroupId,
    )
  })

  test('are found by the filters of DescribePrefixLists, and by id', () => {
    const w = listed()
    const id = w.call('DescribePrefixLists', {}).PrefixLists?.[0]?.PrefixListId ?? ''
    const found = (Filters: Filter[]) =>
      w.call('DescribePrefixLists', { Filters }).PrefixLists?.map((list) => list.PrefixListId) ?? []
    assertFilters(found, { 'prefix-list-id': [id, [id]], 'prefix-list-name': [NAME, [id]] })
    assert.equal(w.call('DescribePrefixLists', { PrefixListIds: [id] }).PrefixLists?.length, 1)
    refused('InvalidPrefixListID.NotFound', () =>
      w.call('DescribePrefixLists', { PrefixListIds: [w.made('10.5.0.0/16')] }),
    )
  })

  test('L1: are not to be changed or deleted', () => {
    const w = listed()
    const id = w.call('DescribePrefixLists', {}).PrefixLists?.[0]?.PrefixListId ?? ''
    refused('OperationNotPermitted', () => w.add(id, '10.5.0.0/16'))
    refused('OperationNotPermitted', () => w.call('DeleteManagedPrefixList', { PrefixListId: id }))
    const versions = { PreviousVersion: 1, CurrentVersion: 1 }
    refused('OperationNotPermitted', () => w.call('RestoreManagedPrefixListVersion', { PrefixListId: id, ...versions }))
  })
})

test('a fresh world has no prefix list of anybody but AWS', () => {
  assert.deepEqual([...world().records.all('prefix-list')], [])
})
