/** What a router serves its own hosts with: asked past every rule and route, and answered the same way (P5). */
import { hostPrefix } from '../ip/prefix.ts'
import type { Interface, Service } from '../network/network.ts'
import { ENDPOINTS, portRangeOf, serviceForStranger, serviceNotThere } from '../network/services.ts'
import { routerBeside, toNeighbor } from './neighbors.ts'
import {
  accepted,
  movedTo,
  next,
  noted,
  type Outcome,
  type Packet,
  parts,
  type StageFunction,
  stopped,
  type World,
} from './walk.ts'

/** P5, P6: a packet to a service of the router next door is the router's, before rules and routes are asked. */
export const service: StageFunction = (world, packet) => {
  const router = routerBeside(world, packet.at)
  if (!router) return [next(packet)]
  const { hits, rest } = world.domain.select(packet.headers, 'destination', servicesOf(world, router.node))
  return parts(
    ...hits.flatMap(([headers, found]) => fromOwner(world, movedTo({ ...packet, headers }, router), packet.at, found)),
    rest === undefined ? undefined : next({ ...packet, headers: rest }),
  )
}

/** The source says who asks: it must be an address of the interface itself, with its check off as well. */
function fromOwner<H>(world: World<H>, packet: Packet<H>, sender: Interface, asked: Service): Outcome<H>[] {
  const own = new Set(sender.addresses)
  const { yes, no } = world.domain.split(packet.headers, { field: 'source', addresses: own })
  return parts(
    ...(yes === undefined ? [] : serve(world, { ...packet, headers: yes }, asked)),
    no === undefined ? undefined : stopped(packet, 'service', 'denied', serviceForStranger(asked), no),
  )
}

/** What is for one of its ports the service takes; all else there is silence. */
function serve<H>({ domain }: World<H>, packet: Packet<H>, asked: Service): Outcome<H>[] {
  const remote = { prefix: hostPrefix(asked.address) }
  const outcomes: Outcome<H>[] = []
  let rest: H | undefined = packet.headers
  for (const endpoint of ENDPOINTS[asked.kind]) {
    if (rest === undefined) break
    const match = { protocol: endpoint.protocol, ports: portRangeOf(endpoint), remote }
    const { yes, no } = domain.split(rest, { match, remote: 'destination', members: undefined })
    if (yes !== undefined) outcomes.push(accepted(noted(packet, 'service', asked.origin, yes)))
    rest = no
  }
  return parts(
    ...outcomes,
    rest === undefined ? undefined : stopped(packet, 'service', 'denied', serviceNotThere(asked), rest),
  )
}

/** What a router itself sends: the answers of its services, handed to the host past the rules on its side, too. */
export const answer: StageFunction = (world, packet) => {
  const { hits, rest } = world.domain.select(packet.headers, 'source', servicesOf(world, packet.at.node))
  if (rest !== undefined) throw new Error(`${packet.at.node} sends nothing but answers of its services`)
  return hits.flatMap(([headers, { origin }]) =>
    toNeighbor(world, noted(packet, 'service', origin, headers), packet.at, (answered, to) => {
      const arrived = movedTo(answered, to)
      return accepted(noted(arrived, 'deliver', to.origin))
    }),
  )
}

const servicesOf = <H>({ topology }: World<H>, router: string) =>
  topology.services.get(router) ?? new Map<never, Service>()
