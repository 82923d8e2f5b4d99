import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { kindOf } from '../../src/ec2/kinds.ts'
import type { Caller } from '../../src/ec2/resource.ts'
import type { Fact } from '../../src/network/network.ts'
import { refused, US, world } from './world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const OTHER: Caller = { account: '210987654321', region: 'us-east-1', requestId: 'r-2' }
const EU: Caller = { ...US, region: 'eu-west-1' }

/** VPC A (10.1.0.0/16) of US, VPC B (10.2.0.0/16) of `peer`, and a request from A to B. */
function requested({
  peer = US,
  a = '10.1.0.0/16',
  b = '10.2.0.0/16',
}: {
  peer?: Caller
  a?: string
  b?: string
} = {}) {
  const w = world()
  const A = w.call('CreateVpc', { CidrBlock: a }).Vpc?.VpcId ?? ''
  const B = w.call('CreateVpc', { CidrBlock: b }, peer).Vpc?.VpcId ?? ''
  const wish = { VpcId: A, PeerVpcId: B, PeerOwnerId: peer.account, PeerRegion: peer.region }
  const created = w.call('CreateVpcPeeringConnection', wish).VpcPeeringConnection
  const pcx = created?.VpcPeeringConnectionId ?? ''
  const seen = (caller: Caller = US) => w.call('DescribeVpcPeeringConnections', {}, caller).VpcPeeringConnections?.[0]
  return {
    ...w,
    A,
    B,
    pcx,
    wish,
    created,
    seen,
    status: (caller: Caller = US) => seen(caller)?.Status?.Code,
    accept: (caller: Caller = peer) => w.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: pcx }, caller),
    reject: (caller: Caller = peer) => w.call('RejectVpcPeeringConnection', { VpcPeeringConnectionId: pcx }, caller),
    drop: (caller: Caller = US) => w.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: pcx }, caller),
  }
}

/** What the peering adds to the network now. */
function factsOf({ transaction, pcx }: ReturnType<typeof requested>): Fact[] {
  return transaction(US, ({ state }) => {
    const record = state.get('vpc-peering-connection', pcx)
    return (record && kindOf('vpc-peering-connection').compile?.(record, state)) ?? []
  })
}

