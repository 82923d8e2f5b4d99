/**
 * What a trace rests on, so that a change of the network can be told to leave it as it is.
 *
 * Invariant: a trace that a change could make another is concerned by it. The converse need not hold: a rule that is
 * added to a set on the way concerns a trace even where it matches none of its packets.
 */
import type { Ip } from '../ip/address.ts'
import { contains } from '../ip/prefix.ts'
import type { Leg, Trace } from '../network/flow.ts'
import { groupsOf } from '../network/groups.ts'
import { isOnSubnet } from '../network/nat.ts'
import type { Difference, Fact, Interface, Network } from '../network/network.ts'
import { rulesOf } from '../network/rules.ts'
import { farEnd, topologyOf } from './topology.ts'

/** Ids of what packets met or could have met, and the addresses they had on the way. */
export interface Footprint {
  readonly nodes: ReadonlySet<string>
  /** The nodes that are at the end of a wire of a subnet. */
  readonly ends: ReadonlySet<string>
  readonly interfaces: ReadonlySet<string>
  readonly segments: ReadonlySet<string>
  readonly tables: ReadonlySet<string>
  readonly ruleSets: ReadonlySet<string>
  readonly addressSets: ReadonlySet<string>
  readonly addresses: ReadonlySet<Ip>
}

/** The part of a leg that a footprint is found from. */
export type Way = Pick<Leg, 'flow' | 'path'>

/** Both legs of a trace. */
export const waysOf = ({ request, reply }: Trace): readonly Way[] => (reply ? [request, reply] : [request])

/** What these legs rest on, in the network that they were traced in. */
export function footprintOf(network: Network, ways: readonly Way[]): Footprint {
  const nodes = new Set(ways.flatMap(({ path }) => path))
  const ends = new Set([...nodes].filter((id) => isOnSubnet(network.nodes.get(id))))
  const addresses = addressesOf(network, nodes, ends, ways)
  const passed = crossed(network, ways)
  const tables = new Set(passed.flatMap(({ table }) => table ?? []))
  const interfaces = new Map(
    [
      ...passed,
      ...interfacesOf(network, ends),
      ...owners(network, nodes, addresses),
      ...nextHops(network, tables, addresses),
    ].map((i) => [i.id, i] as const),
  )
  const segments = new Set([...interfaces.values()].map(({ segment }) => segment))
  const ruleSets = new Set([
    ...[...interfaces.values()].flatMap((i) => i.ruleSets ?? []),
    ...[...segments].flatMap((id) => network.segments.get(id)?.ruleSet ?? []),
  ])
  return {
    nodes,
    ends,
    interfaces: new Set(interfaces.keys()),
    segments,
    tables,
    ruleSets,
    addressSets: namedBy(network, ruleSets),
    addresses,
  }
}

/** The addresses of the packets, each with what it is translated to and from. */
function addressesOf(
  network: Network,
  nodes: ReadonlySet<string>,
  ends: ReadonlySet<string>,
  ways: readonly Way[],
): ReadonlySet<Ip> {
  const { publicOwners, inside } = topologyOf(network)
  const senders = [...ends].filter((id) => network.nodes.get(id)?.kind === 'nat')
  const addresses = new Set([
    ...ways.flatMap(({ flow }) => [flow.source, flow.destination]),
    ...interfacesOf(network, senders).flatMap((i) => i.addresses),
  ])
  const uplinks = interfacesOf(network, nodes).filter(({ table }) => table !== undefined)
  // A set visits what is added while it is visited.
  for (const address of addresses) {
    const owner = publicOwners.get(address)
    if (owner) addresses.add(owner.inside)
    for (const { id } of uplinks) {
      const outside = inside.get(id)?.get(address)?.outside
      if (outside) addresses.add(outside)
    }
  }
  return addresses
}

const interfacesOf = (network: Network, nodes: Iterable<string>): Interface[] =>
  [...nodes].flatMap((id) => groupsOf(network).interfacesOf.get(id) ?? [])

/** The interfaces over which packets went from a node to the next, or could have gone. */
function crossed(network: Network, ways: readonly Way[]): Interface[] {
  const pairs = ways.flatMap(({ path }) => path.slice(1).map((node, i) => [path[i] as string, node] as const))
  return pairs.flatMap(([a, b]) => shared(network, a, b))
}

