import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { kindOf } from '../../src/ec2/kinds.ts'
import type { Caller } from '../../src/ec2/resource.ts'
import { allPages } from './filters.ts'
import { grouped } from './groups.ts'
import { refused, US, world } from './world.ts'

const OTHER: Caller = { account: '210987654321', region: 'us-east-1', requestId: 'r-2' }
const EU: Caller = { ...US, region: 'eu-west-1' }

/** Group A of US in 10.1.0.0/16, group B of `peer` in 10.2.0.0/16, and an active peering. */
function peered(peer: Caller = US) {
  const w = world()
  const a = grouped(w, '10.1.0.0/16')
  const b = grouped(w, '10.2.0.0/16', peer)
  function connect(): string {
    const wish = { VpcId: a.VpcId, PeerVpcId: b.VpcId, PeerOwnerId: peer.account, PeerRegion: peer.region }
    const id = w.call('CreateVpcPeeringConnection', wish).VpcPeeringConnection?.VpcPeeringConnectionId ?? ''
    w.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id }, peer)
    return id
  }
  const ping = (pair: { GroupId?: string; UserId?: string }) => ({
    IpProtocol: 'icmp',
    FromPort: 8,
    ToPort: -1,
    UserIdGroupPairs: [pair],
  })
  return {
    ...w,
    a,
    b,
    connect,
    ping,
    disconnect: (id: string) => w.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: id }),
    stale: (VpcId = a.VpcId) => w.call('DescribeStaleSecurityGroups', { VpcId }).StaleSecurityGroupSet,
    pair: () => a.show()?.IpPermissions?.[0]?.UserIdGroupPairs?.[0],
    remote: () => a.rules()[0]?.match.remote,
  }
}

describe('a rule that names a group', () => {
  test('S7: of its own VPC compiles to that group as an address set', () => {
    const w = grouped()
    const db = w.create('db')
    w.allow({ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: db }] })
    assert.deepEqual(w.rules()[0]?.match, { remote: { addressSet: db } })
  })

  test('D18: of a VPC that is not peered is InvalidGroup.NotFound', () => {
    const w = peered()
    refused(
      'InvalidGroup.NotFound',
      () => w.a.allow(w.ping({ GroupId: w.b.GroupId })),
      'You have specified two resources that belong to different networks.',
    )
  })

  test('X10: of a peered VPC needs the peering to be active', () => {
    const w = peered()
    const pcx =
      w.call('CreateVpcPeeringConnection', { VpcId: w.a.VpcId, PeerVpcId: w.b.VpcId }).VpcPeeringConnection
        ?.VpcPeeringConnectionId ?? ''
    refused('InvalidGroup.NotFound', () => w.a.allow(w.ping({ GroupId: w.b.GroupId })))
    w.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: pcx })
    w.a.allow(w.ping({ GroupId: w.b.GroupId }))
    assert.deepEqual(w.remote(), { addressSet: w.b.GroupId })
    assert.deepEqual(w.pair(), {
      GroupId: w.b.GroupId,
      UserId: US.account,
      VpcId: w.b.VpcId,
      VpcPeeringConnectionId: pcx,
      PeeringStatus: 'active',
    })
    const [rule] =
      w
        .call('DescribeSecurityGroupRules', { Filters: [{ Name: 'group-id', Values: [w.a.GroupId] }] })
        .SecurityGroupRules?.filter((r) => !r.IsEgress) ?? []
    assert.equal(rule?.ReferencedGroupInfo?.VpcPeeringConnectionId, pcx)
  })

  test("X10: another account's group is named with its account, in either form", () => {
    const w = peered(OTHER)
    w.connect()
    refused('InvalidGroup.NotFound', () => w.a.allow(w.ping({ GroupId: w.b.GroupId })))
    w.a.allow(w.ping({ GroupId: w.b.GroupId, UserId: OTHER.account }))
    refused('InvalidPermission.Duplicate', () => w.a.allow(w.ping({ GroupId: `${OTHER.account}/${w.b.GroupId}` })))
    assert.equal(w.pair()?.UserId, OTHER.account)
    refused('InvalidGroup.NotFound', () => w.a.allow(w.ping({ GroupId: w.b.GroupId, UserId: '333333333333' })))
  })

  test('X10: never across Regions', () => {
    const w = peered(EU)
    w.connect()
    refused('InvalidGroup.NotFound', () => w.a.allow(w.ping({ GroupId: w.b.GroupId })))
    refused('InvalidGroup.NotFound', () => w.a.allow(w.ping({ GroupId: w.b.GroupId, UserId: EU.account })))
  })
})

