/** An nft table as data, its text, and the transaction that turns one into another without dropping flows. */

export interface NftSet {
  readonly kind: 'set' | 'map'
  /** Such as `ifname : verdict`. */
  readonly type: string
  readonly interval?: boolean
  /** Rules put elements into it, which leave again when no rule has named them for a while. */
  readonly dynamic?: boolean
  /** Key -> value; the value of a set's element is empty. */
  readonly elements: ReadonlyMap<string, string>
}

export interface NftChain {
  /** Absent on chains that others go to. */
  readonly hook?: string
  readonly rules: readonly string[]
}

export interface NftTable {
  readonly sets: ReadonlyMap<string, NftSet>
  /** Timeouts of conntrack that rules give to flows: name -> what is within its braces. A name never means another. */
  readonly timeouts: ReadonlyMap<string, string>
  readonly chains: ReadonlyMap<string, NftChain>
}

/** The family and name of the table in each router's namespace. */
export const TABLE = 'inet isthmus'
export const EMPTY: NftTable = { sets: new Map(), timeouts: new Map(), chains: new Map() }

/** The lines that replace whatever is there by `want`, in one transaction; conntrack is not touched. */
export const replaceTable = (want: NftTable): string[] => [
  `add table ${TABLE}`,
  `delete table ${TABLE}`,
  `add table ${TABLE}`,
  ...changeTable(EMPTY, want),
]

/** The lines that turn `have` into `want`: elements one by one, and the rules of changed chains only. */
export function changeTable(have: NftTable, want: NftTable): string[] {
  if (have === want) return []
  const remade = [...want.sets].filter(([name, set]) => isRemade(have.sets.get(name), set)).map(([name]) => name)
  if (remade.length > 0) return replaceTable(want)
  const stale = [...have.chains.keys()].filter((name) => !sameRules(have.chains.get(name), want.chains.get(name)))
  const fresh = [...want.chains].filter(([name, chain]) => !sameRules(have.chains.get(name), chain))
  return [
    ...added(have.sets, want.sets).map(
      ([name, set]) => `add ${set.kind} ${TABLE} ${name} { type ${set.type}; ${optionsOf(set)}}`,
    ),
    ...added(have.timeouts, want.timeouts).map(([name, text]) => `add ct timeout ${TABLE} ${name} { ${text} }`),
    ...added(have.chains, want.chains).map(
      ([name, chain]) => `add chain ${TABLE} ${name}${chain.hook ? ` { ${chain.hook} }` : ''}`,
    ),
    ...stale.map((name) => `flush chain ${TABLE} ${name}`),
    ...elementLines(have, want),
    ...fresh.flatMap(([name, chain]) => chain.rules.map((rule) => `add rule ${TABLE} ${name} ${rule}`)),
    ...added(want.chains, have.chains).map(([name]) => `delete chain ${TABLE} ${name}`),
    ...added(want.sets, have.sets).map(([name, set]) => `delete ${set.kind} ${TABLE} ${name}`),
    ...added(want.timeouts, have.timeouts).map(([name]) => `delete ct timeout ${TABLE} ${name}`),
  ]
}

const optionsOf = ({ interval, dynamic }: NftSet): string =>
  interval ? 'flags interval; ' : dynamic ? 'flags dynamic; size 65535; timeout 10s; ' : ''

/** What a set is cannot be changed in place, nor what a chain hooks to. */
const isRemade = (have: NftSet | undefined, want: NftSet): boolean =>
  have !== undefined &&
  (have.type !== want.type ||
    have.kind !== want.kind ||
    have.interval !== want.interval ||
    have.dynamic !== want.dynamic)

function elementLines(have: NftTable, want: NftTable): string[] {
  const gone: string[] = []
  const come: string[] = []
  for (const name of new Set([...have.sets.keys(), ...want.sets.keys()])) {
    if (have.sets.get(name) === want.sets.get(name)) continue
    const before = have.sets.get(name)?.elements ?? new Map<string, string>()
    const after = want.sets.get(name)?.elements ?? new Map<string, string>()
    const dropped = [...before].filter(([key, value]) => after.get(key) !== value).map(([key]) => key)
    const taken = [...after]
      .filter(([key, value]) => before.get(key) !== value)
      .map(([key, value]) => (value ? `${key} : ${value}` : key))
    if (dropped.length > 0) gone.push(`delete element ${TABLE} ${name} { ${dropped.join(', ')} }`)
    if (taken.length > 0) come.push(`add element ${TABLE} ${name} { ${taken.join(', ')} }`)
  }
  return [...gone, ...come]
}

const added = <T>(have: ReadonlyMap<string, T>, want: ReadonlyMap<string, T>): [string, T][] =>
  [...want].filter(([name]) => !have.has(name))

const sameRules = (a: NftChain | undefined, b: NftChain | undefined): boolean =>
  a === b || (a?.rules ?? []).join('\n') === (b?.rules ?? []).join('\n')
