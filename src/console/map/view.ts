/** Which part of the map a window shows. */

/** A point of the map is shown at `x + scale * point`, in pixels of the window. */
export interface View {
  readonly x: number
  readonly y: number
  readonly scale: number
}
export interface Point {
  readonly x: number
  readonly y: number
}
interface Size {
  readonly width: number
  readonly height: number
}

const MARGIN = 20
/** What the buttons at the bottom take. */
const TOOLS = 60
/** On a phone the map is moved, and not made too small to read. */
const NARROW = 500
const READABLE = 0.62
const LARGEST = 3
const SMALLEST = 0.05

/** All of it, not enlarged, in the middle; from the top where it is not high. */
export function fitting(window: Size, map: Size): View {
  const [width, height] = [window.width - 2 * MARGIN, window.height - MARGIN - TOOLS]
  const least = window.width < NARROW ? READABLE : SMALLEST
  const scale = Math.max(least, Math.min(1, width / map.width, height / map.height))
  return { x: Math.max(MARGIN, (window.width - map.width * scale) / 2), y: MARGIN, scale }
}

/** Zoomed so that the point of the window stays where it is. */
export function zoomed({ x, y, scale }: View, by: number, at: Point): View {
  const next = Math.min(LARGEST, Math.max(SMALLEST, scale * by))
  const grown = next / scale
  return { x: at.x - (at.x - x) * grown, y: at.y - (at.y - y) * grown, scale: next }
}

const middleOf = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
})
const spread = ([one, other]: readonly Point[]): number =>
  one && other ? Math.max(1, Math.hypot(one.x - other.x, one.y - other.y)) : 1

/** Moved so that what was under the fingers is under them still. One finger moves, two zoom as well. */
export function pinched(view: View, from: readonly Point[], to: readonly Point[]): View {
  const [before, after] = [middleOf(from), middleOf(to)]
  const { x, y, scale } = zoomed(view, spread(to) / spread(from), before)
  return { x: x + after.x - before.x, y: y + after.y - before.y, scale }
}
