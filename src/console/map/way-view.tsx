/** The way of the packet that was asked about, drawn over the map: there, and back. */
import { signal } from '@preact/signals'
import type { Explanation } from '../../check/explanation.ts'
import { drawing } from '../state.ts'
import { curve, type Stop, stopsOf } from './way.ts'

/** The answer that is shown on the map. */
export const asked = signal<Explanation | undefined>(undefined)

export function WayView() {
  if (!asked.value) return null
  const { request, reply } = asked.value.way
  const { boxes } = drawing.value
  const there = stopsOf(request, boxes)
  const back = stopsOf(reply, boxes)
  const isStopped = there.some(({ stops }) => stops)
  return (
    <g>
      <Leg stops={there} name="there" shift={-5} beyond={false} />
      <Leg stops={back} name="back" shift={5} beyond={isStopped} />
      {there.map((stop, i) => (
        <Halo key={stop.box.key} stop={stop} number={i + 1} />
      ))}
      {back
        .filter(({ stops }) => stops)
        .map((stop) => (
          <Halo key={stop.box.key} stop={stop} />
        ))}
    </g>
  )
}

function Leg(leg: { stops: readonly Stop[]; name: string; shift: number; beyond: boolean }) {
  const { stops, name, shift, beyond } = leg
  return (
    <>
      {stops.slice(1).map((stop, i) => {
        const from = stops[i] as Stop
        const rest = beyond || stop.beyond || from.stops
        return (
          <path key={stop.box.key} class={`way ${name} ${rest ? 'beyond' : ''}`} d={curve(from.box, stop.box, shift)} />
        )
      })}
    </>
  )
}

function Halo({ stop: { box, stops, beyond }, number }: { stop: Stop; number?: number }) {
  const { x, y, width, height } = box
  const tone = stops ? 'stop' : beyond ? 'beyond' : ''
  return (
    <g class={`step ${tone}`}>
      <rect class={`halo ${tone}`} x={x - 3} y={y - 3} width={width + 6} height={height + 6} rx={8} />
      {number !== undefined && !beyond && (
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
