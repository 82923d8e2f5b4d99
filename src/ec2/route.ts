/** Route: one line of a route table. Whether it is active follows from its target, at every look. */
import { familyOf } from '../ip/address.ts'
import type { Prefix } from '../ip/prefix.ts'
import type { NextHop, Route as NetworkRoute } from '../network/network.ts'
import type { Output } from '../protocol/types.ts'
import { ApiError, invalidValue } from './errors.ts'
import { find } from './lookup.ts'
import { quota } from './quotas.ts'
import { ipv6Blocks } from './ipv6-block.ts'
import { kindOf } from './kinds.ts'
import type { Context, Handlers } from './resource.ts'
import { isPrefixListId, type PrefixListId, type Resized, weightOf } from './prefix-list.ts'
import { type Claim, claimName } from './prefix-list-route.ts'
import { checkDestination, destinationOf } from './route-destination.ts'
import type { RouteTable } from './route-table.ts'
import { type RouteTarget, showTarget, targetOf } from './route-target.ts'
import type { State } from './state.ts'
import { activeBlocks } from './vpc.ts'

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

/** All routes of a table: the local ones of the VPC's blocks (C9, R2), then those that calls made. */
export function routesOf(state: State, table: RouteTable): Route[] {
  const local = localBlocks(state, table)
    .filter((block) => !table.routes.some((route) => route.destination === block))
    .map((destination): Route => ({ destination, target: { type: 'local' }, origin: 'CreateRouteTable' }))
  return [...local, ...table.routes]
}

function localBlocks(state: State, table: RouteTable): Prefix[] {
  const vpc = state.get('vpc', table.vpcId)
  return vpc ? activeBlocks(vpc) : []
}

/** The local routes of the VPC's IPv6 blocks (R2): they are shown, and route nothing, as no packet is of IPv6. */
export function ipv6LocalRoutes(state: State, table: RouteTable): Route[] {
  const vpc = state.get('vpc', table.vpcId)
  return (vpc ? ipv6Blocks(vpc) : []).map((destination) => ({
    destination,
    target: { type: 'local' },
    origin: 'CreateRouteTable',
  }))
}

/** Where the router sends what the route takes; undefined while the target can not take it (R7). */
function nextHopOf(state: State, table: RouteTable, { target }: Route): NextHop | undefined {
  if (target.type === 'local') return { kind: 'connected' }
  const record = state.get(target.type, target.id)
  return record && kindOf(target.type).routeTarget?.(record as never, table.vpcId, state)
}

/** `blackhole` while the target is not there or not usable; it comes back with the target (R7, X4). */
export const routeState = (state: State, table: RouteTable, route: Route): 'active' | 'blackhole' =>
  nextHopOf(state, table, route) ? 'active' : 'blackhole'

export const routeActions: Handlers = {
  CreateRoute(input, context) {
    const table = find(context, 'route-table', input.RouteTableId)
    const destination = destinationOf(context, input)
    const route: Route = {
      destination,
      target: targetOf(context, table, input),
      origin: 'CreateRoute',
      ...(isPrefixListId(destination) && { since: context.now }),
    }
    checkDestination(context.state, table, route)
    if (routesOf(context.state, table).some((r) => r.destination === route.destination)) {
      throw new ApiError('RouteAlreadyExists', `The route identified by ${route.destination} already exists.`)
    }
    addRoute(context, table, route)
    return { Return: true }
  },
  ReplaceRoute(input, context) {
    const table = find(context, 'route-table', input.RouteTableId)
    const destination = destinationOf(context, input)
    const old = routesOf(context.state, table).find((r) => r.destination === destination)
    if (!old)
      throw invalidValue(`There is no route defined for '${destination}' in the route table. Use CreateRoute instead.`)
    const route: Route = { ...old, target: input.LocalTarget ? { type: 'local' } : targetOf(context, table, input) }
    checkDestination(context.state, table, route)
    context.state.put('route-table', { ...table, routes: replaced(table.routes, route) })
    return {}
  },
  DeleteRoute(input, context) {
    const table = find(context, 'route-table', input.RouteTableId)
    const destination = destinationOf(context, input)
    const route = routesOf(context.state, table).find((r) => r.destination === destination)
    if (!route)
      throw new ApiError(
        'InvalidRoute.NotFound',
        `no route with ${parameterOf(destination)} ${destination} in route table ${table.id}`,
      )
    if (route.origin === 'CreateRouteTable')
      throw invalidValue(`cannot remove local route ${destination} in route table ${table.id}`)
    context.state.put('route-table', { ...table, routes: table.routes.filter((r) => r !== route) })
    return {}
  },
}

const parameterOf = (destination: Route['destination']): string =>
  isPrefixListId(destination) ? 'destination-prefix-list-id' : 'destination-cidr-block'

/** Writes a checked route into its table. Throws RouteLimitExceeded (R8). */
export function addRoute(context: Context, table: RouteTable, route: Route): RouteTable {
  if (!hasRoomForRoutes(context.state, [...table.routes, route]))
    throw new ApiError('RouteLimitExceeded', 'The maximum number of routes has been reached.')
  return context.state.put('route-table', { ...table, routes: [...table.routes, route] })
}

/**
 * R8: whether a table may have these routes. A prefix list counts as many as it may have entries; `as` is one at
 * another size. unverified: whether AWS counts the local routes.
 */
export function hasRoomForRoutes(state: State, routes: readonly Route[], as?: Resized): boolean {
  const weights = routes.map(({ destination }) => {
    if (!isPrefixListId(destination)) return 1
    return destination === as?.id ? as.weight : weightOf(state, destination)
  })
  return weights.reduce((sum, weight) => sum + weight, 0) <= quota('routesPerTable')
}

/** A local target is what a table has by itself: nothing is kept for it. */
function replaced(routes: readonly Route[], route: Route): Route[] {
  if (route.target.type === 'local') return routes.filter((r) => r.destination !== route.destination)
  if (isPrefixListId(route.destination)) return routes.map((r) => (r.destination === route.destination ? route : r))
  const others = routes.filter((r) => r.destination !== route.destination)
  return [...others, route]
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
