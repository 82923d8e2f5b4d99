/** The map as SVG: boxes and lines of a drawing, moved and zoomed by mouse, touch pad and keyboard. */
import { signal, useSignalEffect } from '@preact/signals'
import type { TargetedKeyboardEvent, TargetedMouseEvent, TargetedWheelEvent } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { drawing, estate, fold, hovered, openCard, pointedAt, ratio } from '../state.ts'
import { BoxView } from './box.tsx'
import { Dots } from './dots.tsx'
import type { Box, Drawing } from './drawing.ts'
import { exportMap } from './export.ts'
import { gestures } from './gestures.ts'
import { relatedTo } from './related.ts'
import { fitting, type View, zoomed } from './view.ts'
import { asked, WayLines, WayStops } from './way-view.tsx'
import { set } from '../parts/set.ts'

const view = signal<View>({ x: 0, y: 0, scale: 1 })
/** Whether a person has moved the map; until then it fits the window. */
const isMoved = signal(false)

export function MapView() {
  const svg = useRef<SVGSVGElement>(null)
  useEffect(() => watchSize(svg.current), [])
  useSignalEffect(() => {
    const { width, height } = drawing.value
    if (svg.current && !isMoved.value) view.value = fitting(sizeOf(svg.current), { width, height })
  })
  useSignalEffect(() => light(svg.current, hovered.value, pointedAt.value))
  const { x, y, scale } = view.value
  return (
    <div class="map-frame">
      <svg
        ref={svg}
        class="map"
        role="application"
        aria-label="Map of the networks"
        tabindex={0}
        onPointerDown={hand.down}
        onWheel={wheel}
        onKeyDown={keys}
        onClick={click}
        onPointerOver={(event) => set(hovered, idOf(event.target))}
        onPointerLeave={() => set(hovered, '')}
        onFocusIn={(event) => set(hovered, idOf(event.target))}
        onFocusOut={() => set(hovered, '')}
      >
        <Rested />
        <g transform={`translate(${x} ${y}) scale(${scale})`}>
          <Things drawn={drawing.value} />
          <WayStops />
          <Dots scale={scale} />
        </g>
      </svg>
      <Tools svg={svg} />
    </div>
  )
}

/** What is written where the mouse rests: all that a box has no room for. */
const Rested = () => <title>{drawing.value.boxes.find(({ id }) => id === hovered.value)?.full}</title>

/** What other boxes are in: lines lead over these, and behind the others. */
const FRAMES: ReadonlySet<Box['kind']> = new Set(['vpc', 'zone', 'subnet'])

function Things({ drawn: { boxes, lines } }: { drawn: Drawing }) {
  const frames = boxes.filter(({ kind }) => FRAMES.has(kind))
  const things = boxes.filter(({ kind }) => !FRAMES.has(kind))
  return (
    <>
      {frames.map((box) => (
        <BoxView key={box.key} box={box} />
      ))}
      {lines.map(({ key, kind, tone, path, from, to }) => (
        <path key={key} class={`line ${kind} ${tone}`} d={path} data-from={from} data-to={to} />
      ))}
      {lines.map(({ key, kind, path }) => kind === 'peering' && <path key={key} class="hand" d={path} data-id={key} />)}
      <WayLines />
      {things.map((box) => (
        <BoxView key={box.key} box={box} />
      ))}
      {lines.map(
        ({ key, label }) =>
          label && (
            <text key={key} class="label" x={label.x} y={label.y} transform={`rotate(-90 ${label.x} ${label.y})`}>
              {label.text}
            </text>
          ),
      )}
    </>
  )
}

