/** Packets that no rule stopped and that did not arrive: the route tables, links and senders that explain them. */
import type { Ip } from '../../../ip/address.ts'
import { contains } from '../../../ip/prefix.ts'
import type { Disposition, Flow, Step } from '../../../network/flow.ts'
import type { Network } from '../../../network/network.ts'
import type { Origin } from '../../../network/origin.ts'
import { layoutOf, type Port } from '../layout.ts'
import { kernelTable, LOCAL_TABLE, namespaceOf, SAME_SUBNET } from '../names.ts'
import { type Fate, stopAt, type Walk } from './leg.ts'
import { type KernelRoute, routesFor } from './routing.ts'

export interface Stop {
  readonly disposition: Disposition
  readonly step: Step
}

/** A packet to explain. `error` is what the sender's kernel answered to sending it, 0 for nothing. */
export interface LostPacket {
  readonly flow: Flow
  readonly from: string
  readonly walk: Walk
  readonly error: number
}

type RoutedAway = Extract<Fate, { kind: 'routed-away' }>
const EMSGSIZE = 90
const MAIN_TABLE = 254

const nobody = (resource: string): Origin => ({ resource, rule: 'no-host', code: 'NO_POSSIBLE_DESTINATION' })

/** Why each packet was lost; undefined where nothing explains it: then it may still be on its way. */
export async function explain(
  network: Network,
  tag: string,
  packets: readonly LostPacket[],
): Promise<(Stop | undefined)[]> {
  const answers = new Map<LostPacket, Stop | undefined>(
    packets.map((p) => [p, p.walk.fate.kind === 'unsent' ? unsent(network, p) : undefined]),
  )
  const away = packets.filter((p) => p.walk.fate.kind === 'routed-away')
  const byRouter = Map.groupBy(away, (p) => (p.walk.fate as RoutedAway).router)
  await Promise.all(
    [...byRouter].map(async ([router, lost]) => {
      const stops = await explainAway(network, tag, router, lost.map(awayOf))
      lost.forEach((packet, i) => {
        answers.set(packet, stops[i])
      })
    }),
  )
  return packets.map((p) => answers.get(p))
}

/** A packet that a router took in by `from`, and that left it by no port though no rule stopped it. */
export interface Away {
  /** Before translation. */
  readonly destination: Ip
  readonly mark: number
  readonly from: Port | undefined
  readonly flow: Pick<Flow, 'dontFragment' | 'length'>
}

const awayOf = ({ flow, walk }: LostPacket): Away => {
  const { visit, from } = walk.fate as RoutedAway
  return { destination: visit.seen.destination, mark: visit.mark, from, flow }
}

/** Which route, or which lack of one, each packet met; undefined where the tables would have let it leave. */
export async function explainAway(
  network: Network,
  tag: string,
  router: string,
  packets: readonly Away[],
): Promise<(Stop | undefined)[]> {
  const questions = packets.flatMap((packet) => questionsOf(network, router, packet))
  const routes = await routesFor(namespaceOf(tag, router), questions)
  return packets.map((packet, i) => routed(network, router, packet, routes[2 * i], routes[2 * i + 1]))
}

/** The table that the packet's mark leads to, and the one of host interfaces that a `throw` falls to. */
function questionsOf(
  network: Network,
  router: string,
  { destination, mark, from }: Away,
): { table: number; destination: string }[] {
  const translated =
    network.translations.find((t) => t.interface === from?.at.id && t.outside === destination)?.inside ?? destination
  const own =
    network.nodes.get(router)?.kind !== 'router' ? MAIN_TABLE : mark & SAME_SUBNET ? LOCAL_TABLE : kernelTable(mark)
  return [
    { table: own, destination: translated },
    { table: own === MAIN_TABLE ? MAIN_TABLE : LOCAL_TABLE, destination: translated },
  ]
}

function routed(
  network: Network,
  router: string,
  packet: Away,
  first: KernelRoute | undefined,
  local: KernelRoute | undefined,
): Stop | undefined {
  const isSilent = (route: KernelRoute | undefined) => route === undefined || route.type === 'blackhole'
  if (network.nodes.get(router)?.kind === 'internet') {
    return isSilent(first)
      ? { disposition: 'no-host', step: stopAt(router, 'internet', nobody(router)) }
      : tooBig(network, packet, router, first)
  }
  const isSameSubnet = (packet.mark & SAME_SUBNET) !== 0
  if (!isSameSubnet && isSilent(first)) return unrouted(network, router, packet.mark, first)
  if (!isSameSubnet && first?.type !== 'throw') return tooBig(network, packet, router, first)
  const sender = isSameSubnet ? (packet.from?.host?.node ?? router) : router
  return isSilent(local)
    ? { disposition: 'no-host', step: stopAt(sender, 'neighbor', nobody(router)) }
    : tooBig(network, packet, router, local)
}

/** A route that goes nowhere is a fact of its own; the end of a table is the table's. */
function unrouted(network: Network, router: string, mark: number, found: KernelRoute | undefined): Stop {
  const table = [...network.tables.values()].find((t) => t.node === router && t.number === mark)
  const route = network.routes.find((r) => r.table === table?.id && r.prefix === found?.prefix)
  if (route)
    return { disposition: 'blackholed', step: stopAt(router, 'route', { code: 'BAD_STATE_ROUTE', ...route.origin }) }
  return { disposition: 'no-route', step: stopAt(router, 'route', table?.origin ?? { resource: router }) }
}

/** M1: the route is there, but the packet does not fit the link it leads to. */
function tooBig(network: Network, { flow }: Away, router: string, route: KernelRoute | undefined): Stop | undefined {
  const segment = layoutOf(network)
    .ports.get(router)
    ?.find((p) => p.name === route?.device)?.segment
  if (!segment || !flow.dontFragment || (flow.length ?? 0) <= segment.mtu) return undefined
  return {
    disposition: 'too-big',
    step: stopAt(router, 'mtu', { ...segment.origin, rule: 'mtu', code: 'ISTHMUS_MTU' }),
  }
}

/** Its own kernel did not send it: nobody there answers ARP, or it does not fit the wire. */
function unsent(network: Network, { flow, from, error, walk }: LostPacket): Stop | undefined {
  if (walk.path.length > 1) return undefined
  if (network.nodes.get(from)?.kind === 'internet')
    return { disposition: 'no-host', step: stopAt(from, 'internet', nobody(from)) }
  const devices = layoutOf(network).devices.get(from) ?? []
  if (error === EMSGSIZE && devices[0]) {
    return {
      disposition: 'too-big',
      step: stopAt(from, 'mtu', { ...devices[0].segment.origin, rule: 'mtu', code: 'ISTHMUS_MTU' }),
    }
  }
  const near = devices.find(({ segment }) => segment.prefix && contains(segment.prefix, flow.destination))
  const router = near && layoutOf(network).portOf.get(near.at.id)?.node
  return router ? { disposition: 'no-host', step: stopAt(from, 'neighbor', nobody(router)) } : undefined
}
