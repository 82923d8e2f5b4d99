/** The older forms of calls about rules: one rule in the call itself, and groups of a default VPC by name. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { grouped, tcp } from './groups.ts'
import { refused, US } from './world.ts'

/** The group `web`, its VPC being the default one. */
function inDefaultVpc() {
  const w = grouped()
  w.transaction(US, ({ state }) => {
    const v = state.get('vpc', w.VpcId)
    if (v) state.put('vpc', { ...v, isDefault: true })
  })
  return w
}

const SSH = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '192.0.2.1/32' }

describe('one rule in the call itself', () => {
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

  test('names all of its parts, and no list of permissions beside them', () => {
    const w = grouped()
    const { CidrIp: _, ...traffic } = SSH
    const authorize = (wish: object) => () => w.call('AuthorizeSecurityGroupIngress', { GroupId: w.GroupId, ...wish })
    refused('MissingParameter', authorize(traffic))
    refused('MissingParameter', authorize({ CidrIp: SSH.CidrIp }))
    refused('InvalidParameterCombination', authorize({ ...SSH, IpPermissions: [tcp(22)] }))
    refused('InvalidParameterCombination', authorize({ ...SSH, SourceSecurityGroupName: 'web' }))
    refused('InvalidParameterCombination', authorize({ ...traffic, SourceSecurityGroupName: 'web' }))
    refused('InvalidParameterValue', authorize({ SourceSecurityGroupName: 'web' }), /by name/)
    assert.deepEqual(w.rules(), [])
  })

  test('is for ingress only', () => {
    const w = grouped()
    refused('UnsupportedOperation', () => w.call('AuthorizeSecurityGroupEgress', { GroupId: w.GroupId, ...SSH }))
    refused('UnsupportedOperation', () => w.call('RevokeSecurityGroupEgress', { GroupId: w.GroupId, ...SSH }))
  })
})

describe('in the default VPC', () => {
  test('a group is named by its name, in capitals or not', () => {
    const w = inDefaultVpc()
    for (const GroupName of ['web', 'WEB']) {
      w.call('AuthorizeSecurityGroupIngress', { GroupName, IpPermissions: [tcp(22)] })
      w.call('RevokeSecurityGroupIngress', { GroupName, IpPermissions: [tcp(22)] })
      assert.equal(
        w.call('DescribeSecurityGroups', { GroupNames: [GroupName] }).SecurityGroups?.[0]?.GroupId,
        w.GroupId,
      )
    }
    refused(
      'InvalidGroup.NotFound',
      () => w.call('DescribeSecurityGroups', { GroupNames: ['nope'] }),
      `The security group 'nope' does not exist in default VPC '${w.VpcId}'`,
    )
    w.call('DeleteSecurityGroup', { GroupName: 'web' })
    refused('InvalidGroup.NotFound', () => w.show())
  })

  test('a source group by name stands for all TCP, UDP and ICMP of its members', () => {
    const w = inDefaultVpc()
    const wish = { GroupName: 'web', SourceSecurityGroupName: 'default' }
    const added = w.call('AuthorizeSecurityGroupIngress', wish).SecurityGroupRules
    assert.deepEqual(
      added?.map((r) => [r.IpProtocol, r.FromPort, r.ToPort]),
      [
        ['tcp', 0, 65535],
        ['udp', 0, 65535],
        ['icmp', -1, -1],
      ],
    )
    refused('InvalidPermission.Duplicate', () => w.call('AuthorizeSecurityGroupIngress', wish))
    refused('InvalidGroup.NotFound', () =>
      w.call('AuthorizeSecurityGroupIngress', { ...wish, SourceSecurityGroupOwnerId: '210987654321' }),
    )
    w.call('RevokeSecurityGroupIngress', { ...wish, SourceSecurityGroupOwnerId: US.account })
    assert.deepEqual(w.rules(), [])
  })

  test('a permission may name a group by its name', () => {
    const w = inDefaultVpc()
    w.allow({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupName: 'default' }] })
    const [pair] = w.show()?.IpPermissions?.[0]?.UserIdGroupPairs ?? []
    assert.equal(w.show(pair?.GroupId)?.GroupName, 'default')
    w.revoke({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupName: 'default' }] })
    assert.deepEqual(w.rules(), [])
  })
})

test('without a default VPC no group has a name, beside its id neither', () => {
  const w = grouped()
  const words = 'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.'
  refused('VPCIdNotSpecified', () => w.call('DeleteSecurityGroup', { GroupName: 'web' }), words)
  refused('VPCIdNotSpecified', () => w.call('DeleteSecurityGroup', { GroupName: 'web', GroupId: w.GroupId }), words)
  assert.equal(w.show()?.GroupName, 'web')
})
