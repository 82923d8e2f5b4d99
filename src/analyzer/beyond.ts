/** Where a packet would go on from a stage that refuses it, or leads it astray, and what would have to be otherwise. */
import type { Ip } from '../ip/address.ts'
import { contains, isPrivate } from '../ip/prefix.ts'
import { after, type Ending, type Position } from '../forward/forward.ts'
import { follow, route, SEQUENCES } from '../forward/stages.ts'
import { farEnd, type Topology, topologyOf } from '../forward/topology.ts'
import { trackedAt } from '../forward/rule-stages.ts'
import type { World } from '../forward/walk.ts'
import type { Flow } from '../network/flow.ts'
import type { Interface, Network, NextHop } from '../network/network.ts'
import type { Remedy, RouteTo } from './answer.ts'
import { isSupposed, type Suppose, withPublicAddress } from './suppose.ts'

/** One way on. */
export interface Detour {
  /** With what is supposed in it. */
  readonly world: World<Flow>
  readonly position: Position<Flow>
  readonly remedy: Remedy
  /** What the remedy needs that is not there either: a peering, a gateway. */
  readonly needs?: Remedy
}

/** Behind the refusal of a filter, a check or a translation; empty where nothing lies behind it. */
export function behind(world: World<Flow>, position: Position<Flow>, { packet }: Ending<Flow>): Detour[] {
  const stop = packet.steps.at(-1)
  const next = { ...position, stage: position.stage + 1, packet }
  switch (stop?.stage) {
    case 'egress-rules':
      return [{ world, position: { ...next, packet: trackedAt(packet, 'egress') }, remedy: { kind: 'allow' } }]
    case 'ingress-rules':
      return [{ world, position: { ...next, packet: trackedAt(packet, 'ingress') }, remedy: { kind: 'allow' } }]
    case 'segment-egress':
    case 'segment-ingress':
      return [{ world, position: next, remedy: { kind: 'allow' } }]
    case 'source-check':
    case 'destination-check':
      return [{ world, position: next, remedy: { kind: 'no-check' } }]
    case 'mtu':
      return [{ world, position: next, remedy: { kind: 'smaller', mtu: mtuAt(world.topology.network, packet.at) } }]
    case 'translate-source':
      return stop.origin.code === 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS' ? [withAddress(world, position)] : []
    default:
      return []
  }
}

const mtuAt = ({ segments }: Network, at: Interface): number => segments.get(at.segment)?.mtu ?? 0

function withAddress(world: World<Flow>, position: Position<Flow>): Detour {
  const { at, headers } = position.packet
  const { network } = withPublicAddress(world.topology.network, at.id, headers.source)
  return {
    world: { ...world, topology: topologyOf(network) },
    position,
    remedy: { kind: 'public-address', interface: at.id, inside: headers.source },
  }
}

/** Whether a subnet's route table decides next. What arrives over an edge is led by that edge's own table (X6). */
export const isRouting = ({ entry, stage }: Position<Flow>): boolean =>
  entry === 'enter' && SEQUENCES[entry][stage] === route

/**
 * The other ways that a router could lead a packet, which bring it nearer to `goal` (a node; any that has the address,
 * if absent). `replaces` is the destination of the route that decides now.
 */
export function turns(
  world: World<Flow>,
  suppose: Suppose,
  position: Position<Flow>,
  goal: string | undefined,
  now: { readonly nextHop?: NextHop; readonly replaces?: string },
): Detour[] {
  const { packet } = position
  const table = packet.at.table
  if (table === undefined) return []
  return candidates(world.topology, suppose, packet.at.node, packet.headers.destination, goal)
    .filter(({ to }) => !isSame(to, now.nextHop))
    .flatMap(({ network, nextHop, to, needs }) => {
      const there = network ? { ...world, topology: topologyOf(network) } : world
      const remedy: Remedy = { kind: 'route', table, to, ...(now.replaces !== undefined && { replaces: now.replaces }) }
      const origin = { resource: table, ...(now.replaces !== undefined && { rule: now.replaces }) }
      return follow(there, packet, { nextHop, origin }).flatMap((outcome): Detour[] => {
        const progress = after(position, outcome)
        return progress.kind === 'at'
          ? [{ world: there, position: progress.position, remedy, ...(needs && { needs }) }]
          : []
      })
    })
}

