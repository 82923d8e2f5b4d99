/** Each transition in the life of a peering connection, and who sees it for how long. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Caller } from '../../src/ec2/resource.ts'
import { DAY, EU, HOUR, OTHER, OTHER_EU, requested } from './peerings.ts'
import { refused, US } from './world.ts'

type Peering = ReturnType<typeof requested>

interface Row {
  readonly name: string
  readonly peer: Caller
  /** Brings a new request into the state. */
  readonly enter: (w: Peering) => void
  readonly code: string
  readonly message: string
  /** For how long each side sees it, in milliseconds. */
  readonly requester: number
  readonly accepter: number
}

const FAILED = 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range'
const accepted = (next: (w: Peering) => void) => (w: Peering) => {
  w.accept()
  next(w)
}
/** The accepter's VPC gets a block of the requester's. */
const overlap = (w: Peering) => w.call('AssociateVpcCidrBlock', { VpcId: w.B, CidrBlock: '10.1.7.0/24' }, OTHER)

/** The table of section 1.4, each ending for two accounts, and within one in one Region and in two. */
const rows: readonly Row[] = [
  ...[
    { where: 'of two accounts', peer: OTHER },
    { where: 'of two accounts and Regions', peer: OTHER_EU },
  ].flatMap(({ where, peer }): Row[] => [
    {
      name: `rejected, ${where}`,
      peer,
      enter: (w) => w.reject(),
      code: 'rejected',
      message: `Rejected by ${OTHER.account}`,
      requester: 2 * DAY,
      accepter: 2 * HOUR,
    },
    {
      name: `expired, ${where}`,
      peer,
      enter: (w) => w.clock.advance(7 * DAY),
      code: 'expired',
      message: 'Expired',
      requester: 2 * DAY,
      accepter: 2 * DAY,
    },
    {
      name: `taken back by the requester, ${where}`,
      peer,
      enter: (w) => w.drop(US),
      code: 'deleted',
      message: `Deleted by ${US.account}`,
      requester: 2 * HOUR,
      accepter: 2 * DAY,
    },
    {
      name: `deleted by the requester, ${where}`,
      peer,
      enter: accepted((w) => w.drop(US)),
      code: 'deleted',
      message: `Deleted by ${US.account}`,
      requester: 2 * HOUR,
      accepter: 2 * DAY,
    },
    {
      name: `deleted by the accepter, ${where}`,
      peer,
      enter: accepted((w) => w.drop(peer)),
      code: 'deleted',
      message: `Deleted by ${OTHER.account}`,
      requester: 2 * DAY,
      accepter: 2 * HOUR,
    },
  ]),
  {
    name: 'failed while it waited, of two accounts',
    peer: OTHER,
    enter: overlap,
    code: 'failed',
    message: FAILED,
    requester: 2 * HOUR,
    accepter: 0,
  },
  ...[
    { where: 'within an account and Region', peer: US },
    { where: 'within an account, between Regions', peer: EU },
  ].flatMap(({ where, peer }): Row[] => {
    const shortly = { peer, requester: 2 * HOUR, accepter: 2 * HOUR }
    const deleted = { ...shortly, code: 'deleted', message: `Deleted by ${US.account}` }
    return [
      {
        ...shortly,
        name: `rejected, ${where}`,
        enter: (w) => w.reject(),
        code: 'rejected',
        message: `Rejected by ${US.account}`,
      },
      { ...deleted, name: `taken back, ${where}`, enter: (w) => w.drop(US) },
      { ...deleted, name: `deleted by the requester, ${where}`, enter: accepted((w) => w.drop(US)) },
      { ...deleted, name: `deleted by the accepter, ${where}`, enter: accepted((w) => w.drop(peer)) },
      {
        name: `expired, ${where}`,
        peer,
        enter: (w) => w.clock.advance(7 * DAY),
        code: 'expired',
        message: 'Expired',
        requester: 2 * DAY,
        accepter: 2 * DAY,
      },
    ]
  }),
]

describe('how long an ended peering connection is seen', () => {
  for (const { name, peer, enter, code, message, requester, accepter } of rows) {
    test(`life cycle: ${name}`, () => {
      const w = requested({ peer })
      enter(w)
      const entered = w.clock.now
      const sides = [
        { caller: US, until: entered + requester },
        { caller: peer, until: entered + accepter },
      ]
      const moments = sides.flatMap(({ until }) => [until - 1, until]).filter((at) => at >= entered)
      for (const at of moments.toSorted((a, b) => a - b)) {
        w.clock.advance(at - w.clock.now)
        for (const { caller, until } of sides) {
          assert.deepEqual(w.seen(caller)?.Status, at < until ? { Code: code, Message: message } : undefined)
          if (at >= until) refused('InvalidVpcPeeringConnectionID.NotFound', () => w.drop(caller))
        }
      }
    })

    test(`X3: ${name}: it can neither be accepted nor rejected nor deleted`, () => {
      const w = requested({ peer })
      enter(w)
      const words = (to: string) =>
        `Invalid state transition for ${w.pcx}, attempted to transition from ${code} to ${to}`
      if (w.seen(peer)) {
        refused('InvalidStateTransition', () => w.accept(), words('active'))
        refused('InvalidStateTransition', () => w.reject(), words('rejected'))
        refused('InvalidStateTransition', () => w.drop(peer), words('deleting'))
      }
      refused('InvalidStateTransition', () => w.drop(US), words('deleting'))
      assert.equal(w.status(), code)
    })
  }

  test('life cycle: one that failed from the start is seen by its requester for 2 hours', () => {
    const w = requested({ peer: OTHER, b: '10.1.0.0/16' })
    assert.equal(w.seen(OTHER), undefined)
    w.clock.advance(2 * HOUR - 1)
    assert.equal(w.status(), 'failed')
    w.clock.advance(1)
    assert.equal(w.seen(), undefined)
  })
})

describe('the way of a peering connection', () => {
  test('life cycle: a request waits for 7 days, and can be accepted to the last', () => {
    const w = requested({ peer: OTHER })
    w.clock.advance(7 * DAY - 1)
    assert.equal(w.status(OTHER), 'pending-acceptance')
    assert.deepEqual(w.accept().VpcPeeringConnection?.Status, { Code: 'provisioning', Message: 'Provisioning' })
    w.clock.advance(1)
    for (const caller of [US, OTHER]) assert.deepEqual(w.seen(caller)?.Status, { Code: 'active', Message: 'Active' })
    w.clock.advance(1000 * DAY)
    assert.equal(w.status(), 'active')
  })

  test('life cycle: between Regions an active one is deleting before it is deleted; within one it is not', () => {
    for (const [peer, state] of [
      [EU, 'deleting'],
      [US, 'deleted'],
    ] as const) {
      const w = requested({ peer })
      w.accept()
      assert.equal(w.status(), 'active')
      w.drop()
      assert.equal(w.records.get('vpc-peering-connection', w.pcx)?.state, state)
      assert.equal(w.status(), 'deleted')
    }
  })

  test('life cycle: a request that is taken back between Regions is deleted at once', () => {
    const w = requested({ peer: EU })
    w.drop()
    assert.equal(w.records.get('vpc-peering-connection', w.pcx)?.state, 'deleted')
  })

  test('life cycle: the record itself is gone with the last who may see it', () => {
    const w = requested({ peer: OTHER })
    w.reject()
    w.clock.advance(2 * DAY)
    w.status()
    assert.equal(w.records.get('vpc-peering-connection', w.pcx), undefined)
  })
})
