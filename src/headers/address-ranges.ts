/** The address part of a diagram as ranges of addresses, and ranges as the fewest prefixes. */
import { type Family, fromInteger } from '../ip/address.ts'
import type { Prefix } from '../ip/prefix.ts'
import { type Diagram, leaf } from './diagram.ts'
import type { AddressField } from './field-sets.ts'
import { LAST, LEVEL, WORDS } from './fields.ts'

/** Inclusive; addresses as integers. */
export interface AddressRange {
  readonly from: bigint
  readonly to: bigint
}

/** Longer runs of words with one and the same inside never come from prefixes. */
const MOST_WORDS = 1 << 20

/** The ranges of addresses by where they lead, ascending; without those that lead to nothing. */
export function rangesByKid(at: Diagram, field: AddressField, family: Family): Map<Diagram, AddressRange[]> {
  const byKid = new Map<Diagram, AddressRange[]>()
  const last = LEVEL[field] + WORDS - 1
  const add = (kid: Diagram, from: bigint, to: bigint) => {
    if (kid === leaf(0)) return
    const known = byKid.get(kid)
    const before = known?.at(-1)
    if (known && before?.to === from - 1n) known[known.length - 1] = { from: before.from, to }
    else if (known) known.push({ from, to })
    else byKid.set(kid, [{ from, to }])
  }
  const visit = (here: Diagram, level: number, base: bigint) => {
    for (const { from, to, kid } of intervals(here, level)) {
      const bits = BigInt(32 * (last - level))
      const start = (base << 32n) + BigInt(from)
      if (kid.level > last) add(kid, start << bits, ((start + BigInt(to - from + 1)) << bits) - 1n)
      else if (to - from >= MOST_WORDS) throw new Error('a set of addresses that no prefixes make up')
      else for (let word = 0; word <= to - from; word++) visit(kid, level + 1, start + BigInt(word))
    }
  }
  visit(at, family === 4 ? last : LEVEL[field], 0n)
  return byKid
}

/** The intervals of a node at this level, one of all values where it asks another. */
function intervals(at: Diagram, level: number): { from: number; to: number; kid: Diagram }[] {
  const last = LAST[level] as number
  if (at.level !== level) return [{ from: 0, to: last, kid: at }]
  return at.kids.map((kid, i) => ({ from: at.starts[i] as number, to: (at.starts[i + 1] ?? last + 1) - 1, kid }))
}

const widthOf = (family: Family): bigint => (family === 4 ? 32n : 128n)

export const isAll = ([first]: readonly AddressRange[], family: Family): boolean =>
  first?.from === 0n && first.to === (1n << widthOf(family)) - 1n

/** The fewest prefixes that make up the ranges. */
export const prefixesOf = (ranges: readonly AddressRange[], family: Family): Prefix[] =>
  ranges.flatMap(({ from, to }) => {
    const prefixes: Prefix[] = []
    for (let start = from; start <= to; ) {
      let bits = 0n
      while (bits < widthOf(family) && fits(start, bits + 1n, to)) bits++
      prefixes.push(`${fromInteger(start, family)}/${widthOf(family) - bits}` as Prefix)
      start += 1n << bits
    }
    return prefixes
  })

const fits = (start: bigint, bits: bigint, to: bigint): boolean => {
  const size = 1n << bits
  return start % size === 0n && start + size - 1n <= to
}