const isSame = (to: RouteTo, now: NextHop | undefined): boolean =>
  now !== undefined &&
  to.kind === now.kind &&
  (!('interface' in now) || ('interface' in to && to.interface === now.interface))

interface Candidate {
  readonly to: RouteTo
  readonly nextHop: NextHop
  /** With what is supposed in it. */
  readonly network?: Network
  readonly needs?: Remedy
}

function candidates(
  topology: Topology,
  suppose: Suppose,
  router: string,
  destination: Ip,
  goal: string | undefined,
): Candidate[] {
  const has = (node: string) => {
    const owner = topology.neighbors.get(node)?.get(destination)
    return owner !== undefined && (goal === undefined || owner.node === goal)
  }
  if (has(router)) return [{ to: { kind: 'connected' }, nextHop: { kind: 'connected' } }]
  const links = (topology.interfacesOf.get(router) ?? []).flatMap((at) => {
    const far = topology.network.segments.get(at.segment)?.kind === 'subnet' ? undefined : farEnd(topology, at)
    return far ? [{ at, far }] : []
  })
  const isRouter = (node: string) => topology.network.nodes.get(node)?.kind === 'router'
  const found: Candidate[] = links
    .filter(({ far }) =>
      isRouter(far.node)
        ? leadsIn(topology, far, destination) && (goal === undefined || has(far.node))
        : !isPrivate(destination),
    )
    .map(({ at, far }) => ({ to: routeTo(at, far.node, isRouter), nextHop: { kind: 'link', interface: at.id } }))
  if (isPrivate(destination))
    return [
      ...found,
      ...missingPeerings(
        topology.network,
        suppose,
        router,
        owners(topology, destination, goal).filter((far) => !links.some((link) => link.far.node === far)),
      ),
    ]
  return found.length > 0 ? found : [missingGateway(topology.network, suppose, router)]
}

/** A link that is only supposed is named by what is at its other end. */
function routeTo(at: Interface, far: string, isRouter: (node: string) => boolean): RouteTo {
  if (!isSupposed(at.segment)) return { kind: 'link', interface: at.id }
  return isRouter(far) ? { kind: 'peering-with', vpc: far } : { kind: 'internet' }
}

/** Whether a router takes what arrives on a link for this address: its edge's table knows the address (X6). */
const leadsIn = ({ routesOf }: Topology, far: Interface, destination: Ip): boolean =>
  (routesOf.get(far.table ?? '') ?? []).some(({ prefix }) => contains(prefix, destination))

/** The routers with the address on their subnets; of those that have `goal` there, if it is given. */
function owners(
  { neighbors, interfacesOf, attachedTo, network }: Topology,
  address: Ip,
  goal: string | undefined,
): string[] {
  const beside = (node: string) =>
    (interfacesOf.get(node) ?? []).flatMap(({ segment }) =>
      (attachedTo.get(segment) ?? []).flatMap((i) => (network.nodes.get(i.node)?.kind === 'router' ? i.node : [])),
    )
  const routers = goal === undefined ? neighbors.keys() : beside(goal)
  return [...new Set(routers)].filter((router) => {
    const owner = neighbors.get(router)?.get(address)
    return owner !== undefined && (goal === undefined || owner.node === goal)
  })
}

/** VPCs (routers) that are not connected to this one, and could be. */
function missingPeerings(
  network: Network,
  suppose: Suppose,
  router: string,
  strangers: readonly string[],
): Candidate[] {
  return strangers
    .filter((far) => far !== router)
    .flatMap((far) => {
      const supposed = suppose.peering(network, router, far)
      return supposed
        ? {
            to: { kind: 'peering-with', vpc: far },
            nextHop: { kind: 'link', interface: supposed.link },
            network: supposed.network,
            needs: { kind: 'peering', between: [router, far] },
          }
        : []
    })
}

function missingGateway(network: Network, suppose: Suppose, router: string): Candidate {
  const { network: supposed, link } = suppose.gateway(network, router)
  return {
    to: { kind: 'internet' },
    nextHop: { kind: 'link', interface: link },
    network: supposed,
    needs: { kind: 'internet-gateway', vpc: router },
  }
}
