/** A button that asks again before it does what can not be undone at once. */
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { set } from '../parts/set.ts'

interface SureProps {
  readonly label: string
  /** What will happen. */
  readonly words: string
  /** What the button says that does it. */
  readonly yes: string
  readonly isBusy: boolean
  readonly act: () => void
  /** What stands before the button, in the same row. */
  readonly children?: ComponentChildren
}

export function Sure({ label, words, yes, isBusy, act, children }: SureProps) {
  const asks = useSignal(false)
  return (
    <>
      <div class="row deeds">
        {children}
        <button type="button" disabled={isBusy} aria-expanded={asks.value} onClick={() => set(asks, !asks.value)}>
          {label}
        </button>
      </div>
      {asks.value && (
        <div class="confirm">
          <p>{words}</p>
          <div class="row">
            <button
              type="button"
              class="danger"
              disabled={isBusy}
              onClick={() => {
                asks.value = false
                act()
              }}
            >
              {yes}
            </button>
            <button type="button" onClick={() => set(asks, false)}>
              Cancel
            </button>
          </div>
        </div>
      )}
    </>
  )
}
