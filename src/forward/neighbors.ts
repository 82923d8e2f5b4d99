/** Who is next to whom: the router beside a host, and the hosts on the subnets of a router. */
import type { Interface } from '../network/network.ts'
import type { Origin } from '../network/origin.ts'
import { type Outcome, type Packet, parts, stopped, type World } from './walk.ts'

/** The interface of the router on the subnet that `at` is on. */
export const routerBeside = <H>({ topology }: World<H>, at: Interface): Interface | undefined =>
  topology.attachedTo.get(at.segment)?.find((i) => topology.network.nodes.get(i.node)?.kind === 'router')

/** Splits by who owns the destination on the subnets of a router; the reserved addresses belong to nobody (C4). */
export function toNeighbor<H>(
  world: World<H>,
  packet: Packet<H>,
  router: Interface,
  then: (packet: Packet<H>, target: Interface) => Outcome<H>,
): Outcome<H>[] {
  const neighbors = world.topology.neighbors.get(router.node) ?? new Map<never, Interface>()
  const { hits, rest } = world.domain.select(packet.headers, 'destination', neighbors)
  return parts(
    ...hits.map(([headers, target]) => then({ ...packet, headers }, target)),
    rest === undefined ? undefined : stopped(packet, 'neighbor', 'no-host', nobody(router.node), rest),
  )
}

export const nobody = (resource: string): Origin => ({ resource, rule: 'no-host', code: 'NO_POSSIBLE_DESTINATION' })
