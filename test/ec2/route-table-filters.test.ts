/** Every documented filter of DescribeRouteTables: one value that finds the table, and one that finds none. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { elsewhere, laid, targets } from './routes.ts'
import { refused } from './world.ts'

/** One table with a route of each kind and a subnet, beside others that have none of it. */
function tagged() {
  const w = laid({ ipv6: true })
  const { RouteTableId } = w
  const made = targets(w)
  const pcx = made.peering(elsewhere(w).VpcId)
  const [eigw, nat, instance] = [made.egressOnly(), made.natGateway(), made.instance()]
  const list =
    w.call('CreateManagedPrefixList', { PrefixListName: 'list', AddressFamily: 'IPv4', MaxEntries: 2 }).PrefixList
      ?.PrefixListId ?? ''
  w.toGateway('0.0.0.0/0')
  w.toInterface('20.0.0.0/8')
  w.create({ DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: eigw })
  w.create({ DestinationCidrBlock: '10.2.0.0/16', VpcPeeringConnectionId: pcx })
  w.create({ DestinationCidrBlock: '21.0.0.0/8', NatGatewayId: nat })
  w.create({ DestinationCidrBlock: '22.0.0.0/8', InstanceId: instance })
  w.create({ DestinationPrefixListId: list, GatewayId: w.gatewayId })
  const association = w.call('AssociateRouteTable', { RouteTableId, SubnetId: w.subnetId }).AssociationId ?? ''
  w.call('CreateTags', { Resources: [RouteTableId], Tags: [{ Key: 'Name', Value: 'one' }] })
  const found = (Name: string, ...Values: string[]) =>
    w.call('DescribeRouteTables', { Filters: [{ Name, Values }] }).RouteTables?.map((t) => t.RouteTableId) ?? []
  return { ...w, eigw, nat, instance, pcx, list, association, found }
}

describe('filter of DescribeRouteTables', () => {
  const w = tagged()
  const rows: readonly (readonly [name: string, finds: string, not: string])[] = [
    ['association.route-table-association-id', w.association, 'rtbassoc-000000000000000ff'],
    ['association.route-table-id', w.RouteTableId, 'rtb-000000000000000ff'],
    ['association.subnet-id', w.subnetId, 'subnet-000000000000000ff'],
    ['association.main', 'false', 'no'],
    ['route-table-id', w.RouteTableId, 'rtb-000000000000000ff'],
    ['route.destination-cidr-block', '20.0.0.0/8', '30.0.0.0/8'],
    ['route.destination-ipv6-cidr-block', '::/0', '2001:100::/32'],
    ['route.destination-prefix-list-id', w.list, 'pl-000000000000000ff'],
    ['route.egress-only-internet-gateway-id', w.eigw, 'eigw-000000000000000ff'],
    ['route.gateway-id', w.gatewayId, 'igw-000000000000000ff'],
    ['route.instance-id', w.instance, 'i-000000000000000ff'],
    ['route.nat-gateway-id', w.nat, 'nat-000000000000000ff'],
    ['route.origin', 'CreateRoute', 'EnableVgwRoutePropagation'],
    ['route.state', 'blackhole', 'filtered'],
    ['route.vpc-peering-connection-id', w.pcx, 'pcx-000000000000000ff'],
    ['tag:Name', 'one', 'two'],
    ['tag-key', 'Name', 'Role'],
  ]
  for (const [name, finds, not] of rows) {
    test(`${name} finds the table by its value, and none by another`, () => {
      assert.deepEqual([w.found(name, finds), w.found(name, not)], [[w.RouteTableId], []])
    })
  }

  test('vpc-id and owner-id find all tables of theirs', () => {
    assert.equal(w.found('vpc-id', w.VpcId).length, 2)
    assert.equal(w.found('owner-id', '123456789012').length, w.call('DescribeRouteTables', {}).RouteTables?.length)
    assert.deepEqual([w.found('vpc-id', 'vpc-000000000000000ff'), w.found('owner-id', '210987654321')], [[], []])
  })

  test('association.main finds the main tables; those without associations are neither main nor not', () => {
    const idle = w.call('CreateRouteTable', { VpcId: w.VpcId }).RouteTable?.RouteTableId ?? ''
    const mains = w.found('association.main', 'true')
    assert.equal(mains.includes(w.RouteTableId) || mains.includes(idle), false)
    assert.deepEqual(w.found('association.main', 'true', 'false'), [...mains, w.RouteTableId].toSorted())
  })

  test('those of gateways and transit gateways are there, and find nothing yet', () => {
    for (const name of ['association.gateway-id', 'route.transit-gateway-id']) assert.deepEqual(w.found(name, '*'), [])
  })

  test('values of one filter are alternatives, filters are conditions, and wildcards hold', () => {
    assert.deepEqual(w.found('route.destination-cidr-block', '30.0.0.0/8', '20.*'), [w.RouteTableId])
    const both = (state: string) =>
      w.call('DescribeRouteTables', {
        Filters: [
          { Name: 'route-table-id', Values: [w.RouteTableId] },
          { Name: 'route.state', Values: [state] },
        ],
      }).RouteTables?.length
    assert.deepEqual([both('active'), both('filtered')], [1, 0])
  })

  test('one that AWS does not know is refused', () => {
    refused('InvalidParameterValue', () => w.found('route.color', 'red'), "The filter 'route.color' is invalid")
  })
})
