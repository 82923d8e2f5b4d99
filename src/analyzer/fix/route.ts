/** Leading a packet where it should go: a route in the table that decides, and what it leads over (R3, R7). */
import { attachedGateway, internetGateway } from '../../ec2/internet-gateway.ts'
import { isPrefixListId } from '../../ec2/prefix-list.ts'
import { claimNamed } from '../../ec2/prefix-list-route.ts'
import { type Route, routesOf, routeState } from '../../ec2/route.ts'
import type { RouteTable } from '../../ec2/route-table.ts'
import type { RouteTarget } from '../../ec2/route-target.ts'
import type { State } from '../../ec2/state.ts'
import { activeBlocks, type Vpc } from '../../ec2/vpc.ts'
import { peeringsOf, peerOf, vpcPeeringConnection } from '../../ec2/vpc-peering-connection.ts'
import type { Ip } from '../../ip/address.ts'
import { ANYWHERE, contains, covers, hostPrefix, overlaps, PRIVATE_PREFIXES, type Prefix } from '../../ip/prefix.ts'
import type { NextHop } from '../../network/network.ts'
import type { RouteTo } from '../answer.ts'
import { callerOf } from './caller.ts'
import { ensureGateway } from './internet-gateway.ts'
import { ensurePeering } from './peering.ts'
import type { Rehearsal } from './rehearsal.ts'
import { blockOf } from './scope.ts'
import type { Cure, Cures, Task } from './task.ts'

export function routeCures(task: Task<'route'>): Cures {
  const { state, remedy } = task
  const table = state.get('route-table', remedy.table)
  if (!table)
    return `${remedy.table} is no table that calls can change: what arrives over an edge reaches the VPC's own blocks.`
  const claim = claimNamed(state, table, remedy.replaces)
  const old = claim && { ...claim.route, destination: claim.block }
  if (remedy.replaces !== undefined && !old) return `The route for ${remedy.replaces} is AWS's own and can not change.`
  const { to } = remedy
  if (to.kind === 'blackhole') return 'No route leads there.'
  const isListed = claim !== undefined && isPrefixListId(claim.route.destination)
  if (to.kind === 'connected' && isListed) return `Only without ${claim.block} in its prefix list is it local again.`
  if (to.kind === 'connected') return old ? [{ style: 'address', carryOut: (r) => ownAgain(r, table, old) }] : NO_LOCAL
  const address = destinationOf(task)
  /** Leads `destination` of the widest one there; what it leads over is made first. */
  const lead = (destination: (wide: Prefix) => Prefix) => (r: Rehearsal) => {
    const target = targetFor(r, to, table.vpcId)
    leadTo(r, table.id, destination(wideDestination(task, r.state, target, table.vpcId, address)), target)
  }
  if (!old) return [{ style: 'address', carryOut: lead((wide) => wide) }]
  // R5: a route of its own for the same block, or for less, is enough; what else the list leads stays.
  if (isListed) return [{ style: 'address', carryOut: lead((wide) => inside(old.destination, wide, address)) }]
  const replace: Cure = { style: 'replace', carryOut: lead(() => old.destination) }
  // To replace it takes nothing away.
  if (servesNobody(state, table, old)) return [{ ...replace, style: 'address' }]
  const beside: Cure = { style: 'address', carryOut: lead((wide) => within(old.destination, wide, address)) }
  // To give a wider route, such as the default one, to a single peer is no cure.
  const block = blockOf(task, address)
  return block && block !== old.destination && covers(old.destination, block) ? [beside] : [beside, replace]
}

/** A route to a block, its own or a prefix list's. */
type BlockRoute = Route & { readonly destination: Prefix }

/** Whether all that takes the route is dropped: it is a blackhole, or no address of it lies beyond its target. */
function servesNobody(state: State, table: RouteTable, { destination, target, origin }: BlockRoute): boolean {
  if (routeState(state, table, { destination, target, origin }) === 'blackhole') return true
  if (target.type === 'internet-gateway') return PRIVATE_PREFIXES.some((block) => covers(block, destination))
  const peer = target.type === 'vpc-peering-connection' ? peerOver(state, target.id, table.vpcId) : undefined
  return peer !== undefined && !activeBlocks(peer).some((block) => overlaps(block, destination))
}

function peerOver(state: State, peeringId: string, vpcId: string): Vpc | undefined {
  const pcx = state.get('vpc-peering-connection', peeringId)
  return pcx && state.get('vpc', peerOf(pcx, vpcId))
}

const NO_LOCAL = 'The local route of a VPC is always there.'

