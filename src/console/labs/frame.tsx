/** Labs in the page: the button that opens them, and their panel, which is loaded when it is first shown. */
import { signal } from '@preact/signals'
import type { FunctionComponent } from 'preact'
import { useEffect } from 'preact/hooks'
import { set } from '../parts/set.ts'
import { aside } from '../state.ts'
import { show, shown } from './open.ts'

const panel = signal<FunctionComponent | undefined>(undefined)

export const LabsButton = () => (
  <button type="button" aria-expanded={shown.value === 'labs-open'} onClick={turn}>
    Labs
  </button>
)

/** On a phone a card stands over the labs. */
function turn(): void {
  const isCovered = aside.value !== undefined && matchMedia('(max-width: 760px)').matches
  if (isCovered) aside.value = undefined
  show(shown.value === 'labs-open' && !isCovered ? '' : 'labs-open')
}

export function LabsFrame() {
  const isWanted = shown.value !== ''
  useEffect(() => {
    if (isWanted && !panel.value) void import('./panel.tsx').then(({ LabsPanel }) => set(panel, LabsPanel))
  }, [isWanted])
  const Panel = panel.value
  if (!isWanted) return null
  return Panel ? <Panel /> : <section class="labs" aria-label="Labs" />
}
