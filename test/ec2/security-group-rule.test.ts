import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { grouped, type Permission, tcp } from './groups.ts'
import { refused, US } from './world.ts'

const ANY = [{ CidrIp: '0.0.0.0/0' }]

describe('authorizing', () => {
  test('answers the rules with their ids and tags', () => {
    const w = grouped()
    const Tags = [{ Key: 'Name', Value: 'ssh' }]
    const answer = w.call('AuthorizeSecurityGroupIngress', {
      GroupId: w.GroupId,
      IpPermissions: [tcp(22)],
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags }],
    })
    const [rule, ...more] = answer.SecurityGroupRules ?? []
    assert.equal(answer.Return, true)
    assert.deepEqual(more, [])
    assert.match(rule?.SecurityGroupRuleId ?? '', /^sgr-[0-9a-f]{17}$/)
    assert.deepEqual(
      { ...rule, SecurityGroupRuleId: '', SecurityGroupRuleArn: '' },
      {
        SecurityGroupRuleId: '',
        SecurityGroupRuleArn: '',
        GroupId: w.GroupId,
        GroupOwnerId: US.account,
        IsEgress: false,
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        CidrIpv4: '10.0.0.0/16',
        Tags,
      },
    )
    assert.deepEqual(
      w.call('DescribeSecurityGroupRules', { SecurityGroupRuleIds: [rule?.SecurityGroupRuleId ?? ''] })
        .SecurityGroupRules,
      [rule],
    )
  })

  test('rules of the same protocol and ports are shown as one permission', () => {
    const w = grouped()
    w.allow(tcp(22), { IpProtocol: 'tcp', FromPort: 80, ToPort: 90, IpRanges: ANY, Ipv6Ranges: [{ CidrIpv6: '::/0' }] })
    w.allow({ ...tcp(22, '192.0.2.0/24'), UserIdGroupPairs: [{ GroupId: w.GroupId, Description: 'own' }] })
    assert.deepEqual(w.show()?.IpPermissions, [
      {
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        IpRanges: [{ CidrIp: '10.0.0.0/16' }, { CidrIp: '192.0.2.0/24' }],
        Ipv6Ranges: [],
        PrefixListIds: [],
        UserIdGroupPairs: [{ GroupId: w.GroupId, UserId: US.account, Description: 'own' }],
      },
      {
        IpProtocol: 'tcp',
        FromPort: 80,
        ToPort: 90,
        IpRanges: ANY,
        Ipv6Ranges: [{ CidrIpv6: '::/0' }],
        PrefixListIds: [],
        UserIdGroupPairs: [],
      },
    ])
  })

  test('D32, S4: `6` is `tcp`, and another description is still the same rule', () => {
    const w = grouped()
    w.allow(tcp(22))
    const words = 'the specified rule "peer: 10.0.0.0/16, TCP, from port: 22, to port: 22, ALLOW" already exists'
    refused('InvalidPermission.Duplicate', () => w.allow({ ...tcp(22), IpProtocol: '6' }), words)
    refused(
      'InvalidPermission.Duplicate',
      () => w.allow({ ...tcp(22), IpRanges: [{ CidrIp: '10.0.0.0/16', Description: 'new' }] }),
      words,
    )
  })

  test('D32: of several rules one duplicate refuses all', () => {
    const w = grouped()
    w.allow({ IpProtocol: '-1', IpRanges: ANY })
    refused(
      'InvalidPermission.Duplicate',
      () => w.allow(tcp(80), { IpProtocol: '-1', IpRanges: ANY }),
      'the specified rule "peer: 0.0.0.0/0, ALL, ALLOW" already exists',
    )
    assert.equal(w.rules().length, 1)
  })

  test('the same permission twice in one call is refused', () => {
    const w = grouped()
    refused(
      'InvalidParameterValue',
      () => w.allow(tcp(22), tcp(22)),
      'The same permission must not appear multiple times',
    )
  })

  test('C2: host bits of a block are cleared, and the cleared form is what counts', () => {
    const w = grouped()
    w.allow(tcp(22, '100.68.0.18/18'))
    assert.equal(w.show()?.IpPermissions?.[0]?.IpRanges?.[0]?.CidrIp, '100.68.0.0/18')
    refused('InvalidPermission.Duplicate', () => w.allow(tcp(22, '100.68.0.0/18')))
  })

  test('what is no block, protocol, port or type is refused', () => {
    const w = grouped()
    const cases: [Permission, RegExp][] = [
      [tcp(22, '10.0.0.1'), /^CIDR block 10\.0\.0\.1 is malformed$/],
      [tcp(22, '::/0'), /malformed/],
      [{ ...tcp(22), IpProtocol: 'ssh' }, /^Invalid value 'ssh' for IP protocol\. Unknown protocol\.$/],
      [{ ...tcp(22), IpProtocol: '256' }, /Unknown protocol/],
      [{ IpProtocol: 'tcp', FromPort: 22, IpRanges: ANY }, /Must specify both from and to ports with TCP\/UDP\./],
      [{ ...tcp(22), ToPort: 21 }, /range/],
      [tcp(65536), /^TCP\/UDP port \(65536\) out of range$/],
      [tcp(-1), /out of range/],
    ]
    for (const [permission, message] of cases) refused('InvalidParameterValue', () => w.allow(permission), message)
    refused('MissingParameter', () => w.allow())
    refused('MissingParameter', () => w.allow({ FromPort: 22, ToPort: 22, IpRanges: ANY }))
    refused('MissingParameter', () => w.allow({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22 }))
    const nobody = { ...tcp(22), IpRanges: [], UserIdGroupPairs: [{ UserId: US.account }] }
    refused('MissingParameter', () => w.allow(nobody), 'Source group ID missing.')
    const named = { ...tcp(22), IpRanges: [], UserIdGroupPairs: [{ GroupName: 'default' }] }
    refused('InvalidParameterValue', () => w.allow(named), /You may not reference Amazon VPC security groups by name/)
    const described = { ...tcp(22), IpRanges: [{ CidrIp: '10.0.0.0/16', Description: "the office's" }] }
    refused('InvalidParameterValue', () => w.allow(described), /^Invalid rule description\. Valid descriptions are/)
    assert.deepEqual(w.rules(), [])
    refused('InvalidPrefixListID.NotFound', () =>
      w.allow({ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-0123456789abcdef0' }] }),
    )
  })

  test('S3, D30: ICMP has a type and a code in the place of ports, not a range', () => {
    const w = grouped()
    w.allow({ IpProtocol: 'icmp', FromPort: 3, ToPort: 4, IpRanges: ANY })
    w.allow({ IpProtocol: '1', FromPort: 8, ToPort: -1, IpRanges: ANY })
    w.allow({ IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: ANY })
    assert.deepEqual(
      w.rules().map(({ match: { protocol, icmp, ports } }) => [protocol, icmp, ports]),
      [
        [1, { type: 3, code: 4 }, undefined],
        [1, { type: 8 }, undefined],
        [1, undefined, undefined],
      ],
    )
    assert.deepEqual(
      w.show()?.IpPermissions?.map((p) => [p.IpProtocol, p.FromPort, p.ToPort]),
      [
        ['icmp', 3, 4],
        ['icmp', 8, -1],
        ['icmp', -1, -1],
      ],
    )
  })

  test('D30: all types with one code is refused, and so are a type or code alone or out of range', () => {
    const w = grouped()
    const icmp = (ports: object) => w.allow({ IpProtocol: 'icmp', IpRanges: ANY, ...ports })
    refused('InvalidParameterValue', () => icmp({ FromPort: -1, ToPort: 5 }))
    refused('InvalidParameterValue', () => icmp({ FromPort: 8 }), /Must specify both from and to ports with ICMP\.$/)
    refused('InvalidParameterValue', () => icmp({ FromPort: 0, ToPort: 65535 }), 'ICMP code (65535) out of range')
    refused('InvalidParameterValue', () => icmp({ FromPort: 256, ToPort: 0 }), 'ICMP type (256) out of range')
  })

  test('S3: ICMPv6 may leave its types out', () => {
    const w = grouped()
    w.allow({ IpProtocol: '58', Ipv6Ranges: [{ CidrIpv6: '::/0' }] })
    assert.deepEqual(w.rules()[0]?.match, { protocol: 58, remote: { prefix: '::/0' } })
    assert.equal(w.show()?.IpPermissions?.[0]?.IpProtocol, 'icmpv6')
  })

  test('D31: ports given with protocol -1 or 50 are ignored', () => {
    const w = grouped()
    w.allow({ ...tcp(22), IpProtocol: '-1' }, { ...tcp(22), IpProtocol: '50' })
    assert.deepEqual(
      w.rules().map((r) => r.match),
      [{ remote: { prefix: '10.0.0.0/16' } }, { protocol: 50, remote: { prefix: '10.0.0.0/16' } }],
    )
    assert.deepEqual(
      w.show()?.IpPermissions?.map((p) => [p.IpProtocol, p.FromPort]),
      [
        ['-1', undefined],
        ['50', undefined],
      ],
    )
    refused('InvalidPermission.Duplicate', () => w.allow({ ...tcp(23), IpProtocol: '-1' }))
  })

  test('S10: all ports are no condition on ports', () => {
    const w = grouped()
    w.allow({ IpProtocol: 'tcp', FromPort: 0, ToPort: 65535, IpRanges: ANY }, tcp(22))
    assert.deepEqual(
      w.rules().map((r) => r.match.ports),
      [undefined, { from: 22, to: 22 }],
    )
  })

  test('a rule names the group it belongs to as the origin', () => {
    const w = grouped()
    const id = w.allow(tcp(22)).SecurityGroupRules?.[0]?.SecurityGroupRuleId
    assert.deepEqual(w.rules(), [
      {
        ruleSet: w.GroupId,
        direction: 'ingress',
        priority: 0,
        action: 'allow',
        origin: { resource: w.GroupId, rule: id },
        match: { protocol: 6, ports: { from: 22, to: 22 }, remote: { prefix: '10.0.0.0/16' } },
      },
    ])
  })

  test('S14: a rule is in the network with the answer of its call, and gone with that of its revocation', () => {
    const w = grouped()
    const inNetwork = () =>
      compile(w.records).rules.filter((r) => r.ruleSet === w.GroupId && r.direction === 'ingress').length
    w.allow(tcp(22), tcp(80))
    assert.equal(inNetwork(), 2)
    w.revoke(tcp(22))
    assert.equal(inNetwork(), 1)
  })
})
