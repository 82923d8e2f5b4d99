import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { guarded } from './acls.ts'
import { allPages, assertFilters, type Filter } from './filters.ts'
import { must } from './place.ts'
import { refused, US } from './world.ts'

describe('network ACL', () => {
  test('N1: the default ACL allows everything with rule 100, both ways, and ends in a denial', () => {
    const w = guarded()
    const entries = w
      .acls()
      .find((acl) => acl.IsDefault)
      ?.Entries?.map((e) => [e.Egress, e.RuleNumber, e.RuleAction, e.Protocol, e.CidrBlock])
    assert.deepEqual(entries, [
      [true, 100, 'allow', '-1', '0.0.0.0/0'],
      [true, 32767, 'deny', '-1', '0.0.0.0/0'],
      [false, 100, 'allow', '-1', '0.0.0.0/0'],
      [false, 32767, 'deny', '-1', '0.0.0.0/0'],
    ])
  })

  test('N1: a new ACL has only the denials', () => {
    const w = guarded()
    assert.deepEqual(
      w.shown().map((e) => [e.Egress, e.RuleNumber, e.RuleAction]),
      [
        [true, 32767, 'deny'],
        [false, 32767, 'deny'],
      ],
    )
  })

  test('N2: a new subnet has the default ACL, and exactly one after a replacement', () => {
    const w = guarded()
    const old = w.associationOf(w.subnetId)
    assert.equal(old?.NetworkAclId, w.defaultId)
    const { NewAssociationId } = w.call('ReplaceNetworkAclAssociation', {
      AssociationId: old?.NetworkAclAssociationId ?? '',
      NetworkAclId: w.NetworkAclId,
    })
    assert.deepEqual(w.associationOf(w.subnetId), {
      NetworkAclAssociationId: NewAssociationId,
      NetworkAclId: w.NetworkAclId,
      SubnetId: w.subnetId,
    })
    assert.equal(w.acls().flatMap((acl) => acl.Associations ?? []).length, 1)
    assert.equal(compile(w.records).segments.get(w.subnetId)?.ruleSet, w.NetworkAclId)
    refused('InvalidAssociationID.NotFound', () =>
      w.call('ReplaceNetworkAclAssociation', {
        AssociationId: old?.NetworkAclAssociationId ?? '',
        NetworkAclId: w.defaultId,
      }),
    )
  })

  test('an ACL guards subnets of its own VPC only', () => {
    const w = guarded()
    const VpcId = w.call('CreateVpc', { CidrBlock: '10.2.0.0/16' }).Vpc?.VpcId ?? ''
    const NetworkAclId = w.call('CreateNetworkAcl', { VpcId }).NetworkAcl?.NetworkAclId ?? ''
    const AssociationId = w.associationOf(w.subnetId)?.NetworkAclAssociationId ?? ''
    refused('InvalidParameterValue', () => w.call('ReplaceNetworkAclAssociation', { AssociationId, NetworkAclId }))
  })

  test('N2, D36: the default ACL and one in use can not be deleted', () => {
    const w = guarded()
    refused(
      'InvalidParameterValue',
      () => w.call('DeleteNetworkAcl', { NetworkAclId: w.defaultId }),
      `cannot delete default network ACL ${w.defaultId}`,
    )
    const AssociationId = w.associationOf(w.subnetId)?.NetworkAclAssociationId ?? ''
    const { NewAssociationId = '' } = w.call('ReplaceNetworkAclAssociation', {
      AssociationId,
      NetworkAclId: w.NetworkAclId,
    })
    refused(
      'DependencyViolation',
      () => w.call('DeleteNetworkAcl', { NetworkAclId: w.NetworkAclId }),
      `The networkAcl '${w.NetworkAclId}' has dependencies and cannot be deleted.`,
    )
    w.call('ReplaceNetworkAclAssociation', { AssociationId: NewAssociationId, NetworkAclId: w.defaultId })
    w.call('DeleteNetworkAcl', { NetworkAclId: w.NetworkAclId })
    refused(
      'InvalidNetworkAclID.NotFound',
      () => w.call('DeleteNetworkAcl', { NetworkAclId: w.NetworkAclId }),
      `The networkAcl ID '${w.NetworkAclId}' does not exist`,
    )
  })

  test('the default ACL dies with its VPC, another one keeps the VPC', () => {
    const w = guarded()
    w.call('DeleteSubnet', { SubnetId: w.subnetId })
    refused('DependencyViolation', () => w.call('DeleteVpc', { VpcId: w.VpcId }))
    w.call('DeleteNetworkAcl', { NetworkAclId: w.NetworkAclId })
    w.call('DeleteVpc', { VpcId: w.VpcId })
    assert.deepEqual(w.acls(), [])
  })

  test('N2: replacing an association is refused for what is not there, and changes nothing', () => {
    const w = guarded()
    const AssociationId = must(w.associationOf(w.subnetId)?.NetworkAclAssociationId)
    const replace = (wish: object) => () =>
      w.call('ReplaceNetworkAclAssociation', { AssociationId, NetworkAclId: w.NetworkAclId, ...wish })
    refused('InvalidNetworkAclID.NotFound', replace({ NetworkAclId: 'acl-0123456789abcdef0' }))
    refused('InvalidNetworkAclId.Malformed', replace({ NetworkAclId: 'acl' }))
    refused(
      'InvalidAssociationID.NotFound',
      replace({ AssociationId: 'aclassoc-0123456789abcdef0' }),
      "The association ID 'aclassoc-0123456789abcdef0' does not exist",
    )
    const other = { ...US, account: '210987654321' }
    const VpcId = must(w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }, other).Vpc?.VpcId)
    const NetworkAclId = must(w.call('CreateNetworkAcl', { VpcId }, other).NetworkAcl?.NetworkAclId)
    refused('InvalidNetworkAclID.NotFound', replace({ NetworkAclId }))
    refused('InvalidAssociationID.NotFound', () =>
      w.call('ReplaceNetworkAclAssociation', { AssociationId, NetworkAclId }, other),
    )
    assert.equal(w.associationOf(w.subnetId)?.NetworkAclAssociationId, AssociationId)
    replace({})()
    replace({ AssociationId: must(w.associationOf(w.subnetId)?.NetworkAclAssociationId) })()
    assert.equal(w.associationOf(w.subnetId)?.NetworkAclId, w.NetworkAclId, 'the same ACL again is no error')
  })

  test('an ACL is made with tags, and its answer repeats the client token', () => {
    const w = guarded()
    const Tags = [{ Key: 'Name', Value: 'edge' }]
    const TagSpecifications = [{ ResourceType: 'network-acl' as const, Tags }]
    const made = w.call('CreateNetworkAcl', { VpcId: w.VpcId, ClientToken: 'once', TagSpecifications })
    assert.equal(made.ClientToken, 'once')
    assert.deepEqual(made.NetworkAcl?.Tags, Tags)
    assert.deepEqual(
      [made.NetworkAcl?.IsDefault, made.NetworkAcl?.OwnerId, made.NetworkAcl?.Associations],
      [false, US.account, []],
    )
    refused('InvalidVpcID.NotFound', () => w.call('CreateNetworkAcl', { VpcId: 'vpc-0123456789abcdef0' }))
    const vpc = [{ ResourceType: 'vpc' as const, Tags }]
    refused('InvalidParameterValue', () => w.call('CreateNetworkAcl', { VpcId: w.VpcId, TagSpecifications: vpc }))
  })

  test('N7: a VPC has 200 ACLs, the default one among them', () => {
    const w = guarded()
    for (let i = 2; i < 200; i++) w.call('CreateNetworkAcl', { VpcId: w.VpcId })
    refused('NetworkAclLimitExceeded', () => w.call('CreateNetworkAcl', { VpcId: w.VpcId }))
    assert.equal(w.acls().length, 200)
    const VpcId = must(w.call('CreateVpc', { CidrBlock: '10.2.0.0/16' }).Vpc?.VpcId)
    w.call('CreateNetworkAcl', { VpcId })
    w.call('DeleteNetworkAcl', { NetworkAclId: w.NetworkAclId })
    w.call('CreateNetworkAcl', { VpcId: w.VpcId })
  })

  test('DescribeNetworkAcls: each filter', () => {
    const w = guarded()
    w.call('AssociateVpcCidrBlock', { VpcId: w.VpcId, AmazonProvidedIpv6CidrBlock: true })
    const { NewAssociationId = '' } = w.call('ReplaceNetworkAclAssociation', {
      AssociationId: must(w.associationOf(w.subnetId)?.NetworkAclAssociationId),
      NetworkAclId: w.NetworkAclId,
    })
    w.entry({ RuleNumber: 77, Protocol: '6', PortRange: { From: 80, To: 90 }, CidrBlock: '192.0.2.0/24' })
    w.entry({ RuleNumber: 78, Protocol: '1', IcmpTypeCode: { Type: 3, Code: 4 } })
    w.entry({ RuleNumber: 79, Egress: true, CidrBlock: undefined, Ipv6CidrBlock: '2001:db8::/32' })
    w.call('CreateTags', { Resources: [w.NetworkAclId], Tags: [{ Key: 'tier', Value: 'front' }] })
    const [own, both] = [[w.NetworkAclId], [w.NetworkAclId, w.defaultId]]
    const found = (Filters: Filter[]) =>
      w.call('DescribeNetworkAcls', { Filters }).NetworkAcls?.map((acl) => acl.NetworkAclId) ?? []
    assertFilters(found, {
      'association.association-id': [NewAssociationId, own],
      'association.network-acl-id': [w.NetworkAclId, own],
      'association.subnet-id': [w.subnetId, own],
      default: ['true', [w.defaultId]],
      'entry.cidr': ['192.0.2.0/24', own],
      'entry.egress': ['true', both],
      'entry.icmp.code': ['4', own],
      'entry.icmp.type': ['3', own],
      'entry.ipv6-cidr': ['2001:db8::/32', own],
      'entry.port-range.from': ['80', own],
      'entry.port-range.to': ['90', own],
      'entry.protocol': ['6', own],
      'entry.rule-action': ['allow', both],
      'entry.rule-number': ['77', own],
      'network-acl-id': [w.NetworkAclId, own],
      'owner-id': [US.account, both],
      'tag:tier': ['front', own],
      'tag-key': ['tier', own],
      'vpc-id': [w.VpcId, both],
    })
    for (const name of ['tcp', 'icmp']) assert.deepEqual(found([{ Name: 'entry.protocol', Values: [name] }]), own)
    assert.deepEqual(found([{ Name: 'entry.protocol', Values: ['udp'] }]), [])
    refused('InvalidParameterValue', () => found([{ Name: 'entry', Values: ['x'] }]))
  })

  test('DescribeNetworkAcls: ids, and pages to the last', () => {
    const w = guarded()
    for (let i = 0; i < 9; i++) w.call('CreateNetworkAcl', { VpcId: w.VpcId })
    const paged = allPages(5, (query) => {
      const { NetworkAcls: items = [], NextToken } = w.call('DescribeNetworkAcls', query)
      return { items, NextToken }
    })
    assert.equal(new Set(paged.map((acl) => acl.NetworkAclId)).size, 11)
    const byId = (...NetworkAclIds: string[]) => w.call('DescribeNetworkAcls', { NetworkAclIds }).NetworkAcls?.length
    assert.equal(byId(w.NetworkAclId, w.defaultId), 2)
    refused('InvalidNetworkAclID.NotFound', () => byId(w.NetworkAclId, 'acl-0123456789abcdef0'))
    refused('InvalidParameterValue', () => w.call('DescribeNetworkAcls', { MaxResults: 4 }))
  })
})
