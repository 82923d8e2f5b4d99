/** Peering connections as Describe shows them: to either side, by ids, filters, tags and pages. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Caller } from '../../src/ec2/resource.ts'
import { EU, OTHER, OTHER_EU, requested } from './peerings.ts'
import { refused, US } from './world.ts'

type Peering = ReturnType<typeof requested>

/** How many a filter finds. */
const count = (w: Peering, Name: string, Values: string[], caller: Caller = US) =>
  w.call('DescribeVpcPeeringConnections', { Filters: [{ Name, Values }] }, caller).VpcPeeringConnections?.length

describe('what is shown of a peering connection', () => {
  test("A4: the accepter's blocks are absent until the request is accepted", () => {
    const w = requested({ peer: OTHER })
    w.call('AssociateVpcCidrBlock', { VpcId: w.B, CidrBlock: '100.64.0.0/24' }, OTHER)
    w.call('AssociateVpcCidrBlock', { VpcId: w.B, AmazonProvidedIpv6CidrBlock: true }, OTHER)
    for (const caller of [US, OTHER]) {
      assert.deepEqual(w.seen(caller)?.AccepterVpcInfo, { VpcId: w.B, OwnerId: OTHER.account, Region: 'us-east-1' })
      assert.equal(w.seen(caller)?.RequesterVpcInfo?.CidrBlock, '10.1.0.0/16')
    }
    const accepted = w.accept().VpcPeeringConnection
    assert.equal(accepted?.AccepterVpcInfo?.CidrBlock, '10.2.0.0/16')
    assert.equal(w.status(), 'active')
    const { AccepterVpcInfo, ExpirationTime } = w.seen() ?? {}
    assert.equal(AccepterVpcInfo?.CidrBlock, '10.2.0.0/16')
    assert.deepEqual(AccepterVpcInfo?.CidrBlockSet, [{ CidrBlock: '10.2.0.0/16' }, { CidrBlock: '100.64.0.0/24' }])
    assert.match(AccepterVpcInfo?.Ipv6CidrBlockSet?.[0]?.Ipv6CidrBlock ?? '', /^2001:db8:.*\/56$/)
    assert.equal(ExpirationTime, undefined)
    w.drop()
    assert.equal(w.seen()?.AccepterVpcInfo?.CidrBlock, undefined)
  })

  test('both sides read the same, whoever asks', () => {
    for (const peer of [OTHER, EU, OTHER_EU]) {
      const w = requested({ peer })
      assert.deepEqual(w.seen(US), w.seen(peer))
      const { RequesterVpcInfo, AccepterVpcInfo } = w.seen(peer) ?? {}
      assert.deepEqual(
        [RequesterVpcInfo, AccepterVpcInfo].map((info) => [info?.VpcId, info?.OwnerId, info?.Region]),
        [
          [w.A, US.account, US.region],
          [w.B, peer.account, peer.region],
        ],
      )
    }
  })
})

