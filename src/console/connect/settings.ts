/** How terminals look and speak: for this browser, and remembered. */
import { signal } from '@preact/signals'

const READ_ALOUD = 'isthmus-terminal-read-aloud'
const HEIGHT = 'isthmus-dock-height'
const USUAL = 300

/** xterm.js's mode for screen readers, which costs time with much output. */
export const readAloud = signal(localStorage.getItem(READ_ALOUD) === 'yes')

export function setReadAloud(on: boolean): void {
  localStorage.setItem(READ_ALOUD, on ? 'yes' : 'no')
  readAloud.value = on
}

/** Pixels of the dock. */
export const height = signal(Number(localStorage.getItem(HEIGHT)) || USUAL)

export function setHeight(pixels: number): void {
  localStorage.setItem(HEIGHT, String(pixels))
  height.value = pixels
}

/** Changes whenever the page's colours may have changed. */
export const theme = signal(0)
const changed = () => {
  theme.value += 1
}
new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ['data-theme'] })
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed)