describe('asking for a peering connection', () => {
  test('life cycle: the request is made, then it waits for acceptance', () => {
    const w = requested({ peer: OTHER })
    assert.deepEqual(w.created?.Status, { Code: 'initiating-request', Message: 'Initiating Request to 210987654321' })
    assert.deepEqual(w.seen()?.Status, { Code: 'pending-acceptance', Message: 'Pending Acceptance by 210987654321' })
    assert.equal(w.status(OTHER), 'pending-acceptance')
    assert.equal(w.created?.ExpirationTime?.getTime(), w.clock.now + 7 * DAY)
  })

  test("A4: the accepter's block is absent until the request is accepted", () => {
    const w = requested()
    assert.equal(w.seen()?.AccepterVpcInfo?.CidrBlock, undefined)
    assert.equal(w.seen()?.RequesterVpcInfo?.CidrBlock, '10.1.0.0/16')
    assert.equal(w.accept().VpcPeeringConnection?.Status?.Code, 'provisioning')
    assert.equal(w.status(), 'active')
    assert.equal(w.seen()?.AccepterVpcInfo?.CidrBlock, '10.2.0.0/16')
    assert.deepEqual(w.seen()?.AccepterVpcInfo?.CidrBlockSet, [{ CidrBlock: '10.2.0.0/16' }])
    assert.equal(w.seen()?.ExpirationTime, undefined)
  })

  test('D01, A5: overlapping VPCs make a failed connection, word for word, and nobody can act on it', () => {
    const w = requested({ b: '10.1.128.0/17' })
    assert.deepEqual(w.seen()?.Status, {
      Code: 'failed',
      Message: 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range',
    })
    for (const act of [w.accept, w.reject, w.drop]) refused('InvalidStateTransition', () => act())
    w.clock.advance(2 * HOUR - 1)
    assert.equal(w.status(), 'failed')
    w.clock.advance(1)
    assert.equal(w.seen(), undefined)
  })

  test('D02: one overlap of secondary blocks is enough', () => {
    const w = world()
    const [VpcId = '', PeerVpcId = ''] = ['10.0.0.0/16', '10.4.0.0/16'].map(
      (CidrBlock) => w.call('CreateVpc', { CidrBlock }).Vpc?.VpcId,
    )
    w.call('AssociateVpcCidrBlock', { VpcId, CidrBlock: '100.64.0.0/24' })
    w.call('AssociateVpcCidrBlock', { VpcId: PeerVpcId, CidrBlock: '100.64.0.0/25' })
    const { VpcPeeringConnection } = w.call('CreateVpcPeeringConnection', { VpcId, PeerVpcId })
    assert.equal(VpcPeeringConnection?.Status?.Code, 'failed')
  })

  test('life cycle: an unknown VPC, account or Region fails, and only the requester sees it', () => {
    for (const wrong of [
      { PeerVpcId: 'vpc-0123456789abcdef0' },
      { PeerOwnerId: '999999999999' },
      { PeerRegion: 'eu-west-1' },
    ]) {
      const w = world()
      const VpcId = w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }).Vpc?.VpcId ?? ''
      const PeerVpcId = w.call('CreateVpc', { CidrBlock: '10.2.0.0/16' }, OTHER).Vpc?.VpcId ?? ''
      const wish = { VpcId, PeerVpcId, PeerOwnerId: OTHER.account, ...wrong }
      assert.equal(w.call('CreateVpcPeeringConnection', wish).VpcPeeringConnection?.Status?.Code, 'failed')
      assert.deepEqual(w.call('DescribeVpcPeeringConnections', {}, OTHER).VpcPeeringConnections, [])
    }
  })

  test('X1, D03: a second one for the same two VPCs is refused from either side, until the first has ended', () => {
    const w = requested()
    refused('VpcPeeringConnectionAlreadyExists', () => w.call('CreateVpcPeeringConnection', w.wish))
    w.accept()
    refused('VpcPeeringConnectionAlreadyExists', () =>
      w.call('CreateVpcPeeringConnection', { VpcId: w.B, PeerVpcId: w.A }),
    )
    w.drop()
    const again = w.call('CreateVpcPeeringConnection', w.wish).VpcPeeringConnection
    assert.equal(again?.Status?.Code, 'initiating-request')
    assert.notEqual(again?.VpcPeeringConnectionId, w.pcx)
  })

  test('D03: a VPC is not peered with itself', () => {
    const w = requested()
    refused('InvalidParameterValue', () => w.call('CreateVpcPeeringConnection', { VpcId: w.A, PeerVpcId: w.A }))
  })

  test('X3: no more than 25 requests wait for an answer', () => {
    const w = world()
    const VpcId = w.call('CreateVpc', { CidrBlock: '10.0.0.0/16' }).Vpc?.VpcId ?? ''
    const ask = (n: number) => {
      const owner: Caller = { ...US, account: String(500000000000 + n) }
      const PeerVpcId = w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }, owner).Vpc?.VpcId ?? ''
      return w.call('CreateVpcPeeringConnection', { VpcId, PeerVpcId, PeerOwnerId: owner.account })
    }
    for (let n = 0; n < 25; n++) ask(n)
    refused('OutstandingVpcPeeringConnectionLimitExceeded', () => ask(25))
  })
})

