/** Cells of the address space: addresses that no prefix of a list tells apart are in one cell. */
import { familyOf, type Ip, integer4, toInteger } from '../../ip/address.ts'
import { baseOf, lengthOf, type Prefix } from '../../ip/prefix.ts'

/** A name for the cell of an address: that of the longest prefix which holds it, as prefixes nest or are apart. */
export type CellOf = (address: Ip) => string

export function cellsOf(prefixes: Iterable<Prefix>): CellOf {
  const four = new Map<number, Set<number>>()
  const six = new Map<number, Set<bigint>>()
  for (const prefix of new Set(prefixes)) {
    const [base, length] = [baseOf(prefix), lengthOf(prefix)]
    if (familyOf(base) === 4) add(four, length, integer4(base))
    else add(six, length, toInteger(base))
  }
  const longestFour = [...four].sort(byLength)
  const longestSix = [...six].sort(byLength)
  return (address) => (familyOf(address) === 4 ? cell4(longestFour, address) : cell6(longestSix, address))
}

type Bases<T> = readonly (readonly [length: number, ReadonlySet<T>])[]

function add<T>(byLength: Map<number, Set<T>>, length: number, base: T): void {
  const known = byLength.get(length)
  if (known) known.add(base)
  else byLength.set(length, new Set([base]))
}

const byLength = ([a]: readonly [number, unknown], [b]: readonly [number, unknown]): number => b - a

function cell4(bases: Bases<number>, address: Ip): string {
  const value = integer4(address)
  for (const [length, known] of bases) {
    const base = value - (value % 2 ** (32 - length))
    if (known.has(base)) return `${base}/${length}`
  }
  return ''
}

function cell6(bases: Bases<bigint>, address: Ip): string {
  const value = toInteger(address)
  for (const [length, known] of bases) {
    const host = BigInt(128 - length)
    const base = (value >> host) << host
    if (known.has(base)) return `${base}/${length}`
  }
  return '6'
}
