/** Rules that are taken away, or changed in place. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { grouped, tcp } from './groups.ts'
import { refused, US } from './world.ts'

const ANY = [{ CidrIp: '0.0.0.0/0' }]

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
    w.modify({ IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIpv4: '10.9.0.0/16' })
    const { IpProtocol, FromPort, CidrIpv4, Description } = w.rule() ?? {}
    assert.deepEqual([IpProtocol, FromPort, CidrIpv4, Description], ['udp', 53, '10.9.0.0/16', undefined])
  })

  test('ModifySecurityGroupRules changes a source, never into one of another type, nor more than one', () => {
    const w = withRule()
    const SecurityGroupRuleId =
      w.allow({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: w.GroupId }] }).SecurityGroupRules?.[0]
        ?.SecurityGroupRuleId ?? ''
    const ReferencedGroupId = w.create('other')
    const toGroup = { SecurityGroupRuleId, SecurityGroupRule: { IpProtocol: '-1', ReferencedGroupId } }
    w.call('ModifySecurityGroupRules', { GroupId: w.GroupId, SecurityGroupRules: [toGroup] })
    assert.deepEqual(w.rules().at(-1)?.match.remote, { addressSet: ReferencedGroupId })
    const traffic = { IpProtocol: 'udp', FromPort: 53, ToPort: 53 }
    refused('InvalidParameterValue', () => w.modify({ ...traffic, CidrIpv6: '2001:db8::/32' }), /type of the source/)
    refused('InvalidParameterCombination', () => w.modify({ ...traffic, CidrIpv4: '0.0.0.0/0', CidrIpv6: '::/0' }))
    refused('InvalidParameterCombination', () => w.modify(traffic))
    assert.equal(w.rule()?.IpProtocol, 'tcp')
  })

  test('ModifySecurityGroupRules is of rules of the group, one of which spoils all', () => {
    const w = withRule()
    const SecurityGroupRule = portRange(443)
    const change = (GroupId: string, ...ids: string[]) =>
      w.call('ModifySecurityGroupRules', {
        GroupId,
        SecurityGroupRules: ids.map((SecurityGroupRuleId) => ({ SecurityGroupRuleId, SecurityGroupRule })),
      })
    const unknown = 'sgr-0123456789abcdef0'
    refused('InvalidSecurityGroupRuleId.NotFound', () => change(w.GroupId, w.id, unknown))
    refused('InvalidParameterValue', () => change(w.create('other'), w.id), /does not belong/)
    refused('MissingParameter', () => change(w.GroupId))
    assert.equal(w.rule()?.FromPort, 22)
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
