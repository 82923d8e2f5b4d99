/** Collects the sets and chains of an nft table while it is rendered, whole or in parts. */
import { familyOf } from '../../ip/address.ts'
import { keeping } from '../../network/kept.ts'
import type { AddressSet } from '../../network/network.ts'
import type { Comments } from './comments.ts'
import { named } from './names.ts'
import type { NftChain, NftSet, NftTable } from './nft.ts'

export interface TableBuilder {
  /** A chain the kernel calls. Priorities order the gates; each is judged by itself, an accept never skips another. */
  base(
    name: string,
    hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting',
    priority: number,
    rules: readonly string[],
    type?: 'filter' | 'nat',
  ): void
  /** A chain that others go to. Rendered once a name. */
  chain(name: string, rules: () => readonly string[]): string
  /** A chain that was made before. */
  made(name: string, chain: NftChain): string
  /** Timeouts of conntrack for rules to give to flows. Made once a name. */
  timeout(name: string, text: string): string
  /** A map that is there even while it is empty. */
  emptyMap(name: string, type: string): void
  /** Puts an element into a map, made at first use. */
  put(map: string, type: string, key: string, value: string): void
  /** As `put`, unless the key is there. */
  putFirst(map: string, type: string, key: string, value: string): void
  set(name: string, type: string, keys: readonly string[]): void
  /** A set that rules fill. */
  dynamicSet(name: string, type: string): void
  /** The addresses of a set of the network, under its name here. */
  addressSet(set: AddressSet): void
  readonly table: NftTable
}

function tableBuilder(): TableBuilder {
  const sets = new Map<string, FilledSet>()
  const timeouts = new Map<string, string>()
  const chains = new Map<string, NftChain>()
  const setNamed = (name: string, kind: NftSet['kind'], type: string) => {
    const known = sets.get(name) ?? { kind, type, elements: new Map<string, string>() }
    sets.set(name, known)
    return known.elements
  }
  return {
    base: (name, hook, priority, rules, type = 'filter') =>
      void chains.set(name, { hook: `type ${type} hook ${hook} priority ${priority}; policy accept;`, rules }),
    chain(name, rules) {
      if (!chains.has(name)) chains.set(name, { rules: rules() })
      return name
    },
    made(name, chain) {
      chains.set(name, chain)
      return name
    },
    timeout(name, text) {
      timeouts.set(name, text)
      return name
    },
    emptyMap: (name, type) => void setNamed(name, 'map', type),
    put: (map, type, key, value) => void setNamed(map, 'map', type).set(key, value),
    putFirst(map, type, key, value) {
      const elements = setNamed(map, 'map', type)
      if (!elements.has(key)) elements.set(key, value)
    },
    set(name, type, keys) {
      const elements = setNamed(name, 'set', type)
      for (const key of keys) elements.set(key, '')
    },
    dynamicSet: (name, type) => void sets.set(name, { kind: 'set', type, dynamic: true, elements: new Map() }),
    addressSet: (set) =>
      void sets.set(
        named('set', set.id),
        keepAddresses(set, [], () => addressElements(set)),
      ),
    table: { sets, timeouts, chains },
  }
}

type FilledSet = NftSet & { readonly elements: Map<string, string> }
const keepAddresses = keeping<FilledSet>()

const addressElements = ({ addresses }: AddressSet): FilledSet => ({
  kind: 'set',
  type: 'ipv4_addr',
  elements: new Map(addresses.filter((a) => familyOf(a) === 4).map((a) => [a, ''])),
})

/** A part of a table, and what the comments in it that had to be shortened stand for. */
export interface TablePart {
  readonly table: NftTable
  readonly comments: ReadonlyMap<string, string>
}

export function partOf(fill: (build: TableBuilder, comments: Comments) => void): TablePart {
  const build = tableBuilder()
  const comments: Comments = new Map()
  fill(build, comments)
  return { table: build.table, comments }
}

/** One table of parts. What is in several of them has the same name and means the same. */
export const joined = (parts: readonly TablePart[]): NftTable => ({
  sets: new Map(parts.flatMap(({ table }) => [...table.sets])),
  timeouts: new Map(parts.flatMap(({ table }) => [...table.timeouts])),
  chains: new Map(parts.flatMap(({ table }) => [...table.chains])),
})

export const VERDICT = 'ifname : verdict'
export const quoted = (name: string): string => `"${name}"`
export const anyOf = (values: readonly string[]): string =>
  values.length === 1 ? `${values[0]}` : `{ ${values.join(', ')} }`
