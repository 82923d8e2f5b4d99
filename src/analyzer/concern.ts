/** Found by what they rest on: the few of many verdicts that a change can concern, without a look at the others. */
import { interfacesOfInstance, type NetworkInterface } from '../ec2/network-interface.ts'
import type { Change, State } from '../ec2/state.ts'
import { type Footprint, footprintOf, isConcerned } from '../forward/footprint.ts'
import type { Difference, Fact, Network } from '../network/network.ts'
import type { Rests } from './answer.ts'
import type { End } from './question.ts'

/** What has become of a state, and of its network. */
export interface Step {
  readonly difference: Difference
  readonly changes: readonly Change[]
}

/** What several steps, one after the other, have made of the first network: what came and went again is left out. */
export function joined(steps: readonly Step[]): Step {
  const [removed, added] = [new Set<Fact>(), new Set<Fact>()]
  for (const { difference } of steps) {
    for (const fact of difference.removed) if (!added.delete(fact)) removed.add(fact)
    for (const fact of difference.added) if (!removed.delete(fact)) added.add(fact)
  }
  return { difference: { removed: [...removed], added: [...added] }, changes: steps.flatMap(({ changes }) => changes) }
}

/** What one verdict rests on; `records`: ids of records that are read beside the network. */
export interface Basis {
  readonly footprint: Footprint
  readonly records: readonly string[]
}

/** What an answer about these ends rests on. */
export const basisOf = (state: State, network: Network, ends: readonly End[], rests: Rests): Basis | 'anything' =>
  rests === 'anything'
    ? rests
    : { footprint: footprintOf(network, rests), records: ends.flatMap((end) => recordsOf(state, end)) }

/** What is read of an end beside the network: its record, and those of its interfaces. */
function recordsOf(state: State, end: End): string[] {
  if (!('id' in end)) return []
  return [end.id, ...interfacesOfInstance(state, end.id).map(({ id }) => id)]
}

/** With more facts than this a change is taken to concern everything. */
const MOST_FACTS = 2000

export class ConcernIndex<T> {
  readonly #bases = new Map<T, Basis | 'anything'>()
  readonly #byKey = new Map<string, Set<T>>()
  readonly #always = new Set<T>()

  /** Forgets what the item rested on before. */
  put(item: T, basis: Basis | 'anything'): void {
    this.delete(item)
    this.#bases.set(item, basis)
    if (basis === 'anything') this.#always.add(item)
    else for (const key of keysOf(basis)) this.#under(key).add(item)
  }

  delete(item: T): void {
    const basis = this.#bases.get(item)
    if (basis === undefined) return
    this.#bases.delete(item)
    if (basis === 'anything') this.#always.delete(item)
    else for (const key of keysOf(basis)) this.#drop(key, item)
  }

  /** Every item that could be another after the step. */
  concernedBy({ difference, changes }: Step): ReadonlySet<T> {
    const facts = [...difference.removed, ...difference.added]
    if (facts.length > MOST_FACTS || changes.length > MOST_FACTS) return new Set(this.#bases.keys())
    const concerned = new Set(this.#always)
    for (const key of changes.flatMap(recordKeys)) for (const item of this.#byKey.get(key) ?? []) concerned.add(item)
    for (const item of this.#near(facts)) {
      const basis = this.#bases.get(item)
      if (basis !== undefined && basis !== 'anything' && isConcerned(basis.footprint, difference)) concerned.add(item)
    }
    return concerned
  }

  /** Items with a part of their footprint in common with one of the facts. */
  #near(facts: readonly Fact[]): ReadonlySet<T> {
    const keys = new Set(facts.flatMap(factKeys))
    return new Set([...keys].flatMap((key) => [...(this.#byKey.get(key) ?? [])]))
  }

  #under(key: string): Set<T> {
    const items = this.#byKey.get(key) ?? new Set<T>()
    this.#byKey.set(key, items)
    return items
  }

  #drop(key: string, item: T): void {
    const items = this.#byKey.get(key)
    items?.delete(item)
    if (items?.size === 0) this.#byKey.delete(key)
  }
}

/** Under which keys a footprint is found: each that `isConcerned` would ask it for. */
const keysOf = ({ footprint, records }: Basis): string[] => [
  ...[...footprint.nodes].map((id) => `node ${id}`),
  ...[...footprint.ends].map((id) => `end ${id}`),
  ...[...footprint.interfaces].map((id) => `interface ${id}`),
  ...[...footprint.segments].map((id) => `segment ${id}`),
  ...[...footprint.tables].map((id) => `table ${id}`),
  ...[...footprint.ruleSets].map((id) => `rules ${id}`),
  ...[...footprint.addressSets].map((id) => `set ${id}`),
  ...[...footprint.addresses].map((address) => `address ${address}`),
  ...records.map((id) => `record ${id}`),
]

/** Under which keys the footprints stand that a fact can concern. */
function factKeys(fact: Fact): string[] {
  if ('node' in fact) return [`node ${fact.node.id}`]
  if ('segment' in fact) return [`segment ${fact.segment.id}`]
  if ('interface' in fact) {
    const { id, node, segment, mac, addresses } = fact.interface
    const own = [`interface ${id}`, `end ${node}`, ...addresses.map((address) => `address ${address}`)]
    return mac === undefined ? [...own, `segment ${segment}`] : own
  }
  if ('table' in fact) return [`table ${fact.table.id}`]
  if ('route' in fact) return [`table ${fact.route.table}`]
  if ('ruleSet' in fact) return [`rules ${fact.ruleSet.id}`]
  if ('rule' in fact) return [`rules ${fact.rule.ruleSet}`]
  if ('addressSet' in fact) return [`set ${fact.addressSet.id}`]
  if ('service' in fact) return [`address ${fact.service.address}`]
  return [`address ${fact.translation.inside}`, `address ${fact.translation.outside}`]
}

/** An interface is read with the instance that has it. */
function recordKeys({ type, id, record }: Change): string[] {
  const owner =
    type === 'network-interface' ? (record as NetworkInterface | undefined)?.attachment?.instanceId : undefined
  return [`record ${id}`, ...(owner === undefined ? [] : [`record ${owner}`])]
}