/** The interfaces of two nodes on the segments that both are on. */
function shared(network: Network, a: string, b: string): Interface[] {
  const { interfacesOf: all } = groupsOf(network)
  const [ofA, ofB] = [all.get(a) ?? [], all.get(b) ?? []]
  const [few, many] = ofA.length < ofB.length ? [ofA, ofB] : [ofB, ofA]
  const segments = new Set(few.map(({ segment }) => segment))
  const common = many.filter(({ segment }) => segments.has(segment))
  const both = new Set(common.map(({ segment }) => segment))
  return [...common, ...few.filter(({ segment }) => both.has(segment))]
}

/** Who has one of the addresses beside a router on the way. */
const owners = (network: Network, nodes: ReadonlySet<string>, addresses: ReadonlySet<Ip>): Interface[] =>
  [...nodes].flatMap((router) => {
    const neighbors = topologyOf(network).neighbors.get(router)
    return neighbors ? [...addresses].flatMap((address) => neighbors.get(address) ?? []) : []
  })

/** Where routes for one of the addresses lead, and what is at the other end. */
function nextHops(network: Network, tables: ReadonlySet<string>, addresses: ReadonlySet<Ip>): Interface[] {
  const topology = topologyOf(network)
  const routes = [...tables].flatMap((table) => topology.routesOf.get(table) ?? [])
  const taken = routes.filter(({ prefix }) => [...addresses].some((address) => contains(prefix, address)))
  return taken.flatMap(({ nextHop }) => {
    const near = 'interface' in nextHop ? network.interfaces.get(nextHop.interface) : undefined
    const far = near && farEnd(topology, near)
    return [near, far].filter((i) => i !== undefined)
  })
}

const namedBy = (network: Network, ruleSets: Iterable<string>): ReadonlySet<string> =>
  new Set(
    [...ruleSets]
      .flatMap((id) => [...rulesOf(network, id, 'ingress'), ...rulesOf(network, id, 'egress')])
      .flatMap(({ match: { remote } }) => ('addressSet' in remote ? remote.addressSet : [])),
  )

/** Whether what was found with this footprint could be another after the change. */
export function isConcerned(footprint: Footprint, { removed, added }: Difference): boolean {
  const sets = { before: addressSetsIn(removed), after: addressSetsIn(added) }
  return [...removed, ...added].some((fact) =>
    'addressSet' in fact
      ? footprint.addressSets.has(fact.addressSet.id) && [...footprint.addresses].some(moved(sets, fact.addressSet.id))
      : concerns(footprint, fact),
  )
}

/** Whether an address has come into a set or left it. */
const moved =
  (
    { before, after }: { before: ReturnType<typeof addressSetsIn>; after: ReturnType<typeof addressSetsIn> },
    id: string,
  ) =>
  (address: Ip): boolean =>
    before.get(id)?.includes(address) !== after.get(id)?.includes(address)

const addressSetsIn = (facts: readonly Fact[]): ReadonlyMap<string, readonly Ip[]> =>
  new Map(facts.flatMap((fact) => ('addressSet' in fact ? [[fact.addressSet.id, fact.addressSet.addresses]] : [])))

function concerns(footprint: Footprint, fact: Exclude<Fact, { addressSet: unknown }>): boolean {
  const { nodes, segments, tables, ruleSets, addresses } = footprint
  if ('node' in fact) return nodes.has(fact.node.id)
  if ('segment' in fact) return segments.has(fact.segment.id)
  if ('interface' in fact) return concernsInterface(footprint, fact.interface)
  if ('table' in fact) return tables.has(fact.table.id)
  if ('ruleSet' in fact) return ruleSets.has(fact.ruleSet.id)
  if ('rule' in fact) return ruleSets.has(fact.rule.ruleSet)
  // A router is asked for its services before a packet comes to it.
  if ('service' in fact) return addresses.has(fact.service.address)
  if ('translation' in fact) return addresses.has(fact.translation.inside) || addresses.has(fact.translation.outside)
  const { table, prefix } = fact.route
  return tables.has(table) && [...addresses].some((address) => contains(prefix, address))
}

/** One that packets met; any of a host on the way; one that has an address of theirs; or a router's on a segment. */
function concernsInterface({ interfaces, ends, segments, addresses }: Footprint, i: Interface): boolean {
  if (interfaces.has(i.id) || ends.has(i.node) || i.addresses.some((address) => addresses.has(address))) return true
  return i.mac === undefined && segments.has(i.segment)
}
