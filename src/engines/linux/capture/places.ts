/** Where a capture looks: the ports at which packets are read, and those at which they are followed further. */
import { familyOf, type Ip } from '../../../ip/address.ts'
import { isOnSubnet } from '../../../network/nat.ts'
import type { Interface, Network } from '../../../network/network.ts'
import { addresses4, insideOf, type Layout, layoutOf, type Port } from '../layout.ts'
import { namespaceOf } from '../names.ts'

/** A port in the namespace of a router or of the internet. */
export interface Place {
  readonly namespace: string
  readonly port: Port
}

/** A place at which packets are read as they pass. */
export interface Tap extends Place {
  /** What it is called in a capture. */
  readonly interface: string
  /** The direction of what enters the router there. */
  readonly entering: 'in' | 'out'
}

/** A place at which rules and routes are asked what became of packets. */
export interface Watched extends Place {
  /** Packets that enter there, of these senders only. */
  readonly from?: readonly Ip[]
  /** Packets that are stopped on their way out there are told as well: whose, and in which direction. */
  readonly leaving?: { readonly interface: string; readonly direction: 'in' | 'out' }
}

export interface Places {
  readonly taps: readonly Tap[]
  readonly watched: readonly Watched[]
}

const NOWHERE: Places = { taps: [], watched: [] }
const opposite = { in: 'out', out: 'in' } as const

/** The places of a host or nat node, of one of its interfaces, or of a link; undefined where it is none. */
export function placesOf(network: Network, tag: string, where: string): Places | undefined {
  const segment = network.segments.get(where)
  if (segment && segment.kind !== 'subnet') return linkPlaces(network, tag, where)
  const all = [...network.interfaces.values()]
  const hosts = all.filter((i) => (i.id === where || i.node === where) && isOnSubnet(network.nodes.get(i.node)))
  if (hosts.length > 0) return together(hosts.map((at) => hostPlaces(network, tag, at)))
  return isOnSubnet(network.nodes.get(where)) ? NOWHERE : undefined
}

const together = (all: readonly Places[]): Places => ({
  taps: all.flatMap((p) => p.taps),
  watched: all.flatMap((p) => p.watched),
})

const placeOf = (tag: string, port: Port): Place => ({ namespace: namespaceOf(tag, port.node), port })

/** At the router's end of the wire: nobody inside the host sees or stops it. Onward, as far as one link. */
function hostPlaces(network: Network, tag: string, at: Interface): Places {
  const layout = layoutOf(network)
  const port = layout.portOf.get(at.id)
  if (!port) return NOWHERE
  const place = placeOf(tag, port)
  return {
    taps: [{ ...place, interface: at.id, entering: 'out' }],
    watched: [
      { ...place, leaving: { interface: at.id, direction: 'in' } },
      ...onward(network, layout, tag, port, at),
      ...throughNats(network, layout, tag, port, at),
    ],
  }
}

/** In the nat nodes beside its router, and from there as far as theirs go. */
function throughNats(network: Network, layout: Layout, tag: string, { node }: Port, at: Interface): Watched[] {
  const nats = (layout.ports.get(node) ?? []).flatMap((port) => {
    const inside = port.host && layout.portOf.get(insideOf(port.host))
    return inside && port.host ? [{ port, inside, host: port.host }] : []
  })
  const gateways = nats.flatMap(({ host }) => addresses4(host))
  return nats.flatMap(({ port, inside, host }): Watched[] => {
    if (host.id === at.id) return [placeOf(tag, inside)]
    return [
      // With its check off, a host may send in any name; and one gateway may lead to another.
      { ...placeOf(tag, inside), ...(at.sourceDestCheck && { from: [...addresses4(at), ...gateways] }) },
      { ...placeOf(tag, port), from: addresses4(host) },
      ...onward(network, layout, tag, port, { ...host, sourceDestCheck: true }),
    ]
  })
}

/** A peering is one hop and no more (X6), so that its far router has the last word on what goes over it. */
function onward(network: Network, layout: Layout, tag: string, { node }: Port, at: Interface): Watched[] {
  const links = (layout.ports.get(node) ?? []).filter((p) => p.far)
  return links.flatMap((link) => {
    const far = layout.portOf.get(link.far?.id ?? '')
    const from = sendersOver(network, link, at)
    // With its check off, a host may send in any name.
    return far && from.length > 0 ? [{ ...placeOf(tag, far), ...(at.sourceDestCheck && { from }) }] : []
  })
}

/** The addresses that packets of a host have on a link. */
function sendersOver(network: Network, { segment, at }: Port, host: Interface): Ip[] {
  const own = addresses4(host)
  if (segment.kind === 'peering') return own
  const translations = network.translations.filter((t) => t.interface === at.id && own.includes(t.inside))
  return translations.map((t) => t.outside).filter((address) => familyOf(address) === 4)
}

/** Read at one end, which sees both directions; judged at both. */
function linkPlaces(network: Network, tag: string, segment: string): Places {
  const rank = (port: Port) => `${network.nodes.get(port.node)?.kind === 'internet' ? 1 : 0}${port.at.id}`
  const ends = [...layoutOf(network).portOf.values()]
    .filter((p) => p.segment.id === segment)
    .toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
  const [near] = ends
  if (!near) return NOWHERE
  const tap: Tap = { ...placeOf(tag, near), interface: segment, entering: 'in' }
  return {
    taps: [tap],
    watched: ends.map((port) => ({
      ...placeOf(tag, port),
      leaving: { interface: segment, direction: port === near ? opposite[tap.entering] : tap.entering },
    })),
  }
}
