/** Who may accept, reject and delete a peering connection, and what a VPC's end means for it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Caller } from '../../src/ec2/resource.ts'
import { DAY, EU, OTHER, OTHER_EU, requested } from './peerings.ts'
import { refused, US } from './world.ts'

const STRANGER: Caller = { ...US, account: '333333333333' }

describe('answering a request', () => {
  test('is for the account that was asked, and not for the one that asks', () => {
    for (const peer of [OTHER, OTHER_EU]) {
      const w = requested({ peer })
      refused('OperationNotPermitted', () => w.accept(US), `User (${US.account}) cannot accept peering ${w.pcx}`)
      refused('OperationNotPermitted', () => w.reject(US), `User (${US.account}) cannot reject peering ${w.pcx}`)
      assert.equal(w.status(), 'pending-acceptance')
      assert.equal(w.accept().VpcPeeringConnection?.VpcPeeringConnectionId, w.pcx)
      for (const caller of [US, peer]) assert.equal(w.status(caller), 'active')
    }
  })

  test('is done in the Region of the accepter', () => {
    const w = requested({ peer: EU })
    const words = (done: string) =>
      `Incorrect region (us-east-1) specified for this request. VPC peering connection ${w.pcx} must be ${done} in ` +
      'region eu-west-1'
    refused('OperationNotPermitted', () => w.accept(US), words('accepted'))
    refused('OperationNotPermitted', () => w.reject(US), words('accepted or rejected'))
    w.accept(EU)
    assert.equal(w.status(US), 'active')
    assert.equal(w.seen(EU)?.AccepterVpcInfo?.Region, 'eu-west-1')
  })

  test('is done by either Region alone that has a part in it: elsewhere nobody knows it', () => {
    const w = requested({ peer: OTHER_EU })
    for (const caller of [STRANGER, EU, OTHER, { ...OTHER, region: 'ap-south-1' }]) {
      assert.equal(w.seen(caller), undefined)
      for (const act of [w.accept, w.reject, w.drop])
        refused('InvalidVpcPeeringConnectionID.NotFound', () => act(caller))
    }
    assert.deepEqual(w.reject(OTHER_EU), { Return: true })
  })

  test('X3: twice is InvalidStateTransition, word for word', () => {
    const w = requested()
    w.accept()
    const words = (to: string) => `Invalid state transition for ${w.pcx}, attempted to transition from active to ${to}`
    refused('InvalidStateTransition', () => w.accept(), words('active'))
    refused('InvalidStateTransition', () => w.reject(), words('rejected'))
    assert.equal(w.status(), 'active')
  })

  test('D39, X2: an unknown id is ...ID.NotFound, a malformed one ...Id.Malformed, for each action', () => {
    const w = requested()
    for (const [id, code, words] of [
      [
        'pcx-0123456789abcdef0',
        'InvalidVpcPeeringConnectionID.NotFound',
        "The vpcPeeringConnection ID 'pcx-0123456789abcdef0' does not exist",
      ],
      ['pcx-xyz', 'InvalidVpcPeeringConnectionId.Malformed', /pcx-xyz/],
    ] as const) {
      const named = { VpcPeeringConnectionId: id }
      refused(code, () => w.call('DescribeVpcPeeringConnections', { VpcPeeringConnectionIds: [id] }), words)
      refused(code, () => w.call('AcceptVpcPeeringConnection', named), words)
      refused(code, () => w.call('RejectVpcPeeringConnection', named), words)
      refused(code, () => w.call('DeleteVpcPeeringConnection', named), words)
      refused(code, () => w.call('ModifyVpcPeeringConnectionOptions', named), words)
    }
  })
})

describe('deleting a peering connection', () => {
  test('is for either side while it is active', () => {
    for (const peer of [US, OTHER, EU, OTHER_EU])
      for (const caller of [US, peer]) {
        const w = requested({ peer })
        w.accept()
        assert.deepEqual(w.drop(caller), { Return: true })
        assert.equal(w.status(US), 'deleted')
      }
  })

  test('is for the account of the requester while it waits: the other one can reject it', () => {
    for (const peer of [OTHER, OTHER_EU]) {
      const w = requested({ peer })
      refused('OperationNotPermitted', () => w.drop(peer), `User (${OTHER.account}) cannot delete peering ${w.pcx}`)
      assert.equal(w.status(), 'pending-acceptance')
      w.drop(US)
      assert.equal(w.status(), 'deleted')
    }
    const w = requested({ peer: EU })
    w.drop(EU)
    assert.equal(w.status(), 'deleted')
  })

  test('X3: twice is InvalidStateTransition, word for word', () => {
    const w = requested()
    w.drop()
    refused(
      'InvalidStateTransition',
      () => w.drop(),
      `Invalid state transition for ${w.pcx}, attempted to transition from deleted to deleting`,
    )
  })
})

describe('a VPC and its peerings', () => {
  test('X15: with a VPC its active peering is deleted, whichever side it is', () => {
    for (const side of ['A', 'B'] as const) {
      const w = requested({ peer: OTHER })
      w.accept()
      w.call('DeleteVpc', { VpcId: w[side] }, side === 'A' ? US : OTHER)
      const by = side === 'A' ? US.account : OTHER.account
      for (const caller of [US, OTHER])
        assert.deepEqual(w.seen(caller)?.Status, { Code: 'deleted', Message: `Deleted by ${by}` })
    }
  })

  test('X15: a pending request from another account blocks the deletion until it is rejected', () => {
    for (const peer of [OTHER, OTHER_EU]) {
      const w = requested({ peer })
      refused('DependencyViolation', () => w.call('DeleteVpc', { VpcId: w.B }, peer))
      assert.equal(w.status(), 'pending-acceptance')
      w.reject()
      w.call('DeleteVpc', { VpcId: w.B }, peer)
      assert.deepEqual(w.call('DescribeVpcs', {}, peer).Vpcs, [])
    }
  })

  test('X15: a request that expired or was taken back is in the way of nothing', () => {
    for (const finish of [takeBack, expire]) {
      const w = requested({ peer: OTHER })
      finish(w)
      w.call('DeleteVpc', { VpcId: w.B }, OTHER)
    }
  })

  test('X15: a request of the same account ends with either of its VPCs', () => {
    for (const side of ['A', 'B'] as const) {
      const w = requested()
      w.call('DeleteVpc', { VpcId: w[side] })
      assert.equal(w.status(), 'deleted')
    }
  })

  test('X15: the requester takes his request with his VPC', () => {
    const w = requested({ peer: OTHER })
    w.call('DeleteVpc', { VpcId: w.A })
    assert.equal(w.status(OTHER), 'deleted')
    assert.equal(w.seen()?.RequesterVpcInfo?.CidrBlock, undefined)
    assert.equal(w.seen()?.RequesterVpcInfo?.VpcId, w.A)
  })

  test('a VPC that can not be deleted keeps its peering', () => {
    const w = requested()
    w.accept()
    w.call('CreateSubnet', { VpcId: w.A, CidrBlock: '10.1.1.0/24' })
    refused('DependencyViolation', () => w.call('DeleteVpc', { VpcId: w.A }))
    assert.equal(w.status(), 'active')
  })
})

const takeBack = (w: ReturnType<typeof requested>) => w.drop()
const expire = (w: ReturnType<typeof requested>) => w.clock.advance(7 * DAY)
