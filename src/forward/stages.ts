/**
 * How a packet moves: THE semantics, as sequences of named stages.
 *
 * send     a host puts a packet on its subnet    answer   a router answers for one of its services
 * enter    the router takes it from there        transit  or from a peering or after translation
 * leave    the router sends it over a link       outside  the internet takes it
 * inbound  a router takes it from the internet   arrive   the router hands it to a subnet
 * receive  a host takes it, or a nat node, which sends it again
 *
 * The order is P1's and P2's. Routing is stateless; only rule sets remember (P8, X8).
 */
import type { Ip } from '../ip/address.ts'
import type { Interface, Route } from '../network/network.ts'
import { PRIVATE, routeCases } from './cases.ts'
import { nobody, routerBeside, toNeighbor } from './neighbors.ts'
import { translatePort } from './nat-stage.ts'
import { egressRules, ingressRules, segmentEgress, segmentIngress } from './rule-stages.ts'
import { answer, service } from './service-stages.ts'
import { farEnd } from './topology.ts'
import { uplinkEgress, uplinkIngress } from './uplink-stages.ts'
import {
  accepted,
  type Entry,
  movedTo,
  next,
  noted,
  type Outcome,
  type Packet,
  parts,
  type StageFunction,
  stopped,
  to,
  type World,
} from './walk.ts'
import { takenOutside } from './worldwide.ts'

/** E1: with the check on, only an address of the interface may send. */
const sourceCheck: StageFunction = (world, packet) =>
  ownAddress(world, packet, 'source', (headers) => next({ ...packet, headers }), 'source-check')

/** P4: a neighbour of the same subnet is reached without the router; all else goes to it. */
const ontoSegment: StageFunction = (world, packet) => {
  const { topology, domain } = world
  const segment = topology.network.segments.get(packet.at.segment)
  const router = routerBeside(world, packet.at)
  if (!segment?.prefix || !router) throw new Error(`${packet.at.id} is on no subnet`)
  const { yes, no } = domain.split(packet.headers, { field: 'destination', prefix: segment.prefix })
  return [
    ...(yes === undefined
      ? []
      : toNeighbor(world, { ...packet, headers: yes }, router, (p, target) => to('receive', movedTo(p, target)))),
    ...parts(no === undefined ? undefined : to('enter', movedTo({ ...packet, headers: no }, router))),
  ]
}

/** R3: the longest prefix decides; a route without a working target drops, it does not fall back (R7). */
export const route: StageFunction = (world, packet) => {
  const table = world.topology.network.tables.get(packet.at.table ?? '')
  if (!table) throw new Error(`${packet.at.id} has no route table`)
  const routes = world.topology.routesOf.get(table.id) ?? []
  const { hits, rest } = world.domain.classify(
    packet.headers,
    routeCases(world.topology, routes, world.merging ?? false),
  )
  return [
    ...hits.flatMap(([headers, found]) => follow(world, { ...packet, headers }, found)),
    ...parts(rest === undefined ? undefined : stopped(packet, 'route', 'no-route', table.origin, rest)),
  ]
}

/** The packet on the way that a route leads. */
export function follow<H>(
  world: World<H>,
  packet: Packet<H>,
  { nextHop, origin }: Pick<Route, 'nextHop' | 'origin'>,
): Outcome<H>[] {
  const { network } = world.topology
  if (nextHop.kind === 'blackhole')
    return [stopped(packet, 'route', 'blackholed', { code: 'BAD_STATE_ROUTE', ...origin })]
  const routed = noted(packet, 'route', origin)
  if (nextHop.kind === 'connected')
    return toNeighbor(world, routed, packet.at, (p, target) => handOver(world, p, target))
  const through = network.interfaces.get(nextHop.interface)
  if (!through) throw new Error(`route of ${origin.resource} leads to ${nextHop.interface}, which is not there`)
  return [nextHop.kind === 'link' ? to('leave', { ...routed, at: through }) : handOver(world, routed, through)]
}

