/** Asking for a peering connection: what becomes of the request, and how many there may be. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Caller } from '../../src/ec2/resource.ts'
import { DAY, EU, OTHER, OTHER_EU, requested } from './peerings.ts'
import { refused, US, world } from './world.ts'

/** A VPC of US, and requests from it to the VPC of one account each; or from theirs to it. */
function crowded() {
  const w = world()
  const hub = w.call('CreateVpc', { CidrBlock: '10.0.0.0/16' }).Vpc?.VpcId ?? ''
  let accounts = 0
  const stranger = () => {
    const owner: Caller = { ...US, account: String(500000000000 + ++accounts) }
    return { owner, vpc: w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }, owner).Vpc?.VpcId ?? '' }
  }
  const idOf = (made: { VpcPeeringConnection?: { VpcPeeringConnectionId?: string | undefined } | undefined }) => ({
    VpcPeeringConnectionId: made.VpcPeeringConnection?.VpcPeeringConnectionId ?? '',
  })
  const ask = ({ owner, vpc } = stranger(), VpcId = hub) =>
    idOf(w.call('CreateVpcPeeringConnection', { VpcId, PeerVpcId: vpc, PeerOwnerId: owner.account }))
  const beAsked = ({ owner, vpc } = stranger()) =>
    idOf(w.call('CreateVpcPeeringConnection', { VpcId: vpc, PeerVpcId: hub, PeerOwnerId: US.account }, owner))
  return { ...w, hub, stranger, ask, beAsked }
}

describe('asking for a peering connection', () => {
  test('life cycle: the request is made, then it waits for acceptance, for 7 days', () => {
    const w = requested({ peer: OTHER })
    assert.deepEqual(w.created?.Status, { Code: 'initiating-request', Message: 'Initiating Request to 210987654321' })
    assert.deepEqual(w.seen()?.Status, { Code: 'pending-acceptance', Message: 'Pending Acceptance by 210987654321' })
    assert.equal(w.status(OTHER), 'pending-acceptance')
    assert.equal(w.created?.ExpirationTime?.getTime(), w.clock.now + 7 * DAY)
    assert.equal(w.seen()?.ExpirationTime?.getTime(), w.clock.now + 7 * DAY)
  })

  test('the account and the Region of the peer are those of the caller, unless they are named', () => {
    for (const peer of [US, OTHER, EU, OTHER_EU]) {
      const w = requested({ peer })
      const { PeerOwnerId, PeerRegion, ...rest } = w.wish
      w.drop()
      const wish = {
        ...rest,
        ...(peer.account !== US.account && { PeerOwnerId }),
        ...(peer.region !== US.region && { PeerRegion }),
      }
      const { AccepterVpcInfo } = w.call('CreateVpcPeeringConnection', wish).VpcPeeringConnection ?? {}
      assert.deepEqual([AccepterVpcInfo?.OwnerId, AccepterVpcInfo?.Region], [peer.account, peer.region])
      assert.equal(w.call('DescribeVpcPeeringConnections', {}, peer).VpcPeeringConnections?.length, 2)
    }
  })

  test('D01, A5: overlapping VPCs make a failed connection, word for word, and nobody can act on it', () => {
    const w = requested({ b: '10.1.128.0/17' })
    assert.deepEqual(w.created?.Status, w.seen()?.Status)
    assert.deepEqual(w.seen()?.Status, {
      Code: 'failed',
      Message: 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range',
    })
    assert.equal(w.seen()?.ExpirationTime, undefined)
    for (const act of [w.accept, w.reject, w.drop]) refused('InvalidStateTransition', () => act())
  })

  test('D02: one overlap of secondary blocks is enough', () => {
    const w = requested()
    w.drop()
    w.call('AssociateVpcCidrBlock', { VpcId: w.A, CidrBlock: '100.64.0.0/24' })
    w.call('AssociateVpcCidrBlock', { VpcId: w.B, CidrBlock: '100.64.0.0/25' })
    assert.equal(w.call('CreateVpcPeeringConnection', w.wish).VpcPeeringConnection?.Status?.Code, 'failed')
  })

  test('life cycle: a wrong VPC, account or Region fails, and only the requester sees it', () => {
    const w = requested({ peer: OTHER })
    w.drop()
    for (const wrong of [
      { PeerVpcId: 'vpc-0123456789abcdef0' },
      { PeerOwnerId: '999999999999' },
      { PeerOwnerId: US.account },
      { PeerRegion: 'eu-west-1' },
    ]) {
      const failed = w.call('CreateVpcPeeringConnection', { ...w.wish, ...wrong }).VpcPeeringConnection
      assert.equal(failed?.Status?.Code, 'failed')
      const { AccepterVpcInfo } = failed
      assert.deepEqual(
        { ...w.wish, ...wrong },
        {
          VpcId: w.A,
          PeerVpcId: AccepterVpcInfo?.VpcId,
          PeerOwnerId: AccepterVpcInfo?.OwnerId,
          PeerRegion: AccepterVpcInfo?.Region,
        },
      )
      const VpcPeeringConnectionIds = [failed.VpcPeeringConnectionId ?? '']
      w.call('DescribeVpcPeeringConnections', { VpcPeeringConnectionIds })
      refused('InvalidVpcPeeringConnectionID.NotFound', () =>
        w.call('DescribeVpcPeeringConnections', { VpcPeeringConnectionIds }, OTHER),
      )
    }
  })

  test('what can be the name of no VPC, account or Region is refused, and makes nothing', () => {
    const w = requested()
    w.drop()
    const ask = (wrong: Partial<typeof w.wish>) => () => w.call('CreateVpcPeeringConnection', { ...w.wish, ...wrong })
    refused('InvalidVpcID.Malformed', ask({ PeerVpcId: 'vpc-xyz' }))
    refused('InvalidParameterValue', ask({ PeerOwnerId: '1234-5678-9012' }), /peerOwnerId/)
    refused('InvalidParameterValue', ask({ PeerRegion: 'Mars 1' }), /peerRegion/)
    refused('InvalidVpcID.NotFound', ask({ VpcId: 'vpc-0123456789abcdef0' }))
    const { PeerVpcId: _, ...none } = w.wish
    refused('MissingParameter', () => w.call('CreateVpcPeeringConnection', none))
    assert.equal(w.call('DescribeVpcPeeringConnections', {}).VpcPeeringConnections?.length, 1)
  })

  test("X14: nobody asks in the name of another's VPC", () => {
    const w = requested({ peer: OTHER })
    w.drop()
    refused('InvalidVpcID.NotFound', () =>
      w.call('CreateVpcPeeringConnection', { VpcId: w.B, PeerVpcId: w.A, PeerOwnerId: US.account }, US),
    )
  })

  test('D03: a VPC is not peered with itself, whoever is named as its owner', () => {
    const w = requested()
    for (const PeerOwnerId of [US.account, OTHER.account])
      refused('InvalidParameterValue', () =>
        w.call('CreateVpcPeeringConnection', { VpcId: w.A, PeerVpcId: w.A, PeerOwnerId }),
      )
  })
})