describe('answering and ending a peering connection', () => {
  test("only the accepter accepts: another account's request is OperationNotPermitted", () => {
    const w = requested({ peer: OTHER })
    refused('OperationNotPermitted', () => w.accept(US), `User (${US.account}) cannot accept peering ${w.pcx}`)
    refused('OperationNotPermitted', () => w.reject(US))
    assert.equal(w.accept(OTHER).VpcPeeringConnection?.VpcPeeringConnectionId, w.pcx)
    assert.equal(w.status(US), 'active')
  })

  test('an inter-Region request is answered in the Region of the accepter', () => {
    const w = requested({ peer: EU })
    refused(
      'OperationNotPermitted',
      () => w.accept(US),
      `Incorrect region (us-east-1) specified for this request. ` +
        `VPC peering connection ${w.pcx} must be accepted in region eu-west-1`,
    )
    w.accept(EU)
    assert.equal(w.status(US), 'active')
    assert.equal(w.seen(EU)?.AccepterVpcInfo?.Region, 'eu-west-1')
  })

  test('X3: accepting, rejecting or deleting in the wrong state is InvalidStateTransition', () => {
    const w = requested()
    w.accept()
    refused(
      'InvalidStateTransition',
      () => w.accept(),
      `Invalid state transition for ${w.pcx}, attempted to transition from active to active`,
    )
    refused('InvalidStateTransition', () => w.reject())
    w.drop()
    refused(
      'InvalidStateTransition',
      () => w.drop(),
      `Invalid state transition for ${w.pcx}, attempted to transition from deleted to deleting`,
    )
  })

  test('life cycle: a rejected request is seen by its requester for 2 days, by its accepter for 2 hours', () => {
    const w = requested({ peer: OTHER })
    w.reject()
    assert.equal(w.status(US), 'rejected')
    refused(
      'InvalidStateTransition',
      () => w.drop(),
      `Invalid state transition for ${w.pcx}, attempted to transition from rejected to deleting`,
    )
    w.clock.advance(2 * HOUR)
    assert.equal(w.status(OTHER), undefined)
    assert.equal(w.status(US), 'rejected')
    w.clock.advance(2 * DAY - 2 * HOUR)
    assert.equal(w.status(US), undefined)
  })

  test('life cycle: a deleted one is seen by its deleter for 2 hours, by the other side for 2 days', () => {
    const w = requested({ peer: OTHER })
    w.accept()
    w.drop(OTHER)
    assert.equal(w.seen()?.Status?.Message, `Deleted by ${OTHER.account}`)
    w.clock.advance(2 * HOUR - 1)
    assert.equal(w.status(OTHER), 'deleted')
    w.clock.advance(1)
    assert.equal(w.status(OTHER), undefined)
    refused('InvalidVpcPeeringConnectionID.NotFound', () => w.drop(OTHER))
    assert.equal(w.status(US), 'deleted')
    w.clock.advance(2 * DAY)
    assert.equal(w.status(US), undefined)
  })

  test('life cycle: within one account a deleted or rejected one is seen for 2 hours', () => {
    for (const finish of ['drop', 'reject'] as const) {
      const w = requested()
      w[finish]()
      w.clock.advance(2 * HOUR - 1)
      assert.notEqual(w.status(), undefined)
      w.clock.advance(1)
      assert.equal(w.status(), undefined)
    }
  })

  test('life cycle: a request expires after 7 days and is seen by both for 2 more', () => {
    const w = requested({ peer: OTHER })
    w.clock.advance(7 * DAY - 1)
    assert.equal(w.status(), 'pending-acceptance')
    w.clock.advance(1)
    assert.equal(w.status(), 'expired')
    refused('InvalidStateTransition', () => w.accept())
    w.clock.advance(2 * DAY - 1)
    assert.equal(w.status(OTHER), 'expired')
    w.clock.advance(1)
    assert.equal(w.status(OTHER), undefined)
    assert.equal(w.status(US), undefined)
  })

  test('life cycle: the requester takes a pending request back, the accepter can only reject it', () => {
    const w = requested({ peer: OTHER })
    refused('OperationNotPermitted', () => w.drop(OTHER))
    w.drop(US)
    assert.equal(w.status(US), 'deleted')
  })

  test('a stranger sees nothing', () => {
    const w = requested({ peer: OTHER })
    const stranger: Caller = { ...US, account: '333333333333' }
    assert.equal(w.seen(stranger), undefined)
    refused('InvalidVpcPeeringConnectionID.NotFound', () => w.accept(stranger))
  })

  test('D39, X2: an unknown id is ...ID.NotFound, a malformed one ...Id.Malformed', () => {
    const w = world()
    refused('InvalidVpcPeeringConnectionID.NotFound', () =>
      w.call('DescribeVpcPeeringConnections', { VpcPeeringConnectionIds: ['pcx-0123456789abcdef0'] }),
    )
    refused('InvalidVpcPeeringConnectionId.Malformed', () =>
      w.call('DescribeVpcPeeringConnections', { VpcPeeringConnectionIds: ['pcx-xyz'] }),
    )
  })

  test('Describe filters by both sides, state and tags', () => {
    const w = requested()
    w.call('CreateTags', { Resources: [w.pcx], Tags: [{ Key: 'Name', Value: 'one' }] })
    const count = (Name: string, value: string) =>
      w.call('DescribeVpcPeeringConnections', { Filters: [{ Name, Values: [value] }] }).VpcPeeringConnections?.length
    assert.deepEqual(
      [count('requester-vpc-info.vpc-id', w.A), count('accepter-vpc-info.vpc-id', w.B), count('tag:Name', 'one')],
      [1, 1, 1],
    )
    assert.deepEqual(
      [
        count('requester-vpc-info.vpc-id', w.B),
        count('status-code', 'active'),
        count('status-code', 'pending-acceptance'),
      ],
      [0, 0, 1],
    )
  })

  test('X14: each side has tags of its own', () => {
    const w = requested({ peer: OTHER })
    w.call('CreateTags', { Resources: [w.pcx], Tags: [{ Key: 'Name', Value: 'to B' }] }, US)
    w.call('CreateTags', { Resources: [w.pcx], Tags: [{ Key: 'Name', Value: 'from A' }] }, OTHER)
    assert.deepEqual(w.seen(US)?.Tags, [{ Key: 'Name', Value: 'to B' }])
    assert.deepEqual(w.seen(OTHER)?.Tags, [{ Key: 'Name', Value: 'from A' }])
    assert.equal(w.call('DescribeTags', {}, OTHER).Tags?.[0]?.Value, 'from A')
    const byTag = (caller: Caller) =>
      w.call('DescribeVpcPeeringConnections', { Filters: [{ Name: 'tag:Name', Values: ['from A'] }] }, caller)
    assert.equal(byTag(OTHER).VpcPeeringConnections?.length, 1)
    assert.equal(byTag(US).VpcPeeringConnections?.length, 0)
  })
})