/** To the router's own interface on the target's subnet, on its way to the target. */
function handOver<H>({ topology }: World<H>, packet: Packet<H>, target: Interface): Outcome<H> {
  const edge = topology.attachedTo.get(target.segment)?.find((i) => i.node === packet.at.node)
  if (!edge) throw new Error(`${packet.at.node} is not on the subnet of ${target.id}`)
  return to('arrive', { ...packet, at: edge, target })
}

/** M1: what is larger than the link and may not be fragmented goes no further (the sender is told, ICMP 3/4). */
const mtu: StageFunction = ({ topology, domain }, packet) => {
  const segment = topology.network.segments.get(packet.at.segment)
  if (!segment) throw new Error(`${packet.at.id} is on no segment`)
  const { yes, no } = domain.split(packet.headers, { unfragmentableAbove: segment.mtu })
  return parts(
    no === undefined ? undefined : next({ ...packet, headers: no }),
    yes === undefined
      ? undefined
      : stopped(packet, 'mtu', 'too-big', { ...segment.origin, rule: 'mtu', code: 'ISTHMUS_MTU' }, yes),
  )
}

/** G1, G2, E2: an internet gateway passes the private address of the sender itself, if that has a public one. */
const translateSource: StageFunction = (world, packet) => {
  const { topology, domain } = world
  const { at, sender } = packet
  if (topology.network.segments.get(at.segment)?.kind !== 'uplink') return [next(packet)]
  const stop = (code: string, headers: typeof packet.headers) =>
    stopped(packet, 'translate-source', 'denied', { ...at.origin, rule: 'egress', code }, headers)
  const { hits: foreign, rest } = domain.classify(packet.headers, PRIVATE.destination)
  const outcomes = foreign.map(([headers, rfc]) => stop(`IGW_DESTINATION_ADDRESS_NOT_IN_${rfc}_EGRESS`, headers))
  if (rest === undefined) return outcomes
  const genuine = domain.split(rest, { field: 'source', addresses: new Set(sender?.addresses) })
  const { hits, rest: bare } =
    genuine.yes === undefined
      ? { hits: [], rest: undefined }
      : domain.select(genuine.yes, 'source', topology.inside.get(at.id) ?? new Map())
  return parts(
    ...outcomes,
    genuine.no === undefined ? undefined : stop('GATEWAY_REJECTS_SPOOFED_TRAFFIC', genuine.no),
    bare === undefined ? undefined : stop('IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS', bare),
    ...hits.map(([headers, t]) =>
      next(noted(packet, 'translate-source', t.origin, domain.rewrite(headers, 'source', t.outside))),
    ),
  )
}

const cross: StageFunction = ({ topology }, packet) => {
  const far = farEnd(topology, packet.at)
  if (!far) throw new Error(`nothing at the other end of ${packet.at.id}`)
  const kind = topology.network.nodes.get(far.node)?.kind
  return [to(kind === 'internet' ? 'outside' : 'transit', movedTo(packet, far))]
}

/** The internet delivers to its hosts, and an associated public address to its gateway. */
const internet: StageFunction = (world, packet) => {
  const { topology, domain } = world
  const { hits, rest } = domain.select(packet.headers, 'destination', topology.publicOwners)
  const own = rest === undefined ? {} : takenOutside(world, packet, rest)
  return parts(
    ...hits.map(([headers, { interface: id }]) =>
      to('inbound', movedTo({ ...packet, headers }, topology.network.interfaces.get(id) as Interface)),
    ),
    own.yes === undefined ? undefined : accepted(noted(packet, 'internet', packet.at.origin, own.yes)),
    own.no === undefined ? undefined : stopped(packet, 'internet', 'no-host', nobody(packet.at.node), own.no),
  )
}

