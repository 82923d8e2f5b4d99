import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { refused, world } from './world.ts'

function laid() {
  const w = world()
  const VpcId = w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }).Vpc?.VpcId ?? ''
  const subnetId = w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.1.0/24' }).Subnet?.SubnetId ?? ''
  const acls = () => w.call('DescribeNetworkAcls', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }).NetworkAcls ?? []
  const NetworkAclId = w.call('CreateNetworkAcl', { VpcId }).NetworkAcl?.NetworkAclId ?? ''
  return {
    ...w,
    VpcId,
    subnetId,
    acls,
    NetworkAclId,
    defaultId: acls().find((acl) => acl.IsDefault)?.NetworkAclId ?? '',
    associationOf: (id: string) =>
      acls()
        .flatMap((acl) => acl.Associations ?? [])
        .find((a) => a.SubnetId === id),
    entry: (input: object) =>
      w.call('CreateNetworkAclEntry', {
        NetworkAclId,
        RuleNumber: 100,
        Egress: false,
        RuleAction: 'allow',
        Protocol: '-1',
        CidrBlock: '0.0.0.0/0',
        ...input,
      }),
    rules: () => compile(w.records).rules.filter((r) => r.ruleSet === NetworkAclId),
    shown: () => acls().find((acl) => acl.NetworkAclId === NetworkAclId)?.Entries ?? [],
  }
}