describe('a VPC and its peerings', () => {
  test('X15: with a VPC its active peering is deleted', () => {
    const w = requested({ peer: OTHER })
    w.accept()
    w.call('DeleteVpc', { VpcId: w.A })
    assert.equal(w.status(OTHER), 'deleted')
  })

  test('X15: a pending request from another account blocks the deletion until it is rejected', () => {
    const w = requested({ peer: OTHER })
    refused('DependencyViolation', () => w.call('DeleteVpc', { VpcId: w.B }, OTHER))
    w.reject()
    w.call('DeleteVpc', { VpcId: w.B }, OTHER)
    assert.deepEqual(w.call('DescribeVpcs', {}, OTHER).Vpcs, [])
  })

  test('X15: the requester takes his request with his VPC', () => {
    const w = requested({ peer: OTHER })
    w.call('DeleteVpc', { VpcId: w.A })
    assert.equal(w.status(OTHER), 'deleted')
  })

  test('a VPC that can not be deleted keeps its peering', () => {
    const w = requested()
    w.accept()
    w.call('CreateSubnet', { VpcId: w.A, CidrBlock: '10.1.1.0/24' })
    refused('DependencyViolation', () => w.call('DeleteVpc', { VpcId: w.A }))
    assert.equal(w.status(), 'active')
  })
})

