/** Facts → Network: a set of facts in a fixed order, each id there. */
import type { Fact, Network } from '../network/network.ts'
import { inOrder } from '../network/order.ts'
import { checkReferences } from '../network/references.ts'

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
  for (const fact of facts) checkReferences(network, fact)
  return network
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  const map = new Map(items.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((item) => [item.id, item]))
  if (map.size !== items.length) throw new Error(`two facts share an id: ${items.map((i) => i.id).join(' ')}`)
  return map
}
