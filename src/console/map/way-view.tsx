/** The way of the packet that was asked about, over the map: there, and where that arrives, back. */
import { signal } from '@preact/signals'
import type { Explanation } from '../../check/explanation.ts'
import { drawing } from '../state.ts'
import { piecesOf, type Stop, stopsOf } from './way.ts'

/** The answer that is shown on the map. */
export const asked = signal<Explanation | undefined>(undefined)

type Hop = Explanation['way']['hops'][number]
/** Stages of guards that judge what comes in. */
const ENTERING: ReadonlySet<string | undefined> = new Set(['ingress-rules', 'segment-ingress'])

/** How far the way there and the way back are apart, each from the middle. */
export const SHIFT = 5

/** The two legs of the answer as they are drawn now. */
export function legs() {
  const { boxes } = drawing.value
  const { request = [], reply = [], hops = [] } = asked.value?.way ?? {}
  const isEntering = (leg: Hop['leg']) =>
    ENTERING.has(hops.findLast((hop) => hop.leg === leg && hop.outcome === 'stop')?.stage)
  const there = stopsOf(request, boxes, isEntering('request'))
  return { there, back: stopsOf(reply, boxes, isEntering('reply')), isStopped: there.some(({ stops }) => stops) }
}

/** Behind the boxes. */
export function WayLines() {
  const { there, back, isStopped } = legs()
  return (
    <>
      <Leg stops={there} name="there" shift={-SHIFT} />
      {!isStopped && <Leg stops={back} name="back" shift={SHIFT} />}
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

interface LegProps {
  readonly stops: readonly Stop[]
  readonly name: string
  readonly shift: number
}

const Leg = ({ stops, name, shift }: LegProps) => (
  <>
    {piecesOf(stops, drawing.value.lines, shift).map(({ path, back, rest }, i) => (
      <path
        key={`${name}${i}${stops[i + 1]?.box.key}`}
        class={`way ${name} ${rest ? 'beyond' : ''} ${back ? 'reverse' : ''}`}
        d={path}
      />
    ))}
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
