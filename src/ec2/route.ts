/** Route: one line of a route table. Whether it is active follows from its target, at every look. */
import { familyOf } from '../ip/address.ts'
import type { Prefix } from '../ip/prefix.ts'
import type { NextHop, Route as NetworkRoute } from '../network/network.ts'
import type { Output } from '../protocol/types.ts'
import { ApiError } from './errors.ts'
import { quota } from './quotas.ts'
import { ipv6Blocks } from './ipv6-block.ts'
import { kindOf } from './kinds.ts'
import type { Context } from './resource.ts'
import { isPrefixListId, type PrefixListId, prefixListIn, type Resized, weightOf } from './prefix-list.ts'
import { type Claim, claimName } from './prefix-list-route.ts'
import type { RouteTable } from './route-table.ts'
import { type RouteTarget, showTarget } from './route-target.ts'
import type { State } from './state.ts'
import { activeBlocks, type Vpc } from './vpc.ts'

export interface Route {
  /** A prefix list stands for each of its blocks. */
  readonly destination: Prefix | PrefixListId
  readonly target: RouteTarget
  /** `CreateRouteTable`: the local route of a VPC block, be its target replaced or not (R2). */
  readonly origin: 'CreateRouteTable' | 'CreateRoute'
  /** Where the destination is a prefix list: when the route was made, in milliseconds since the epoch (R5). */
  readonly since?: number
}

type ShownRoute = NonNullable<NonNullable<Output<'CreateRouteTable'>['RouteTable']>['Routes']>[number]

/**
 * The routes of a table that packets take: the local ones of the VPC's IPv4 blocks (C9, R2), then those that calls
 * made.
 */
export const routesOf = (state: State, table: RouteTable): Route[] => ofFamily(state, table, 4, activeBlocks)

/** The IPv6 routes of a table, in the same order. They are records: no packet is of IPv6. */
export const ipv6RoutesOf = (state: State, table: RouteTable): Route[] => ofFamily(state, table, 6, ipv6Blocks)

/** A local route stands as long as its block, whatever its target (C9). */
function ofFamily(state: State, table: RouteTable, family: 4 | 6, blocksOf: (vpc: Vpc) => Prefix[]): Route[] {
  const vpc = state.get('vpc', table.vpcId)
  const blocks = vpc ? blocksOf(vpc) : []
  const kept = table.routes.filter(
    (route) => familyOfRoute(state, route) === family && (route.origin === 'CreateRoute' || isOneOf(blocks, route)),
  )
  const taken = new Set<string>(kept.map(({ destination }) => destination))
  const local = blocks
    .filter((block) => !taken.has(block))
    .map((destination): Route => ({ destination, target: { type: 'local' }, origin: 'CreateRouteTable' }))
  return [...local, ...kept]
}

const isOneOf = (blocks: readonly string[], { destination }: Route): boolean => blocks.includes(destination)

/** The family of what a route takes; a list whose blocks nobody knows is of IPv4. */
export function familyOfRoute(state: State, { destination }: Pick<Route, 'destination'>): 4 | 6 {
  if (!isPrefixListId(destination)) return familyOf(destination)
  return prefixListIn(state, destination)?.addressFamily === 'IPv6' ? 6 : 4
}

/** Where the router sends what the route takes; undefined while the target can not take it (R7). */
function nextHopOf(state: State, table: RouteTable, { target }: Route): NextHop | undefined {
  if (target.type === 'local') return { kind: 'connected' }
  const record = state.get(target.type, target.id)
  return record && kindOf(target.type).routeTarget?.(record as never, table.vpcId, state)
}

/** `blackhole` while the target is not there or not usable; it comes back with the target (R6, R7, X4). */
export const routeState = (state: State, table: RouteTable, route: Route): 'active' | 'blackhole' =>
  nextHopOf(state, table, route) ? 'active' : 'blackhole'

/** Writes a checked route into its table. Throws RouteLimitExceeded (R8). */
export function addRoute(context: Context, table: RouteTable, route: Route): RouteTable {
  if (!hasRoomForRoutes(context.state, [...table.routes, route]))
    throw new ApiError('RouteLimitExceeded', 'The maximum number of routes has been reached.')
  return context.state.put('route-table', { ...table, routes: [...table.routes, route] })
}

/**
 * R8: whether a table may have these routes, IPv4 and IPv6 counted apart. A prefix list counts as many as it may have
 * entries; `as` is one at another size. unverified: that AWS does not count the local routes.
 */
export function hasRoomForRoutes(state: State, routes: readonly Route[], as?: Resized): boolean {
  const weigh = ({ destination }: Route): number => {
    if (!isPrefixListId(destination)) return 1
    return destination === as?.id ? as.weight : weightOf(state, destination)
  }
  return ([4, 6] as const).every((family) => {
    const counted = routes.filter((r) => r.origin === 'CreateRoute' && familyOfRoute(state, r) === family)
    return counted.reduce((sum, route) => sum + weigh(route), 0) <= quota('routesPerTable')
  })
}

/** The route as the network has it; one without a usable target takes its packets and drops them (D06). */
export function routeFact(state: State, table: RouteTable, claim: Claim): NetworkRoute {
  const { route, block } = claim
  const nextHop = nextHopOf(state, table, route)
  const code = nextHop ? nextHop.kind === 'connected' && 'NO_POSSIBLE_DESTINATION' : 'BAD_STATE_ROUTE'
  return {
    table: table.id,
    prefix: block,
    nextHop: nextHop ?? { kind: 'blackhole' },
    origin: { resource: table.id, rule: claimName(claim), ...(code && { code }) },
  }
}

/** As DescribeRouteTables shows it. */
export const showRoute = (state: State, table: RouteTable, route: Route): ShownRoute => ({
  ...showDestination(route.destination),
  ...showTarget(state, route.target),
  Origin: route.origin,
  State: routeState(state, table, route),
})

function showDestination(destination: Route['destination']): ShownRoute {
  if (isPrefixListId(destination)) return { DestinationPrefixListId: destination }
  return familyOf(destination) === 4 ? { DestinationCidrBlock: destination } : { DestinationIpv6CidrBlock: destination }
}
