/** A bar between two things that is moved by mouse or by arrows. */
import { set } from '../parts/set.ts'
import { signal } from '@preact/signals'

interface SplitterProps {
  readonly label: string
  /** `row`: it lies, and moves up and down. */
  readonly along: 'row' | 'column'
  /** So far from the least (0) to the most (100). */
  readonly value: number
  /** By so many pixels, to the right or down. */
  readonly onMove: (pixels: number) => void
}

const STEP = 24
const KEYS: Readonly<Record<SplitterProps['along'], Readonly<Record<string, number>>>> = {
  row: { ArrowUp: -STEP, ArrowDown: STEP },
  column: { ArrowLeft: -STEP, ArrowRight: STEP },
}
/** Where the pointer was that holds one. */
const held = signal<number | undefined>(undefined)

export function Splitter({ label, along, value, onMove }: SplitterProps) {
  const at = (event: PointerEvent) => (along === 'row' ? event.clientY : event.clientX)
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> can not be moved; this is ARIA's window splitter.
    <div
      class={`splitter ${along}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={along === 'row' ? 'horizontal' : 'vertical'}
      aria-valuenow={Math.round(value)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        held.value = at(event)
      }}
      onPointerMove={(event) => {
        if (held.value === undefined) return
        onMove(at(event) - held.value)
        held.value = at(event)
      }}
      onPointerUp={() => set(held, undefined)}
      onPointerCancel={() => set(held, undefined)}
      onKeyDown={(event) => {
        const by = KEYS[along][event.key]
        if (by === undefined) return
        event.preventDefault()
        onMove(by)
      }}
    />
  )
}