/** G1, P2: the destination becomes private here, before any rule looks at it (P3). */
const translateDestination: StageFunction = (world, packet) => {
  const { topology, domain } = world
  const { at } = packet
  const stop = (code: string, headers: typeof packet.headers) =>
    stopped(packet, 'translate-destination', 'denied', { ...at.origin, rule: 'ingress', code }, headers)
  const { hits: foreign, rest } = domain.classify(packet.headers, PRIVATE.source)
  const outcomes = foreign.map(([headers, rfc]) => stop(`IGW_SOURCE_ADDRESS_NOT_IN_${rfc}_INGRESS`, headers))
  const { hits, rest: bare } =
    rest === undefined
      ? { hits: [], rest: undefined }
      : domain.select(rest, 'destination', topology.outside.get(at.id) ?? new Map())
  return parts(
    ...outcomes,
    bare === undefined ? undefined : stop('IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS', bare),
    ...hits.map(([headers, t]) =>
      next(noted(packet, 'translate-destination', t.origin, domain.rewrite(headers, 'destination', t.inside))),
    ),
  )
}

const ontoHost: StageFunction = (_, packet) => {
  if (!packet.target) throw new Error(`${packet.at.id} has nobody to hand the packet to`)
  return [to('receive', movedTo(packet, packet.target))]
}

const destinationCheck: StageFunction = (world, packet) =>
  ownAddress(world, packet, 'destination', (headers) => next({ ...packet, headers }), 'destination-check')

/** A host takes what is for one of its addresses; it is no router. */
const deliver: StageFunction = (world, packet) => {
  const own = addressesOf(world, packet.at.node)
  const { yes, no } = world.domain.split(packet.headers, { field: 'destination', addresses: own })
  return parts(
    yes === undefined ? undefined : accepted(noted(packet, 'deliver', packet.at.origin, yes)),
    no === undefined
      ? undefined
      : stopped(
          packet,
          'deliver',
          'not-forwarded',
          { ...packet.at.origin, rule: 'not-forwarded', code: 'ISTHMUS_NOT_FORWARDED' },
          no,
        ),
  )
}

function ownAddress<H>(
  { domain }: World<H>,
  packet: Packet<H>,
  field: 'source' | 'destination',
  pass: (headers: H) => Outcome<H>,
  stage: 'source-check' | 'destination-check',
): Outcome<H>[] {
  const { at, headers } = packet
  if (!at.sourceDestCheck) return [pass(headers)]
  const { yes, no } = domain.split(headers, { field, addresses: new Set(at.addresses) })
  const origin = { ...at.origin, rule: stage, code: 'ENI_SOURCE_DEST_CHECK_RESTRICTION' }
  return parts(
    yes === undefined ? undefined : pass(yes),
    no === undefined ? undefined : stopped(packet, stage, 'denied', origin, no),
  )
}

/** What a host sends to itself never leaves it; all else has it as its sender. */
const leaving: StageFunction = (world, packet) => {
  const own = addressesOf(world, packet.at.node)
  const { yes, no } = world.domain.split(packet.headers, { field: 'destination', addresses: own })
  return parts(
    yes === undefined ? undefined : accepted(noted(packet, 'deliver', packet.at.origin, yes)),
    no === undefined ? undefined : next({ ...packet, headers: no, sender: packet.at }),
  )
}

const addressesOf = <H>({ topology }: World<H>, node: string): ReadonlySet<Ip> =>
  new Set((topology.interfacesOf.get(node) ?? []).flatMap((i) => i.addresses))

/** The sequences; a packet that passes the last stage of one has been sent to another, or has ended. */
export const SEQUENCES: Readonly<Record<Entry, readonly StageFunction[]>> = {
  send: [leaving, sourceCheck, service, egressRules, ontoSegment],
  answer: [answer],
  enter: [segmentEgress, route],
  transit: [route],
  leave: [mtu, uplinkEgress, translateSource, cross],
  outside: [internet],
  inbound: [translateDestination, uplinkIngress, route],
  arrive: [mtu, segmentIngress, ontoHost],
  receive: [ingressRules, destinationCheck, translatePort, deliver],
}
