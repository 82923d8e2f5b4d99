/** Routes of IPv6: kept and shown as AWS does, and in no network. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { elsewhere, laid, targets } from './routes.ts'
import { refused } from './world.ts'

/** A table in a VPC with an IPv6 block. */
const ipv6 = () => {
  const w = laid({ ipv6: true })
  const { RouteTableId } = w
  return {
    ...w,
    toGateway6: (DestinationIpv6CidrBlock: string) => w.create({ DestinationIpv6CidrBlock, GatewayId: w.gatewayId }),
    toInterface6: (DestinationIpv6CidrBlock: string) =>
      w.create({ DestinationIpv6CidrBlock, NetworkInterfaceId: w.eniId() }),
    replace: (DestinationIpv6CidrBlock: string, target: object) =>
      w.call('ReplaceRoute', { RouteTableId, DestinationIpv6CidrBlock, ...target }),
    remove: (DestinationIpv6CidrBlock: string) => w.call('DeleteRoute', { RouteTableId, DestinationIpv6CidrBlock }),
    routes6: () => w.routes().filter((route) => route.DestinationIpv6CidrBlock !== undefined),
    /** The /64 of this number in the VPC's block. */
    part: (n: number) => w.block6.replace(/00::\/56$/, `${n.toString(16).padStart(2, '0')}::/64`),
  }
}

