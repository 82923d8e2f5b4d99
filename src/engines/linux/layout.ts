/** The network as wires: which router has which port, and who is at its other end. Computed once a network. */
import { familyOf, type Ip } from '../../ip/address.ts'
import { isOnSubnet } from '../../network/nat.ts'
import type { Interface, Network, Segment, Service } from '../../network/network.ts'
import { servicesOf } from '../../network/services.ts'
import { deviceName, macOf, portName } from './names.ts'

/** One end of a wire in a router's or the internet's namespace; or the device of a nat node, which is one as well. */
export interface Port {
  readonly name: string
  readonly node: string
  /** The node's own interface: on a subnet it is shared by the wires of all hosts there. */
  readonly at: Interface
  readonly segment: Segment
  /** On subnets: the interface of the host or nat node at the other end. */
  readonly host?: Interface
  /** Of a nat node: the router's interface at the other end. */
  readonly router?: Interface
  /** On links: the interface at the other end. */
  readonly far?: Interface
}

export interface Layout {
  readonly ports: ReadonlyMap<string, readonly Port[]>
  /** Every port, by the id of the interface that gives it its name. */
  readonly portOf: ReadonlyMap<string, Port>
  /** The interfaces of each host and nat node in order of device index, with the names they have inside. */
  readonly devices: ReadonlyMap<string, readonly Device[]>
}

export interface Device {
  readonly name: string
  readonly at: Interface
  readonly segment: Segment
  readonly gateway: Ip | undefined
  readonly gatewayMac: string
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
  const devices = devicesOf(network, attached)
  const natPorts = ports.flatMap((port) => natPort(network, devices, port))
  const layout: Layout = {
    ports: Map.groupBy([...ports, ...natPorts], (p) => p.node),
    portOf: new Map([...ports, ...natPorts].map((p) => [portKey(p), p])),
    devices,
  }
  memo.set(network, layout)
  return layout
}

/** What `portOf` calls the device of a nat node; its interface's own id is the port at the router. */
export const insideOf = ({ id }: Interface): string => `${id}/inside`

function natPort(network: Network, devices: Layout['devices'], { host, at, segment }: Port): Port[] {
  if (!host || network.nodes.get(host.node)?.kind !== 'nat') return []
  const device = devices.get(host.node)?.find((d) => d.at.id === host.id)
  return device ? [{ name: device.name, node: host.node, at: host, segment, router: at }] : []
}

/** IPv4 addresses of an interface; this engine routes no other family yet. */
export const addresses4 = (at: Interface): Ip[] => at.addresses.filter((a) => familyOf(a) === 4)

/** The services of a router that this engine can bring to it. */
export const services4 = (network: Network, router: string): readonly Service[] =>
  servicesOf(network, router).filter(({ address }) => familyOf(address) === 4)

function portsOn(network: Network, segment: Segment, attached: readonly Interface[]): Port[] {
  const hosts = attached.filter((i) => isOnSubnet(network.nodes.get(i.node)))
  const others = attached.filter((i) => !isOnSubnet(network.nodes.get(i.node)))
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
  const hosts = [...network.interfaces.values()].filter((i) => isOnSubnet(network.nodes.get(i.node)))
  const devices = new Map<string, Device[]>()
  for (const [node, interfaces] of Map.groupBy(hosts, (i) => i.node)) {
    const inOrder = interfaces.toSorted((a, b) => (a.deviceIndex ?? 0) - (b.deviceIndex ?? 0))
    devices.set(
      node,
      inOrder.flatMap((at, position) => {
        const segment = network.segments.get(at.segment)
        const router = attached.get(at.segment)?.find((i) => kindOf(network, i) === 'router')
        return segment
          ? [
              {
                name: deviceName(at.deviceIndex ?? position),
                at,
                segment,
                gateway: router && addresses4(router)[0],
                gatewayMac: macOf(segment.id),
              },
            ]
          : []
      }),
    )
  }
  return devices
}

/** What `portOf` calls the port at the other end of its wire; in a host there is none. */
export const otherEnd = ({ far, host, router, at }: Port): string | undefined =>
  host ? insideOf(host) : router ? at.id : far?.id

/** What `portOf` calls a port. */
export const portKey = ({ host, router, at }: Port): string => host?.id ?? (router ? insideOf(at) : at.id)

const kindOf = (network: Network, at: Interface) => network.nodes.get(at.node)?.kind
