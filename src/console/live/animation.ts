/** Whether things move: as the person has chosen here, else as the system says. */
import { effect, signal } from '@preact/signals'

const KEPT = 'isthmus-animation'
const quiet = matchMedia('(prefers-reduced-motion: reduce)')

const wished = (): boolean => {
  const kept = localStorage.getItem(KEPT)
  return kept === null ? !quiet.matches : kept === 'on'
}
export const isAnimated = signal(wished())
quiet.addEventListener('change', () => {
  isAnimated.value = wished()
})

// For what moves by style alone.
effect(() => {
  document.documentElement.dataset.animation = isAnimated.value ? 'on' : 'off'
})

/** The choice is kept for later visits. */
export function turnAnimation(): void {
  localStorage.setItem(KEPT, isAnimated.value ? 'off' : 'on')
  isAnimated.value = wished()
}
