/**
 * What a network holds by whom it belongs to: the rules of a set, the routes of a table, the interfaces of a node.
 *
 * Invariant: a list that nothing has changed in is the same list in the next network (`patch.ts`), so that what was
 * made of a list can be kept by the list.
 */
import type { Ip } from '../ip/address.ts'
import type { Difference, Fact, Interface, Network, Route, Rule, Service, Table, Translation } from './network.ts'
import { asJudged, byDevice, byText, type Compare, compareText, longestFirst } from './order.ts'
import { type MapChange, PersistentMap } from './persistent-map.ts'

type Lists<T> = PersistentMap<string, readonly T[]>

export interface Groups {
  /** By `ruleSet/direction`, in the order they are judged. */
  readonly rules: Lists<Rule>
  /** By table, the longest prefix first. */
  readonly routes: Lists<Route>
  /** By the interface that translates. */
  readonly translations: Lists<Translation>
  /** By router. */
  readonly services: Lists<Service>
  /** By router. */
  readonly tablesOf: Lists<Table>
  /** By node, device index first. */
  readonly interfacesOf: Lists<Interface>
  /** By segment, device index first. */
  readonly attachedTo: Lists<Interface>
  /** By public address, over the whole internet. */
  readonly publicOwners: PersistentMap<Ip, Translation>
}

/** How one kind of fact is grouped. */
interface Grouping<T> {
  readonly all: (network: Network) => readonly T[]
  readonly of: (fact: Fact) => T | undefined
  readonly key: (item: T) => string
  /** Ties are in the order of the text. */
  readonly order: Compare<T>
}

const interfaces = {
  all: (network: Network) => [...network.interfaces.values()],
  of: (fact: Fact) => ('interface' in fact ? fact.interface : undefined),
  order: byDevice,
}

const GROUPINGS = {
  rules: {
    all: (network) => network.rules,
    of: (fact) => ('rule' in fact ? fact.rule : undefined),
    key: ({ ruleSet, direction }) => `${ruleSet}/${direction}`,
    order: asJudged,
  } satisfies Grouping<Rule>,
  routes: {
    all: (network) => network.routes,
    of: (fact) => ('route' in fact ? fact.route : undefined),
    key: ({ table }) => table,
    order: longestFirst,
  } satisfies Grouping<Route>,
  translations: {
    all: (network) => network.translations,
    of: (fact) => ('translation' in fact ? fact.translation : undefined),
    key: (t) => t.interface,
    order: () => 0,
  } satisfies Grouping<Translation>,
  services: {
    all: (network) => network.services,
    of: (fact) => ('service' in fact ? fact.service : undefined),
    key: ({ node }) => node,
    order: () => 0,
  } satisfies Grouping<Service>,
  tablesOf: {
    all: (network) => [...network.tables.values()],
    of: (fact) => ('table' in fact ? fact.table : undefined),
    key: ({ node }) => node,
    order: (a, b) => compareText(a.id, b.id),
  } satisfies Grouping<Table>,
  interfacesOf: { ...interfaces, key: ({ node }) => node } satisfies Grouping<Interface>,
  attachedTo: { ...interfaces, key: ({ segment }) => segment } satisfies Grouping<Interface>,
}

const memo = new WeakMap<Network, Groups>()

export function groupsOf(network: Network): Groups {
  const known = memo.get(network)
  if (known) return known
  const group = <T>({ all, key, order }: Grouping<T>): Lists<T> =>
    new PersistentMap(Map.groupBy(all(network).toSorted(order), key))
  const groups = eachGrouping(group, new PersistentMap(new Map(network.translations.map((t) => [t.outside, t]))))
  memo.set(network, groups)
  return groups
}

/** The groups of `after`, which is `before` without some facts and with others. */
export function regroup(before: Network, after: Network, { removed, added }: Difference): void {
  const groups = groupsOf(before)
  const { of } = GROUPINGS.translations
  const owners = groups.publicOwners.with([
    ...removed.flatMap((fact) => of(fact) ?? []).map((t) => [t.outside, undefined] as const),
    ...added.flatMap((fact) => of(fact) ?? []).map((t) => [t.outside, t] as const),
  ])
  const regrouped = <T>(grouping: Grouping<T>, name: keyof typeof GROUPINGS) =>
    replaced(groups[name] as unknown as Lists<T>, grouping, { removed, added })
  memo.set(after, eachGrouping(regrouped, owners))
}

function eachGrouping(
  make: <T>(grouping: Grouping<T>, name: keyof typeof GROUPINGS) => Lists<T>,
  publicOwners: Groups['publicOwners'],
): Groups {
  return {
    rules: make<Rule>(GROUPINGS.rules, 'rules'),
    routes: make<Route>(GROUPINGS.routes, 'routes'),
    translations: make<Translation>(GROUPINGS.translations, 'translations'),
    services: make<Service>(GROUPINGS.services, 'services'),
    tablesOf: make<Table>(GROUPINGS.tablesOf, 'tablesOf'),
    interfacesOf: make<Interface>(GROUPINGS.interfacesOf, 'interfacesOf'),
    attachedTo: make<Interface>(GROUPINGS.attachedTo, 'attachedTo'),
    publicOwners,
  }
}

/** New lists where something goes or comes; an empty one goes with its last item. */
function replaced<T>(lists: Lists<T>, { of, key, order }: Grouping<T>, { removed, added }: Difference): Lists<T> {
  const gone = new Set<T>(removed.flatMap((fact) => of(fact) ?? []))
  const come: readonly T[] = added.flatMap((fact) => of(fact) ?? [])
  const keys = new Set([...gone, ...come].map(key))
  return lists.with(
    [...keys].map((one): MapChange<string, readonly T[]> => {
      const list = (lists.get(one) ?? []).filter((item) => !gone.has(item))
      for (const item of come) if (key(item) === one) insert(list, item, (a, b) => order(a, b) || byText(a, b))
      return [one, list.length > 0 ? list : undefined]
    }),
  )
}

/** Into a list that is in order. */
function insert<T>(list: T[], item: T, order: Compare<T>): void {
  let [from, to] = [0, list.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (order(list[middle] as T, item) < 0) from = middle + 1
    else to = middle
  }
  list.splice(from, 0, item)
}
