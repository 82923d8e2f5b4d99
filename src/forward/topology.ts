/** The network indexed for moving packets: who is attached to what, who owns which address. */
import type { Ip } from '../ip/address.ts'
import { groupsOf } from '../network/groups.ts'
import { isOnSubnet } from '../network/nat.ts'
import type { AddressSet, Interface, Network, Route, Service, Translation } from '../network/network.ts'
import { byDevice } from '../network/order.ts'
import { DerivedMap, derived, keptBy } from './derived-map.ts'

export interface Topology {
  readonly network: Network
  /** Interfaces of a node, device index first. */
  readonly interfacesOf: ReadonlyMap<string, readonly Interface[]>
  /** Interfaces on a segment. */
  readonly attachedTo: ReadonlyMap<string, readonly Interface[]>
  /** Per router: interfaces of hosts and nat nodes on its subnets, by address. */
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

/** Made in parts, when they are asked for; what nothing has changed in is taken over from network to network. */
export function topologyOf(network: Network): Topology {
  const known = memo.get(network)
  if (known) return known
  const { routes, translations, services, interfacesOf, attachedTo, publicOwners } = groupsOf(network)
  const routers = () => [...network.nodes.values()].flatMap(({ id, kind }) => (kind === 'router' ? id : []))
  const topology: Topology = {
    network,
    interfacesOf,
    attachedTo,
    neighbors: new DerivedMap(routers, (router) => neighborsOf(network, router)),
    services: derived(services, byAddress),
    routesOf: routes,
    inside: derived(translations, byInside),
    outside: derived(translations, byOutside),
    publicOwners,
    addressSets: derived(network.addressSets, members),
  }
  memo.set(network, topology)
  return topology
}

const byAddress = keptBy((all: readonly Service[]) => new Map(all.map((s) => [s.address, s])))
const byInside = keptBy((all: readonly Translation[]) => new Map(all.map((t) => [t.inside, t])))
const byOutside = keptBy((all: readonly Translation[]) => new Map(all.map((t) => [t.outside, t])))
const members = keptBy((set: AddressSet): ReadonlySet<Ip> => new Set(set.addresses))

/** The interface at the other end of a two-ended segment. */
export function farEnd(topology: Topology, near: Interface): Interface | undefined {
  return topology.attachedTo.get(near.segment)?.find((i) => i.id !== near.id)
}

/** What was made of the lists of a router's subnets before, while these are the same. */
interface Neighborhood {
  readonly subnets: readonly (readonly Interface[])[]
  readonly table: ReadonlyMap<Ip, Interface>
}
const neighborhoods = new WeakMap<readonly Interface[], Neighborhood>()

function neighborsOf(network: Network, router: string): ReadonlyMap<Ip, Interface> | undefined {
  const { interfacesOf, attachedTo } = groupsOf(network)
  const own = interfacesOf.get(router)
  if (!own || network.nodes.get(router)?.kind !== 'router') return undefined
  const subnets = own.map(({ segment }) => attachedTo.get(segment) ?? [])
  const known = neighborhoods.get(own)
  if (known?.subnets.every((list, i) => list === subnets[i])) return known.table
  const ends = subnets.flat().filter(({ node }) => isOnSubnet(network.nodes.get(node)))
  const table = new Map(ends.toSorted(byDevice).flatMap((i) => i.addresses.map((address) => [address, i] as const)))
  neighborhoods.set(own, { subnets, table })
  return table
}