describe('finding peering connections', () => {
  test('each documented filter finds what matches, and nothing else', () => {
    const w = requested({ peer: OTHER })
    const expires = w.seen()?.ExpirationTime?.toISOString() ?? ''
    assert.equal(count(w, 'expiration-time', [expires]), 1)
    assert.equal(count(w, 'expiration-time', ['2020-01-01T00:00:00.000Z']), 0)
    assert.equal(count(w, 'accepter-vpc-info.cidr-block', ['10.2.0.0/16']), 0)
    assert.equal(count(w, 'status-code', ['pending-acceptance']), 1)
    w.accept()
    w.call('CreateTags', { Resources: [w.pcx], Tags: [{ Key: 'Name', Value: 'one' }] })
    const cases: readonly (readonly [name: string, match: string, other: string])[] = [
      ['accepter-vpc-info.cidr-block', '10.2.0.0/16', '10.1.0.0/16'],
      ['accepter-vpc-info.owner-id', OTHER.account, US.account],
      ['accepter-vpc-info.vpc-id', w.B, w.A],
      ['requester-vpc-info.cidr-block', '10.1.0.0/16', '10.2.0.0/16'],
      ['requester-vpc-info.owner-id', US.account, OTHER.account],
      ['requester-vpc-info.vpc-id', w.A, w.B],
      ['status-code', 'active', 'pending-acceptance'],
      ['status-message', 'Active', 'active'],
      ['tag:Name', 'one', 'two'],
      ['tag-key', 'Name', 'name'],
      ['tag-value', 'one', 'two'],
      ['vpc-peering-connection-id', w.pcx, 'pcx-0123456789abcdef0'],
    ]
    for (const [name, match, other] of cases) {
      assert.deepEqual([count(w, name, [match]), count(w, name, [other])], [1, 0], name)
      assert.deepEqual([count(w, name, [other, match]), count(w, name, ['*'])], [1, 1], name)
    }
    assert.equal(count(w, 'expiration-time', ['*']), 0)
    const both = [
      { Name: 'status-code', Values: ['active'] },
      { Name: 'requester-vpc-info.vpc-id', Values: [w.B] },
    ]
    assert.deepEqual(w.call('DescribeVpcPeeringConnections', { Filters: both }).VpcPeeringConnections, [])
    refused('InvalidParameterValue', () => count(w, 'vpc-id', [w.A]), "The filter 'vpc-id' is invalid")
  })

  test('the status messages are those of the states', () => {
    const w = requested({ peer: OTHER })
    assert.equal(count(w, 'status-message', [`Pending Acceptance by ${OTHER.account}`]), 1)
    w.reject()
    assert.equal(count(w, 'status-message', [`Rejected by ${OTHER.account}`], OTHER), 1)
  })

  test('pages are of 5 to 1,000, go on where the last one ended, and stand beside no ids', () => {
    const w = requested()
    const ids = [w.pcx]
    for (let n = 0; n < 6; n++) {
      w.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: ids.at(-1) ?? '' })
      const next = w.call('CreateVpcPeeringConnection', w.wish).VpcPeeringConnection
      ids.push(next?.VpcPeeringConnectionId ?? '')
    }
    const page = (more: { NextToken?: string; MaxResults?: number; VpcPeeringConnectionIds?: string[] }) =>
      w.call('DescribeVpcPeeringConnections', { MaxResults: 5, ...more })
    const first = page({})
    const second = page({ NextToken: first.NextToken ?? '' })
    const found = [first, second].flatMap(({ VpcPeeringConnections: some = [] }) => some)
    assert.deepEqual(
      found.map((pcx) => pcx.VpcPeeringConnectionId),
      ids,
    )
    assert.equal(first.VpcPeeringConnections?.length, 5)
    assert.equal(second.NextToken, undefined)
    refused('InvalidParameterCombination', () => page({ VpcPeeringConnectionIds: ids }))
    refused('InvalidNextToken', () => page({ NextToken: 'what' }))
    for (const MaxResults of [4, 1001]) refused('InvalidParameterValue', () => page({ MaxResults }))
  })

  test('by ids each is shown once, and one that is not there makes no answer', () => {
    const w = requested()
    const find = (...VpcPeeringConnectionIds: string[]) =>
      w.call('DescribeVpcPeeringConnections', { VpcPeeringConnectionIds }).VpcPeeringConnections?.length
    assert.equal(find(w.pcx, w.pcx), 1)
    refused('InvalidVpcPeeringConnectionID.NotFound', () => find(w.pcx, 'pcx-0123456789abcdef0'))
  })
})

describe('tags of a peering connection', () => {
  const tag = (Value: string) => ({ Key: 'Name', Value })

  test("X14: those of the request are the requester's, and the accepter sees none", () => {
    const w = requested({ peer: OTHER })
    w.drop()
    const TagSpecifications = [{ ResourceType: 'vpc-peering-connection' as const, Tags: [tag('to B')] }]
    const made = w.call('CreateVpcPeeringConnection', { ...w.wish, TagSpecifications }).VpcPeeringConnection
    assert.deepEqual(made?.Tags, [tag('to B')])
    const VpcPeeringConnectionIds = [made.VpcPeeringConnectionId ?? '']
    const tags = (caller: Caller) =>
      w.call('DescribeVpcPeeringConnections', { VpcPeeringConnectionIds }, caller).VpcPeeringConnections?.[0]?.Tags
    assert.deepEqual(tags(US), [tag('to B')])
    assert.deepEqual(tags(OTHER), [])
    const foreign = [{ ResourceType: 'vpc' as const, Tags: [tag('to B')] }]
    refused('InvalidParameterValue', () =>
      w.call('CreateVpcPeeringConnection', { ...w.wish, TagSpecifications: foreign }),
    )
  })

  test('X14: each side has tags of its own, in its account and Region', () => {
    for (const peer of [OTHER, EU, OTHER_EU]) {
      const w = requested({ peer })
      w.call('CreateTags', { Resources: [w.pcx], Tags: [tag('to B')] }, US)
      w.call('CreateTags', { Resources: [w.pcx], Tags: [tag('from A')] }, peer)
      w.accept()
      assert.deepEqual(w.seen(US)?.Tags, [tag('to B')])
      assert.deepEqual(w.seen(peer)?.Tags, [tag('from A')])
      assert.equal(w.call('DescribeTags', {}, peer).Tags?.[0]?.Value, 'from A')
      assert.deepEqual([count(w, 'tag:Name', ['from A'], peer), count(w, 'tag:Name', ['from A'], US)], [1, 0])
      w.call('DeleteTags', { Resources: [w.pcx] }, peer)
      assert.deepEqual([w.seen(US)?.Tags, w.seen(peer)?.Tags], [[tag('to B')], []])
    }
  })

  test('X14: within one account and Region both sides are one, with one set of tags', () => {
    const w = requested()
    w.call('CreateTags', { Resources: [w.pcx], Tags: [tag('both')] })
    assert.deepEqual(
      w.call('DescribeVpcPeeringConnections', {}).VpcPeeringConnections?.map(({ Tags }) => Tags),
      [[tag('both')]],
    )
  })
})
