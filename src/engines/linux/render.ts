/** Network -> the state of the kernel that realizes it. Pure: the same network gives the same text. */
import type { Ip } from '../../ip/address.ts'
import type { Prefix } from '../../ip/prefix.ts'
import { groupsOf } from '../../network/groups.ts'
import { keeping } from '../../network/kept.ts'
import type { Network, Node } from '../../network/network.ts'
import type { Comments } from './comments.ts'
import type { Desired, LinkPair, Namespace } from './desired.ts'
import { addresses4, type Layout, layoutOf, type Port } from './layout.ts'
import { macOf, namespaceOf } from './names.ts'
import { hostNamespace } from './render-host.ts'
import { type Beside, natNamespace } from './render-nat.ts'
import { HOST_PORT, internetNamespace } from './render-internet.ts'
import { routerNamespace } from './render-router.ts'

/** One link from the host's own namespace to the internet's, so that the host reaches public addresses. */
export interface HostLink {
  /** The public addresses that are reached through it. */
  readonly pool: Prefix
  /** The host's address on it; not a private one, which gateways refuse. */
  readonly hostAddress: Ip
}

export interface RenderOptions {
  readonly tag: string
  readonly hostLink?: HostLink
  /** The first and the last of the group ids that may ping; all that there are, if nothing is said. */
  readonly groups?: string
}

/** What stays as it was is the same object as in an earlier answer: namespaces, the parts of them, and links. */
export function render(network: Network, options: RenderOptions): Desired {
  const layout = layoutOf(network)
  const comments: Comments = new Map()
  const namespaces = [...network.nodes.values()].map((node): [string, Namespace] => [
    namespaceOf(options.tag, node.id),
    namespaceFor(network, layout, node, options, comments),
  ])
  const kept = options.hostLink
    ? [...network.nodes.values()]
        .filter((n) => n.kind === 'internet')
        .map((n) => `${namespaceOf(options.tag, n.id)} ${HOST_PORT}`)
    : []
  return {
    namespaces: new Map(namespaces),
    links: keepLinks(layout, [options.tag], () => linksOf(network, layout, options.tag)),
    kept: new Set(kept),
    comments,
  }
}

const keepLinks = keeping<readonly LinkPair[]>()
const keepLink = keeping<LinkPair>()
const keepNamespace = keeping<Namespace>()
const keepHost = keeping<Namespace>()

function namespaceFor(
  network: Network,
  layout: Layout,
  node: Node,
  options: RenderOptions,
  comments: Comments,
): Namespace {
  const ports = layout.ports.get(node.id) ?? []
  const devices = layout.devices.get(node.id) ?? []
  const { groups, hostLink } = options
  if (node.kind === 'host') return keepHost(node, [groups, ...devices], () => hostNamespace(node, devices, groups))
  const made =
    node.kind === 'nat'
      ? natNamespace(node, devices[0], besideNat(network, layout, node), comments)
      : node.kind === 'router'
        ? routerNamespace(network, layout, node, ports, comments)
        : internetNamespace(network, node, ports, hostLink, comments)
  return keepNamespace(node, Object.values(made), () => made)
}

/** The router of a nat node, and the other nat nodes there. */
function besideNat(network: Network, layout: Layout, { id }: Node): Beside {
  const router = layout.ports.get(id)?.[0]?.router?.node ?? id
  const others = (layout.ports.get(router) ?? []).flatMap(({ host }) =>
    host && host.node !== id && network.nodes.get(host.node)?.kind === 'nat' ? addresses4(host) : [],
  )
  return { router, gateways: others.toSorted() }
}

function linksOf(network: Network, layout: Layout, tag: string): LinkPair[] {
  const hosts = [...layout.devices.values()].flat().flatMap((device) => {
    const { name, at, segment } = device
    const port = layout.portOf.get(at.id)
    if (!port) return []
    return keepLink(device, [port, tag], () => {
      const inside = { namespace: namespaceOf(tag, at.node), name, mac: at.mac ?? macOf(at.id) }
      return { id: at.id, mtu: segment.mtu, arp: true, ends: [outerEnd(tag, port), inside] }
    })
  })
  const { attachedTo } = groupsOf(network)
  const links = [...network.segments.values()].flatMap((segment) => {
    if (segment.kind === 'subnet') return []
    const ports = (attachedTo.get(segment.id) ?? []).flatMap(({ id }) => layout.portOf.get(id) ?? [])
    const [one, other] = ports.filter(({ far }) => far)
    return one && other
      ? keepLink(segment, [one, other, tag], () => {
          const ends = [outerEnd(tag, one), outerEnd(tag, other)] as const
          return { id: segment.id, mtu: segment.mtu, arp: false, ends }
        })
      : []
  })
  return [...hosts, ...links]
}

/** All wires of a segment end in the same MAC: it is one gateway, and without ARP the far end must have it too. */
const outerEnd = (tag: string, port: Port) => ({
  namespace: namespaceOf(tag, port.node),
  name: port.name,
  mac: macOf(port.segment.id),
})
