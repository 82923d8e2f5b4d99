/** Security groups that interfaces of further VPCs take (S6). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allPages, assertFilters, type Filter } from './filters.ts'
import { twoVpcs } from './groups.ts'
import { must } from './place.ts'
import { refused, US } from './world.ts'

describe('AssociateSecurityGroupVpc', () => {
  test('S6: an association is associating, then associated, then disassociating, then gone', () => {
    const w = twoVpcs()
    assert.equal(w.associate(), 'associating')
    assert.deepEqual(w.associations(), [
      {
        GroupId: w.a.GroupId,
        VpcId: w.b.VpcId,
        State: 'associated',
        GroupOwnerId: US.account,
        VpcOwnerId: US.account,
      },
    ])
    refused('Resource.AlreadyAssociated', () => w.associate())
    assert.equal(w.disassociate(), 'disassociating')
    assert.deepEqual(w.associations(), [])
    refused('InvalidAssociationID.NotFound', () => w.disassociate())
    assert.equal(w.associate(), 'associating', 'and it may come again')
  })

  test('S6: an interface of the further VPC takes the group while it is associated, and not before', () => {
    const w = twoVpcs()
    const subnetB = w.subnet(w.b.VpcId, '10.2.1.0/24')
    refused('InvalidGroup.NotFound', () => w.eni(subnetB, w.a.GroupId))
    w.associate()
    const eni = w.eni(subnetB, w.a.GroupId)
    refused('DependencyViolation', w.disassociate, `resource ${w.a.GroupId} has a dependent object`)
    assert.equal(w.associations()[0]?.State, 'associated', 'a refused call changes nothing')
    w.call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: eni, Groups: [w.b.GroupId] })
    w.disassociate()
    refused('InvalidGroup.NotFound', () =>
      w.call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: eni, Groups: [w.a.GroupId] }),
    )
  })

  test('S6: interfaces of the own VPC do not hold up a disassociation', () => {
    const w = twoVpcs()
    w.associate()
    w.eni(w.subnet(w.a.VpcId, '10.1.1.0/24'), w.a.GroupId)
    assert.equal(w.disassociate(), 'disassociating')
  })

  test('S6: not a default group, not a default VPC, not its own, none of another Region or account', () => {
    const w = twoVpcs()
    const Filters = [{ Name: 'group-name', Values: ['default'] }]
    const defaultId = must(w.call('DescribeSecurityGroups', { Filters }).SecurityGroups?.[0]?.GroupId)
    refused('InvalidParameterValue', () => w.associate({ GroupId: defaultId }), /default security group/)
    refused('InvalidParameterValue', () => w.associate({ VpcId: w.a.VpcId }), /created in this VPC/)
    const defaultVpc = must(w.call('CreateDefaultVpc', {}).Vpc?.VpcId)
    refused('InvalidParameterValue', () => w.associate({ VpcId: defaultVpc }), /default VPC/)
    for (const caller of [
      { ...US, region: 'eu-west-1' },
      { ...US, account: '210987654321' },
    ]) {
      const VpcId = must(w.call('CreateVpc', { CidrBlock: '10.9.0.0/16' }, caller).Vpc?.VpcId)
      refused('InvalidVpcID.NotFound', () => w.associate({ VpcId }))
      refused('InvalidGroup.NotFound', () =>
        w.call('AssociateSecurityGroupVpc', { GroupId: w.a.GroupId, VpcId }, caller),
      )
    }
    refused('InvalidGroup.NotFound', () => w.associate({ GroupId: 'sg-0123456789abcdef0' }))
    refused('InvalidGroupId.Malformed', () => w.associate({ GroupId: 'web' }))
    refused('InvalidVpcID.NotFound', () => w.associate({ VpcId: 'vpc-0123456789abcdef0' }))
    assert.deepEqual(w.associations(), [])
  })

  test('S8: an associated group can not be deleted', () => {
    const w = twoVpcs()
    w.associate()
    refused(
      'DependencyViolation',
      () => w.call('DeleteSecurityGroup', { GroupId: w.a.GroupId }),
      `resource ${w.a.GroupId} has a dependent object`,
    )
    w.disassociate()
    w.call('DeleteSecurityGroup', { GroupId: w.a.GroupId })
    refused('InvalidGroup.NotFound', w.disassociate)
  })

  test('an association goes with its VPC', () => {
    const w = twoVpcs()
    w.associate()
    w.call('DeleteSecurityGroup', { GroupId: w.b.GroupId })
    w.call('DeleteVpc', { VpcId: w.b.VpcId })
    assert.deepEqual(w.associations(), [])
  })

  test('DescribeSecurityGroupVpcAssociations: each filter, and pages to the last', () => {
    const w = twoVpcs()
    const third = must(w.call('CreateVpc', { CidrBlock: '10.3.0.0/16' }).Vpc?.VpcId)
    const others = Array.from({ length: 6 }, (_, i) => w.a.create(`more ${i}`))
    w.associate()
    for (const GroupId of others) w.call('AssociateSecurityGroupVpc', { GroupId, VpcId: third })
    const all = [w.a.GroupId, ...others]
    assertFilters((filters) => w.associations(filters).map((a) => a.GroupId), {
      'group-id': [w.a.GroupId, [w.a.GroupId]],
      'group-owner-id': [US.account, all],
      state: ['associated', all],
      'vpc-id': [w.b.VpcId, [w.a.GroupId]],
      'vpc-owner-id': [US.account, all],
    })
    refused('InvalidParameterValue', () => w.associations([{ Name: 'group-name', Values: ['web'] }]))
    const paged = allPages(5, (query) => {
      const { SecurityGroupVpcAssociations: items = [], NextToken } = w.call(
        'DescribeSecurityGroupVpcAssociations',
        query,
      )
      return { items, NextToken }
    })
    assert.deepEqual(
      paged.map((a) => a.GroupId),
      all,
    )
    refused('InvalidParameterValue', () => w.call('DescribeSecurityGroupVpcAssociations', { MaxResults: 4 }))
  })
})

describe('GetSecurityGroupsForVpc', () => {
  test('S6: tells the groups of the VPC and those associated with it; each filter, and pages to the last', () => {
    const w = twoVpcs()
    w.associate()
    const groups = (Filters: Filter[] = [], VpcId = w.b.VpcId) =>
      w.call('GetSecurityGroupsForVpc', { VpcId, Filters }).SecurityGroupForVpcs ?? []
    const ids = (filters: Filter[]) => groups(filters).map((g) => g.GroupId)
    const defaultId = must(groups().find((g) => g.GroupName === 'default')?.GroupId)
    assert.deepEqual(
      groups().find((g) => g.GroupId === w.a.GroupId),
      {
        GroupId: w.a.GroupId,
        GroupName: 'web',
        Description: 'a group',
        OwnerId: US.account,
        PrimaryVpcId: w.a.VpcId,
        Tags: [],
      },
    )
    assertFilters(ids, {
      'group-id': [w.b.GroupId, [w.b.GroupId]],
      description: ['a group', [w.a.GroupId, w.b.GroupId]],
      'group-name': ['default', [defaultId]],
      'owner-id': [US.account, [w.a.GroupId, w.b.GroupId, defaultId]],
      'primary-vpc-id': [w.a.VpcId, [w.a.GroupId]],
    })
    for (const Name of ['vpc-id', 'tag:Name', 'toString'])
      refused('InvalidParameterValue', () => ids([{ Name, Values: ['x'] }]), `The filter '${Name}' is invalid`)
    assert.ok(!groups([], w.a.VpcId).some((g) => g.GroupId === w.b.GroupId), 'the other way it is not associated')
    for (let i = 0; i < 9; i++) w.b.create(`more ${i}`)
    const paged = allPages(5, (query) => {
      const { SecurityGroupForVpcs: items = [], NextToken } = w.call('GetSecurityGroupsForVpc', {
        VpcId: w.b.VpcId,
        ...query,
      })
      return { items, NextToken }
    })
    assert.equal(new Set(paged.map((g) => g.GroupId)).size, 12)
    w.disassociate()
    assert.ok(!groups().some((g) => g.GroupId === w.a.GroupId))
    refused('InvalidVpcID.NotFound', () => groups([], 'vpc-0123456789abcdef0'))
  })
})
