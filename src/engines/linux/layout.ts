/** The network as wires: which router has which port, and who is at its other end. */
import { familyOf, type Ip } from '../../ip/address.ts'
import { groupsOf } from '../../network/groups.ts'
import { keeping, keepingList } from '../../network/kept.ts'
import { isOnSubnet } from '../../network/nat.ts'
import type { Interface, Network, Segment, Service } from '../../network/network.ts'
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

const keepLayout = keeping<Layout>()
const keepPorts = keepingList<Port>()
const keepPort = keeping<Port>()
const keepDevice = keeping<Device>()
const keepDevices = keepingList<Device>()

/** What has not changed since the last layout is the same object in this one: ports, devices, and lists of them. */
export function layoutOf(network: Network): Layout {
  const { nodes, segments, interfaces } = network
  return keepLayout(interfaces, [nodes, segments], () => {
    const devices = devicesOf(network)
    const onSegments = [...segments.values()].flatMap((segment) => portsOn(network, segment))
    const ports = [...onSegments, ...onSegments.flatMap((port) => natPort(network, devices, port))]
    const byNode = Map.groupBy(ports, (p) => p.node)
    return {
      ports: new Map([...byNode].map(([id, some]) => [id, keepPorts(nodes.get(id) ?? some, some)])),
      portOf: new Map(ports.map((p) => [portKey(p), p])),
      devices,
    }
  })
}

/** What `portOf` calls the device of a nat node; its interface's own id is the port at the router. */
export const insideOf = ({ id }: Interface): string => `${id}/inside`

function natPort(network: Network, devices: Layout['devices'], { host, at, segment }: Port): Port[] {
  if (!host || network.nodes.get(host.node)?.kind !== 'nat') return []
  const device = devices.get(host.node)?.find((d) => d.at.id === host.id)
  return device
    ? [keepPort(device, [at], () => ({ name: device.name, node: host.node, at: host, segment, router: at }))]
    : []
}

/** IPv4 addresses of an interface; this engine routes no other family yet. */
export const addresses4 = (at: Interface): Ip[] => at.addresses.filter((a) => familyOf(a) === 4)

/** The services of a router that this engine can bring to it. */
export const services4 = (network: Network, router: string): readonly Service[] =>
  (groupsOf(network).services.get(router) ?? []).filter(({ address }) => familyOf(address) === 4)

function portsOn(network: Network, segment: Segment): Port[] {
  const attached = groupsOf(network).attachedTo.get(segment.id) ?? []
  const hosts = attached.filter((i) => isOnSubnet(network.nodes.get(i.node)))
  const others = attached.filter((i) => !isOnSubnet(network.nodes.get(i.node)))
  const [router] = others
  if (segment.kind === 'subnet') {
    return router
      ? hosts.map((host) =>
          keepPort(host, [segment, router], () => ({
            name: portName(host.id),
            node: router.node,
            at: router,
            segment,
            host,
          })),
        )
      : []
  }
  return others.flatMap((at) => {
    const far = others.find((i) => i.id !== at.id)
    return far ? [keepPort(at, [segment, far], () => ({ name: portName(at.id), node: at.node, at, segment, far }))] : []
  })
}

function devicesOf(network: Network): Map<string, readonly Device[]> {
  const { interfacesOf, attachedTo } = groupsOf(network)
  const routers = new Map(
    [...network.segments.keys()].map((id) => [
      id,
      attachedTo.get(id)?.find(({ node }) => network.nodes.get(node)?.kind === 'router'),
    ]),
  )
  const devices = new Map<string, readonly Device[]>()
  for (const node of network.nodes.values()) {
    if (!isOnSubnet(node)) continue
    const own = (interfacesOf.get(node.id) ?? []).flatMap((at, position) => {
      const segment = network.segments.get(at.segment)
      return segment ? [deviceOf(at, position, segment, routers.get(segment.id))] : []
    })
    if (own.length > 0) devices.set(node.id, keepDevices(node, own))
  }
  return devices
}

const deviceOf = (at: Interface, position: number, segment: Segment, router: Interface | undefined): Device =>
  keepDevice(at, [position, segment, router], () => ({
    name: deviceName(at.deviceIndex ?? position),
    at,
    segment,
    gateway: router && addresses4(router)[0],
    gatewayMac: macOf(segment.id),
  }))

/** What `portOf` calls the port at the other end of its wire; in a host there is none. */
export const otherEnd = ({ far, host, router, at }: Port): string | undefined =>
  host ? insideOf(host) : router ? at.id : far?.id

/** What `portOf` calls a port. */
export const portKey = ({ host, router, at }: Port): string => host?.id ?? (router ? insideOf(at) : at.id)
