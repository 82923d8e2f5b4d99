/** A network with some of its host interfaces only: what is true of these in it, is true of them in the whole. */
import type { Ip } from '../../ip/address.ts'
import { groupsOf } from '../../network/groups.ts'
import type { Interface, Network } from '../../network/network.ts'
import { hostInterfaces, type InterfaceClass, routersOf } from './classes.ts'

const memo = new WeakMap<readonly InterfaceClass[], WeakMap<Network, Network>>()

/** The network with the representatives of the classes only. Address sets and translations lose what goes. */
export function quotient(network: Network, classes: readonly InterfaceClass[]): Network {
  const known = memo.get(classes) ?? new WeakMap<Network, Network>()
  memo.set(classes, known)
  const found = known.get(network) ?? reduced(network, classes)
  known.set(network, found)
  return found
}

/** A network of its own: versions of one network that are read by turns would be slow. */
function reduced(network: Network, classes: readonly InterfaceClass[]): Network {
  const keeps = new Set(classes.flatMap(({ first, second }) => (second ? [first.id, second.id] : [first.id])))
  const hosts = hostInterfaces(network)
  const [kept, dropped] = [hosts.filter(({ id }) => keeps.has(id)), hosts.filter(({ id }) => !keeps.has(id))]
  const names = new Set(kept.flatMap(({ addresses }) => addresses))
  const gone = new Set(dropped.flatMap(({ addresses }) => addresses.filter((address) => !names.has(address))))
  const ids = new Set(dropped.map(({ id }) => id))
  const nodes = new Set(kept.map(({ node }) => node))
  const { routes, rules, services } = groupsOf(network)
  return {
    nodes: those(network.nodes, ({ id, kind }) => kind !== 'host' || nodes.has(id)),
    segments: new Map(network.segments),
    interfaces: those(network.interfaces, ({ id }) => !ids.has(id)),
    tables: new Map(network.tables),
    ruleSets: new Map(network.ruleSets),
    addressSets: new Map([...network.addressSets].map(([id, set]) => [id, { ...set, addresses: without(set, gone) }])),
    routes: [...routes.values()].flat(),
    rules: [...rules.values()].flat(),
    translations: translationsWithout(network, dropped),
    services: [...services.values()].flat(),
  }
}

const those = <T>(map: ReadonlyMap<string, T>, wanted: (item: T) => boolean): ReadonlyMap<string, T> =>
  new Map([...map].filter(([, item]) => wanted(item)))

const without = ({ addresses }: { readonly addresses: readonly Ip[] }, gone: ReadonlySet<Ip>): readonly Ip[] =>
  addresses.filter((address) => !gone.has(address))

function translationsWithout(network: Network, dropped: readonly Interface[]): Network['translations'] {
  const routerOf = routersOf(network)
  const gone = new Set(dropped.flatMap((at) => at.addresses.map((a) => `${routerOf.get(at.segment)} ${a}`)))
  const routerAt = (id: string) => network.interfaces.get(id)?.node
  return [...groupsOf(network).translations.values()]
    .flat()
    .filter((t) => !gone.has(`${routerAt(t.interface)} ${t.inside}`))
}