describe('route of IPv6', () => {
  test('R8: it leads to each kind of target, and shows it', () => {
    const w = ipv6()
    const made = targets(w)
    const pcx = made.peering(elsewhere(w).VpcId)
    const [eigw, InstanceId] = [made.egressOnly(), made.instance()]
    w.toGateway6('2001:100::/32')
    w.create({ DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: eigw })
    w.create({ DestinationIpv6CidrBlock: '2001:200::/32', VpcPeeringConnectionId: pcx })
    w.create({ DestinationIpv6CidrBlock: '2001:300::/32', InstanceId })
    w.toInterface6('2001:400::/32')
    const shown = w.routes6().map(({ InstanceOwnerId, NetworkInterfaceId, ...route }) => Object.values(route))
    assert.deepEqual(shown, [
      [w.block6, 'local', 'CreateRouteTable', 'active'],
      ['2001:100::/32', w.gatewayId, 'CreateRoute', 'active'],
      ['::/0', eigw, 'CreateRoute', 'active'],
      ['2001:200::/32', pcx, 'CreateRoute', 'active'],
      ['2001:300::/32', InstanceId, 'CreateRoute', 'active'],
      ['2001:400::/32', 'CreateRoute', 'blackhole'],
    ])
    assert.equal(w.routes6()[5]?.NetworkInterfaceId, w.eniId())
  })

  test('R3: the default routes of both families stand side by side, and go apart', () => {
    const w = ipv6()
    w.toGateway('0.0.0.0/0')
    w.toGateway6('::/0')
    assert.deepEqual([w.stateOf('0.0.0.0/0'), w.stateOf('::/0')], ['active', 'active'])
    w.remove('::/0')
    assert.deepEqual([w.stateOf('0.0.0.0/0'), w.stateOf('::/0')], ['active', undefined])
  })

  test('R3: it adds nothing to the network, be it local or not', () => {
    const w = ipv6()
    const before = compile(w.records)
    w.toGateway6('::/0')
    w.replace(w.block6, { NetworkInterfaceId: w.eniId() })
    assert.deepEqual(compile(w.records).routes, before.routes)
  })

  test('C2, R8: a destination has one form, and stands once in a table', () => {
    const w = ipv6()
    w.toGateway6('2001:0100:0::0:5/64')
    assert.equal(w.routes6()[1]?.DestinationIpv6CidrBlock, '2001:100::/64')
    refused(
      'RouteAlreadyExists',
      () => w.toInterface6('2001:100:0:0::/64'),
      'The route identified by 2001:100::/64 already exists.',
    )
    refused('RouteAlreadyExists', () => w.toInterface6(w.block6))
    w.remove('2001:100:0:0:0:0:0:0/64')
    assert.equal(w.routes6().length, 1)
    refused(
      'InvalidRoute.NotFound',
      () => w.remove('2001:100::/64'),
      `no route with destination-ipv6-cidr-block 2001:100::/64 in route table ${w.RouteTableId}`,
    )
  })

  test('R8: a block of the other family is none', () => {
    const w = ipv6()
    refused(
      'InvalidParameterValue',
      () => w.toGateway6('10.0.0.0/8'),
      'Value (10.0.0.0/8) for parameter destinationIpv6CidrBlock is invalid. This is not a valid IPv6 CIDR block.',
    )
    for (const text of ['::0/', '::/129', '', '2001:db8::g/64'])
      refused('InvalidParameterValue', () => w.toGateway6(text))
    refused('InvalidParameterValue', () => w.toGateway('::/0'))
    assert.equal(w.routes().length, 2)
  })

  test('R8: a table holds 50 of each family', () => {
    const w = ipv6()
    for (let i = 0; i < 50; i++) w.toGateway6(`2001:${(i + 256).toString(16)}::/32`)
    refused('RouteLimitExceeded', () => w.toGateway6('2001:400::/32'), 'The maximum number of routes has been reached.')
    for (let i = 0; i < 50; i++) w.toGateway(`20.0.${i}.0/24`)
    refused('RouteLimitExceeded', () => w.toGateway('20.1.0.0/24'))
  })

  test('R8: a prefix list of IPv6 counts as many as it may have entries, and beside those of IPv4', () => {
    const w = ipv6()
    const list = w.call('CreateManagedPrefixList', {
      PrefixListName: 'six',
      AddressFamily: 'IPv6',
      MaxEntries: 49,
      Entries: [{ Cidr: '2001:100::/32' }],
    }).PrefixList
    const before = compile(w.records)
    w.create({ DestinationPrefixListId: list?.PrefixListId, GatewayId: w.gatewayId })
    assert.deepEqual(compile(w.records).routes, before.routes)
    w.toGateway6('::/0')
    refused('RouteLimitExceeded', () => w.toGateway6('2001:200::/32'))
    w.toGateway('0.0.0.0/0')
    const shown = w
      .routes()
      .map((r) => r.DestinationCidrBlock ?? r.DestinationIpv6CidrBlock ?? r.DestinationPrefixListId)
    assert.deepEqual(shown, ['10.1.0.0/16', '0.0.0.0/0', w.block6, list?.PrefixListId, '::/0'])
  })

  test('E3, L1: of prefix lists, too, a target takes those of its family only', () => {
    const w = ipv6()
    const list = (AddressFamily: string, Cidr: string) =>
      w.call('CreateManagedPrefixList', { PrefixListName: 'l', AddressFamily, MaxEntries: 2, Entries: [{ Cidr }] })
        .PrefixList?.PrefixListId
    const [four, six] = [list('IPv4', '203.0.113.0/24'), list('IPv6', '2001:100::/32')]
    const EgressOnlyInternetGatewayId = targets(w).egressOnly()
    const NatGatewayId = targets(w).natGateway()
    const shown = w.routes()
    refused('InvalidParameterValue', () => w.create({ DestinationPrefixListId: four, EgressOnlyInternetGatewayId }))
    refused('InvalidParameterValue', () => w.create({ DestinationPrefixListId: six, NatGatewayId }))
    assert.deepEqual(w.routes(), shown)
    const before = compile(w.records)
    w.create({ DestinationPrefixListId: six, EgressOnlyInternetGatewayId })
    const made = w.routes().find((r) => r.DestinationPrefixListId === six)
    assert.deepEqual([made?.EgressOnlyInternetGatewayId, made?.State], [EgressOnlyInternetGatewayId, 'active'])
    assert.deepEqual(compile(w.records).routes, before.routes)
    w.call('ReplaceRoute', {
      RouteTableId: w.RouteTableId,
      DestinationPrefixListId: six,
      NetworkInterfaceId: w.eniId(),
    })
    w.call('DeleteRoute', { RouteTableId: w.RouteTableId, DestinationPrefixListId: six })
    assert.deepEqual(w.routes(), shown)
  })

  test('R2: the local route of an IPv6 block stays, and its target may be an interface', () => {
    const w = ipv6()
    refused(
      'InvalidParameterValue',
      () => w.remove(w.block6),
      `cannot remove local route ${w.block6} in route table ${w.RouteTableId}`,
    )
    w.replace(w.block6, { NetworkInterfaceId: w.eniId() })
    const [local, ...more] = w.routes6()
    assert.deepEqual([local?.NetworkInterfaceId, local?.Origin, more], [w.eniId(), 'CreateRouteTable', []])
    refused('InvalidParameterValue', () => w.remove(w.block6))
    refused('InvalidParameterValue', () => w.replace(w.block6, { GatewayId: w.gatewayId }))
    w.replace(w.block6, { LocalTarget: true })
    assert.equal(w.routes6()[0]?.GatewayId, 'local')
  })

  test('C9: with its block the local route goes, whatever its target', () => {
    const w = ipv6()
    w.replace(w.block6, { NetworkInterfaceId: w.eniId() })
    w.call('DisassociateVpcCidrBlock', { AssociationId: w.association6 })
    assert.deepEqual(w.routes6(), [])
  })

  test("R4, D13: within the VPC's block a route has exactly a subnet's and leads to an interface", () => {
    const w = ipv6()
    w.call('CreateSubnet', { VpcId: w.VpcId, CidrBlock: '10.1.2.0/24', Ipv6CidrBlock: w.part(2) })
    refused('InvalidParameterValue', () => w.toInterface6(w.part(3)), /not equal to the CIDR block of a subnet/)
    refused('InvalidParameterValue', () => w.toGateway6(w.part(2)), /can target only an interface or an instance/)
    w.toInterface6(w.part(2))
    assert.equal(w.routes6().length, 2)
  })

  test('P7: no route leads into fd00:ec2::/32, a larger one may cover it', () => {
    const w = ipv6()
    for (const block of ['fd00:ec2::/32', 'fd00:ec2::254/128'])
      refused('InvalidParameterValue', () => w.toGateway6(block))
    w.toGateway6('fd00::/8')
    assert.equal(w.stateOf('fd00::/8'), 'active')
  })

  test('a NAT gateway takes the addresses of NAT64, and no others of IPv6', () => {
    const w = ipv6()
    const NatGatewayId = targets(w).natGateway()
    refused('InvalidParameterValue', () => w.create({ DestinationIpv6CidrBlock: '::/0', NatGatewayId }))
    w.create({ DestinationIpv6CidrBlock: '64:ff9b::/96', NatGatewayId })
    assert.equal(w.stateOf('64:ff9b::/96'), 'active')
  })

  test('R7: a route whose gateway is gone is a blackhole', () => {
    const w = ipv6()
    const EgressOnlyInternetGatewayId = targets(w).egressOnly()
    w.create({ DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId })
    w.toGateway6('2001:100::/32')
    w.call('DeleteEgressOnlyInternetGateway', { EgressOnlyInternetGatewayId })
    w.call('DetachInternetGateway', { InternetGatewayId: w.gatewayId, VpcId: w.VpcId })
    assert.deepEqual([w.stateOf('::/0'), w.stateOf('2001:100::/32')], ['blackhole', 'blackhole'])
  })
})
