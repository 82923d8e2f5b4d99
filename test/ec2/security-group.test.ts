import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { kindOf } from '../../src/ec2/kinds.ts'
import { groupsForInterface } from '../../src/ec2/security-group.ts'
import { grouped } from './groups.ts'
import { refused, US, world } from './world.ts'

describe('security group', () => {
  test('S1: a new group lets nothing in and everything out', () => {
    const g = grouped().show()
    assert.deepEqual(g?.IpPermissions, [])
    assert.deepEqual(g?.IpPermissionsEgress, [
      {
        IpProtocol: '-1',
        IpRanges: [{ CidrIp: '0.0.0.0/0' }],
        Ipv6Ranges: [],
        PrefixListIds: [],
        UserIdGroupPairs: [],
      },
    ])
  })

  test('S1: a VPC comes with a default group that lets its own members in', () => {
    const w = grouped()
    const [g] =
      w.call('DescribeSecurityGroups', {
        Filters: [
          { Name: 'group-name', Values: ['default'] },
          { Name: 'vpc-id', Values: [w.VpcId] },
        ],
      }).SecurityGroups ?? []
    assert.equal(g?.Description, 'default VPC security group')
    assert.deepEqual(g?.IpPermissions, [
      {
        IpProtocol: '-1',
        IpRanges: [],
        Ipv6Ranges: [],
        PrefixListIds: [],
        UserIdGroupPairs: [{ GroupId: g?.GroupId, UserId: US.account }],
      },
    ])
    assert.equal(g?.IpPermissionsEgress?.length, 1)
  })

  test('S8: a name is unique in its VPC only', () => {
    const w = grouped()
    refused(
      'InvalidGroup.Duplicate',
      () => w.create('web'),
      `The security group 'web' already exists for VPC '${w.VpcId}'`,
    )
    const other = w.call('CreateVpc', { CidrBlock: '10.2.0.0/16' }).Vpc?.VpcId ?? ''
    assert.match(w.create('web', other), /^sg-/)
  })

  test('S8: names are one in capitals and small letters', () => {
    const w = grouped()
    refused('InvalidGroup.Duplicate', () => w.create('Web'))
    refused('InvalidGroup.Reserved', () => w.create('DEFAULT'))
  })

  test('S8: `default`, names like an id, long names and strange characters are refused', () => {
    const w = grouped()
    refused('InvalidGroup.Reserved', () => w.create('default'))
    refused(
      'InvalidParameterValue',
      () => w.create('sg-web'),
      'Value (sg-web) for parameter GroupName is invalid. Group names may not be in the format sg-*.',
    )
    refused('MissingParameter', () => w.create(' '))
    refused('InvalidParameterValue', () => w.create('x'.repeat(256)), /less than 256 characters/)
    refused('InvalidParameterValue', () => w.create("a client's"), /following set: {2}a-zA-Z0-9/)
    refused('InvalidParameterValue', () => w.create('naïve'), /Character sets beyond ASCII are not supported\.$/)
    w.create('x'.repeat(255))
    const all = ' all of ._-:/()#,@[]+=&;{}!$* '
    assert.equal(w.show(w.create(all))?.GroupName, all.trim(), 'spaces around it are cut off')
  })

  test('S8: a description is there, of 255 characters at most, of the same set', () => {
    const w = grouped()
    const describe = (Description: string) =>
      w.call('CreateSecurityGroup', { GroupName: 'db', Description, VpcId: w.VpcId })
    refused('MissingParameter', () => describe(''), 'The request must contain the parameter GroupDescription')
    refused(
      'InvalidParameterValue',
      () => describe('→'),
      'Value (→) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.',
    )
    for (const text of ["the client's", 'x'.repeat(256)])
      refused(
        'InvalidParameterValue',
        () => describe(text),
        'Invalid security group description. Valid descriptions are strings less than 256 characters from the ' +
          'following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
      )
    assert.equal(w.show(describe('x'.repeat(255)).GroupId)?.Description?.length, 255)
  })

  test('S8, D36: the default group can not be deleted', () => {
    const w = grouped()
    const id =
      w.call('DescribeSecurityGroups', { Filters: [{ Name: 'group-name', Values: ['default'] }] }).SecurityGroups?.[0]
        ?.GroupId ?? ''
    refused(
      'CannotDelete',
      () => w.call('DeleteSecurityGroup', { GroupId: id }),
      `the specified group: "${id}" name: "default" cannot be deleted by a user`,
    )
  })

  test('S8: a group that an interface has can not be deleted', () => {
    const w = grouped()
    const SubnetId = w.call('CreateSubnet', { VpcId: w.VpcId, CidrBlock: '10.1.1.0/24' }).Subnet?.SubnetId ?? ''
    const eni =
      w.call('CreateNetworkInterface', { SubnetId, Groups: [w.GroupId] }).NetworkInterface?.NetworkInterfaceId ?? ''
    refused(
      'DependencyViolation',
      () => w.call('DeleteSecurityGroup', { GroupId: w.GroupId }),
      `resource ${w.GroupId} has a dependent object`,
    )
    w.call('DeleteNetworkInterface', { NetworkInterfaceId: eni })
    w.call('DeleteSecurityGroup', { GroupId: w.GroupId })
    refused('InvalidGroup.NotFound', () => w.show())
  })

  test('S8, D19: a group that another group of the VPC names can not be deleted; one that names itself can', () => {
    const w = grouped()
    const db = w.create('db')
    const from = { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: db }] }
    w.allow(from)
    refused(
      'DependencyViolation',
      () => w.call('DeleteSecurityGroup', { GroupId: db }),
      `resource ${db} has a dependent object`,
    )
    w.revoke(from)
    w.call('AuthorizeSecurityGroupIngress', { GroupId: db, IpPermissions: [from] })
    assert.deepEqual(w.call('DeleteSecurityGroup', { GroupId: db }), { Return: true, GroupId: db })
    assert.deepEqual(
      w.call('DescribeSecurityGroupRules', { Filters: [{ Name: 'group-id', Values: [db] }] }).SecurityGroupRules,
      [],
    )
  })

  test('a VPC with a group of its own can not be deleted; with the default group alone it can', () => {
    const w = grouped()
    refused('DependencyViolation', () => w.call('DeleteVpc', { VpcId: w.VpcId }))
    w.call('DeleteSecurityGroup', { GroupId: w.GroupId })
    w.call('DeleteVpc', { VpcId: w.VpcId })
    assert.deepEqual(w.call('DescribeSecurityGroups', {}).SecurityGroups, [])
    assert.deepEqual(w.call('DescribeSecurityGroupRules', {}).SecurityGroupRules, [])
  })

  test('S8: unknown and malformed ids', () => {
    const w = grouped()
    refused(
      'InvalidGroup.NotFound',
      () => w.show('sg-0123456789abcdef0'),
      "The security group 'sg-0123456789abcdef0' does not exist",
    )
    refused('InvalidGroupId.Malformed', () => w.show('web'))
  })

  test('without a default VPC a group needs a VPC, and can not be named', () => {
    const w = grouped()
    refused(
      'VPCIdNotSpecified',
      () => w.call('CreateSecurityGroup', { GroupName: 'x', Description: 'x' }),
      'No default VPC for this user',
    )
    refused('VPCIdNotSpecified', () => w.call('DeleteSecurityGroup', { GroupName: 'web' }))
    refused('MissingParameter', () => w.call('DeleteSecurityGroup', {}))
  })

  test('tags of the creation are answered and shown', () => {
    const w = world()
    const VpcId = w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }).Vpc?.VpcId ?? ''
    const Tags = [{ Key: 'Name', Value: 'web' }]
    const answer = w.call('CreateSecurityGroup', {
      GroupName: 'w',
      Description: 'd',
      VpcId,
      TagSpecifications: [{ ResourceType: 'security-group', Tags }],
    })
    assert.deepEqual(answer.Tags, Tags)
    assert.equal(answer.SecurityGroupArn, `arn:aws:ec2:us-east-1:${US.account}:security-group/${answer.GroupId}`)
    assert.deepEqual(
      w.call('DescribeSecurityGroups', { Filters: [{ Name: 'tag:Name', Values: ['web'] }] }).SecurityGroups?.[0]?.Tags,
      Tags,
    )
  })

  test('S6: an interface takes groups of its VPC only, five at most, and the default one where none is named', () => {
    const w = grouped()
    const other = w.call('CreateVpc', { CidrBlock: '10.2.0.0/16' }).Vpc?.VpcId ?? ''
    const foreign = w.create('web', other)
    const chosen = (ids?: string[]) => w.transaction(US, (context) => groupsForInterface(context, w.VpcId, ids))
    refused(
      'InvalidGroup.NotFound',
      () => chosen([w.GroupId, foreign]),
      'You have specified two resources that belong to different networks.',
    )
    assert.equal(w.show(chosen(undefined)[0])?.GroupName, 'default')
    assert.deepEqual(chosen([w.GroupId, w.GroupId]), [w.GroupId])
    const more = ['a', 'b', 'c', 'd', 'e'].map((name) => w.create(name))
    assert.equal(chosen(more).length, 5)
    refused('SecurityGroupsPerInterfaceLimitExceeded', () => chosen([w.GroupId, ...more]))
  })

  test('S7: the group is a stateful rule set, and the private addresses of its interfaces', () => {
    const w = grouped()
    const SubnetId = w.call('CreateSubnet', { VpcId: w.VpcId, CidrBlock: '10.1.1.0/24' }).Subnet?.SubnetId ?? ''
    w.call('CreateNetworkInterface', { SubnetId, Groups: [w.GroupId], PrivateIpAddress: '10.1.1.9' })
    w.call('CreateNetworkInterface', { SubnetId, PrivateIpAddress: '10.1.1.10' })
    const facts = w.transaction(US, ({ state }) => {
      const g = state.get('security-group', w.GroupId)
      return g && kindOf('security-group').compile?.(g, state)
    })
    const origin = { resource: w.GroupId }
    assert.deepEqual(facts, [
      { ruleSet: { id: w.GroupId, stateful: true, origin } },
      { addressSet: { id: w.GroupId, addresses: ['10.1.1.9'], origin } },
    ])
  })
})
