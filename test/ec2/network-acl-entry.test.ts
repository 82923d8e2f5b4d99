/** The entries of network ACLs: how they are written, replaced, deleted, and what they come to. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { type Ip, ip } from '../../src/ip/address.ts'
import type { Flow } from '../../src/network/flow.ts'
import { guarded } from './acls.ts'
import { must, place } from './place.ts'
import { refused } from './world.ts'

describe('an entry of a network ACL', () => {
  test('N7: a number stands once in a direction; the other direction has numbers of its own', () => {
    const w = guarded()
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
    const w = guarded()
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
    const w = guarded()
    for (const RuleNumber of [0, 32767]) refused('InvalidParameterValue', () => w.entry({ RuleNumber }))
    refused('InvalidParameterValue', () =>
      w.call('DeleteNetworkAclEntry', { NetworkAclId: w.NetworkAclId, RuleNumber: 32767, Egress: false }),
    )
    w.entry({ RuleNumber: 1 })
    w.entry({ RuleNumber: 32766 })
  })

  test('N5: TCP and UDP need ports, ICMP needs a type and a code', () => {
    const w = guarded()
    for (const Protocol of ['6', '17'])
      refused('MissingParameter', () => w.entry({ Protocol }), 'The request must contain the parameter portRange')
    refused('MissingParameter', () => w.entry({ Protocol: '1' }), 'The request must contain the parameter icmpTypeCode')
    refused('MissingParameter', () => w.entry({ Protocol: '58', CidrBlock: undefined, Ipv6CidrBlock: '::/0' }))
    refused('InvalidParameterValue', () => w.entry({ Protocol: '6', PortRange: { From: 30, To: 20 } }))
    refused('InvalidParameterValue', () => w.entry({ Protocol: '6', PortRange: { From: 20 } }))
    refused('InvalidParameterValue', () => w.entry({ Protocol: '6', PortRange: { From: 0, To: 65536 } }))
    for (const Protocol of ['256', 'ssh', '-2', '']) refused('InvalidParameterValue', () => w.entry({ Protocol }))
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
    const w = guarded()
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
    const w = guarded()
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

  test('N5: an ICMP type or code out of range, and a code for all types, are refused', () => {
    const w = guarded()
    for (const IcmpTypeCode of [
      { Type: 256, Code: 0 },
      { Type: -2, Code: 0 },
      { Type: 3, Code: 256 },
      { Type: -1, Code: 5 },
    ])
      refused('InvalidParameterValue', () => w.entry({ Protocol: '1', IcmpTypeCode }))
    assert.equal(w.shown().length, 2)
  })

  test('N5: a protocol may be named, and -1 to -1 is every port', () => {
    const w = guarded()
    const PortRange = { From: -1, To: -1 }
    w.entry({ RuleNumber: 1, Protocol: 'tcp', PortRange: { From: 22, To: 22 } })
    w.entry({ RuleNumber: 2, Protocol: 'UDP', PortRange })
    w.entry({ RuleNumber: 3, Protocol: 'icmp', IcmpTypeCode: { Type: 8, Code: -1 } })
    w.entry({ RuleNumber: 4, Protocol: 'all' })
    assert.deepEqual(
      w.shown().flatMap((e) => ((e.RuleNumber ?? 0) < 5 ? [[e.Protocol, e.PortRange]] : [])),
      [
        ['6', { From: 22, To: 22 }],
        ['17', { From: 0, To: 65535 }],
        ['1', undefined],
        ['-1', undefined],
      ],
    )
  })

  test('N5: it is of one block, of either family; an IPv6 one has ICMPv6 types', () => {
    const w = guarded()
    refused('InvalidParameterCombination', () => w.entry({ Ipv6CidrBlock: '::/0' }))
    refused('MissingParameter', () => w.entry({ CidrBlock: undefined }))
    refused('InvalidParameterValue', () => w.entry({ CidrBlock: '10.0.0.0/33' }))
    refused('InvalidParameterValue', () => w.entry({ CidrBlock: '::/0' }))
    refused('InvalidParameterValue', () => w.entry({ CidrBlock: undefined, Ipv6CidrBlock: '10.0.0.0/8' }))
    w.entry({
      ...{ RuleNumber: 7, Protocol: '58', IcmpTypeCode: { Type: 128, Code: 0 } },
      ...{ CidrBlock: undefined, Ipv6CidrBlock: '2001:db8::7/32' },
    })
    assert.deepEqual(
      w.shown().find((e) => e.RuleNumber === 7),
      {
        RuleNumber: 7,
        Egress: false,
        RuleAction: 'allow',
        Protocol: '58',
        Ipv6CidrBlock: '2001:db8::/32',
        IcmpTypeCode: { Type: 128, Code: 0 },
      },
    )
  })

  for (const way of [false, true])
    test(`N7: there are 20 of IPv4 and 20 of IPv6 by ${way ? 'egress' : 'ingress'}, with the denial of each`, () => {
      const w = guarded()
      const ipv6 = { Egress: way, CidrBlock: undefined, Ipv6CidrBlock: '::/0' }
      for (let i = 1; i <= 19; i++) w.entry({ RuleNumber: i, Egress: way })
      refused('NetworkAclEntryLimitExceeded', () => w.entry({ RuleNumber: 100, Egress: way }))
      for (let i = 101; i <= 119; i++) w.entry({ RuleNumber: i, ...ipv6 })
      refused('NetworkAclEntryLimitExceeded', () => w.entry({ RuleNumber: 200, ...ipv6 }))
      w.entry({ RuleNumber: 1, Egress: !way })
      w.call('DeleteNetworkAclEntry', { NetworkAclId: w.NetworkAclId, RuleNumber: 1, Egress: way })
      w.entry({ RuleNumber: 100, Egress: way })
    })

  test('of an unknown ACL is refused by each call', () => {
    const w = guarded()
    const NetworkAclId = 'acl-0123456789abcdef0'
    const one = { NetworkAclId, RuleNumber: 1, Egress: false }
    const code = 'InvalidNetworkAclID.NotFound'
    refused(code, () => w.entry({ NetworkAclId }))
    refused(code, () =>
      w.call('ReplaceNetworkAclEntry', { ...one, RuleAction: 'deny', Protocol: '-1', CidrBlock: '10.0.0.0/8' }),
    )
    refused(code, () => w.call('DeleteNetworkAclEntry', one))
  })
})

describe('packets past an ACL', () => {
  /** Two subnets, an instance in each that lets everything in, and an ACL without entries before the second. */
  async function judged(write: (entry: (input: object) => void) => void) {
    const p = place()
    const CidrBlock = '10.0.2.0/24'
    const second = must(p.call('CreateSubnet', { VpcId: p.vpcId, CidrBlock }).Subnet?.SubnetId)
    const GroupId = must(
      p.call('CreateSecurityGroup', { GroupName: 'open', Description: 'all', VpcId: p.vpcId }).GroupId,
    )
    const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]
    p.call('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions })
    const [from, to] = [
      p.running({ SecurityGroupIds: [GroupId] }),
      p.running({ SubnetId: second, SecurityGroupIds: [GroupId] }),
    ]
    const NetworkAclId = must(p.call('CreateNetworkAcl', { VpcId: p.vpcId }).NetworkAcl?.NetworkAclId)
    const Filters = [{ Name: 'association.subnet-id', Values: [second] }]
    const [acl] = p.call('DescribeNetworkAcls', { Filters }).NetworkAcls ?? []
    const AssociationId = must(acl?.Associations?.find((a) => a.SubnetId === second)?.NetworkAclAssociationId)
    p.call('ReplaceNetworkAclAssociation', { AssociationId, NetworkAclId })
    let RuleNumber = 100
    write((input) =>
      p.call('CreateNetworkAclEntry', {
        ...{ NetworkAclId, RuleNumber: RuleNumber++, Egress: false, RuleAction: 'allow', Protocol: '-1' },
        ...{ CidrBlock: '0.0.0.0/0', ...input },
      }),
    )
    const engine = simulator()
    await engine.apply(compile(p.records), 1)
    const address = (id: string): Ip => ip(must(p.see(id).PrivateIpAddress))
    return async (traffic: Omit<Flow, 'source' | 'destination'>) => {
      const flow: Flow = { ...traffic, source: address(from), destination: address(to) }
      const { request, reply } = await engine.probe(flow, from)
      return [request.disposition, reply?.disposition]
    }
  }

  test('N9: a ping needs ICMP in and ICMP of type 0 out', async () => {
    const ping = { protocol: 1, icmp: { type: 8, code: 0 } }
    const icmp = (Egress: boolean, Type: number) => ({ Egress, Protocol: '1', IcmpTypeCode: { Type, Code: -1 } })
    const inOnly = await judged((entry) => entry(icmp(false, 8)))
    assert.deepEqual(await inOnly(ping), ['accepted', 'denied'])
    const both = await judged((entry) => [icmp(false, 8), icmp(true, 0)].map(entry))
    assert.deepEqual(await both(ping), ['accepted', 'accepted'])
  })

  test('N6: ports of both directions are those that the packet goes to', async () => {
    const web = { protocol: 6, sourcePort: 40_000, destinationPort: 80 }
    const tcp = (Egress: boolean, port: number) => ({ Egress, Protocol: '6', PortRange: { From: port, To: port } })
    const toClient = await judged((entry) => [tcp(false, 80), tcp(true, 40_000)].map(entry))
    assert.deepEqual(await toClient(web), ['accepted', 'accepted'])
    const fromServer = await judged((entry) => [tcp(false, 80), tcp(true, 80)].map(entry))
    assert.deepEqual(await fromServer(web), ['accepted', 'denied'])
  })

  test('N1: the lowest number that matches decides, whatever follows', async () => {
    const ping = { protocol: 1, icmp: { type: 8, code: 0 } }
    const out = { Egress: true }
    const denied = await judged((entry) => [out, { RuleNumber: 7, RuleAction: 'deny' }, { RuleNumber: 8 }].map(entry))
    assert.deepEqual(await denied(ping), ['denied', undefined])
    const allowed = await judged((entry) => [out, { RuleNumber: 7 }, { RuleNumber: 8, RuleAction: 'deny' }].map(entry))
    assert.deepEqual(await allowed(ping), ['accepted', 'accepted'])
  })
})