describe('peering options (X12)', () => {
  const options = { AllowDnsResolutionFromRemoteVpc: true }

  test('are for active peerings only', () => {
    const w = requested()
    refused(
      'OperationNotPermitted',
      () =>
        w.call('ModifyVpcPeeringConnectionOptions', {
          VpcPeeringConnectionId: w.pcx,
          RequesterPeeringConnectionOptions: options,
        }),
      `Peering ${w.pcx} is not active. Peering options can be added only to active peerings.`,
    )
  })

  test('need DNS host names in both VPCs, and are shown on the side that set them', () => {
    const w = requested()
    w.accept()
    const modify = () =>
      w.call('ModifyVpcPeeringConnectionOptions', {
        VpcPeeringConnectionId: w.pcx,
        AccepterPeeringConnectionOptions: options,
      })
    refused('InvalidVpcPeeringConnectionState.DnsHostnamesDisabled', modify)
    for (const VpcId of [w.A, w.B]) w.call('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } })
    const answer = modify()
    assert.equal(answer.AccepterPeeringConnectionOptions?.AllowDnsResolutionFromRemoteVpc, true)
    assert.equal(answer.RequesterPeeringConnectionOptions, undefined)
    assert.equal(w.seen()?.AccepterVpcInfo?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc, true)
    assert.equal(w.seen()?.RequesterVpcInfo?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc, false)
  })

  test('are set by the owner of the side', () => {
    const w = requested({ peer: OTHER })
    w.accept()
    refused(
      'OperationNotPermitted',
      () =>
        w.call('ModifyVpcPeeringConnectionOptions', {
          VpcPeeringConnectionId: w.pcx,
          AccepterPeeringConnectionOptions: options,
        }),
      `User ${US.account} does not have permission to modify the accepter side peering options`,
    )
  })
})

describe('the network of a peering connection', () => {
  test('nothing is there before it is active, and nothing after it is deleted', () => {
    const w = requested()
    assert.deepEqual(factsOf(w), [])
    w.accept()
    assert.equal(factsOf(w).length, 7)
    w.drop()
    assert.deepEqual(factsOf(w), [])
  })

  test('X6: what arrives on either side is routed by the blocks of that VPC, and by nothing else', () => {
    const w = requested()
    w.accept()
    const routes = factsOf(w).flatMap((f) => ('route' in f ? [f.route] : []))
    assert.deepEqual(
      routes.map(({ table, prefix, nextHop }) => [table, prefix, nextHop.kind]),
      [
        [`${w.A}/${w.pcx}`, '10.1.0.0/16', 'connected'],
        [`${w.B}/${w.pcx}`, '10.2.0.0/16', 'connected'],
      ],
    )
    const tables = factsOf(w).flatMap((f) => ('table' in f ? [f.table] : []))
    assert.deepEqual(
      tables.map((t) => t.origin),
      Array(2).fill({ resource: w.pcx, code: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR' }),
    )
    assert.notEqual(tables[0]?.number, tables[1]?.number)
  })

  test('C10, X6: a block added later is reached over the peering too', () => {
    const w = requested()
    w.accept()
    w.call('AssociateVpcCidrBlock', { VpcId: w.B, CidrBlock: '100.64.0.0/24' })
    assert.ok(
      factsOf(w).some((f) => 'route' in f && f.route.prefix === '100.64.0.0/24' && f.route.table === `${w.B}/${w.pcx}`),
    )
  })

  test('M1, X13: 9001 bytes within a Region, 8500 between Regions', () => {
    for (const [peer, mtu] of [
      [US, 9001],
      [EU, 8500],
    ] as const) {
      const w = requested({ peer })
      w.accept()
      assert.ok(factsOf(w).some((f) => 'segment' in f && f.segment.kind === 'peering' && f.segment.mtu === mtu))
    }
  })

  test('X4, R7: it is a route target for its two VPCs while it is active', () => {
    const w = requested()
    const target = (vpcId: string) =>
      w.transaction(US, ({ state }) => {
        const record = state.get('vpc-peering-connection', w.pcx)
        return record && kindOf('vpc-peering-connection').routeTarget?.(record, vpcId, state)
      })
    assert.equal(target(w.A), undefined)
    w.accept()
    assert.deepEqual(target(w.A), { kind: 'link', interface: `${w.A}/${w.pcx}` })
    assert.equal(target('vpc-0123456789abcdef0'), undefined)
  })
})
