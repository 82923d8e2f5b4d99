/** What an active peering connection is in the network, and what it is not. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { kindOf } from '../../src/ec2/kinds.ts'
import type { Fact } from '../../src/network/network.ts'
import { EU, OTHER, OTHER_EU, requested } from './peerings.ts'
import { refused, US } from './world.ts'

type Peering = ReturnType<typeof requested>

/** What the peering adds to the network now. */
function factsOf({ transaction, pcx }: Peering): Fact[] {
  return transaction(US, ({ state }) => {
    const record = state.get('vpc-peering-connection', pcx)
    return (record && kindOf('vpc-peering-connection').compile?.(record, state)) ?? []
  })
}

function active(options: Parameters<typeof requested>[0] = {}) {
  const w = requested(options)
  w.accept()
  assert.equal(w.status(), 'active')
  return w
}

/** Where what arrives over the peering can go on to, by the VPC it enters. */
const waysOn = ({ records, pcx }: Peering) =>
  compile(records)
    .routes.filter(({ table }) => table.endsWith(`/${pcx}`))
    .map(({ table, prefix, nextHop }) => [table, prefix, nextHop.kind])

describe('the network of a peering connection', () => {
  test('X3: nothing is there before it is active, and nothing after it is deleted', () => {
    for (const peer of [US, OTHER_EU]) {
      const w = requested({ peer })
      assert.deepEqual(factsOf(w), [])
      w.accept()
      assert.equal(factsOf(w).length, 7)
      w.drop()
      assert.deepEqual(factsOf(w), [])
    }
  })

  test('X6: what arrives on either side is routed by the blocks of that VPC, and by nothing else', () => {
    const w = active()
    assert.deepEqual(waysOn(w), [
      [`${w.A}/${w.pcx}`, '10.1.0.0/16', 'connected'],
      [`${w.B}/${w.pcx}`, '10.2.0.0/16', 'connected'],
    ])
    const tables = factsOf(w).flatMap((f) => ('table' in f ? [f.table] : []))
    assert.deepEqual(
      tables.map((t) => t.origin),
      Array(2).fill({ resource: w.pcx, code: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR' }),
    )
    assert.notEqual(tables[0]?.number, tables[1]?.number)
  })

  test("X7: neither the peer's internet gateway nor another peering of it is a way on", () => {
    const w = active()
    const before = waysOn(w)
    const InternetGatewayId = w.call('CreateInternetGateway', {}).InternetGateway?.InternetGatewayId ?? ''
    w.call('AttachInternetGateway', { InternetGatewayId, VpcId: w.B })
    const C = w.call('CreateVpc', { CidrBlock: '10.3.0.0/16' }).Vpc?.VpcId ?? ''
    const next = w.call('CreateVpcPeeringConnection', { VpcId: w.B, PeerVpcId: C }).VpcPeeringConnection
    const VpcPeeringConnectionId = next?.VpcPeeringConnectionId ?? ''
    w.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId })
    const main = [{ Name: 'vpc-id', Values: [w.B] }]
    const RouteTableId = w.call('DescribeRouteTables', { Filters: main }).RouteTables?.[0]?.RouteTableId ?? ''
    w.call('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId })
    w.call('CreateRoute', { RouteTableId, DestinationCidrBlock: '10.3.0.0/16', VpcPeeringConnectionId })
    const led = compile(w.records).routes.filter(
      ({ table, nextHop }) => table === RouteTableId && nextHop.kind === 'link',
    )
    assert.deepEqual(led.map(({ prefix }) => prefix).toSorted(), ['0.0.0.0/0', '10.3.0.0/16'])
    assert.deepEqual(waysOn(w), before)
  })

  test('X8: neither side asks where a packet should have come from', () => {
    const edges = factsOf(active()).flatMap((f) => ('interface' in f ? [f.interface] : []))
    assert.deepEqual(
      edges.map((i) => [i.sourceDestCheck, i.ruleSets ?? []]),
      [
        [false, []],
        [false, []],
      ],
    )
  })

  test('X9: it brings no route into any route table', () => {
    const w = requested()
    const routes = () => w.call('DescribeRouteTables', {}).RouteTables?.map(({ Routes }) => Routes)
    const before = routes()
    w.accept()
    w.status()
    assert.deepEqual(routes(), before)
  })

  test('C10, X6: a block added later is reached over the peering too, and one that goes is not', () => {
    const w = active()
    const added = w.call('AssociateVpcCidrBlock', { VpcId: w.B, CidrBlock: '100.64.0.0/24' })
    const blocks = () => waysOn(w).map(([, prefix]) => prefix)
    assert.deepEqual(blocks().toSorted(), ['10.1.0.0/16', '10.2.0.0/16', '100.64.0.0/24'])
    w.call('DisassociateVpcCidrBlock', { AssociationId: added.CidrBlockAssociation?.AssociationId ?? '' })
    assert.deepEqual(blocks(), ['10.1.0.0/16', '10.2.0.0/16'])
  })

  test('M1, X13: 9001 bytes within a Region, 8500 between Regions', () => {
    for (const [peer, mtu] of [
      [US, 9001],
      [OTHER, 9001],
      [EU, 8500],
      [OTHER_EU, 8500],
    ] as const)
      assert.ok(factsOf(active({ peer })).some((f) => 'segment' in f && f.segment.mtu === mtu))
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
    for (const vpc of [w.A, w.B]) assert.deepEqual(target(vpc), { kind: 'link', interface: `${vpc}/${w.pcx}` })
    assert.equal(target('vpc-0123456789abcdef0'), undefined)
    w.drop()
    assert.equal(target(w.A), undefined)
  })
})

describe('a further block of a VPC with peerings', () => {
  const add = (w: Peering, VpcId: string, CidrBlock: string, caller = US) =>
    w.call('AssociateVpcCidrBlock', { VpcId, CidrBlock }, caller)

  test('C10: beside an active peering, none that overlaps a block of the peer, on either side', () => {
    const w = active({ peer: OTHER })
    refused('InvalidVpc.Range', () => add(w, w.A, '10.2.7.0/24'))
    refused('InvalidVpc.Range', () => add(w, w.B, '10.1.7.0/24', OTHER))
    add(w, w.B, '100.64.0.0/24', OTHER)
    refused('InvalidVpc.Range', () => add(w, w.A, '100.64.0.0/20'))
    add(w, w.A, '100.64.1.0/24')
    assert.equal(w.status(), 'active')
  })

  test('C10: while a request waits the requester adds none, the accepter what does not overlap', () => {
    const w = requested({ peer: OTHER })
    refused('InvalidVpc.Range', () => add(w, w.A, '100.64.0.0/24'))
    add(w, w.B, '100.64.0.0/24', OTHER)
    assert.equal(w.status(), 'pending-acceptance')
    w.drop()
    add(w, w.A, '100.64.1.0/24')
  })

  test('C10: an accepter whose new block overlaps the requester makes the request fail for good', () => {
    const w = requested({ peer: OTHER })
    add(w, w.B, '10.1.7.0/24', OTHER)
    assert.equal(w.status(), 'failed')
    refused('InvalidVpcPeeringConnectionID.NotFound', () => w.accept())
  })
})
