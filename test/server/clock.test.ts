/** A control plane whose clock is set forward and back: nothing is lost, and nothing waits for the clock. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Caller } from '../../src/ec2/resource.ts'
import { prefix } from '../../src/ip/prefix.ts'
import type { Action, Input, Output } from '../../src/protocol/types.ts'
import { controlPlane } from '../../src/server/control-plane.ts'
import { sqliteStore } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { fakeGuests } from '../ec2/world.ts'

const CALLER: Caller = { account: '123456789012', region: 'us-east-1', requestId: 'test' }
const HOUR = 3_600_000
const DAY = 24 * HOUR

function server(store: Store, clock: { now: number }) {
  const plane = controlPlane({
    store,
    publicPool: prefix('198.18.0.0/22'),
    guests: fakeGuests().guests,
    isUp: () => true,
    now: () => clock.now,
    onCommit: () => {},
  })
  const call = <A extends Action>(action: A, input: Input<A>) => plane.execute(action, input, CALLER) as Output<A>
  const stateOf = (VpcId: string) => call('DescribeVpcs', { VpcIds: [VpcId] }).Vpcs?.[0]?.State
  const create = (CidrBlock = '10.0.0.0/16') => call('CreateVpc', { CidrBlock }).Vpc?.VpcId ?? ''
  return { plane, call, stateOf, create }
}

const bench = () => {
  const clock = { now: Date.UTC(2026, 0, 10) }
  const store = sqliteStore(':memory:')
  return { clock, store, ...server(store, clock) }
}

describe('a clock that is set back', () => {
  test('what is under way ends in its time, and not when the clock has come there again', () => {
    const { clock, create, stateOf, plane } = bench()
    const id = create()
    const { revision } = plane
    clock.now -= 30 * DAY
    assert.equal(stateOf(id), 'available')
    assert.ok(plane.revision >= revision)
    const { state, stateSince } = plane.state.get('vpc', id) ?? {}
    assert.deepEqual([state, stateSince], ['available', clock.now])
  })

  test('also where it was set back while no server ran', () => {
    const { clock, store, call } = bench()
    const NetworkInterfaceId = 'eni-0'
    assert.throws(() => call('DeleteNetworkInterface', { NetworkInterfaceId }))
    const { VpcId = '' } = call('CreateVpc', { CidrBlock: '10.0.0.0/16' }).Vpc ?? {}
    clock.now -= DAY
    assert.equal(server(store, clock).stateOf(VpcId), 'available')
  })

  test('a peering request lives as long as ever, a client token is kept, and both end', () => {
    const { clock, call, create, plane } = bench()
    const [VpcId, PeerVpcId] = [create(), create('10.1.0.0/16')]
    const pcx = call('CreateVpcPeeringConnection', { VpcId, PeerVpcId }).VpcPeeringConnection
    const id = pcx?.VpcPeeringConnectionId ?? ''
    const subnet = call('DescribeSubnets', {}).Subnets?.[0]?.SubnetId ?? ''
    const wish = { SubnetId: subnet, ConnectivityType: 'private', ClientToken: 'once' } as const
    const first = call('CreateNatGateway', wish).NatGateway?.NatGatewayId
    clock.now -= 100 * DAY
    const status = () => call('DescribeVpcPeeringConnections', {}).VpcPeeringConnections?.[0]?.Status?.Code
    assert.equal(status(), 'pending-acceptance')
    assert.equal(call('CreateNatGateway', wish).NatGateway?.NatGatewayId, first)
    clock.now += 6 * DAY
    assert.equal(status(), 'pending-acceptance')
    clock.now += 2 * DAY
    assert.equal(status(), 'expired')
    assert.ok(plane.state.get('vpc-peering-connection', id))
    assert.notEqual(call('CreateNatGateway', wish).NatGateway?.NatGatewayId, first, 'a token ends after a day')
  })

  test('revisions and numbers go on', () => {
    const { clock, create, plane, store } = bench()
    create()
    const before = { revision: plane.revision, number: store.read().lastNumber }
    clock.now -= 1000 * DAY
    create()
    assert.ok(plane.revision > before.revision)
    assert.ok(store.read().lastNumber > before.number)
  })

  test('a clock that was far ahead for a while leaves nothing behind that never ends', () => {
    const { clock, create, stateOf, call, plane } = bench()
    clock.now += 10_000 * DAY
    const id = create()
    call('DeleteVpc', { VpcId: create() })
    clock.now -= 10_000 * DAY
    assert.equal(stateOf(id), 'available')
    clock.now += 8 * DAY
    call('DescribeVpcs', {})
    assert.deepEqual([...plane.state.all('client-token')], [])
  })
})

describe('what follows by itself', () => {
  test('is looked for among what falls due, and a refused call does not lose it', () => {
    const { clock, call, create, plane } = bench()
    const [VpcId, PeerVpcId] = [create(), create('10.1.0.0/16')]
    call('CreateVpcPeeringConnection', { VpcId, PeerVpcId })
    clock.now += 7 * DAY + HOUR
    assert.throws(() => call('DeleteVpc', { VpcId: 'vpc-00000000' }))
    const [pcx] = call('DescribeVpcPeeringConnections', {}).VpcPeeringConnections ?? []
    assert.equal(pcx?.Status?.Code, 'expired')
    const { revision } = plane
    call('DescribeVpcs', {})
    assert.equal(plane.revision, revision, 'once')
  })
})
