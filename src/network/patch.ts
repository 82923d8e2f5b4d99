/**
 * A network with a few facts fewer and a few more, at the cost of these. Both networks stay whole: what is supposed
 * can be looked at beside what is.
 */
import { groupsOf, regroup } from './groups.ts'
import type { Difference, Fact, Network } from './network.ts'
import { inOrder } from './order.ts'
import { type MapChange, PersistentMap } from './persistent-map.ts'
import { checkReferences, type Named } from './references.ts'

type Maps = { readonly [N in Named]: PersistentMap<string, ItemOf<Network[N]>> }
type ItemOf<M> = M extends ReadonlyMap<string, infer T> ? T : never

/** Which fact is in which of the maps. */
const MAPS = {
  node: 'nodes',
  segment: 'segments',
  interface: 'interfaces',
  table: 'tables',
  ruleSet: 'ruleSets',
  addressSet: 'addressSets',
} as const satisfies Record<string, Named>

const memo = new WeakMap<Network, Maps>()

/**
 * The network after a difference. Its lists (`rules`, `routes` ...) are made when they are asked for; `groups.ts` has
 * them in parts. Throws where an id is there twice or a new fact names one that is not there. Who takes a fact away
 * takes away what names it.
 */
export function patched(before: Network, difference: Difference): Network {
  const { removed, added } = difference
  if (removed.length === 0 && added.length === 0) return before
  const maps = mapsWith(mapsOf(before), difference)
  const after = networkOf(maps)
  memo.set(after, maps)
  regroup(before, after, difference)
  for (const fact of added) checkReferences(after, fact)
  return after
}

function mapsOf(network: Network): Maps {
  const known = memo.get(network)
  if (known) return known
  const persistent = (map: ReadonlyMap<string, unknown>) => {
    const made = new PersistentMap(new Map(map))
    plainMaps.set(made, map)
    return made
  }
  const maps = Object.fromEntries(
    Object.values(MAPS).map((name) => [name, persistent(network[name])]),
  ) as unknown as Maps
  memo.set(network, maps)
  return maps
}

function mapsWith(maps: Maps, { removed, added }: Difference): Maps {
  const next = Object.values(MAPS).map((name) => {
    const gone = removed.flatMap((fact) => namedIn(name, fact))
    const come = added.flatMap((fact) => namedIn(name, fact))
    const going = new Set(gone.map(({ id }) => id))
    for (const { id } of come)
      if (maps[name].has(id) && !going.has(id)) throw new Error(`two of the ${name} share an id: ${id}`)
    const changes: MapChange<string, unknown>[] = [
      ...gone.map(({ id }) => [id, undefined] as const),
      ...come.map((item) => [item.id, item] as const),
    ]
    return [name, (maps[name] as PersistentMap<string, unknown>).with(changes)]
  })
  return Object.fromEntries(next) as Maps
}

function namedIn(name: Named, fact: Fact): { readonly id: string }[] {
  const [[kind, item] = []] = Object.entries(fact)
  return MAPS[kind as keyof typeof MAPS] === name ? [item as { id: string }] : []
}

/**
 * The same network with maps of its own: plain data, for who keeps and compares networks. Costs what its maps are
 * long; the groups (`groups.ts`) stay the same, and so do the maps in which nothing has changed.
 */
export function detached(network: Network): Network {
  if (network.nodes instanceof Map) return network
  const known = copies.get(network)
  if (known) return known
  const { nodes, segments, interfaces, tables, ruleSets, addressSets } = network
  const copy = networkOf({
    nodes: plain(nodes),
    segments: plain(segments),
    interfaces: plain(interfaces),
    tables: plain(tables),
    ruleSets: plain(ruleSets),
    addressSets: plain(addressSets),
  })
  regroup(network, copy, { removed: [], added: [] })
  copies.set(network, copy)
  return copy
}

const copies = new WeakMap<Network, Network>()
const plainMaps = new WeakMap<object, object>()

function plain<T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const known = plainMaps.get(map) as ReadonlyMap<string, T> | undefined
  if (known) return known
  const copy = new Map(map)
  plainMaps.set(map, copy)
  return copy
}

/** With lists that are made when they are asked for. */
function networkOf(maps: Pick<Network, Named>): Network {
  const lists: { -readonly [L in 'rules' | 'routes' | 'translations' | 'services']?: Network[L] } = {}
  const network: Network = {
    ...maps,
    get rules() {
      lists.rules ??= inOrder([...groupsOf(network).rules.values()].flat())
      return lists.rules
    },
    get routes() {
      lists.routes ??= inOrder([...groupsOf(network).routes.values()].flat())
      return lists.routes
    },
    get translations() {
      lists.translations ??= inOrder([...groupsOf(network).translations.values()].flat())
      return lists.translations
    },
    get services() {
      lists.services ??= inOrder([...groupsOf(network).services.values()].flat())
      return lists.services
    },
  }
  return network
}