describe('a stale rule (X11)', () => {
  function stale() {
    const w = peered()
    const pcx = w.connect()
    w.a.allow(w.ping({ GroupId: w.b.GroupId }))
    assert.deepEqual(w.stale(), [])
    w.disconnect(pcx)
    return { ...w, pcx }
  }

  test('D18: stays when the peering is deleted, is listed, and admits nobody', () => {
    const w = stale()
    assert.equal(w.pair()?.PeeringStatus, 'deleted')
    const [group, ...more] = w.stale() ?? []
    assert.deepEqual([group?.GroupId, group?.VpcId, more.length], [w.a.GroupId, w.a.VpcId, 0])
    assert.deepEqual(group?.StaleIpPermissions, [
      {
        IpProtocol: 'icmp',
        FromPort: 8,
        ToPort: -1,
        UserIdGroupPairs: [
          {
            GroupId: w.b.GroupId,
            UserId: US.account,
            VpcId: w.b.VpcId,
            VpcPeeringConnectionId: w.pcx,
            PeeringStatus: 'deleted',
          },
        ],
      },
    ])
    const facts = w.transaction(US, ({ state }) =>
      [...state.all('security-group-rule')]
        .filter((r) => r.referencedGroupId === w.b.GroupId && r.groupId === w.a.GroupId)
        .flatMap((r) => kindOf('security-group-rule').compile?.(r, state) ?? []),
    )
    const sets = facts.flatMap((f) => ('addressSet' in f ? [f.addressSet] : []))
    assert.deepEqual(
      sets.map((s) => s.addresses),
      [[]],
    )
    assert.deepEqual(w.remote(), { addressSet: sets[0]?.id })
  })

  test('D18: is none any more over a new peering of the same VPCs, without a change of the rule', () => {
    const w = stale()
    const pcx = w.connect()
    assert.deepEqual(w.stale(), [])
    assert.deepEqual(w.remote(), { addressSet: w.b.GroupId })
    assert.equal(w.pair()?.VpcPeeringConnectionId, pcx)
  })

  test('is still told from its peering when that is long forgotten', () => {
    const w = stale()
    w.clock.advance(3 * 24 * 3_600_000)
    assert.deepEqual([w.pair()?.VpcPeeringConnectionId, w.pair()?.PeeringStatus], [w.pcx, 'deleted'])
  })

  test('D19: a group that only the peer names can be deleted, which leaves the rule stale', () => {
    const w = peered()
    w.connect()
    w.a.allow(w.ping({ GroupId: w.b.GroupId }))
    w.call('DeleteSecurityGroup', { GroupId: w.b.GroupId })
    assert.equal(w.stale()?.length, 1)
    assert.deepEqual(w.stale(w.b.VpcId), [])
    assert.deepEqual([w.pair()?.GroupId, w.pair()?.UserId], [w.b.GroupId, undefined], 'whose it was, is not told')
  })

  test('X11: DescribeStaleSecurityGroups is paged to the last, and knows its VPC', () => {
    const w = peered()
    const pcx = w.connect()
    const groups = Array.from({ length: 6 }, (_, i) => w.a.create(`more ${i}`))
    for (const GroupId of groups)
      w.call('AuthorizeSecurityGroupEgress', { GroupId, IpPermissions: [w.ping({ GroupId: w.b.GroupId })] })
    w.disconnect(pcx)
    const paged = allPages(5, (query) => {
      const answer = w.call('DescribeStaleSecurityGroups', { VpcId: w.a.VpcId, ...query })
      return { items: answer.StaleSecurityGroupSet ?? [], NextToken: answer.NextToken }
    })
    assert.deepEqual(
      paged.map((g) => [g.GroupId, g.StaleIpPermissions?.length, g.StaleIpPermissionsEgress?.length]),
      groups.map((id) => [id, 0, 1]),
    )
    for (const MaxResults of [4, 256])
      refused('InvalidParameterValue', () => w.call('DescribeStaleSecurityGroups', { VpcId: w.a.VpcId, MaxResults }))
    refused('InvalidVpcID.NotFound', () => w.stale('vpc-0123456789abcdef0'))
  })

  test('can be revoked by its id', () => {
    const w = stale()
    const id =
      w
        .call('DescribeSecurityGroupRules', {})
        .SecurityGroupRules?.find((r) => r.ReferencedGroupInfo?.GroupId === w.b.GroupId)?.SecurityGroupRuleId ?? ''
    w.call('RevokeSecurityGroupIngress', { GroupId: w.a.GroupId, SecurityGroupRuleIds: [id] })
    assert.deepEqual(w.stale(), [])
  })

  test('can be revoked by its permission, though no peering leads there any more', () => {
    const w = stale()
    w.a.revoke(w.ping({ GroupId: w.b.GroupId }))
    assert.deepEqual(w.stale(), [])
  })
})

describe('DescribeSecurityGroupReferences', () => {
  test('tells which peer VPCs name a group', () => {
    const w = peered()
    const VpcPeeringConnectionId = w.connect()
    w.a.allow(w.ping({ GroupId: w.b.GroupId }))
    const references = (id: string) =>
      w.call('DescribeSecurityGroupReferences', { GroupId: [id] }).SecurityGroupReferenceSet
    assert.deepEqual(references(w.b.GroupId), [
      { GroupId: w.b.GroupId, ReferencingVpcId: w.a.VpcId, VpcPeeringConnectionId },
    ])
    assert.deepEqual(references(w.a.GroupId), [])
    refused('InvalidGroup.NotFound', () => references('sg-0123456789abcdef0'))
  })
})
