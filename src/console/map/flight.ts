/** How a packet moves over the map: along its lines, as far as it came. Pure: nothing here needs a browser. */
import type { Piece, Stop } from './way.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

/** The lines that a packet takes, there and back, and whether it dies at the end of them. */
export interface Course {
  readonly there: readonly Piece[]
  readonly back: readonly Piece[]
  readonly dies: boolean
}

export interface Leg {
  readonly stops: readonly Stop[]
  readonly pieces: readonly Piece[]
}

/**
 * Where a packet goes that was answered or lost. What the wire says counts: where the model knows of nothing that stops
 * a lost packet, it dies at its destination.
 */
export function courseOf(there: Leg, back: Leg, answered: boolean): Course {
  if (answered) return { there: there.pieces, back: back.pieces, dies: false }
  const isStopped = there.stops.some(({ stops }) => stops)
  const isStoppedBack = back.stops.some(({ stops }) => stops)
  return { there: passed(there), back: !isStopped && isStoppedBack ? passed(back) : [], dies: true }
}

/** Up to where it is stopped. */
function passed({ pieces }: Leg): readonly Piece[] {
  const end = pieces.findIndex(({ rest }) => rest)
  return end < 0 ? pieces : pieces.slice(0, end)
}

/** Points that are passed at one speed: where a packet is, at a part of its way between 0 and 1. */
export function along(points: readonly Point[]): (part: number) => Point {
  const sums = [0]
  for (const [i, point] of points.slice(1).entries()) sums.push((sums[i] ?? 0) + distance(points[i] as Point, point))
  const whole = sums.at(-1) ?? 0
  return (part) => {
    const wanted = Math.min(1, Math.max(0, part)) * whole
    const after = Math.max(
      1,
      sums.findIndex((sum) => sum >= wanted),
    )
    const from = points[after - 1] ?? { x: 0, y: 0 }
    const to = points[after] ?? from
    const length = (sums[after] ?? 0) - (sums[after - 1] ?? 0)
    const share = length === 0 ? 0 : (wanted - (sums[after - 1] ?? 0)) / length
    return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
  }
}

const distance = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y)

const SPEED = 0.7
const SHORTEST_MS = 350
const LONGEST_MS = 1200

/** Milliseconds for one leg: a long way takes longer, and none so long that packets crowd. */
export function timeFor(points: readonly Point[]): number {
  const length = points.slice(1).reduce((sum, point, i) => sum + distance(points[i] as Point, point), 0)
  return points.length < 2 ? 0 : Math.min(LONGEST_MS, Math.max(SHORTEST_MS, length / SPEED))
}
