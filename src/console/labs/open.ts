/** Whether labs stand beside the map, and whether there is something new of the lab that is being done. */
import { signal } from '@preact/signals'

/** open; folded: a rail that opens them again; or not there. */
export type Shown = 'labs-open' | 'labs-folded' | ''

const KEPT = 'isthmus-labs'

export const shown = signal<Shown>((sessionStorage.getItem(KEPT) ?? '') as Shown)

/** Goes up when there is something new to read. */
export const labNews = signal(0)

export function show(how: Shown): void {
  shown.value = how
  sessionStorage.setItem(KEPT, how)
}
