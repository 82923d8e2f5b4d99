/** Packets of a running ping as dots that move along their way, and die where they are stopped. */
import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { isAnimated } from '../live/animation.ts'
import { drawing } from '../state.ts'
import { along, courseOf, type Point, timeFor } from './flight.ts'
import { piecesOf } from './way.ts'
import type { Piece, Stop } from './way.ts'
import { legs, SHIFT } from './way-view.tsx'
import './dots.css'

interface Flight {
  readonly number: number
  readonly there: readonly Point[]
  readonly back: readonly Point[]
  readonly dies: boolean
}

const flights = signal<readonly Flight[]>([])
let count = 0

/** Lets a packet of the way that is shown fly; where nothing is shown or nothing may move, none does. */
export function fly(answered: boolean): void {
  const { there, back } = legs()
  const [start] = there
  if (!isAnimated.value || !start || document.hidden) return
  const { lines } = drawing.value
  const course = courseOf(
    { stops: there, pieces: piecesOf(there, lines, -SHIFT) },
    { stops: back, pieces: piecesOf(back, lines, SHIFT) },
    answered,
  )
  const flight = {
    number: ++count,
    there: pointsOf(course.there, start),
    back: pointsOf(course.back, undefined),
    dies: course.dies,
  }
  flights.value = [...flights.value, flight]
}

/** No packet flies any more. */
export const ground = (): void => {
  flights.value = []
}

/** Dots keep their size on the screen. */
export const Dots = ({ scale }: { scale: number }) => (
  <g class="dots">
    {flights.value.map((flight) => (
      <Dot key={flight.number} flight={flight} size={Math.max(1, 0.8 / scale)} />
    ))}
  </g>
)

/** How long a dead packet is seen. */
const DEAD_MS = 900

function Dot({ flight, size }: { flight: Flight; size: number }) {
  const dot = useRef<SVGGElement>(null)
  const scale = useRef(size)
  scale.current = size
  useEffect(() => {
    const begin = performance.now()
    let frame = requestAnimationFrame(function step(now) {
      const { at, state } = placeAt(flight, now - begin)
      if (state === 'over') {
        flights.value = flights.value.filter((one) => one !== flight)
        return
      }
      dot.current?.setAttribute('transform', `translate(${at.x} ${at.y}) scale(${scale.current})`)
      dot.current?.setAttribute('class', `dot ${state}`)
      frame = requestAnimationFrame(step)
    })
    return () => cancelAnimationFrame(frame)
  }, [flight])
  return (
    <g ref={dot} class="dot waits">
      <circle r={7} />
      <path d="M-6 -6L6 6M-6 6L6 -6" />
    </g>
  )
}

interface Moment {
  readonly at: Point
  readonly state: 'there' | 'back' | 'dead' | 'over'
}

function placeAt({ there, back, dies }: Flight, ms: number): Moment {
  const [timeThere, timeBack] = [timeFor(there), timeFor(back)]
  if (ms < timeThere) return { at: along(there)(ms / timeThere), state: 'there' }
  if (ms < timeThere + timeBack) return { at: along(back)((ms - timeThere) / timeBack), state: 'back' }
  const at = back.at(-1) ?? there.at(-1) ?? { x: 0, y: 0 }
  return { at, state: dies && ms < timeThere + timeBack + DEAD_MS ? 'dead' : 'over' }
}

/** Between two points of a line so far, in the map's own measure. */
const STEP = 6

/** The lines as points; where there is none, the middle of what the packet starts from. */
function pointsOf(pieces: readonly Piece[], start: Stop | undefined): Point[] {
  const points = pieces.flatMap(({ path, back }) => {
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path')
    line.setAttribute('d', path)
    const length = line.getTotalLength()
    const steps = Math.max(1, Math.ceil(length / STEP))
    const all = Array.from({ length: steps + 1 }, (_, i) => line.getPointAtLength((length * i) / steps))
    return (back ? all.toReversed() : all).map(({ x, y }) => ({ x, y }))
  })
  if (points.length > 0 || !start) return points
  const { x, y, width, height } = start.box
  return [{ x: x + width / 2, y: y + height / 2 }]
}
