import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ApiError } from '../../src/ec2/errors.ts'
import { laid } from './routes.ts'
import { refused } from './world.ts'

/** Two VPCs, 10.1.0.0/16 and 10.2.0.0/16, and a peering that is asked for. */
function peered() {
  const w = laid()
  const PeerVpcId = w.call('CreateVpc', { CidrBlock: '10.2.0.0/16' }).Vpc?.VpcId ?? ''
  const pcx =
    w.call('CreateVpcPeeringConnection', { VpcId: w.VpcId, PeerVpcId }).VpcPeeringConnection?.VpcPeeringConnectionId ??
    ''
  return {
    ...w,
    pcx,
    accept: () => w.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: pcx }),
    toPeer: (DestinationCidrBlock: string) =>
      w.call('CreateRoute', { RouteTableId: w.RouteTableId, DestinationCidrBlock, VpcPeeringConnectionId: pcx }),
  }
}

describe('route to a peering', () => {
  test("lab step 3, A6: the VPC's own block can not go to a peering, word for word", () => {
    const w = peered()
    refused(
      'InvalidParameterValue',
      () => w.toPeer('10.1.0.0/16'),
      "The destination CIDR block 10.1.0.0/16 is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.",
    )
    assert.equal(w.routes().length, 1)
  })

  test('R4, D13: nothing more specific than local goes to a peering or a gateway', () => {
    const w = peered()
    for (const work of [() => w.toPeer('10.1.1.0/24'), () => w.toGateway('10.1.1.0/24')]) {
      refused(
        'InvalidParameterValue',
        work,
        /^The destination CIDR block 10\.1\.1\.0\/24 is equal to or more specific than one of this VPC's CIDR blocks\./,
      )
    }
  })

  test('X4, D04: a route to a peering that is asked for is a blackhole, and active once it is accepted', () => {
    const w = peered()
    w.toPeer('10.2.0.0/16')
    assert.equal(w.stateOf('10.2.0.0/16'), 'blackhole')
    w.accept()
    assert.equal(w.stateOf('10.2.0.0/16'), 'active')
    assert.deepEqual(w.fact('10.2.0.0/16')?.nextHop, { kind: 'link', interface: `${w.VpcId}/${w.pcx}` })
  })

  test('R7, D05, A17: with the peering gone its route stays, a blackhole', () => {
    const w = peered()
    w.toPeer('10.2.0.0/16')
    w.accept()
    w.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: w.pcx })
    assert.equal(w.stateOf('10.2.0.0/16'), 'blackhole')
    w.clock.advance(72 * 3_600_000)
    assert.equal(w.stateOf('10.2.0.0/16'), 'blackhole')
    assert.deepEqual(w.fact('10.2.0.0/16')?.nextHop, { kind: 'blackhole' })
  })

  test('X5: the destination through a peering may be part of the peer, or outside of it', () => {
    const w = peered()
    for (const destination of ['10.2.0.7/32', '10.2.3.0/24', '0.0.0.0/0']) w.toPeer(destination)
    assert.equal(w.routes().length, 4)
  })

  test('X5: blocks of two peers that overlap each other are reached side by side, by the longer prefix', () => {
    const w = peered()
    w.accept()
    const PeerVpcId = w.call('CreateVpc', { CidrBlock: '10.2.0.0/16' }).Vpc?.VpcId ?? ''
    const other = w.call('CreateVpcPeeringConnection', { VpcId: w.VpcId, PeerVpcId }).VpcPeeringConnection
    const VpcPeeringConnectionId = other?.VpcPeeringConnectionId ?? ''
    w.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId })
    w.toPeer('10.2.0.0/16')
    const one = { RouteTableId: w.RouteTableId, DestinationCidrBlock: '10.2.0.9/32', VpcPeeringConnectionId }
    w.call('CreateRoute', one)
    assert.deepEqual(w.fact('10.2.0.0/16')?.nextHop, { kind: 'link', interface: `${w.VpcId}/${w.pcx}` })
    assert.deepEqual(w.fact('10.2.0.9/32')?.nextHop, {
      kind: 'link',
      interface: `${w.VpcId}/${VpcPeeringConnectionId}`,
    })
  })

  test("X16: a table that leads to a peering is a subnet's, and becomes no gateway's", () => {
    const w = peered()
    w.toPeer('10.2.0.0/16')
    const { RouteTableId } = w
    assert.throws(() => w.call('AssociateRouteTable', { RouteTableId, GatewayId: w.gatewayId }), ApiError)
    w.call('AssociateRouteTable', { RouteTableId, SubnetId: w.subnetId })
  })

  test('X4: a request that ended before it was accepted leaves its routes as blackholes', () => {
    for (const end of ['RejectVpcPeeringConnection', 'DeleteVpcPeeringConnection'] as const) {
      const w = peered()
      w.toPeer('10.2.0.0/16')
      w.call(end, { VpcPeeringConnectionId: w.pcx })
      assert.equal(w.stateOf('10.2.0.0/16'), 'blackhole')
    }
  })

  test("a peering of other VPCs is none of this table's", () => {
    const w = peered()
    const VpcId = w.call('CreateVpc', { CidrBlock: '10.3.0.0/16' }).Vpc?.VpcId ?? ''
    const RouteTableId = w.call('CreateRouteTable', { VpcId }).RouteTable?.RouteTableId ?? ''
    refused(
      'InvalidParameterValue',
      () => w.call('CreateRoute', { RouteTableId, DestinationCidrBlock: '10.2.0.0/16', VpcPeeringConnectionId: w.pcx }),
      `route table ${RouteTableId} and network gateway ${w.pcx} belong to different networks`,
    )
  })
})
