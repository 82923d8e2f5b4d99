/** When to look at a step: after changes, and from time to time, while a page looks; else never. */

export interface Watch {
  /** A page looks, and will say so again. */
  lookedAt(): void
  /** At once. */
  now(): void
  /** Something has changed: changes that come together are looked at together. */
  soon(): void
  /** For what changes without a call of the API. */
  again(): void
  close(): void
}

/** Milliseconds. */
const TOGETHER = 300
const AGAIN = 5_000
/** A page that looks says so more often than this. */
const LOOKING = 30_000

export function watch(look: () => void): Watch {
  let until = 0
  let timer: NodeJS.Timeout | undefined
  const after = (milliseconds: number): void => {
    if (Date.now() > until) return
    clearTimeout(timer)
    timer = setTimeout(look, milliseconds)
  }
  return {
    lookedAt() {
      const isNew = Date.now() > until
      until = Date.now() + LOOKING
      if (isNew) after(0)
    },
    now: () => after(0),
    soon: () => after(TOGETHER),
    again: () => after(AGAIN),
    close() {
      until = 0
      clearTimeout(timer)
    },
  }
}
