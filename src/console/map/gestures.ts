/** The map under the hand: the mouse or a finger moves it, two fingers zoom it. */
import type { TargetedPointerEvent } from 'preact'
import { type Point, pinched, type View } from './view.ts'

/** Who moves less only points at something. */
const STILL = 4

interface Held {
  readonly view: View
  readonly points: readonly Point[]
}

/** Handlers for one map, whose view is read and set so. */
export function gestures(view: () => View, go: (next: View) => void) {
  const fingers = new Map<number, Point>()
  let held: Held = { view: view(), points: [] }
  let isMoved = false
  let corner: Point = { x: 0, y: 0 }
  const pointOf = ({ clientX, clientY }: PointerEvent): Point => ({ x: clientX - corner.x, y: clientY - corner.y })
  const hold = () => {
    held = { view: view(), points: [...fingers.values()] }
  }
  const move = (event: PointerEvent) => {
    if (!fingers.has(event.pointerId)) return
    fingers.set(event.pointerId, pointOf(event))
    const [from, to] = [held.points, [...fingers.values()]]
    const way = Math.hypot((to[0]?.x ?? 0) - (from[0]?.x ?? 0), (to[0]?.y ?? 0) - (from[0]?.y ?? 0))
    isMoved ||= from.length > 1 || way >= STILL
    if (isMoved) go(pinched(held.view, from, to))
  }
  const end = ({ pointerId }: PointerEvent) => {
    fingers.delete(pointerId)
    hold()
    if (fingers.size > 0) return
    // The click that belongs to this comes before; one that comes later is one of its own.
    setTimeout(() => {
      isMoved = false
    })
    removeEventListener('pointermove', move)
    removeEventListener('pointerup', end)
    removeEventListener('pointercancel', end)
  }
  return {
    /** Whether what ends now was no click. */
    wasMoved: () => isMoved,
    down(event: TargetedPointerEvent<SVGSVGElement>): void {
      const { left, top } = event.currentTarget.getBoundingClientRect()
      corner = { x: left, y: top }
      if (fingers.size === 0) {
        isMoved = false
        addEventListener('pointermove', move)
        addEventListener('pointerup', end)
        addEventListener('pointercancel', end)
      }
      fingers.set(event.pointerId, pointOf(event))
      hold()
    },
  }
}
