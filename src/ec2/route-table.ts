/** Route table: where the VPC's router sends what leaves a subnet. Each VPC has one main table. */
import type { Fact, Route as NetworkRoute } from '../network/network.ts'
import { ApiError } from './errors.ts'
import { find, remove } from './lookup.ts'
import { quota } from './quotas.ts'
import {
  type Context,
  defineKind,
  type FilterValue,
  type Handlers,
  newResource,
  type Resource,
  type Tags,
} from './resource.ts'
import { takers } from './prefix-list-route.ts'
import { SERVICES } from './route-destination.ts'
import { type Route, routeFact } from './route.ts'
import { showRouteTable, shownRoutes } from './route-table-view.ts'
import { select } from './select.ts'
import type { State } from './state.ts'
import type { Subnet } from './subnet.ts'
import { tagsFor } from './tags.ts'

export interface RouteTable extends Resource {
  readonly state: 'available'
  readonly vpcId: string
  readonly associations: readonly RouteTableAssociation[]
  /** Those that a call made; the `local` ones follow from the VPC's blocks (`routesOf`). */
  readonly routes: readonly Route[]
  /** In the kernel. */
  readonly number: number
}

/** With a subnet, or as the main table of the VPC. */
export interface RouteTableAssociation {
  readonly associationId: string
  readonly subnetId?: string
  readonly main: boolean
}

declare module './resource.ts' {
  interface ResourceTypes {
    'route-table': RouteTable
  }
}

export const routeTable = defineKind({
  type: 'route-table',
  idPrefix: 'rtb',
  noun: 'routeTable ID',
  codes: { notFound: 'InvalidRouteTableID.NotFound', malformed: 'InvalidRouteTableId.Malformed' },
  references: { vpcId: { type: 'vpc', strength: (t) => (isMain(t) ? 'owned' : 'blocks') } },
  lifecycle: {},
  indexed: { 'route-table-id': 'id', 'vpc-id': 'vpcId' },
  filters: {
    'route-table-id': (t) => t.id,
    'vpc-id': (t) => t.vpcId,
    'owner-id': (t) => t.account,
    'association.route-table-association-id': (t) => t.associations.map((a) => a.associationId),
    'association.route-table-id': (t) => t.associations.map(() => t.id),
    'association.subnet-id': (t) => t.associations.map((a) => a.subnetId),
    // Gateway tables are not there (R9).
    'association.gateway-id': () => [],
    'association.main': (t) => t.associations.map((a) => a.main),
    'route.destination-cidr-block': inRoutes('DestinationCidrBlock'),
    'route.destination-ipv6-cidr-block': inRoutes('DestinationIpv6CidrBlock'),
    'route.destination-prefix-list-id': inRoutes('DestinationPrefixListId'),
    'route.egress-only-internet-gateway-id': inRoutes('EgressOnlyInternetGatewayId'),
    'route.gateway-id': inRoutes('GatewayId'),
    'route.instance-id': inRoutes('InstanceId'),
    'route.nat-gateway-id': inRoutes('NatGatewayId'),
    'route.transit-gateway-id': inRoutes('TransitGatewayId'),
    'route.origin': inRoutes('Origin'),
    'route.state': inRoutes('State'),
    'route.vpc-peering-connection-id': inRoutes('VpcPeeringConnectionId'),
  },
  compile: (t, state) => facts(t, state),
})

/** What the routes of a table show in one field. */
function inRoutes(field: keyof ReturnType<typeof shownRoutes>[number]) {
  return (t: RouteTable, state: State): FilterValue => shownRoutes(t, state).map((route) => route[field])
}

export const isMain = (t: RouteTable): boolean => t.associations.some((a) => a.main)

/** The route tables of a VPC. */
export const tablesOf = (state: State, vpcId: string): RouteTable[] => [...state.where('route-table', 'vpcId', vpcId)]

/** The main table of a VPC, which is always there. */
export function mainTableOf(state: State, vpcId: string): RouteTable {
  const main = tablesOf(state, vpcId).find(isMain)
  if (!main) throw new Error(`${vpcId} has no main route table`)
  return main
}

/** The table in effect for a subnet: its own association's, else the main one (R1). */
export const routeTableOf = (state: State, s: Subnet): RouteTable =>
  state.where('route-table', 'associations.subnetId', s.id)[0] ?? mainTableOf(state, s.vpcId)

export const routeTableActions: Handlers = {
  CreateRouteTable(input, context) {
    const { id } = find(context, 'vpc', input.VpcId)
    const created = createRouteTable(context, id, [], tagsFor('route-table', input.TagSpecifications))
    return {
      RouteTable: showRouteTable(context.state, created),
      ...(input.ClientToken && { ClientToken: input.ClientToken }),
    }
  },
  DescribeRouteTables(input, context) {
    const { items, ...page } = select(context, 'route-table', input, input.RouteTableIds, { min: 5, max: 100 })
    return { RouteTables: items.map((t) => showRouteTable(context.state, t)), ...page }
  },
  DeleteRouteTable(input, context) {
    const table = find(context, 'route-table', input.RouteTableId)
    if (table.associations.length > 0) {
      throw new ApiError('DependencyViolation', `The routeTable '${table.id}' has dependencies and cannot be deleted.`)
    }
    remove(context, 'route-table', table.id)
    return {}
  },
}

function createRouteTable(
  context: Context,
  vpcId: string,
  associations: readonly RouteTableAssociation[],
  tags: Tags,
): RouteTable {
  if (tablesOf(context.state, vpcId).length >= quota('routeTablesPerVpc'))
    throw new ApiError('RouteTableLimitExceeded', 'The maximum number of route tables has been reached.')
  return context.state.put('route-table', {
    ...newResource(context, routeTable, 'available', tags),
    state: 'available',
    vpcId,
    associations,
    routes: [],
    number: context.newNumber(),
  })
}

/** The main table that a new VPC gets. */
export const createMainRouteTable = (context: Context, { id }: { readonly id: string }): RouteTable =>
  createRouteTable(context, id, [{ associationId: context.newId('rtbassoc'), main: true }], {})

const facts = (t: RouteTable, state: State): Fact[] => [
  { table: { id: t.id, node: t.vpcId, number: t.number, origin: { resource: t.id, code: 'NO_ROUTE_TO_DESTINATION' } } },
  { route: withoutServices(t.id) },
  ...[...takers(state, t)].map(([block, route]) => ({ route: routeFact(state, t, { block, route }) })),
]

/** P7: a wider route carries nothing to the link-local services; what the router itself serves is asked before it. */
const withoutServices = (table: string): NetworkRoute => ({
  table,
  prefix: SERVICES,
  nextHop: { kind: 'blackhole' },
  origin: { resource: table, rule: SERVICES, code: 'ISTHMUS_LINK_LOCAL' },
})
