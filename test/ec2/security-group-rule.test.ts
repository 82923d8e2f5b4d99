import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
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

  test('D30: all types with one code is refused', () => {
    const w = grouped()
    refused('InvalidParameterValue', () => w.allow({ IpProtocol: 'icmp', FromPort: -1, ToPort: 5, IpRanges: ANY }))
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

  test('the older form names one rule in the call itself', () => {
    const w = grouped()
    w.call('AuthorizeSecurityGroupIngress', {
      GroupId: w.GroupId,
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      CidrIp: '192.0.2.1/32',
    })
    assert.deepEqual(w.rules()[0]?.match, {
      protocol: 6,
      ports: { from: 22, to: 22 },
      remote: { prefix: '192.0.2.1/32' },
    })
    w.call('RevokeSecurityGroupIngress', {
      GroupId: w.GroupId,
      IpProtocol: '6',
      FromPort: 22,
      ToPort: 22,
      CidrIp: '192.0.2.1/32',
    })
    assert.deepEqual(w.rules(), [])
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

  test('S9: 60 rules in and 60 out, IPv4 and IPv6 apart', () => {
    const w = grouped()
    const many = (count: number, start = 0) => Array.from({ length: count }, (_, i) => tcp(start + i))
    w.allow(...many(60))
    refused('RulesPerSecurityGroupLimitExceeded', () => w.allow(tcp(999)))
    w.allow({ IpProtocol: 'tcp', FromPort: 999, ToPort: 999, Ipv6Ranges: [{ CidrIpv6: '::/0' }] })
    w.call('AuthorizeSecurityGroupEgress', { GroupId: w.GroupId, IpPermissions: many(59) })
    refused('RulesPerSecurityGroupLimitExceeded', () =>
      w.call('AuthorizeSecurityGroupEgress', { GroupId: w.GroupId, IpPermissions: [tcp(999)] }),
    )
  })
})

describe('revoking', () => {
  test('S5: an absent rule is InvalidPermission.NotFound, and nothing is revoked', () => {
    const w = grouped()
    w.allow(tcp(22))
    refused(
      'InvalidPermission.NotFound',
      () => w.revoke(tcp(22), tcp(80)),
      'The specified rule does not exist in this security group.',
    )
    assert.equal(w.rules().length, 1)
  })

  test('S5, D33: in the default VPC an absent rule is no error but listed', () => {
    const w = grouped()
    w.transaction(US, ({ state }) => {
      const v = state.get('vpc', w.VpcId)
      if (v) state.put('vpc', { ...v, isDefault: true })
    })
    w.allow(tcp(22))
    const answer = w.revoke(tcp(22), tcp(80))
    assert.equal(answer.RevokedSecurityGroupRules?.length, 1)
    assert.deepEqual(
      answer.UnknownIpPermissions?.map((p) => [p.FromPort, p.IpRanges]),
      [[80, [{ CidrIp: '10.0.0.0/16' }]]],
    )
    assert.deepEqual(w.rules(), [])
  })

  test('in the default VPC a group is named by its name', () => {
    const w = grouped()
    w.transaction(US, ({ state }) => {
      const v = state.get('vpc', w.VpcId)
      if (v) state.put('vpc', { ...v, isDefault: true })
    })
    w.call('AuthorizeSecurityGroupIngress', { GroupName: 'web', IpPermissions: [tcp(22)] })
    w.call('AuthorizeSecurityGroupIngress', { GroupName: 'web', SourceSecurityGroupName: 'default' })
    assert.deepEqual(
      w.show()?.IpPermissions?.map((p) => [p.IpProtocol, p.UserIdGroupPairs?.length]),
      [
        ['tcp', 0],
        ['-1', 1],
      ],
    )
    refused(
      'InvalidGroup.NotFound',
      () => w.call('DescribeSecurityGroups', { GroupNames: ['nope'] }),
      `The security group 'nope' does not exist in default VPC '${w.VpcId}'`,
    )
  })

  test('a description does not count', () => {
    const w = grouped()
    w.allow({ ...tcp(22), IpRanges: [{ CidrIp: '10.0.0.0/16', Description: 'office' }] })
    const [revoked] = w.revoke(tcp(22)).RevokedSecurityGroupRules ?? []
    assert.equal(revoked?.Description, 'office')
    assert.deepEqual(w.rules(), [])
  })

  test('goes by rule id; of this group and direction only', () => {
    const w = grouped()
    const id = w.allow(tcp(22)).SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? ''
    const other = w.create('other')
    refused('InvalidParameterValue', () =>
      w.call('RevokeSecurityGroupIngress', { GroupId: other, SecurityGroupRuleIds: [id] }),
    )
    refused('InvalidParameterValue', () =>
      w.call('RevokeSecurityGroupEgress', { GroupId: w.GroupId, SecurityGroupRuleIds: [id] }),
    )
    refused('InvalidSecurityGroupRuleId.NotFound', () =>
      w.call('RevokeSecurityGroupIngress', { GroupId: w.GroupId, SecurityGroupRuleIds: ['sgr-0123456789abcdef0'] }),
    )
    w.call('RevokeSecurityGroupIngress', { GroupId: w.GroupId, SecurityGroupRuleIds: [id] })
    assert.deepEqual(w.rules(), [])
    refused('InvalidSecurityGroupRuleId.NotFound', () =>
      w.call('DescribeSecurityGroupRules', { SecurityGroupRuleIds: [id] }),
    )
  })

  test('names nothing: refused', () => {
    const w = grouped()
    refused(
      'MissingParameter',
      () => w.revoke(),
      "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.",
    )
  })

  test('D15: the rule that lets everything out can go', () => {
    const w = grouped()
    w.call('RevokeSecurityGroupEgress', { GroupId: w.GroupId, IpPermissions: [{ IpProtocol: '-1', IpRanges: ANY }] })
    assert.deepEqual(w.show()?.IpPermissionsEgress, [])
    refused('InvalidPermission.NotFound', () =>
      w.call('RevokeSecurityGroupEgress', {
        GroupId: w.GroupId,
        IpPermissions: [{ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
      }),
    )
  })
})

describe('changing rules in place', () => {
  function withRule() {
    const w = grouped()
    const id =
      w.allow({ ...tcp(22), IpRanges: [{ CidrIp: '10.0.0.0/16', Description: 'old' }] }).SecurityGroupRules?.[0]
        ?.SecurityGroupRuleId ?? ''
    const modify = (SecurityGroupRule: {
      IpProtocol?: string
      FromPort?: number
      ToPort?: number
      CidrIpv4?: string
      CidrIpv6?: string
    }) =>
      w.call('ModifySecurityGroupRules', {
        GroupId: w.GroupId,
        SecurityGroupRules: [{ SecurityGroupRuleId: id, SecurityGroupRule }],
      })
    return {
      ...w,
      id,
      modify,
      rule: () => w.call('DescribeSecurityGroupRules', { SecurityGroupRuleIds: [id] }).SecurityGroupRules?.[0],
    }
  }

  test('ModifySecurityGroupRules keeps the id; what it leaves out is gone', () => {
    const w = withRule()
    w.modify({ IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIpv6: '2001:db8::/32' })
    const { IpProtocol, FromPort, CidrIpv4, CidrIpv6, Description } = w.rule() ?? {}
    assert.deepEqual(
      [IpProtocol, FromPort, CidrIpv4, CidrIpv6, Description],
      ['udp', 53, undefined, '2001:db8::/32', undefined],
    )
  })

  test('ModifySecurityGroupRules makes no duplicate', () => {
    const w = withRule()
    w.allow(tcp(80))
    refused('InvalidPermission.Duplicate', () => w.modify(portRange(80)))
    w.modify(portRange(22))
    assert.equal(w.rule()?.FromPort, 22)
  })

  test('descriptions are updated by permission or by id', () => {
    const w = withRule()
    const { GroupId } = w
    w.call('UpdateSecurityGroupRuleDescriptionsIngress', {
      GroupId,
      IpPermissions: [{ ...tcp(22), IpRanges: [{ CidrIp: '10.0.0.0/16', Description: 'new' }] }],
    })
    assert.equal(w.rule()?.Description, 'new')
    w.call('UpdateSecurityGroupRuleDescriptionsIngress', {
      GroupId,
      SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: w.id }],
    })
    assert.equal(w.rule()?.Description, undefined)
    refused('InvalidPermission.NotFound', () =>
      w.call('UpdateSecurityGroupRuleDescriptionsEgress', { GroupId, IpPermissions: [tcp(22)] }),
    )
    refused('InvalidParameterValue', () =>
      w.call('UpdateSecurityGroupRuleDescriptionsIngress', {
        GroupId,
        SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: w.id, Description: 'ümlaut' }],
      }),
    )
  })
})

const portRange = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIpv4: '10.0.0.0/16' })
