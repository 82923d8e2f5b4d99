/** A route table as DescribeRouteTables shows it. */
import type { Output } from '../protocol/types.ts'
import { ipv6RoutesOf, routesOf, showRoute } from './route.ts'
import type { RouteTable } from './route-table.ts'
import type { State } from './state.ts'
import { showTags } from './tags.ts'

type Shown = NonNullable<Output<'CreateRouteTable'>['RouteTable']>

/** The IPv4 routes and those of prefix lists, then the IPv6 ones; of each the local ones first. */
export const shownRoutes = (t: RouteTable, state: State): NonNullable<Shown['Routes']> =>
  [...routesOf(state, t), ...ipv6RoutesOf(state, t)].map((route) => showRoute(state, t, route))

export function showRouteTable(state: State, t: RouteTable): Shown {
  return {
    RouteTableId: t.id,
    VpcId: t.vpcId,
    OwnerId: t.account,
    Associations: t.associations.map((a) => ({
      RouteTableAssociationId: a.associationId,
      RouteTableId: t.id,
      ...(a.subnetId && { SubnetId: a.subnetId }),
      Main: a.main,
      AssociationState: { State: 'associated' as const },
    })),
    Routes: shownRoutes(t, state),
    PropagatingVgws: [],
    Tags: showTags(t.tags),
  }
}