describe('a second peering connection', () => {
  test('X1, D03: of the same two VPCs is refused from either side, until the first has ended', () => {
    const w = requested()
    const back = { VpcId: w.B, PeerVpcId: w.A }
    const words = `The vpc peering connection identified by ${w.pcx} already exists.`
    const twice = () => {
      for (const wish of [w.wish, back])
        refused('VpcPeeringConnectionAlreadyExists', () => w.call('CreateVpcPeeringConnection', wish), words)
    }
    twice()
    w.accept()
    twice()
    w.drop()
    const again = w.call('CreateVpcPeeringConnection', back).VpcPeeringConnection
    assert.equal(again?.Status?.Code, 'initiating-request')
    assert.notEqual(again?.VpcPeeringConnectionId, w.pcx)
  })

  test('X1: a request that was rejected, expired or failed is none that is in the way', () => {
    const rejected = requested()
    rejected.reject()
    const expired = requested()
    expired.clock.advance(7 * DAY)
    const failed = requested({ b: '10.1.0.0/20' })
    for (const [w, state] of [
      [rejected, 'initiating-request'],
      [expired, 'initiating-request'],
      [failed, 'failed'],
    ] as const)
      assert.equal(w.call('CreateVpcPeeringConnection', w.wish).VpcPeeringConnection?.Status?.Code, state)
  })
})

describe('how many there may be', () => {
  test('X3: 25 requests of an account in a Region wait for an answer', () => {
    const w = crowded()
    const asked = Array.from({ length: 25 }, () => w.ask())
    refused('OutstandingVpcPeeringConnectionLimitExceeded', () => w.ask())
    w.beAsked()
    const VpcId = w.call('CreateVpc', { CidrBlock: '10.0.0.0/16' }, EU).Vpc?.VpcId ?? ''
    const { owner, vpc } = w.stranger()
    const abroad = { VpcId, PeerVpcId: vpc, PeerOwnerId: owner.account, PeerRegion: owner.region }
    w.call('CreateVpcPeeringConnection', abroad, EU)
    w.call('DeleteVpcPeeringConnection', asked[7] ?? { VpcPeeringConnectionId: '' })
    w.ask()
  })

  test('X3: 50 peerings of a VPC are active; more are neither accepted nor asked for', () => {
    const w = crowded()
    const accept = (id: { VpcPeeringConnectionId: string }) => w.call('AcceptVpcPeeringConnection', id)
    for (let n = 0; n < 49; n++) accept(w.beAsked())
    const [last, late] = [w.beAsked(), w.beAsked()]
    accept(last)
    refused('ActiveVpcPeeringConnectionPerVpcLimitExceeded', () => accept(late))
    refused('VpcPeeringConnectionsPerVpcLimitExceeded', () => w.ask())
    const other = w.call('CreateVpc', { CidrBlock: '10.3.0.0/16' }).Vpc?.VpcId ?? ''
    w.ask(w.stranger(), other)
    w.call('DeleteVpcPeeringConnection', last)
    accept(late)
  })

  test('X3: the requester that is full is as much in the way of an acceptance', () => {
    const w = crowded()
    const peer = w.stranger()
    const asked = w.ask(peer)
    for (let n = 0; n < 50; n++) w.call('AcceptVpcPeeringConnection', w.beAsked())
    refused('ActiveVpcPeeringConnectionPerVpcLimitExceeded', () =>
      w.call('AcceptVpcPeeringConnection', asked, peer.owner),
    )
  })
})
