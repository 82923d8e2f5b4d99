/** Facts → Network: a set of facts in a fixed order, each id there. */
import type { Fact, Network } from '../network/network.ts'

/** Throws where an id appears twice or a fact names one that is not there: a mistake of compile, never of a user. */
export function assemble(facts: readonly Fact[]): Network {
  const network: Network = {
    nodes: byId(facts.flatMap((f) => ('node' in f ? [f.node] : []))),
    segments: byId(facts.flatMap((f) => ('segment' in f ? [f.segment] : []))),
    interfaces: byId(facts.flatMap((f) => ('interface' in f ? [f.interface] : []))),
    tables: byId(facts.flatMap((f) => ('table' in f ? [f.table] : []))),
    ruleSets: byId(facts.flatMap((f) => ('ruleSet' in f ? [f.ruleSet] : []))),
    addressSets: byId(facts.flatMap((f) => ('addressSet' in f ? [f.addressSet] : []))),
    routes: inOrder(facts.flatMap((f) => ('route' in f ? [f.route] : []))),
    rules: inOrder(facts.flatMap((f) => ('rule' in f ? [f.rule] : []))),
    translations: inOrder(facts.flatMap((f) => ('translation' in f ? [f.translation] : []))),
    services: inOrder(facts.flatMap((f) => ('service' in f ? [f.service] : []))),
  }
  checkReferences(network)
  return network
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  const map = new Map(items.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((item) => [item.id, item]))
  if (map.size !== items.length) throw new Error(`two facts share an id: ${items.map((i) => i.id).join(' ')}`)
  return map
}

function inOrder<T>(items: readonly T[]): readonly T[] {
  const keyed = items.map((item) => ({ item, key: JSON.stringify(item) }))
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item)
}

function checkReferences(network: Network): void {
  const { nodes, segments, interfaces, tables, ruleSets, addressSets, routes, rules, translations, services } = network
  const need = (kind: string, map: ReadonlyMap<string, unknown>, ids: readonly (string | undefined)[]) => {
    const missing = ids.find((id) => id !== undefined && !map.has(id))
    if (missing !== undefined) throw new Error(`a fact names ${kind} ${missing}, which is not there`)
  }
  const ports = [...interfaces.values()]
  need(
    'node',
    nodes,
    [...ports, ...tables.values(), ...services].map(({ node }) => node),
  )
  need(
    'segment',
    segments,
    ports.map((i) => i.segment),
  )
  need('table', tables, [...ports.map((i) => i.table), ...routes.map((r) => r.table)])
  need('rule set', ruleSets, [
    ...ports.flatMap((i) => i.ruleSets ?? []),
    ...[...segments.values()].map((s) => s.ruleSet),
    ...rules.map((r) => r.ruleSet),
  ])
  need(
    'address set',
    addressSets,
    rules.map((r) => ('addressSet' in r.match.remote ? r.match.remote.addressSet : undefined)),
  )
  need('interface', interfaces, [
    ...translations.map((t) => t.interface),
    ...routes.map((r) => ('interface' in r.nextHop ? r.nextHop.interface : undefined)),
  ])
}
