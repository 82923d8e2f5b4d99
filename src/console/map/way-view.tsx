/** The way of the packet that was asked about, over the map: there, and where that arrives, back. */
import { signal } from '@preact/signals'
import type { Explanation } from '../../check/explanation.ts'
import { drawing } from '../state.ts'
import { type Stop, stopsOf, wayBetween } from './way.ts'

/** The answer that is shown on the map. */
export const asked = signal<Explanation | undefined>(undefined)

function legs() {
  const { boxes } = drawing.value
  const { request = [], reply = [] } = asked.value?.way ?? {}
  const there = stopsOf(request, boxes)
  return { there, back: stopsOf(reply, boxes), isStopped: there.some(({ stops }) => stops) }
}

/** Behind the boxes. */
export function WayLines() {
  const { there, back, isStopped } = legs()
  return (
    <>
      <Leg stops={there} name="there" shift={-5} />
      {!isStopped && <Leg stops={back} name="back" shift={5} />}
    </>
  )
}

/** Over the boxes: who is passed, in order, and who stops the packet, though that may be on the way back. */
export function WayStops() {
  const { there, back } = legs()
  return (
    <>
      {there.map((stop, i) => (
        <Halo key={`${i}${stop.box.key}`} stop={stop} number={i + 1} />
      ))}
      {back
        .filter(({ stops }) => stops)
        .map((stop) => (
          <Halo key={`back ${stop.box.key}`} stop={stop} />
        ))}
    </>
  )
}

const Leg = ({ stops, name, shift }: { stops: readonly Stop[]; name: string; shift: number }) => (
  <>
    {stops.slice(1).map((stop, i) => {
      const from = stops[i] as Stop
      const { path, back } = wayBetween(from.box, stop.box, drawing.value.lines, shift)
      const rest = stop.beyond || from.beyond || (from.stops && i + 1 < stops.length)
      return (
        <path
          key={`${name}${i}${stop.box.key}`}
          class={`way ${name} ${rest ? 'beyond' : ''} ${back ? 'reverse' : ''}`}
          d={path}
        />
      )
    })}
  </>
)

function Halo({ stop: { box, stops, beyond }, number }: { stop: Stop; number?: number }) {
  const { x, y, width, height } = box
  const tone = stops ? 'stop' : beyond ? 'beyond' : ''
  return (
    <g class={`step ${tone}`}>
      <rect class={`halo ${tone}`} x={x - 3} y={y - 3} width={width + 6} height={height + 6} rx={8} />
      {(stops || (number !== undefined && !beyond)) && (
        <>
          <circle cx={x} cy={y} r={10} />
          <text x={x} y={y}>
            {stops ? '✕' : number}
          </text>
        </>
      )}
    </g>
  )
}
