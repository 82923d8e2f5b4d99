/** The network as wires: which router has which port, and who is at its other end. Computed once a network. */
import { familyOf, type Ip } from '../../ip/address.ts'
import type { Interface, Network, Segment, Service } from '../../network/network.ts'
import { servicesOf } from '../../network/services.ts'
import { deviceName, portName } from './names.ts'

/** One end of a wire in a router's or the internet's namespace. */
export interface Port {
  readonly name: string
  readonly node: string
  /** The node's own interface: on a subnet it is shared by the wires of all hosts there. */
  readonly at: Interface
  readonly segment: Segment
  /** On subnets: the host interface at the other end. */
  readonly host?: Interface
  /** On links: the interface at the other end. */
  readonly far?: Interface
}

export interface Layout {
  readonly ports: ReadonlyMap<string, readonly Port[]>
  /** Every port, by the id of the interface that gives it its name. */
  readonly portOf: ReadonlyMap<string, Port>
  /** The interfaces of each host in order of device index, with the names they have inside. */
  readonly devices: ReadonlyMap<string, readonly Device[]>
}

export interface Device {
  readonly name: string
  readonly at: Interface
  readonly segment: Segment
  readonly gateway: Ip | undefined
}

const memo = new WeakMap<Network, Layout>()

export function layoutOf(network: Network): Layout {
  const known = memo.get(network)
  if (known) return known
  const all = [...network.interfaces.values()]
  const attached = Map.groupBy(all, (i) => i.segment)
  const ports = [...network.segments.values()].flatMap((segment) =>
    portsOn(network, segment, attached.get(segment.id) ?? []),
  )
  const layout: Layout = {
    ports: Map.groupBy(ports, (p) => p.node),
    portOf: new Map(ports.map((p) => [p.host?.id ?? p.at.id, p])),
    devices: devicesOf(network, attached),
  }
  memo.set(network, layout)
  return layout
}

/** IPv4 addresses of an interface; this engine routes no other family yet. */
export const addresses4 = (at: Interface): Ip[] => at.addresses.filter((a) => familyOf(a) === 4)

/** The services of a router that this engine can bring to it. */
export const services4 = (network: Network, router: string): readonly Service[] =>
  servicesOf(network, router).filter(({ address }) => familyOf(address) === 4)

function portsOn(network: Network, segment: Segment, attached: readonly Interface[]): Port[] {
  const hosts = attached.filter((i) => kindOf(network, i) === 'host')
  const others = attached.filter((i) => kindOf(network, i) !== 'host')
  const [router] = others
  if (segment.kind === 'subnet') {
    return router
      ? hosts.map((host) => ({ name: portName(host.id), node: router.node, at: router, segment, host }))
      : []
  }
  return others.flatMap((at) => {
    const far = others.find((i) => i.id !== at.id)
    return far ? [{ name: portName(at.id), node: at.node, at, segment, far }] : []
  })
}

function devicesOf(network: Network, attached: ReadonlyMap<string, readonly Interface[]>): Map<string, Device[]> {
  const hosts = [...network.interfaces.values()].filter((i) => kindOf(network, i) === 'host')
  const devices = new Map<string, Device[]>()
  for (const [node, interfaces] of Map.groupBy(hosts, (i) => i.node)) {
    const inOrder = interfaces.toSorted((a, b) => (a.deviceIndex ?? 0) - (b.deviceIndex ?? 0))
    devices.set(
      node,
      inOrder.flatMap((at, position) => {
        const segment = network.segments.get(at.segment)
        const router = attached.get(at.segment)?.find((i) => kindOf(network, i) === 'router')
        return segment
          ? [{ name: deviceName(at.deviceIndex ?? position), at, segment, gateway: router && addresses4(router)[0] }]
          : []
      }),
    )
  }
  return devices
}

const kindOf = (network: Network, at: Interface) => network.nodes.get(at.node)?.kind
