/** What a route table must be to serve a gateway, which none does yet: AWS's refusals, then our own (R9). */
import { invalidValue, unsupported } from './errors.ts'
import { ipv6Blocks } from './ipv6-block.ts'
import { isPrefixListId } from './prefix-list.ts'
import type { Context } from './resource.ts'
import type { Route } from './route.ts'
import { isSubnetBlock } from './route-destination.ts'
import { isMain, type RouteTable } from './route-table.ts'
import { gatewayOf } from './route-target.ts'
import type { State } from './state.ts'
import { activeBlocks } from './vpc.ts'

/** Throws always: what AWS would refuse, with its code; else UnsupportedOperation. unverified: AWS's words. */
export function refuseGatewayTable(context: Context, table: RouteTable, gatewayId: string): never {
  const gateway = gatewayOf(context, table, gatewayId)
  if (isMain(table)) throw invalidValue(`The main route table ${table.id} cannot be associated with a gateway.`)
  for (const route of table.routes) checkRoute(context.state, table, route)
  throw unsupported(
    `Route tables of gateways do not carry packets yet: what comes in over ${gateway.id} is routed by the local ` +
      'routes alone.',
  )
}

/** To an interface only, no peering among others (X16), and to the VPC's own blocks or a subnet's. */
function checkRoute(state: State, { id, vpcId }: RouteTable, { destination, target }: Route): void {
  if (target.type !== 'network-interface')
    throw invalidValue(
      `The route table ${id} has a route with an invalid target for a gateway: ${destination}. Only a network ` +
        'interface, a Gateway Load Balancer endpoint or the local target is allowed.',
    )
  const vpc = state.get('vpc', vpcId)
  const blocks: readonly string[] = vpc ? [...activeBlocks(vpc), ...ipv6Blocks(vpc)] : []
  if (isPrefixListId(destination) || !(blocks.includes(destination) || isSubnetBlock(state, vpcId, destination)))
    throw invalidValue(
      `The route table ${id} has a route with an invalid destination for a gateway: ${destination}. Only the CIDR ` +
        'blocks of the VPC and of its subnets are allowed.',
    )
}
