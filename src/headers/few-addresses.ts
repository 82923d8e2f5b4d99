/** The addresses that the headers of a narrow set have, found without looking at more than they are. */
import type { Ip } from '../ip/address.ts'
import { type Diagram, leaf } from './diagram.ts'
import type { AddressField } from './field-sets.ts'
import { addressOf, FAMILIES, familyValue, LAST, LEVEL, WORDS } from './fields.ts'
import type { HeaderSet } from './header-set.ts'

/** So many are few. */
const MOST = 4
/** Looking longer than at so many nodes is no shorter than another way. */
const MOST_NODES = 8
/** Few values of a field, and the gaps around them. */
const MOST_INTERVALS = 2 * MOST + 1

type Found = ReadonlySet<Ip> | undefined
const known = { source: new WeakMap<HeaderSet, Found>(), destination: new WeakMap<HeaderSet, Found>() }

/** The addresses in a field, each once; undefined where there are more than four, or where that is not soon known. */
export function fewAddresses(set: HeaderSet, field: AddressField): Found {
  if (set.level !== LEVEL.family) return undefined
  if (known[field].has(set)) return known[field].get(set)
  const found = new Set<Ip>()
  const isFew = FAMILIES.every((family) => {
    const part = set.kids[familyValue(family)] as Diagram
    const first = LEVEL[field] + (family === 4 ? WORDS - 1 : 0)
    return descended(part, first, LEVEL[field] + WORDS, { found, nodes: 0 })
  })
  known[field].set(set, isFew ? found : undefined)
  return isFew ? found : undefined
}

interface Search {
  readonly found: Set<Ip>
  nodes: number
}

/** Down to the first word of the field; `end` is the level behind its last. False where it is not few. */
function descended(at: Diagram, first: number, end: number, search: Search): boolean {
  if (at === NONE) return true
  if (at.level >= first) return gathered(at, first, end, [], search)
  if (++search.nodes > MOST_NODES || at.kids.length > MOST_INTERVALS) return false
  return at.kids.every((kid) => descended(kid, first, end, search))
}

const NONE = leaf(0)

/** The addresses that begin with some words. */
function gathered(at: Diagram, level: number, end: number, words: readonly number[], search: Search): boolean {
  const { found } = search
  const values = fewValues(at, level)
  if (!values) return false
  for (const [word, kid] of values) {
    const all = [...words, word]
    if (level + 1 < end) {
      if (!gathered(kid, level + 1, end, all, search)) return false
    } else found.add(addressOf(all.length === WORDS ? all : [0, 0, 0, word], all.length === WORDS ? 6 : 4))
    if (found.size > MOST) return false
  }
  return true
}

/** The values of a node that lead to something, each with where it leads; undefined where they are more than few. */
function fewValues(at: Diagram, level: number): (readonly [number, Diagram])[] | undefined {
  if (at.level !== level || at.kids.length > MOST_INTERVALS) return undefined
  const values: (readonly [number, Diagram])[] = []
  for (let i = 0; i < at.kids.length; i++) {
    const kid = at.kids[i] as Diagram
    if (kid === NONE) continue
    const end = at.starts[i + 1] ?? (LAST[level] as number) + 1
    if (end - (at.starts[i] as number) > MOST) return undefined
    for (let value = at.starts[i] as number; value < end; value++) values.push([value, kid])
  }
  return values
}
