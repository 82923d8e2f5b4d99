/** Which facts name which: every id that a fact names is there. */
import type { Fact, Network } from './network.ts'

/** The parts of a network that are found by id. */
export type Named = 'nodes' | 'segments' | 'interfaces' | 'tables' | 'ruleSets' | 'addressSets'

type Reference = readonly [kind: Named, id: string | undefined]

/** Throws where the fact names one that is not in the network: a mistake of compile, never of a user. */
export function checkReferences(network: Network, fact: Fact): void {
  for (const [kind, id] of referencesOf(fact))
    if (id !== undefined && !network[kind].has(id))
      throw new Error(`a fact names ${id} of the ${kind}, which is not there: ${JSON.stringify(fact)}`)
}

function referencesOf(fact: Fact): readonly Reference[] {
  if ('interface' in fact) {
    const { node, segment, table, ruleSets = [] } = fact.interface
    const sets = ruleSets.map((id): Reference => ['ruleSets', id])
    return [['nodes', node], ['segments', segment], ['tables', table], ...sets]
  }
  if ('segment' in fact) return [['ruleSets', fact.segment.ruleSet]]
  if ('table' in fact) return [['nodes', fact.table.node]]
  if ('service' in fact) return [['nodes', fact.service.node]]
  if ('translation' in fact) return [['interfaces', fact.translation.interface]]
  if ('route' in fact) {
    const { table, nextHop } = fact.route
    return [
      ['tables', table],
      ['interfaces', 'interface' in nextHop ? nextHop.interface : undefined],
    ]
  }
  if ('rule' in fact) {
    const { ruleSet, match } = fact.rule
    return [
      ['ruleSets', ruleSet],
      ['addressSets', 'addressSet' in match.remote ? match.remote.addressSet : undefined],
    ]
  }
  return []
}
