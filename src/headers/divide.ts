/** Divides a set of headers by a function of headers, such as the first of many sets that holds them. */
import type { Ip } from '../ip/address.ts'
import { type Diagram, indexOf, Intervals, kidOf, leaf } from './diagram.ts'
import { LAST, LEAF, LEVEL, WORDS, wordsOf } from './fields.ts'

const NONE = leaf(0)

/**
 * Addresses and ports that are something else by now than the headers say: conditions on them are decided by these.
 * Ports of TCP and UDP only.
 */
export interface Constants {
  readonly source?: Ip
  readonly destination?: Ip
  readonly sourcePort?: number
  readonly destinationPort?: number
}

/** The part of a set that leads to each value of a function. */
type Division = ReadonlyMap<number, Diagram>
/** The same; or the one value that all of the set leads to. */
type Found = Division | number

/** Asks about the constants, where there are any, instead of the headers' own fields. */
export function divide(set: Diagram, by: Diagram, constants?: Constants): Division {
  if (set === NONE) return new Map()
  const fixed = constants && fixedLevels(constants)
  const known = new Map<Diagram, Map<Diagram, Found>>()
  const visit = (part: Diagram, under: Diagram): Found => {
    let at = under
    for (let value = fixed?.[at.level]; value !== undefined; value = fixed?.[at.level]) at = kidOf(at, value)
    if (at.level === LEAF) return at.value
    const found = known.get(part)?.get(at)
    if (found !== undefined) return found
    const pieces = piecesOf(part, at, visit)
    const result = joined(pieces, Math.min(part.level, at.level))
    if (pieces.length > 1) known.set(part, (known.get(part) ?? new Map<Diagram, Found>()).set(at, result))
    return result
  }
  const found = visit(set, by)
  return typeof found === 'number' ? new Map([[found, set]]) : found
}

/** By level. */
function fixedLevels(constants: Constants): readonly (number | undefined)[] {
  const { source, destination, sourcePort, destinationPort } = constants
  const fixed: (number | undefined)[] = Array(LEAF + 1).fill(undefined)
  fixed[LEVEL.sourcePort] = sourcePort
  fixed[LEVEL.destinationPort] = destinationPort
  if (source) fixed.splice(LEVEL.source, WORDS, ...wordsOf(source))
  if (destination) fixed.splice(LEVEL.destination, WORDS, ...wordsOf(destination))
  return fixed
}

/** Of the headers whose field is from `start` to before `end`: those of the set, and how they are divided. */
interface Piece {
  readonly start: number
  readonly end: number
  readonly part: Diagram
  readonly found: Found
}
type Visit = (set: Diagram, by: Diagram) => Found

/** Goes along the intervals of the set that lead to something. */
function piecesOf(set: Diagram, by: Diagram, visit: Visit): Piece[] {
  const level = Math.min(set.level, by.level)
  const pieces: Piece[] = []
  const last = LAST[level] as number
  if (set.level > level) along(by, set, 0, last + 1, pieces, visit)
  else {
    for (let i = 0; i < set.kids.length; i++) {
      const part = set.kids[i] as Diagram
      const start = set.starts[i] as number
      const end = set.starts[i + 1] ?? last + 1
      if (part === NONE) continue
      if (by.level === level) along(by, part, start, end, pieces, visit)
      else pieces.push({ start, end, part, found: visit(part, by) })
    }
  }
  return pieces
}

/** Goes along the intervals of a function from `start` to before `end`. */
function along(by: Diagram, part: Diagram, start: number, end: number, pieces: Piece[], visit: Visit): void {
  let at = start
  for (let i = indexOf(by, start); at < end; i++) {
    const next = Math.min(by.starts[i + 1] ?? end, end)
    pieces.push({ start: at, end: next, part, found: visit(part, by.kids[i] as Diagram) })
    at = next
  }
}

/** A node for each value, with nothing in the gaps. */
function joined(pieces: readonly Piece[], level: number): Found {
  const first = pieces[0]?.found
  if (typeof first === 'number' && pieces.every(({ found }) => found === first)) return first
  const making = new Map<number, { intervals: Intervals; end: number }>()
  const add = (value: number, { start, end }: Piece, part: Diagram) => {
    const known = making.get(value) ?? { intervals: new Intervals(), end: 0 }
    if (known.end === 0) making.set(value, known)
    if (start > known.end) known.intervals.add(known.end, NONE)
    known.intervals.add(start, part)
    known.end = end
  }
  for (const piece of pieces) {
    if (typeof piece.found === 'number') add(piece.found, piece, piece.part)
    else for (const [value, part] of piece.found) add(value, piece, part)
  }
  const nodes = new Map<number, Diagram>()
  for (const [value, { intervals, end }] of making) {
    if (end <= (LAST[level] as number)) intervals.add(end, NONE)
    nodes.set(value, intervals.toNode(level))
  }
  return nodes
}