describe('network ACL', () => {
  test('N1: the default ACL allows everything with rule 100, both ways, and ends in a denial', () => {
    const w = laid()
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
    const w = laid()
    assert.deepEqual(
      w.shown().map((e) => [e.Egress, e.RuleNumber, e.RuleAction]),
      [
        [true, 32767, 'deny'],
        [false, 32767, 'deny'],
      ],
    )
  })

  test('N2: a new subnet has the default ACL, and exactly one after a replacement', () => {
    const w = laid()
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
    const w = laid()
    const VpcId = w.call('CreateVpc', { CidrBlock: '10.2.0.0/16' }).Vpc?.VpcId ?? ''
    const NetworkAclId = w.call('CreateNetworkAcl', { VpcId }).NetworkAcl?.NetworkAclId ?? ''
    const AssociationId = w.associationOf(w.subnetId)?.NetworkAclAssociationId ?? ''
    refused('InvalidParameterValue', () => w.call('ReplaceNetworkAclAssociation', { AssociationId, NetworkAclId }))
  })

  test('N2, D36: the default ACL and one in use can not be deleted', () => {
    const w = laid()
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
    const w = laid()
    w.call('DeleteSubnet', { SubnetId: w.subnetId })
    refused('DependencyViolation', () => w.call('DeleteVpc', { VpcId: w.VpcId }))
    w.call('DeleteNetworkAcl', { NetworkAclId: w.NetworkAclId })
    w.call('DeleteVpc', { VpcId: w.VpcId })
    assert.deepEqual(w.acls(), [])
  })

  test('N7: a number stands once in a direction; the other direction has numbers of its own', () => {
    const w = laid()
    w.entry({})
    refused(
      'NetworkAclEntryAlreadyExists',
      () => w.entry({ Protocol: '6', PortRange: { From: 22, To: 22 } }),
      'The network acl entry identified by 100 already exists.',
    )
    w.entry({ Egress: true })
    assert.equal(w.shown().length, 4)
  })

  test('N7: an entry is replaced or deleted by number and direction', () => {
    const w = laid()
    const { NetworkAclId } = w
    const one = { NetworkAclId, RuleNumber: 100, Egress: false }
    w.entry({})
    w.entry({ Egress: true })
    w.call('ReplaceNetworkAclEntry', {
      ...one,
      RuleAction: 'deny',
      Protocol: '17',
      PortRange: { From: 53, To: 53 },
      CidrBlock: '10.0.0.0/8',
    })
    assert.deepEqual(w.shown()[2], {
      RuleNumber: 100,
      Egress: false,
      RuleAction: 'deny',
      Protocol: '17',
      CidrBlock: '10.0.0.0/8',
      PortRange: { From: 53, To: 53 },
    })
    w.call('DeleteNetworkAclEntry', one)
    assert.deepEqual(
      w.shown().map((e) => e.Egress),
      [true, true, false],
    )
    refused('InvalidNetworkAclEntry.NotFound', () => w.call('DeleteNetworkAclEntry', one))
    refused('InvalidNetworkAclEntry.NotFound', () =>
      w.call('ReplaceNetworkAclEntry', { ...one, RuleAction: 'deny', Protocol: '-1', CidrBlock: '10.0.0.0/8' }),
    )
  })

  test('N1: numbers go from 1 to 32766', () => {
    const w = laid()
    for (const RuleNumber of [0, 32767]) refused('InvalidParameterValue', () => w.entry({ RuleNumber }))
    refused('InvalidParameterValue', () =>
      w.call('DeleteNetworkAclEntry', { NetworkAclId: w.NetworkAclId, RuleNumber: 32767, Egress: false }),
    )
    w.entry({ RuleNumber: 1 })
    w.entry({ RuleNumber: 32766 })
  })

  test('N7: a direction has 20 entries, the denial included', () => {
    const w = laid()
    for (let i = 1; i <= 19; i++) w.entry({ RuleNumber: i })
    refused('NetworkAclEntryLimitExceeded', () => w.entry({ RuleNumber: 20 }))
    w.entry({ RuleNumber: 20, Egress: true })
  })

  test('N5: TCP and UDP need ports, ICMP needs a type and a code', () => {
    const w = laid()
    for (const Protocol of ['6', '17'])
      refused('MissingParameter', () => w.entry({ Protocol }), 'The request must contain the parameter portRange')
    refused('MissingParameter', () => w.entry({ Protocol: '1' }), 'The request must contain the parameter icmpTypeCode')
    refused('MissingParameter', () => w.entry({ Protocol: '58', CidrBlock: undefined, Ipv6CidrBlock: '::/0' }))
    refused('InvalidParameterValue', () => w.entry({ Protocol: '6', PortRange: { From: 30, To: 20 } }))
    refused('InvalidParameterValue', () => w.entry({ Protocol: '256' }))
    w.entry({ RuleNumber: 1, Protocol: '58' })
    w.entry({ RuleNumber: 2, Protocol: '50', PortRange: { From: 1, To: 2 } })
    assert.deepEqual(
      w
        .rules()
        .filter((r) => r.priority < 3)
        .map((r) => r.match),
      [
        { protocol: 58, remote: { prefix: '0.0.0.0/0' } },
        { protocol: 50, remote: { prefix: '0.0.0.0/0' } },
      ],
    )
  })

  test('N5: ICMP type and code -1 are all of them', () => {
    const w = laid()
    w.entry({ RuleNumber: 1, Protocol: '1', IcmpTypeCode: { Type: -1, Code: -1 } })
    w.entry({ RuleNumber: 2, Protocol: '1', IcmpTypeCode: { Type: 8, Code: -1 } })
    w.entry({ RuleNumber: 3, Protocol: '1', IcmpTypeCode: { Type: 3, Code: 4 } })
    assert.deepEqual(
      w
        .rules()
        .filter((r) => r.priority < 4)
        .map((r) => r.match.icmp),
      [undefined, { type: 8 }, { type: 3, code: 4 }],
    )
    assert.deepEqual(w.shown().find((e) => e.RuleNumber === 2)?.IcmpTypeCode, { Type: 8, Code: -1 })
  })

  test('C2: host bits of an entry are cleared; the rule says which entry it is', () => {
    const w = laid()
    w.entry({
      RuleNumber: 50,
      Egress: true,
      RuleAction: 'deny',
      Protocol: '6',
      PortRange: { From: 22, To: 22 },
      CidrBlock: '100.68.0.18/18',
    })
    const rules = w.rules()
    assert.deepEqual(
      rules.find((r) => r.priority === 50),
      {
        ruleSet: w.NetworkAclId,
        direction: 'egress',
        priority: 50,
        action: 'deny',
        match: { protocol: 6, remote: { prefix: '100.68.0.0/18' }, ports: { from: 22, to: 22 } },
        origin: { resource: w.NetworkAclId, rule: 'egress:50', code: 'SUBNET_ACL_RESTRICTION' },
      },
    )
    assert.deepEqual(
      rules
        .filter((r) => r.priority === 32767)
        .map((r) => r.origin.rule)
        .toSorted(),
      ['egress:*', 'ingress:*'],
    )
    assert.equal(compile(w.records).ruleSets.get(w.NetworkAclId)?.stateful, false)
  })

  test('ACLs are found by the filters that clients send', () => {
    const w = laid()
    w.entry({ RuleNumber: 77 })
    const found = (Name: string, Value: string) =>
      w
        .call('DescribeNetworkAcls', { Filters: [{ Name, Values: [Value] }] })
        .NetworkAcls?.map((acl) => acl.NetworkAclId)
    assert.deepEqual(found('default', 'true'), [w.defaultId])
    assert.deepEqual(found('association.subnet-id', w.subnetId), [w.defaultId])
    assert.deepEqual(found('entry.rule-number', '77'), [w.NetworkAclId])
  })
})
