/** Which part of the map a window shows. */

/** A point of the map is shown at `x + scale * point`, in pixels of the window. */
export interface View {
  readonly x: number
  readonly y: number
  readonly scale: number
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
export function zoomed({ x, y, scale }: View, by: number, at: { readonly x: number; readonly y: number }): View {
  const next = Math.min(LARGEST, Math.max(SMALLEST, scale * by))
  const grown = next / scale
  return { x: at.x - (at.x - x) * grown, y: at.y - (at.y - y) * grown, scale: next }
}
