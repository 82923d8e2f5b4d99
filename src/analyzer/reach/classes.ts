/**
 * Interfaces that the network cannot tell apart, as one class: same subnet, rule sets and check, and addresses that no
 * rule, route, address set or translation treats otherwise.
 *
 * Exchanging two members of a class gives the same network. So what is true of one is true of all, each with its own
 * addresses; and of traffic within a class, what is true of one pair is true of all.
 */
import type { Ip } from '../../ip/address.ts'
import { hostPrefix, type Prefix } from '../../ip/prefix.ts'
import { groupsOf } from '../../network/groups.ts'
import type { Interface, Network, Translation } from '../../network/network.ts'
import { byDevice } from '../../network/order.ts'
import { originKey } from '../../network/origin.ts'
import { ruleSetsOf } from '../../network/rules.ts'
import { cellsOf } from './cells.ts'

export interface InterfaceClass {
  /** The id of its first member. */
  readonly id: string
  /** Each on a node of its own, in the order of these. Never empty. */
  readonly members: readonly Interface[]
  /**
   * Who stands for all; a second one, where there is one, is the other end of traffic within the class, and of traffic
   * with the other interfaces of the same nodes.
   */
  readonly first: Interface
  readonly second?: Interface
}

const memo = new WeakMap<Network, readonly InterfaceClass[]>()

/** The classes of all interfaces of hosts. Costs as much as the network is large, whatever the classes are. */
export function classesOf(network: Network): readonly InterfaceClass[] {
  const known = memo.get(network) ?? jointClasses([network])
  memo.set(network, known)
  return known
}

/** Interfaces that are of one class in each of several networks. One that is not everywhere is its own class. */
export function jointClasses(networks: readonly Network[]): readonly InterfaceClass[] {
  // One network after the other: of two that share their maps, the one that is read last is the fast one.
  const known = networks.map(hostsOf)
  const hosts = new Map(known.flatMap((all) => [...all]))
  const alike = Map.groupBy(hosts.values(), ({ id, interfaces }) => {
    const everywhere = known.map((all) => all.get(id))
    const isSame = everywhere.every((host) => host && idsOf(host) === idsOf({ id, interfaces }))
    return isSame ? everywhere.map((host) => host?.feature).join('\n') : id
  })
  return [...alike.values()].flatMap(classesAlike)
}

const idsOf = ({ interfaces }: Pick<Host, 'id' | 'interfaces'>): string => interfaces.map(({ id }) => id).join()

/** A node with its interfaces, and all that the network can know it by. */
interface Host {
  readonly id: string
  readonly interfaces: readonly Interface[]
  readonly feature: string
}

/** One class for each interface that hosts alike have. */
function classesAlike(hosts: readonly Host[]): InterfaceClass[] {
  const [host] = hosts
  return (host?.interfaces ?? []).flatMap((first, i) => {
    const members = hosts.flatMap(({ interfaces }) => interfaces[i] ?? [])
    const [, second] = members
    return { id: first.id, members, first, ...(second && { second }) }
  })
}

function hostsOf(network: Network): ReadonlyMap<string, Host> {
  const featureOf = featuresOf(network)
  const hosts = [...Map.groupBy(hostInterfaces(network), ({ node }) => node)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return new Map(
    hosts.map(([id, all]) => {
      const interfaces = all.toSorted(byDevice)
      return [id, { id, interfaces, feature: interfaces.map(featureOf).join('\n') }]
    }),
  )
}

/** All interfaces of hosts, in the order of their ids. */
export const hostInterfaces = ({ interfaces, nodes }: Network): Interface[] =>
  [...interfaces.values()].filter((at) => nodes.get(at.node)?.kind === 'host')

/** All that the network can know an interface by. */
function featuresOf(network: Network): (at: Interface) => string {
  const targets = new Set(
    [...groupsOf(network).routes.values()]
      .flat()
      .flatMap(({ nextHop }) => (nextHop.kind === 'interface' ? nextHop.interface : [])),
  )
  const addressFeature = addressFeaturesOf(network)
  const routerOf = routersOf(network)
  return (at) => {
    if (targets.has(at.id)) return at.id
    const addresses = at.addresses.map((address) => addressFeature(routerOf.get(at.segment) ?? '', address))
    const kept = at.noUplink && originKey(at.noUplink)
    return [at.segment, ruleSetsOf(at).join(), at.sourceDestCheck, kept, ...addresses].join('|')
  }
}

/** The router of each subnet. */
export function routersOf(network: Network): ReadonlyMap<string, string> {
  const routers = [...network.interfaces.values()].filter((at) => network.nodes.get(at.node)?.kind === 'router')
  return new Map(routers.map((at) => [at.segment, at.node]))
}

/** Where an address lies, who names it, and what it is outside. */
function addressFeaturesOf(network: Network): (router: string, address: Ip) => string {
  const cellOf = cellsOf(prefixesOf(network))
  const memberships = membershipsOf(network)
  const translations = translationsOf(network)
  const within = (address: Ip): string => `${cellOf(address)} ${memberships.get(address) ?? ''}`
  return (router, address) => {
    const outside = translations.get(`${router} ${address}`) ?? []
    return [within(address), ...outside.map((t) => `${t.interface} ${within(t.outside)}`)].join(';')
  }
}

/** Translations by router and inside address. */
export const translationsOf = (network: Network): Map<string, Translation[]> =>
  Map.groupBy(
    [...groupsOf(network).translations.values()].flat(),
    (t) => `${network.interfaces.get(t.interface)?.node} ${t.inside}`,
  )

/** Every prefix that something in the network looks at. */
function* prefixesOf(network: Network): Generator<Prefix> {
  const { rules, routes, services } = groupsOf(network)
  for (const list of rules.values())
    for (const { match } of list) if ('prefix' in match.remote) yield match.remote.prefix
  for (const list of routes.values()) for (const { prefix } of list) yield prefix
  for (const list of services.values()) for (const { address } of list) yield hostPrefix(address)
  for (const { prefix } of network.segments.values()) if (prefix) yield prefix
  for (const { serves } of network.nodes.values()) yield* serves ?? []
}

/** The address sets that some rule names, by each of their addresses. */
function membershipsOf(network: Network): ReadonlyMap<Ip, string> {
  const named = new Set<string>()
  for (const list of groupsOf(network).rules.values())
    for (const { match } of list) if ('addressSet' in match.remote) named.add(match.remote.addressSet)
  const memberships = new Map<Ip, string>()
  for (const id of named)
    for (const address of new Set(network.addressSets.get(id)?.addresses))
      memberships.set(address, `${memberships.get(address) ?? ''},${id}`)
  return memberships
}
