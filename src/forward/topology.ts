/** The network indexed for moving packets: who is attached to what, who owns which address. Built once a network. */
import type { Ip } from '../ip/address.ts'
import { lengthOf } from '../ip/prefix.ts'
import type { Interface, Network, Route, Service, Translation } from '../network/network.ts'

export interface Topology {
  readonly network: Network
  /** Interfaces of a node, device index first. */
  readonly interfacesOf: ReadonlyMap<string, readonly Interface[]>
  /** Interfaces on a segment. */
  readonly attachedTo: ReadonlyMap<string, readonly Interface[]>
  /** Per router: host interfaces on its subnets, by address. */
  readonly neighbors: ReadonlyMap<string, ReadonlyMap<Ip, Interface>>
  /** Per router, by address. */
  readonly services: ReadonlyMap<string, ReadonlyMap<Ip, Service>>
  /** Longest prefix first. */
  readonly routesOf: ReadonlyMap<string, readonly Route[]>
  /** Per uplink interface of a router, by inside and by outside address. */
  readonly inside: ReadonlyMap<string, ReadonlyMap<Ip, Translation>>
  readonly outside: ReadonlyMap<string, ReadonlyMap<Ip, Translation>>
  /** Which translation a public address belongs to, over the whole internet. */
  readonly publicOwners: ReadonlyMap<Ip, Translation>
  readonly addressSets: ReadonlyMap<string, ReadonlySet<Ip>>
}

const memo = new WeakMap<Network, Topology>()

export function topologyOf(network: Network): Topology {
  const known = memo.get(network)
  if (known) return known
  const interfaces = [...network.interfaces.values()].toSorted((a, b) => (a.deviceIndex ?? 0) - (b.deviceIndex ?? 0))
  const byPort = Map.groupBy(network.translations, (t) => t.interface)
  const topology: Topology = {
    network,
    interfacesOf: Map.groupBy(interfaces, (i) => i.node),
    attachedTo: Map.groupBy(interfaces, (i) => i.segment),
    neighbors: neighborsOf(network, interfaces),
    services: mapValues(
      Map.groupBy(network.services, (s) => s.node),
      (all) => new Map(all.map((s) => [s.address, s])),
    ),
    routesOf: new Map(
      [...Map.groupBy(network.routes, (r) => r.table)].map(([table, routes]) => [table, longestFirst(routes)]),
    ),
    inside: mapValues(byPort, (all) => new Map(all.map((t) => [t.inside, t]))),
    outside: mapValues(byPort, (all) => new Map(all.map((t) => [t.outside, t]))),
    publicOwners: new Map(network.translations.map((t) => [t.outside, t])),
    addressSets: mapValues(network.addressSets, (set) => new Set(set.addresses)),
  }
  memo.set(network, topology)
  return topology
}

/** The interface at the other end of a two-ended segment. */
export function farEnd(topology: Topology, near: Interface): Interface | undefined {
  return topology.attachedTo.get(near.segment)?.find((i) => i.id !== near.id)
}

function neighborsOf(network: Network, interfaces: readonly Interface[]): Map<string, Map<Ip, Interface>> {
  const routerOf = new Map<string, string>()
  for (const i of interfaces) if (network.nodes.get(i.node)?.kind === 'router') routerOf.set(i.segment, i.node)
  const neighbors = new Map<string, Map<Ip, Interface>>()
  for (const i of interfaces) {
    const router = network.nodes.get(i.node)?.kind === 'host' ? routerOf.get(i.segment) : undefined
    if (!router) continue
    const table = neighbors.get(router) ?? new Map<Ip, Interface>()
    neighbors.set(router, table)
    for (const address of i.addresses) table.set(address, i)
  }
  return neighbors
}

const longestFirst = (routes: readonly Route[]): Route[] =>
  routes.toSorted((a, b) => lengthOf(b.prefix) - lengthOf(a.prefix))

const mapValues = <A, B>(map: ReadonlyMap<string, A>, f: (value: A) => B): Map<string, B> =>
  new Map([...map].map(([key, value]) => [key, f(value)]))