function Tools({ svg }: { svg: { readonly current: SVGSVGElement | null } }) {
  const zoom = (by: number) => {
    if (svg.current) go(zoomed(view.value, by, middle(svg.current)))
  }
  return (
    <div class="tools" role="toolbar" aria-label="Map">
      <button type="button" onClick={() => zoom(1.25)} aria-label="Zoom in">
        +
      </button>
      <button type="button" onClick={() => zoom(0.8)} aria-label="Zoom out">
        −
      </button>
      <button type="button" onClick={() => set(isMoved, false)}>
        Fit
      </button>
      <button type="button" onClick={() => svg.current && exportMap(svg.current, drawing.value, 'svg')}>
        SVG
      </button>
      <button type="button" onClick={() => svg.current && exportMap(svg.current, drawing.value, 'png')}>
        PNG
      </button>
    </div>
  )
}

const sizeOf = (svg: SVGSVGElement) => ({ width: svg.clientWidth, height: svg.clientHeight })
const middle = (svg: SVGSVGElement) => ({ x: svg.clientWidth / 2, y: svg.clientHeight / 2 })
const thingAt = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<SVGGElement>('[data-id]') : null
const idOf = (target: EventTarget | null): string => thingAt(target)?.dataset.id ?? ''

const hand = gestures(
  () => view.value,
  (next) => go(next),
)

function go(next: View): void {
  isMoved.value = true
  view.value = next
}

function watchSize(svg: SVGSVGElement | null): (() => void) | undefined {
  if (!svg) return undefined
  const observer = new ResizeObserver(() => {
    const size = sizeOf(svg)
    ratio.value = Math.round((size.width / Math.max(1, size.height)) * 4) / 4
    if (!isMoved.value) view.value = fitting(size, drawing.value)
  })
  observer.observe(svg)
  return () => observer.disconnect()
}

/** Marks what belongs to the thing under the mouse; straight in the page, for no box changes by it. */
function light(svg: SVGSVGElement | null, id: string, pointed: readonly string[]): void {
  if (!svg) return
  const related = id && id !== 'internet' && !asked.value ? relatedTo(estate.value, id) : new Set(pointed)
  svg.toggleAttribute('data-lighting', related.size > (id ? 1 : 0))
  const isLit = (key: string | undefined) => related.has((key ?? '').split('@')[0] ?? '')
  for (const box of svg.querySelectorAll<SVGElement>('[data-id]'))
    box.toggleAttribute('data-lit', isLit(box.dataset.id))
  for (const line of svg.querySelectorAll<SVGElement>('.line'))
    line.toggleAttribute('data-lit', isLit(line.dataset.from) && isLit(line.dataset.to))
}

/** A click opens a card; one on the sign of a fold folds. */
function click(event: TargetedMouseEvent<SVGSVGElement>): void {
  const thing = thingAt(event.target)
  const id = thing?.dataset.id
  if (hand.wasMoved() || !id || id === 'internet' || /[@<]/.test(id)) return
  if (event.target instanceof Element && event.target.closest('.fold')) fold(id, thing.dataset.folded !== 'true')
  else openCard(id)
}

function wheel(event: TargetedWheelEvent<SVGSVGElement>): void {
  event.preventDefault()
  const { left, top } = event.currentTarget.getBoundingClientRect()
  const at = { x: event.clientX - left, y: event.clientY - top }
  go(zoomed(view.value, Math.exp(-event.deltaY / 500), at))
}

const STEP = 60
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [STEP, 0],
  ArrowRight: [-STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
}

/** Enter opens, F folds, arrows move the map, + and - zoom, 0 fits. */
function keys(event: TargetedKeyboardEvent<SVGSVGElement>): void {
  const thing = thingAt(event.target)
  const id = thing?.dataset.id
  const step = MOVES[event.key]
  if (step) go({ ...view.value, x: view.value.x + step[0], y: view.value.y + step[1] })
  else if (event.key === '+' || event.key === '-')
    go(zoomed(view.value, event.key === '+' ? 1.25 : 0.8, middle(event.currentTarget)))
  else if (event.key === '0') isMoved.value = false
  else if (id && id !== 'internet' && event.key === 'Enter') openCard(id)
  else if (id && thing?.dataset.folded && event.key === 'f') fold(id, thing.dataset.folded !== 'true')
  else return
  event.preventDefault()
}
