/** The calls that make, replace and delete a route of a table (R2, R8). */
import { familyOf } from '../ip/address.ts'
import type { Input } from '../protocol/types.ts'
import { ApiError, invalidCombination, invalidValue } from './errors.ts'
import { find } from './lookup.ts'
import { isPrefixListId } from './prefix-list.ts'
import type { Context, Handlers } from './resource.ts'
import { addRoute, ipv6RoutesOf, type Route, routesOf } from './route.ts'
import { checkDestination, destinationOf } from './route-destination.ts'
import type { RouteTable } from './route-table.ts'
import { namesTarget, type RouteTarget, targetOf } from './route-target.ts'

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
    if (routeTo(context, table, destination))
      throw new ApiError('RouteAlreadyExists', `The route identified by ${destination} already exists.`)
    addRoute(context, table, route)
    return { Return: true }
  },
  ReplaceRoute(input, context) {
    const table = find(context, 'route-table', input.RouteTableId)
    const destination = destinationOf(context, input)
    const old = routeTo(context, table, destination)
    if (!old)
      throw invalidValue(`There is no route defined for '${destination}' in the route table. Use CreateRoute instead.`)
    const route: Route = { ...old, target: newTargetOf(context, table, input) }
    checkDestination(context.state, table, route)
    context.state.put('route-table', { ...table, routes: replaced(table.routes, route) })
    return {}
  },
  DeleteRoute(input, context) {
    const table = find(context, 'route-table', input.RouteTableId)
    const destination = destinationOf(context, input)
    const route = routeTo(context, table, destination)
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

const routeTo = ({ state }: Context, table: RouteTable, destination: Route['destination']): Route | undefined =>
  [...routesOf(state, table), ...ipv6RoutesOf(state, table)].find((route) => route.destination === destination)

/** R2: the default target of a local route is a target like others. */
function newTargetOf(context: Context, table: RouteTable, input: Input<'ReplaceRoute'>): RouteTarget {
  if (!input.LocalTarget) return targetOf(context, table, input)
  // unverified: AWS's words.
  if (namesTarget(input)) throw invalidCombination('The request must contain exactly one route target')
  return { type: 'local' }
}

/** As messages name it. unverified: for IPv6 and for prefix lists. */
function parameterOf(destination: Route['destination']): string {
  if (isPrefixListId(destination)) return 'destination-prefix-list-id'
  return familyOf(destination) === 4 ? 'destination-cidr-block' : 'destination-ipv6-cidr-block'
}

/** A local target is what a table has by itself: nothing is kept for it. */
function replaced(routes: readonly Route[], route: Route): Route[] {
  if (route.target.type === 'local') return routes.filter((r) => r.destination !== route.destination)
  if (isPrefixListId(route.destination)) return routes.map((r) => (r.destination === route.destination ? route : r))
  const others = routes.filter((r) => r.destination !== route.destination)
  return [...others, route]
}
