/** Long lists, a hundred at a time. */
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { set } from './set.ts'

export const PAGE = 100

interface PagedProps<T> {
  readonly items: readonly T[]
  /** What is listed, for who hears the buttons. */
  readonly label: string
  readonly children: (items: readonly T[]) => ComponentChildren
}

/** What `children` makes of the items of one page, and below it the way to the others. */
export function Paged<T>({ items, label, children }: PagedProps<T>) {
  const page = useSignal(0)
  const last = Math.max(0, Math.ceil(items.length / PAGE) - 1)
  const at = Math.min(page.value, last)
  const first = at * PAGE
  return (
    <>
      {children(items.slice(first, first + PAGE))}
      {last > 0 && (
        <nav class="pager" aria-label={`Pages of ${label}`}>
          <button type="button" disabled={at === 0} onClick={() => set(page, at - 1)}>
            Previous
          </button>
          <span role="status">
            {first + 1}–{Math.min(items.length, first + PAGE)} of {items.length}
          </span>
          <button type="button" disabled={at === last} onClick={() => set(page, at + 1)}>
            Next
          </button>
        </nav>
      )}
    </>
  )
}
