import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { crowd, place, tally } from './crowd.ts'

/** As numbers, in order. */
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

describe('64 clients change one thing at once, and no change is lost', () => {
  test('tags of one VPC: each is there, and of 64 keys exactly 50 find room', async (t) => {
    const { ec2, all } = await crowd(t)
    const { vpcId, subnetId } = await place(ec2)
    const tag = (id: string) => (n: number) => ({
      Action: 'CreateTags',
      'ResourceId.1': id,
      'Tag.1.Key': `k${n}`,
      'Tag.1.Value': `${n}`,
    })
    const answers = await all((n) => tag(n < 32 ? vpcId : subnetId)(n))
    assert.deepEqual(tally(answers), { ok: 64 })
    const { Tags = [] } = await ec2.call('DescribeTags', {
      Filters: [{ Name: 'resource-id', Values: [vpcId, subnetId] }],
    })
    assert.deepEqual(
      Tags.map(({ Key, Value, ResourceId }) => `${ResourceId} ${Key} ${Value}`).toSorted(),
      upTo(64)
        .map((n) => `${n < 32 ? vpcId : subnetId} k${n} ${n}`)
        .toSorted(),
    )
    const group = (await ec2.call('CreateSecurityGroup', { VpcId: vpcId, GroupName: 'g', Description: 'g' })).GroupId
    assert.deepEqual(tally(await all(tag(group ?? ''))), { ok: 50, TagLimitExceeded: 14 })
  })

  test('rules of one group: each that was acknowledged is there, with or without room for all', async (t) => {
    const { ec2, all } = await crowd(t, { rulesPerSecurityGroup: 64 })
    const { vpcId } = await place(ec2)
    const group = async (name: string) =>
      (await ec2.call('CreateSecurityGroup', { VpcId: vpcId, GroupName: name, Description: 'g' })).GroupId ?? ''
    const authorize =
      (GroupId: string, more = 0) =>
      (n: number) => ({
        Action: 'AuthorizeSecurityGroupIngress',
        GroupId,
        'IpPermissions.1.IpProtocol': 'tcp',
        'IpPermissions.1.FromPort': `${n + more}`,
        'IpPermissions.1.ToPort': `${n + more}`,
        'IpPermissions.1.IpRanges.1.CidrIp': '10.0.0.0/8',
      })
    const one = await group('one')
    const ports = async () => {
      const Filters = [{ Name: 'group-id', Values: [one] }]
      const { SecurityGroupRules = [] } = await ec2.call('DescribeSecurityGroupRules', { Filters })
      return SecurityGroupRules.filter((r) => !r.IsEgress)
        .map((r) => r.FromPort ?? -1)
        .toSorted((a, b) => a - b)
    }
    assert.deepEqual(tally(await all(authorize(one))), { ok: 64 })
    assert.deepEqual(await ports(), upTo(64))
    assert.deepEqual(tally(await all(authorize(one, 100))), { RulesPerSecurityGroupLimitExceeded: 64 })
    assert.deepEqual(await ports(), upTo(64))
    const same = await group('same')
    const answers = await all(() => authorize(same)(0))
    assert.deepEqual(tally(answers), { ok: 1, 'InvalidPermission.Duplicate': 63 })
  })

  test('entries of one ACL: each number is there, and one number is given once', async (t) => {
    const { ec2, all } = await crowd(t, { rulesPerAcl: 100 })
    const { vpcId } = await place(ec2)
    const acl = (await ec2.call('CreateNetworkAcl', { VpcId: vpcId })).NetworkAcl?.NetworkAclId ?? ''
    const entry = (number: number, n: number) => ({
      Action: 'CreateNetworkAclEntry',
      NetworkAclId: acl,
      RuleNumber: `${number}`,
      Protocol: '-1',
      RuleAction: 'allow',
      Egress: 'false',
      CidrBlock: `10.0.${n}.0/24`,
    })
    assert.deepEqual(tally(await all((n) => entry(n + 1, n))), { ok: 64 })
    const { NetworkAcls = [] } = await ec2.call('DescribeNetworkAcls', { NetworkAclIds: [acl] })
    const numbers = NetworkAcls[0]?.Entries?.filter((e) => !e.Egress).map((e) => e.RuleNumber ?? 0)
    assert.deepEqual(
      numbers?.filter((number) => number <= 64).toSorted((a, b) => a - b),
      upTo(64).map((n) => n + 1),
    )
    assert.deepEqual(tally(await all((n) => entry(1000, n))), { ok: 1, NetworkAclEntryAlreadyExists: 63 })
  })

  test('routes of one table: each block is there, and one block is routed once', async (t) => {
    const { ec2, all } = await crowd(t, { routesPerTable: 100 })
    const { vpcId } = await place(ec2)
    const gateway = (await ec2.call('CreateInternetGateway', {})).InternetGateway?.InternetGatewayId ?? ''
    await ec2.call('AttachInternetGateway', { VpcId: vpcId, InternetGatewayId: gateway })
    const table = (await ec2.call('CreateRouteTable', { VpcId: vpcId })).RouteTable?.RouteTableId ?? ''
    const route = (block: string) => ({
      Action: 'CreateRoute',
      RouteTableId: table,
      DestinationCidrBlock: block,
      GatewayId: gateway,
    })
    assert.deepEqual(tally(await all((n) => route(`192.168.${n}.0/24`))), { ok: 64 })
    const { RouteTables = [] } = await ec2.call('DescribeRouteTables', { RouteTableIds: [table] })
    const blocks = RouteTables[0]?.Routes?.filter((r) => r.Origin === 'CreateRoute').map((r) => r.DestinationCidrBlock)
    assert.deepEqual(
      blocks?.toSorted(),
      upTo(64)
        .map((n) => `192.168.${n}.0/24`)
        .toSorted(),
    )
    assert.deepEqual(tally(await all(() => route('0.0.0.0/0'))), { ok: 1, RouteAlreadyExists: 63 })
  })

  test('entries of one prefix list: who named the version that was there wins, the others are told', async (t) => {
    const { ec2, all } = await crowd(t)
    const wish = { PrefixListName: 'l', AddressFamily: 'IPv4', MaxEntries: 100 }
    const list = (await ec2.call('CreateManagedPrefixList', wish)).PrefixList?.PrefixListId ?? ''
    await ec2.call('DescribeManagedPrefixLists', { PrefixListIds: [list] })
    const answers = await all((n) => ({
      Action: 'ModifyManagedPrefixList',
      PrefixListId: list,
      CurrentVersion: '1',
      'AddEntry.1.Cidr': `10.0.${n}.0/24`,
    }))
    assert.deepEqual(tally(answers), { ok: 1, PrefixListVersionMismatch: 63 })
    const { Entries = [] } = await ec2.call('GetManagedPrefixListEntries', { PrefixListId: list })
    const winner = answers.findIndex(({ code }) => code === 'ok')
    assert.deepEqual(
      Entries.map(({ Cidr }) => Cidr),
      [`10.0.${winner}.0/24`],
    )
  })
})
