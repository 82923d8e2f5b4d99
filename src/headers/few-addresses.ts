/** The addresses that the headers of a narrow set have, found without looking at more than they are. */
import type { Ip } from '../ip/address.ts'
import { type Diagram, leaf } from './diagram.ts'
import type { AddressField } from './field-sets.ts'
import { addressOf, FAMILIES, LAST, LEVEL, WORDS } from './fields.ts'
import type { HeaderSet } from './header-set.ts'

/** Looking longer than this is no shorter than another way. */
const MOST_NODES = 8

/** So many are few. */
const MOST = 4

type Found = ReadonlySet<Ip> | undefined
const known = { source: new WeakMap<HeaderSet, Found>(), destination: new WeakMap<HeaderSet, Found>() }

/** The addresses in a field, each once; undefined where there are more than four, or where that is not soon known. */
export function fewAddresses(set: HeaderSet, field: AddressField): Found {
  if (known[field].has(set)) return known[field].get(set)
  const found = gathered(set, field, MOST)
  known[field].set(set, found)
  return found
}

function gathered(set: HeaderSet, field: AddressField, most: number): Found {
  const found = new Set<Ip>()
  const visited = new Set<Diagram>()
  const last = LEVEL[field] + WORDS - 1
  /** Whether all that is below is few. */
  const visit = (at: Diagram, level: number, words: readonly number[]): boolean => {
    if (at.level > last || at.level > level) return false
    return at.kids.every((kid, i) => {
      if (kid === leaf(0)) return true
      const from = at.starts[i] as number
      const count = (at.starts[i + 1] ?? (LAST[level] as number) + 1) - from
      if (count > most) return false
      return Array.from({ length: count }, (_, n) => [...words, from + n]).every((all) => {
        if (level < last) return visit(kid, level + 1, all)
        found.add(all.length === WORDS ? addressOf(all, 6) : addressOf([0, 0, 0, ...all], 4))
        return found.size <= most
      })
    })
  }
  const descend = (at: Diagram, isFour: boolean): boolean => {
    if (at.level >= LEVEL[field]) return isFour ? visit(at, last, []) : visit(at, LEVEL[field], [])
    if (visited.has(at)) return true
    return visited.add(at).size <= MOST_NODES && at.kids.every((kid) => kid === leaf(0) || descend(kid, isFour))
  }
  if (set.level !== LEVEL.family) return undefined
  const isFew = FAMILIES.every((family, i) => set.kids[i] === leaf(0) || descend(set.kids[i] as Diagram, family === 4))
  return isFew ? found : undefined
}
