/** RouteTables, with their routes and the subnets they serve. */
import { interfacesOfInstance } from '../ec2/network-interface.ts'
import { entriesOf, isPrefixListId } from '../ec2/prefix-list.ts'
import type { ResourceType } from '../ec2/resource.ts'
import type { Route } from '../ec2/route.ts'
import type { RouteTable, RouteTableAssociation } from '../ec2/route-table.ts'
import type { RouteTarget } from '../ec2/route-target.ts'
import { baseOf, type Building, derivedId, type Reader } from './building.ts'
import type { Item } from './item.ts'
import { namedList } from './prefix-lists.ts'

export const routeTables: Reader = {
  key: 'RouteTables',
  id: 'RouteTableId',
  read(item, home, building) {
    const { state, notes, newNumber } = building
    const id = item.id('RouteTableId', 'rtb')
    const vpcId = item.id('VpcId', 'vpc')
    item.skip('PropagatingVgws')
    const associations = item.list('Associations').flatMap((a) => associationOf(a, id, building))
    const routes = item.list('Routes').flatMap((route) => routesFrom(route, id, building))
    if (!state.get('vpc', vpcId)) return notes.add('outside', `VPC ${vpcId}`, 'its route tables are left out', id)
    const base = baseOf(item, id, 'available' as const, home, building)
    const table: RouteTable = {
      ...base,
      vpcId,
      associations,
      routes: onePerDestination(routes, id, building),
      number: newNumber(),
    }
    state.put('route-table', table)
  },
}

function associationOf(item: Item, tableId: string, { state, notes }: Building): RouteTableAssociation[] {
  const main = item.flag('Main')
  const subnetId = item.idIf('SubnetId', 'subnet')
  const associationId = item.textIf('RouteTableAssociationId') ?? derivedId('rtbassoc', `${tableId} ${subnetId}`)
  const gateway = item.textIf('GatewayId')
  item.skip('RouteTableId')
  const is = item.part('AssociationState')
  is?.skip('StatusMessage')
  if (['disassociating', 'disassociated', 'failed'].includes(is?.textIf('State') ?? 'associated')) return []
  if (gateway !== undefined) {
    notes.add('not-emulated', 'route tables of gateways', 'what comes in is routed by the local routes alone', tableId)
    return []
  }
  if (subnetId === undefined) return main ? [{ associationId, main }] : []
  if (state.get('subnet', subnetId)) return [{ associationId, subnetId, main }]
  notes.add('outside', `subnet ${subnetId}`, 'its route table serves nothing there', tableId)
  return []
}

interface Read extends Route {
  /** By a virtual private gateway: any other route to the same destination is preferred. */
  readonly propagated: boolean
}

/** The local routes follow from the VPC's blocks, and are not kept. */
function routesFrom(item: Item, tableId: string, building: Building): Read[] {
  const destination = destinationOf(item, tableId, building)
  const origin = item.textIf('Origin') ?? 'CreateRoute'
  const target = targetOf(item, tableId, building)
  item.skip('InstanceOwnerId', 'State')
  if (target.type === 'local') return []
  return [
    {
      destination,
      target,
      origin: origin === 'CreateRouteTable' ? origin : 'CreateRoute',
      ...(isPrefixListId(destination) && { since: building.now }),
      propagated: origin === 'EnableVgwRoutePropagation',
    },
  ]
}

function destinationOf(item: Item, tableId: string, building: Building): Route['destination'] {
  const block = item.prefixIf('DestinationCidrBlock', 4) ?? item.prefixIf('DestinationIpv6CidrBlock', 6)
  const destination = block ?? namedList(item, 'routes to them are left out', tableId, building)
  if (destination === undefined) throw item.wrong('is missing.', 'DestinationCidrBlock')
  return destination
}

/** Field → what it leads to, in words. An interface is more exact than its instance. */
const TARGETS: Readonly<Record<string, string>> = {
  NetworkInterfaceId: 'network interfaces',
  InstanceId: 'instances',
  NatGatewayId: 'NAT gateways',
  VpcPeeringConnectionId: 'peering connections',
  TransitGatewayId: 'transit gateways',
  EgressOnlyInternetGatewayId: 'egress-only internet gateways',
  LocalGatewayId: 'local gateways',
  CarrierGatewayId: 'carrier gateways',
  CoreNetworkArn: 'core networks',
  OdbNetworkArn: 'ODB networks',
  VpcEndpointId: 'VPC endpoints',
  IpAddress: 'route server peers',
  GatewayId: 'gateways',
}

/** What is emulated: the beginning of ids → kind. */
const KINDS: Readonly<Record<string, ResourceType>> = {
  eigw: 'egress-only-internet-gateway',
  eni: 'network-interface',
  igw: 'internet-gateway',
  pcx: 'vpc-peering-connection',
  nat: 'natgateway',
}
/** Further words for ids that stand in the field of internet gateways. */
const GATEWAYS: Readonly<Record<string, string>> = { vgw: 'virtual private gateways', vpce: 'VPC endpoints' }

function targetOf(item: Item, tableId: string, building: Building): RouteTarget {
  const given = Object.entries(TARGETS).flatMap(([key, words]) => {
    const id = item.textIf(key)
    return id === undefined ? [] : [{ id, words }]
  })
  const [target] = given
  const missing = item.textIf('State') === 'blackhole'
  // A route whose target is gone may name none.
  if (!target && !missing) throw item.wrong('names no target.')
  if (target?.id === 'local') return { type: 'local' }
  const [id, words] = [target?.id ?? 'none', target?.words ?? 'targets that are gone']
  const eni = words === 'instances' ? interfacesOfInstance(building.state, id)[0] : undefined
  if (eni) return { type: 'network-interface', id: eni.id }
  const prefix = id.split('-')[0] ?? ''
  const type = Object.hasOwn(KINDS, prefix) ? KINDS[prefix] : undefined
  if (type) {
    if (!building.state.get(type, id) && !missing)
      building.notes.add('outside', id, 'routes to it are blackholes here', `${tableId} ${destinationText(item)}`)
    return { type, id } as RouteTarget
  }
  if (!missing) noteTarget(building, GATEWAYS[prefix] ?? words, `${tableId} ${destinationText(item)}`)
  // A target of that name is in no state, and a route to what is not there is a blackhole (R7).
  return { type: 'internet-gateway', id }
}

const noteTarget = ({ notes }: Building, words: string, example: string): void =>
  notes.add('not-emulated', `routes to ${words}`, 'they are blackholes here', example)

const destinationText = (item: Item): string =>
  ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'].flatMap(
    (key) => item.textIf(key) ?? [],
  )[0] ?? ''

/** R5: a static route is preferred to a propagated one, a prefix list's as well. */
function onePerDestination(routes: readonly Read[], tableId: string, { state, notes }: Building): Route[] {
  const blocks = routes.flatMap((r) => entriesOf(state, r.destination).map(({ cidr }) => cidr))
  const listed = new Set<string>(blocks)
  if (listed.size < blocks.length)
    notes.add('assumed', 'which of several prefix lists leads a block', 'the first of the table does', tableId)
  const chosen = new Map<string, Read>()
  for (const route of routes) {
    const other = chosen.get(route.destination)
    const loses = route.propagated && listed.has(route.destination)
    if (other || loses)
      notes.add('left-out', 'propagated routes', 'another to the same destination is preferred', tableId)
    if (!loses && (!other || (other.propagated && !route.propagated))) chosen.set(route.destination, route)
  }
  return [...chosen.values()].map(({ propagated: _, ...route }) => route)
}
