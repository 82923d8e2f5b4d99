/** Prefix lists where they are named: in rules of security groups, and in routes. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { IncrementalCompile } from '../../src/compile/incremental.ts'
import { listed } from './prefix-lists.ts'
import { refused } from './world.ts'

describe('a rule that names a prefix list', () => {
  test('L1: is one rule in every answer, and as many in the network as the list has entries', () => {
    const w = listed()
    const id = w.made('10.5.0.0/16', '10.6.0.0/16')
    const rule = w.allow(id)
    assert.equal(rule?.PrefixListId, id)
    assert.equal(rule.CidrIpv4, undefined)
    const [shown] = w.call('DescribeSecurityGroups', { GroupIds: [w.GroupId] }).SecurityGroups ?? []
    assert.deepEqual(shown?.IpPermissions?.[0]?.PrefixListIds, [{ PrefixListId: id, Description: 'the offices' }])
    const inGroups = [{ Name: 'ip-permission.prefix-list-id', Values: [id] }]
    assert.equal(w.call('DescribeSecurityGroups', { Filters: inGroups }).SecurityGroups?.length, 1)
    const origin = rule.SecurityGroupRuleId
    assert.deepEqual(w.peers(), [`10.5.0.0/16 ${origin}`, `10.6.0.0/16 ${origin}`])
    w.take(id, '10.5.0.0/16')
    assert.deepEqual(w.peers(), [`10.6.0.0/16 ${origin}`])
    refused('InvalidPermission.Duplicate', () => w.allow(id), new RegExp(`peer: ${id}, TCP, from port: 22`))
    const [revoked] =
      w.call('RevokeSecurityGroupIngress', { GroupId: w.GroupId, IpPermissions: [w.permission(id)] })
        .RevokedSecurityGroupRules ?? []
    assert.equal(revoked?.PrefixListId, id)
    assert.deepEqual(w.peers(), [])
    refused('InvalidPrefixListID.NotFound', () => w.allow('pl-0123456789abcdef0'))
  })

  test('can be changed to name another list, which the group must have room for', () => {
    const w = listed()
    const id = w.made('10.5.0.0/16')
    const SecurityGroupRuleId = w.allow(id)?.SecurityGroupRuleId ?? ''
    const traffic = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 }
    const change = (peer: object) =>
      w.call('ModifySecurityGroupRules', {
        GroupId: w.GroupId,
        SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule: { ...traffic, ...peer } }],
      })
    const other = w.create(['10.9.0.0/16'], { PrefixListName: 'other' })?.PrefixListId
    change({ PrefixListId: other })
    assert.deepEqual(w.peers(), [`10.9.0.0/16 ${SecurityGroupRuleId}`])
    refused('InvalidParameterValue', () => change({ CidrIpv4: '10.9.0.0/16' }))
    refused('InvalidParameterCombination', () => change({ PrefixListId: id, CidrIpv4: '10.9.0.0/16' }))
    const large = w.create([], { PrefixListName: 'large', MaxEntries: 61 })?.PrefixListId
    refused('RulesPerSecurityGroupLimitExceeded', () => change({ PrefixListId: large }))
    assert.deepEqual(w.peers(), [`10.9.0.0/16 ${SecurityGroupRuleId}`])
  })

  test('costs the list’s maximum size, which does not grow beyond what the group has room for (S9)', () => {
    const w = listed()
    const id = w.create(['10.5.0.0/16'], { MaxEntries: 40 })?.PrefixListId ?? ''
    const other = w.create([], { PrefixListName: 'others', MaxEntries: 21 })?.PrefixListId ?? ''
    w.allow(id)
    refused('RulesPerSecurityGroupLimitExceeded', () => w.allow(other))
    assert.equal(w.modify(id, { MaxEntries: 61 })?.State, 'modify-failed')
    assert.deepEqual([w.show(id)?.State, w.show(id)?.MaxEntries], ['modify-failed', 40])
    assert.ok(w.show(id)?.StateMessage?.endsWith(w.GroupId))
    assert.equal(w.modify(id, { MaxEntries: 60 })?.MaxEntries, 60)
    assert.equal(w.show(id)?.State, 'modify-complete')
    assert.equal(w.modify(other, { MaxEntries: 500 })?.MaxEntries, 500, 'nobody uses it')
  })
})

describe('a route to a prefix list', () => {
  test('R8, L1: is one route in every answer, and leads each block of the list', () => {
    const w = listed()
    const id = w.made('203.0.113.0/24', '198.51.100.0/24')
    w.route(id)
    assert.deepEqual(w.routes()[1], {
      DestinationPrefixListId: id,
      GatewayId: w.gatewayId,
      Origin: 'CreateRoute',
      State: 'active',
    })
    const Filters = [{ Name: 'route.destination-prefix-list-id', Values: [id] }]
    assert.equal(w.call('DescribeRouteTables', { Filters }).RouteTables?.length, 1)
    const own = { '10.1.0.0/16': '10.1.0.0/16' }
    const named = (...blocks: string[]) => Object.fromEntries(blocks.map((block) => [block, `${id} ${block}`]))
    assert.deepEqual(w.taken(), { ...own, ...named('203.0.113.0/24', '198.51.100.0/24') })
    w.take(id, '203.0.113.0/24')
    assert.deepEqual(w.taken(), { ...own, ...named('198.51.100.0/24') })
    refused('RouteAlreadyExists', () => w.route(id))
    const RouteTableId = w.RouteTableId
    w.call('ReplaceRoute', { RouteTableId, DestinationPrefixListId: id, NetworkInterfaceId: w.eniId() })
    assert.equal(w.routes()[1]?.State, 'blackhole', 'the interface is free (R7)')
    assert.equal(w.fact('198.51.100.0/24')?.nextHop.kind, 'blackhole')
    w.call('DeleteRoute', { RouteTableId, DestinationPrefixListId: id })
    assert.deepEqual(w.taken(), own)
    refused('InvalidRoute.NotFound', () => w.call('DeleteRoute', { RouteTableId, DestinationPrefixListId: id }))
    refused('InvalidPrefixListID.NotFound', () => w.route('pl-0123456789abcdef0'))
    refused('InvalidParameterCombination', () => w.route(id, { DestinationCidrBlock: '1.0.0.0/8' }))
    refused('InvalidParameterValue', () => w.route(id, { GatewayId: 'local' }))
  })

  test('gives way to a route of its own for the same block, and to nothing wider (R5)', () => {
    const w = listed()
    const id = w.made('203.0.113.0/24', '198.51.100.0/24')
    w.route(id)
    w.toInterface('203.0.113.0/24')
    w.toInterface('198.51.0.0/16')
    assert.equal(w.taken()['203.0.113.0/24'], '203.0.113.0/24')
    assert.equal(w.taken()['198.51.100.0/24'], `${id} 198.51.100.0/24`)
    w.call('DeleteRoute', { RouteTableId: w.RouteTableId, DestinationCidrBlock: '203.0.113.0/24' })
    assert.equal(w.taken()['203.0.113.0/24'], `${id} 203.0.113.0/24`)
  })

  test('keeps a block from other lists that come to it later, whatever their place in the table (R5)', () => {
    const w = listed()
    const [one, two] = [w.made('203.0.113.0/24'), w.made('198.51.100.0/24')]
    w.route(one)
    w.route(two, { NetworkInterfaceId: w.eniId() })
    w.clock.advance(1000)
    w.add(one, '198.51.100.0/24')
    w.add(two, '203.0.113.0/24')
    const picked = { '203.0.113.0/24': `${one} 203.0.113.0/24`, '198.51.100.0/24': `${two} 198.51.100.0/24` }
    const own = { '10.1.0.0/16': '10.1.0.0/16' }
    assert.deepEqual(w.taken(), { ...own, ...picked })
    w.call('ReplaceRoute', {
      RouteTableId: w.RouteTableId,
      DestinationPrefixListId: one,
      NetworkInterfaceId: w.eniId(),
    })
    assert.deepEqual(w.taken(), { ...own, ...picked }, 'another target changes nothing of it')
    w.take(two, '198.51.100.0/24')
    assert.equal(w.taken()['198.51.100.0/24'], `${one} 198.51.100.0/24`)
  })

  test('leads no block that a route of its own might not (P7, R4, unverified)', () => {
    const w = listed()
    const id = w.made('10.1.0.0/16', '10.1.1.0/24', '169.254.168.0/22', '10.0.0.0/8')
    w.route(id)
    assert.deepEqual(w.taken(), { '10.1.0.0/16': '10.1.0.0/16', '10.0.0.0/8': `${id} 10.0.0.0/8` })
    w.call('ReplaceRoute', { RouteTableId: w.RouteTableId, DestinationPrefixListId: id, NetworkInterfaceId: w.eniId() })
    assert.equal(w.taken()['10.1.1.0/24'], `${id} 10.1.1.0/24`, 'a subnet’s block may be led to an interface')
    assert.equal(w.taken()['10.1.0.0/16'], '10.1.0.0/16')
  })

  test('costs the list’s maximum size, which does not grow beyond what the table has room for (R8)', () => {
    const w = listed()
    const id = w.create([], { MaxEntries: 49 })?.PrefixListId ?? ''
    w.route(id)
    w.toGateway('0.0.0.0/0')
    refused('RouteLimitExceeded', () => w.toGateway('203.0.113.0/24'))
    assert.equal(w.modify(id, { MaxEntries: 50 })?.State, 'modify-failed')
    assert.ok(w.show(id)?.StateMessage?.endsWith(w.RouteTableId))
  })
})

test('a compile that follows the state sees what a list’s entries change in tables and groups', () => {
  const w = listed()
  const id = w.made('203.0.113.0/24')
  w.route(id)
  w.allow(id)
  const following = new IncrementalCompile(w.records)
  const change = { type: 'prefix-list' as const, id }
  for (const work of [() => w.add(id, '198.51.100.0/24'), () => w.take(id, '203.0.113.0/24')]) {
    work()
    const record = w.records.get('prefix-list', id)
    assert.ok(record)
    const { network } = following.update([{ ...change, record }])
    assert.deepEqual(network.routes, compile(w.records).routes)
    assert.deepEqual(network.rules, compile(w.records).rules)
  }
})
