/** Single headers out of a set. */
import type { Flow } from '../network/flow.ts'
import { ICMP, ICMPV6, TCP, UDP } from '../network/match.ts'
import { type Diagram, indexOf } from './diagram.ts'
import { isAddressLevel, isLastWord, LAST, LEAF, LEVEL } from './fields.ts'
import { flowOf } from './flow-values.ts'
import { type HeaderSet, NOTHING } from './header-set.ts'

/** Values that people expect to see: these, or else the least from a number on, or else the least. */
interface Ordinary {
  readonly wanted: readonly number[]
  readonly from: number
}

const ANYTHING: Ordinary = { wanted: [], from: 0 }
const [DOCUMENTATION, DOCUMENTATION6] = [0xc6336401, 0x20010db8]

/** Addresses of no consequence, where all are in the set, else low ones. */
function ordinary(level: number, isFour: boolean, isFree: boolean): Ordinary {
  if (level === LEVEL.protocol) return { wanted: [TCP, UDP, isFour ? ICMP : ICMPV6], from: 0 }
  if (level === LEVEL.destinationPort) return { wanted: [443, 80, 22], from: 1 }
  if (level === LEVEL.sourcePort) return { wanted: [], from: 32768 }
  if (level === LEVEL.icmpType) return { wanted: [isFour ? 8 : 128], from: 0 }
  if (!isAddressLevel(level)) return ANYTHING
  if (isLastWord(level)) return isFour && isFree ? { wanted: [DOCUMENTATION], from: 0 } : { wanted: [], from: 1 }
  const isFirst = level === LEVEL.destination || level === LEVEL.source
  return { wanted: isFirst && isFree ? [DOCUMENTATION6] : [], from: 0 }
}

/** One header of the set, always the same; undefined where there is none. It looks as ordinary as the set allows. */
export function sample(set: HeaderSet): Flow | undefined {
  return chosen(set, (at, level, values) => {
    const isFour = values[LEVEL.family] === 0
    const isFree = at.level !== level
    const { wanted, from } = ordinary(level, isFour, isFree)
    const value = wanted.find((v) => holds(at, level, v)) ?? leastFrom(at, level, from) ?? leastFrom(at, level, 0) ?? 0
    return isLastWord(level) && value % 256 === 0 && holds(at, level, value + 1) ? value + 1 : value
  })
}

/** Headers of the set, as random as `random` is (from 0 to below 1), with a liking for the ends of its ranges. */
export function samples(set: HeaderSet, count: number, random: () => number): Flow[] {
  const below = (n: number) => Math.floor(random() * n)
  const pick = (at: Diagram, level: number): number => {
    if (at.level !== level) return usual(level, below)
    const some = below(at.kids.length)
    const index = at.kids[some] === NOTHING ? (some > 0 ? some - 1 : 1) : some
    const [from, to] = boundsOf(at, index)
    return [from, to, from + below(to - from + 1), from + below(to - from + 1)][below(4)] as number
  }
  return Array.from({ length: count }, () => chosen(set, pick)).filter((flow) => flow !== undefined)
}

/** A value for a field that may have any. */
function usual(level: number, below: (n: number) => number): number {
  const any = below((LAST[level] as number) + 1)
  if (level === LEVEL.protocol) return [ICMP, TCP, UDP, ICMPV6, any][below(5)] as number
  if (level === LEVEL.icmpType) return [0, 8, 128, 129, any][below(5)] as number
  if (level === LEVEL.icmpCode || level === LEVEL.size) return below(3) > 0 ? 0 : any
  return any
}

/** Walks down; a node leads to something always, so that no choice is wrong as long as it leads there. */
function chosen(
  set: HeaderSet,
  pick: (at: Diagram, level: number, values: readonly number[]) => number,
): Flow | undefined {
  if (set === NOTHING) return undefined
  const values: number[] = []
  let at: Diagram = set
  for (let level = 0; level < LEAF; level++) {
    const value = pick(at, level, values)
    values.push(value)
    if (at.level === level) at = at.kids[indexOf(at, value)] as Diagram
  }
  return flowOf(values)
}

const boundsOf = ({ level, starts }: Diagram, index: number): [number, number] => [
  starts[index] as number,
  (starts[index + 1] ?? (LAST[level] as number) + 1) - 1,
]

/** Whether something is left when this field has that value. */
const holds = (at: Diagram, level: number, value: number): boolean =>
  value <= (LAST[level] as number) && (at.level !== level || at.kids[indexOf(at, value)] !== NOTHING)

function leastFrom(at: Diagram, level: number, from: number): number | undefined {
  if (at.level !== level) return from
  for (let index = indexOf(at, from); index < at.kids.length; index++)
    if (at.kids[index] !== NOTHING) return Math.max(boundsOf(at, index)[0], from)
  return undefined
}
