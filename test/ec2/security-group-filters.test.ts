/** How security groups and their rules are found: each documented filter, and pages to the last. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allPages, assertFilters, type Filter } from './filters.ts'
import { grouped } from './groups.ts'
import { must } from './place.ts'
import { refused, US } from './world.ts'

/** A group with a rule of every kind in one direction, and another that only its name tells from new ones. */
function ruled(way: 'Ingress' | 'Egress') {
  const w = grouped()
  const other = w.create('other')
  const list = { PrefixListName: 'offices', AddressFamily: 'IPv4', MaxEntries: 5 }
  const PrefixListId = must(w.call('CreateManagedPrefixList', list).PrefixList?.PrefixListId)
  const TagSpecifications = [{ ResourceType: 'security-group-rule' as const, Tags: [{ Key: 'for', Value: 'web' }] }]
  w.call(`AuthorizeSecurityGroup${way}`, {
    GroupId: w.GroupId,
    TagSpecifications,
    IpPermissions: [
      {
        ...{ IpProtocol: 'tcp', FromPort: 80, ToPort: 90 },
        IpRanges: [{ CidrIp: '192.0.2.0/24' }],
        Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }],
        PrefixListIds: [{ PrefixListId }],
        UserIdGroupPairs: [{ GroupId: other }],
      },
    ],
  })
  const named = (name: string, vpcId = w.VpcId) =>
    must(
      w.call('DescribeSecurityGroups', {
        Filters: [
          { Name: 'group-name', Values: [name] },
          { Name: 'vpc-id', Values: [vpcId] },
        ],
      }).SecurityGroups?.[0]?.GroupId,
    )
  const found = (Filters: Filter[]) =>
    w.call('DescribeSecurityGroups', { Filters }).SecurityGroups?.map((g) => g.GroupId) ?? []
  return { ...w, other, PrefixListId, found, defaultId: named('default') }
}

for (const [way, prefix] of [
  ['Ingress', 'ip-permission'],
  ['Egress', 'egress.ip-permission'],
] as const)
  test(`DescribeSecurityGroups: each filter about ${way.toLowerCase()} rules`, () => {
    const w = ruled(way)
    const one = [w.GroupId]
    // The default group names itself in its ingress rule.
    const withReference = way === 'Ingress' ? [w.GroupId, w.defaultId] : one
    assertFilters(w.found, {
      [`${prefix}.cidr`]: ['192.0.2.0/24', one],
      [`${prefix}.from-port`]: ['80', one],
      [`${prefix}.group-id`]: [w.other, one],
      [`${prefix}.group-name`]: ['other', one],
      [`${prefix}.ipv6-cidr`]: ['2001:db8::/32', one],
      [`${prefix}.prefix-list-id`]: [w.PrefixListId, one],
      [`${prefix}.protocol`]: ['tcp', one],
      [`${prefix}.to-port`]: ['90', one],
      [`${prefix}.user-id`]: [US.account, withReference],
    })
    assert.deepEqual(w.found([{ Name: `${prefix}.from-port`, Values: ['-1'] }]), [], 'all protocols have no port')
    const otherWay = way === 'Ingress' ? 'egress.ip-permission' : 'ip-permission'
    assert.deepEqual(w.found([{ Name: `${otherWay}.cidr`, Values: ['192.0.2.0/24'] }]), [])
  })

test('DescribeSecurityGroups: each filter about the group itself', () => {
  const w = ruled('Ingress')
  w.call('CreateTags', { Resources: [w.GroupId], Tags: [{ Key: 'tier', Value: 'front' }] })
  const all = [w.GroupId, w.other, w.defaultId]
  assertFilters(w.found, {
    description: ['default VPC security group', [w.defaultId]],
    'group-id': [w.other, [w.other]],
    'group-name': ['web', [w.GroupId]],
    'owner-id': [US.account, all],
    'tag:tier': ['front', [w.GroupId]],
    'tag-key': ['tier', [w.GroupId]],
    'vpc-id': [w.VpcId, all],
  })
  assert.deepEqual(
    w.found([
      { Name: 'group-name', Values: ['o*', 'w?b'] },
      { Name: 'tag-key', Values: ['tier'] },
    ]),
    [w.GroupId],
    'values are alternatives, filters conditions',
  )
  refused('InvalidParameterValue', () => w.found([{ Name: 'ip-permission', Values: ['x'] }]))
})

test('DescribeSecurityGroups: pages to the last, and no page of groups that are named', () => {
  const w = grouped()
  const ids = Array.from({ length: 10 }, (_, i) => w.create(`more ${i}`))
  const paged = allPages(5, (query) => {
    const { SecurityGroups: items = [], NextToken } = w.call('DescribeSecurityGroups', query)
    return { items, NextToken }
  })
  assert.equal(paged.length, 12)
  assert.deepEqual(
    paged.slice(2).map((g) => g.GroupId),
    ids,
  )
  for (const MaxResults of [4, 1001])
    refused('InvalidParameterValue', () => w.call('DescribeSecurityGroups', { MaxResults }))
  refused('InvalidNextToken', () => w.call('DescribeSecurityGroups', { NextToken: 'x' }))
  refused('InvalidParameterCombination', () => w.call('DescribeSecurityGroups', { GroupIds: ids, MaxResults: 5 }))
})

test('DescribeSecurityGroupRules: ids, each filter, and pages to the last', () => {
  const w = ruled('Ingress')
  const found = (Filters: Filter[]) =>
    w.call('DescribeSecurityGroupRules', { Filters }).SecurityGroupRules?.map((r) => r.SecurityGroupRuleId) ?? []
  const ofGroup = found([{ Name: 'group-id', Values: [w.GroupId] }])
  assert.equal(ofGroup.length, 5)
  const [out, ...tagged] = ofGroup as [string, ...string[]]
  const id = must(tagged[0])
  assertFilters(found, {
    'group-id': [w.GroupId, ofGroup as string[]],
    'security-group-rule-id': [out, [out]],
    'tag:for': ['web', tagged],
    'tag-key': ['for', tagged],
  })
  for (const Name of ['vpc-id', 'is-egress']) refused('InvalidParameterValue', () => found([{ Name, Values: ['x'] }]))
  const byId = (SecurityGroupRuleIds: string[]) => w.call('DescribeSecurityGroupRules', { SecurityGroupRuleIds })
  assert.equal(byId([id, out]).SecurityGroupRules?.length, 2)
  refused('InvalidSecurityGroupRuleId.NotFound', () => byId(['sgr-0123456789abcdef0']))
  refused('InvalidSecurityGroupRuleId.Malformed', () => byId(['sg-0123456789abcdef0']))
  const paged = allPages(5, (query) => {
    const { SecurityGroupRules: items = [], NextToken } = w.call('DescribeSecurityGroupRules', query)
    return { items, NextToken }
  })
  assert.equal(paged.length, 8)
  const other = { ...US, account: '210987654321' }
  assert.deepEqual(w.call('DescribeSecurityGroupRules', {}, other).SecurityGroupRules, [])
})
