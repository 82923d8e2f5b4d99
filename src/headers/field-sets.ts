/** Diagrams of one field: values, ranges, and addresses. */
import { type Family, familyOf, integer4, type Ip } from '../ip/address.ts'
import { baseOf, lengthOf, type Prefix } from '../ip/prefix.ts'
import type { PortRange } from '../network/match.ts'
import { type Diagram, Intervals, leaf } from './diagram.ts'
import { FAMILIES, familyValue, LAST, LEVEL, WORDS, wordsOf } from './fields.ts'
import { united } from './operations.ts'

export type AddressField = 'source' | 'destination'

const NONE = leaf(0)
const ALL = leaf(1)

/** `inside` for the values of the ranges, nothing for all others. Ranges may overlap, and come in any order. */
export function ranges(level: number, wanted: readonly PortRange[], inside: Diagram = ALL): Diagram {
  const out = new Intervals()
  const last = LAST[level] as number
  let end = 0
  for (const { from, to } of wanted.length > 1 ? wanted.toSorted((a, b) => a.from - b.from) : wanted) {
    if (to < from || to < end || from > last) continue
    if (from > end) out.add(end, NONE)
    out.add(Math.max(from, end), inside)
    end = Math.min(to, last) + 1
  }
  if (end <= last) out.add(end, NONE)
  return out.toNode(level)
}

/** `inside` for one value, nothing for all others. */
export function point(level: number, value: number, inside: Diagram = ALL): Diagram {
  const out = new Intervals()
  if (value > 0) out.add(0, NONE)
  out.add(value, inside)
  if (value < (LAST[level] as number)) out.add(value + 1, NONE)
  return out.toNode(level)
}

/** One function for each family. */
export function byFamily(functionOf: (family: Family) => Diagram): Diagram {
  const out = new Intervals()
  for (const family of FAMILIES) out.add(familyValue(family), functionOf(family))
  return out.toNode(LEVEL.family)
}

export type Addresses = readonly Prefix[] | ReadonlySet<Ip>

/** Of one family: `inside` for these addresses, nothing for all others. */
export function addressed(field: AddressField, wanted: Addresses, family: Family, inside: Diagram): Diagram {
  if (!isList(wanted)) {
    const rows = [...wanted].flatMap((address) => row(address, family, inside))
    return branch(LEVEL[field], firstWord(family), rows.sort(byWords))
  }
  const prefixes = wanted.filter((prefix) => familyOf(prefix) === family)
  if (family === 4) return prefixesOf4(LEVEL[field] + WORDS - 1, prefixes, inside)
  return prefixes.map((prefix) => prefixOf6(LEVEL[field], prefix, inside)).reduce(united, NONE)
}

const isList = (wanted: Addresses): wanted is readonly Prefix[] => Array.isArray(wanted)
const firstWord = (family: Family): number => (family === 4 ? WORDS - 1 : 0)

function prefixesOf4(level: number, prefixes: readonly Prefix[], inside: Diagram): Diagram {
  const blocks = prefixes.map((prefix) => {
    const from = integer4(baseOf(prefix))
    return { from, to: from + 2 ** (32 - lengthOf(prefix)) - 1 }
  })
  return ranges(level, blocks, inside)
}

/** What no bit of the prefix reaches is free. */
function prefixOf6(base: number, prefix: Prefix, inside: Diagram): Diagram {
  let found = inside
  for (const [word, from] of [...wordsOf(baseOf(prefix)).entries()].reverse()) {
    const bits = Math.min(Math.max(lengthOf(prefix) - 32 * word, 0), 32)
    if (bits > 0) found = ranges(base + word, [{ from, to: from + 2 ** (32 - bits) - 1 }], found)
  }
  return found
}

/** A function of one address: what each address in the table leads to, and nothing for all others. */
export const addressTable = (field: AddressField, table: readonly (readonly [Ip, Diagram])[]): Diagram =>
  byFamily((family) => {
    const rows = table.flatMap(([address, to]) => row(address, family, to))
    return branch(LEVEL[field], firstWord(family), rows.sort(byWords))
  })

const row = (address: Ip, family: Family, to: Diagram): Row[] =>
  familyOf(address) === family ? [{ words: wordsOf(address), to }] : []

interface Row {
  readonly words: readonly number[]
  readonly to: Diagram
}

function byWords(a: Row, b: Row): number {
  for (let word = 0; word < WORDS; word++) {
    const difference = (a.words[word] as number) - (b.words[word] as number)
    if (difference !== 0) return difference
  }
  return 0
}

/** Rows that agree in the words before this one. */
function branch(base: number, word: number, rows: readonly Row[]): Diagram {
  const out = new Intervals()
  let next = 0
  for (let at = 0; at < rows.length; ) {
    const value = rows[at]?.words[word] as number
    let end = at + 1
    while (end < rows.length && rows[end]?.words[word] === value) end++
    if (value > next) out.add(next, NONE)
    const isLast = word === WORDS - 1
    out.add(value, isLast ? (rows[at] as Row).to : branch(base, word + 1, rows.slice(at, end)))
    next = value + 1
    at = end
  }
  if (next <= (LAST[base + word] as number)) out.add(next, NONE)
  return out.toNode(base + word)
}
