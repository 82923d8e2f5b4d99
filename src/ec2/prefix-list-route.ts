/** Which of a table's routes takes a block, where a prefix list and other routes name the same one (R5). */
import { familyOf } from '../ip/address.ts'
import type { Prefix } from '../ip/prefix.ts'
import { entriesOf, isPrefixListId } from './prefix-list.ts'
import { type Route, routesOf } from './route.ts'
import { refusedDestination } from './route-destination.ts'
import type { RouteTable } from './route-table.ts'
import type { State } from './state.ts'

/** A route at one block: its own, or one of its prefix list's. */
export interface Claim {
  readonly block: Prefix
  readonly route: Route
}

/**
 * The claims of all routes of a table, those that win their block before those that lose it: a block of its own before
 * a list's (R5), and of several lists' the one that came to it first. AWS picks one of these at random, which it keeps;
 * here the first is kept.
 */
export function claimsOf(state: State, table: RouteTable): Claim[] {
  const routes = routesOf(state, table)
  const own = routes.flatMap((route) => (isPrefixListId(route.destination) ? [] : { block: route.destination, route }))
  const lists = routes.filter(({ destination }) => isPrefixListId(destination))
  if (lists.length === 0) return own
  const listed = lists.flatMap((route) => listedClaims(state, table, route))
  return [...own, ...listed.toSorted((a, b) => a.since - b.since)]
}

/**
 * A block that no route of its own might have beside the VPC's is not routed: the local route keeps it (P7, R4). Nor is
 * one of IPv6: no packet is of it.
 */
function listedClaims(state: State, table: RouteTable, route: Route): (Claim & { readonly since: number })[] {
  return entriesOf(state, route.destination)
    .filter(({ cidr }) => familyOf(cidr) === 4 && !refusedDestination(state, table, cidr, route.target))
    .map(({ cidr, since }) => ({ block: cidr, route, since: Math.max(since, route.since ?? 0) }))
}

/** The one route that takes each block. */
export function takers(state: State, table: RouteTable): ReadonlyMap<Prefix, Route> {
  const taken = new Map<Prefix, Route>()
  for (const { block, route } of claimsOf(state, table)) if (!taken.has(block)) taken.set(block, route)
  return taken
}

/** The name of a claim within its table: the block, after its list's id where it is of one. */
export const claimName = ({ block, route }: Claim): string =>
  isPrefixListId(route.destination) ? `${route.destination} ${block}` : block

/** The claim behind such a name. */
export const claimNamed = (state: State, table: RouteTable, name: string | undefined): Claim | undefined =>
  claimsOf(state, table).find((claim) => claimName(claim) === name)