/** For what the old route serves beside this, it stays: the new one is more specific, if it can be. */
function within(old: Prefix, wide: Prefix, address: Ip): Prefix {
  return wide !== old && covers(old, wide) ? wide : hostPrefix(address)
}

/** The widest that the old one covers. */
const inside = (old: Prefix, wide: Prefix, address: Ip): Prefix => (covers(old, wide) ? wide : hostPrefix(address))

/** What the packet is sent to: nothing translates it before a subnet's table is asked. */
function destinationOf({ way, blocker }: Task<'route'>): Ip {
  const first = way.hops.find(({ leg }) => leg === blocker.leg)
  return (first?.before ?? blocker.flow).destination
}

/** The block of the peer that has the address; for the internet, all of it, as is usual; with `narrow`, one address. */
function wideDestination(
  { question, narrow, blocker }: Task<'route'>,
  state: State,
  target: RouteTarget,
  vpcId: string,
  address: Ip,
): Prefix {
  const end = blocker.leg === 'request' ? question.to : question.from
  if (end.kind === 'internet' && target.type === 'internet-gateway') return end.prefix ?? ANYWHERE
  if (narrow) return hostPrefix(address)
  if (target.type === 'internet-gateway') return ANYWHERE
  const peer = target.type === 'vpc-peering-connection' ? peerOver(state, target.id, vpcId) : undefined
  return (peer ? activeBlocks(peer) : []).find((block) => contains(block, address)) ?? hostPrefix(address)
}

/** What the route leads over, made where it is missing. */
function targetFor(r: Rehearsal, to: RouteTo, vpcId: string): RouteTarget {
  if (to.kind === 'internet') return { type: 'internet-gateway', id: ensureGateway(r, vpcId) }
  if (to.kind === 'peering-with') return { type: 'vpc-peering-connection', id: ensurePeering(r, vpcId, to.vpc) }
  if (to.kind === 'interface') return { type: 'network-interface', id: to.interface }
  return to.kind === 'link' ? overLink(r.state, to.interface, vpcId) : { type: 'local' }
}

/** What of the VPC's a route must name to lead over this interface of its router. */
function overLink(state: State, link: string, vpcId: string): RouteTarget {
  const leads = (hop: NextHop | undefined) => hop?.kind === 'link' && hop.interface === link
  const pcx = peeringsOf(state, vpcId).find((one) => leads(vpcPeeringConnection.routeTarget?.(one, vpcId, state)))
  if (pcx) return { type: 'vpc-peering-connection', id: pcx.id }
  const gateway = attachedGateway(state, vpcId)
  if (gateway && leads(internetGateway.routeTarget?.(gateway, vpcId, state)))
    return { type: 'internet-gateway', id: gateway.id }
  throw new Error(`no route of ${vpcId} leads over ${link}`)
}

/** The table's route for exactly this destination leads there: written only where it does not yet. */
function leadTo(r: Rehearsal, tableId: string, destination: Prefix, target: RouteTarget): void {
  const table = tableNow(r.state, tableId)
  const present = routesOf(r.state, table).find((route) => route.destination === destination)
  if (present && sameTarget(present.target, target)) return
  const input = { RouteTableId: table.id, DestinationCidrBlock: destination, ...parameterOf(target) }
  if (present) r.call('ReplaceRoute', input, callerOf(table))
  else r.call('CreateRoute', input, callerOf(table))
}

/** A block of the VPC is led to its own subnets again (R2, R4). */
function ownAgain(r: Rehearsal, table: RouteTable, { destination, origin }: Route): void {
  const input = { RouteTableId: table.id, DestinationCidrBlock: destination }
  if (origin === 'CreateRouteTable') r.call('ReplaceRoute', { ...input, LocalTarget: true }, callerOf(table))
  else r.call('DeleteRoute', input, callerOf(table))
}

function tableNow(state: State, id: string): RouteTable {
  const table = state.get('route-table', id)
  if (!table) throw new Error(`${id} is gone`)
  return table
}

const sameTarget = (a: RouteTarget, b: RouteTarget): boolean =>
  a.type === b.type && ('id' in a ? a.id : '') === ('id' in b ? b.id : '')

function parameterOf(target: RouteTarget) {
  switch (target.type) {
    case 'vpc-peering-connection':
      return { VpcPeeringConnectionId: target.id }
    case 'network-interface':
      return { NetworkInterfaceId: target.id }
    case 'internet-gateway':
      return { GatewayId: target.id }
    case 'local':
      return { GatewayId: 'local' }
  }
}
