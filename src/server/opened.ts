/** What has been opened, so that all of it is closed again, the last first. */

export interface Opened {
  /** Notes how to close what was just opened. */
  add(close: () => unknown): void
  /** Closes everything, each whatever became of the others. Throws the first error once all have been tried. */
  close(): Promise<void>
}

export function opened(): Opened {
  const closers: (() => unknown)[] = []
  return {
    add: (close) => void closers.push(close),
    async close() {
      const errors: unknown[] = []
      for (const close of closers.splice(0).reverse()) {
        try {
          await close()
        } catch (error) {
          errors.push(error)
        }
      }
      if (errors.length > 0) throw errors[0]
    },
  }
}
