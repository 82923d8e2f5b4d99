/** Collects the sets and chains of one nft table while it is rendered. */
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
  /** Timeouts of conntrack for rules to give to flows. Made once a name. */
  timeout(name: string, text: string): string
  /** A map that is there even while it is empty. */
  emptyMap(name: string, type: string): void
  /** Puts an element into a map, made at first use. */
  put(map: string, type: string, key: string, value: string): void
  set(name: string, type: string, keys: readonly string[]): void
  /** A set that rules fill. */
  dynamicSet(name: string, type: string): void
  readonly table: NftTable
}

export function tableBuilder(): TableBuilder {
  const sets = new Map<string, NftSet & { elements: Map<string, string> }>()
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
    timeout(name, text) {
      timeouts.set(name, text)
      return name
    },
    emptyMap: (name, type) => void setNamed(name, 'map', type),
    put: (map, type, key, value) => void setNamed(map, 'map', type).set(key, value),
    set(name, type, keys) {
      const elements = setNamed(name, 'set', type)
      for (const key of keys) elements.set(key, '')
    },
    dynamicSet: (name, type) => void sets.set(name, { kind: 'set', type, dynamic: true, elements: new Map() }),
    table: { sets, timeouts, chains },
  }
}

export const VERDICT = 'ifname : verdict'
export const quoted = (name: string): string => `"${name}"`
export const anyOf = (values: readonly string[]): string =>
  values.length === 1 ? `${values[0]}` : `{ ${values.join(', ')} }`
