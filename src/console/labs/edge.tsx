/** The panel's edge: drawn by the mouse, moved by arrow keys; the width is kept. */
import { signal } from '@preact/signals'
import type { TargetedKeyboardEvent, TargetedPointerEvent } from 'preact'
import { useEffect } from 'preact/hooks'

const KEPT = 'isthmus-labs-width'
const [LEAST, MOST, STEP] = [280, 720, 20]

const width = signal(Number(localStorage.getItem(KEPT)) || 360)

function widen(to: number): void {
  width.value = Math.round(Math.min(MOST, Math.max(LEAST, to)))
  localStorage.setItem(KEPT, String(width.value))
}

function drag(event: TargetedPointerEvent<HTMLElement>): void {
  const [from, before] = [event.clientX, width.value]
  const edge = event.currentTarget
  const move = ({ clientX }: PointerEvent) => widen(before + clientX - from)
  edge.setPointerCapture(event.pointerId)
  edge.addEventListener('pointermove', move)
  edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), { once: true })
}

function keys(event: TargetedKeyboardEvent<HTMLElement>): void {
  const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key]
  if (by === undefined) return
  event.preventDefault()
  widen(width.value + by)
}

export function Edge() {
  useEffect(() => document.documentElement.style.setProperty('--labs-width', `${width.value}px`), [width.value])
  return (
    // biome-ignore lint/a11y/useSemanticElements: an edge that is moved is a separator, which <hr> can not be here.
    <div
      class="labs-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the labs"
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={width.value}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={keys}
    />
  )
}
