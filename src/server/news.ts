/** What has changed, told to who listens: the kinds of records, and the revision. */
import type { Change } from '../ec2/state.ts'

/**
 * `types`: the kinds of records of which some have changed since the last piece of news; `lab`: there is something new
 * to read of the lab that is being done; `activity`: the number of the newest entry of the journal, where there is a
 * new one.
 */
export interface Piece {
  readonly revision: number
  readonly types: readonly string[]
  /** Kind → which, where they are few. */
  readonly ids: Readonly<Record<string, readonly string[]>>
  readonly lab?: true
  readonly activity?: number
}

/** Who has to read more than so many of a kind reads all of it. */
const FEW = 50

export interface News {
  changed(revision: number, changes: readonly Change[]): void
  /** A lab has gone on. */
  labWentOn(): void
  /** The journal has an entry of this number. */
  noted(number: number): void
  /** Hears of what changes from now on; the answer ends that. */
  listen(listener: (piece: Piece) => void): () => void
}

/** Commits of one turn of the event loop are one piece. */
export function news(): News {
  const listeners = new Set<(piece: Piece) => void>()
  const types = new Map<string, Set<string>>()
  let latest = 0
  let lab = false
  let activity: number | undefined
  let waits = false
  const later = () => {
    if (!waits) setImmediate(tell)
    waits = true
  }
  const tell = () => {
    const few = [...types].filter(([, ids]) => ids.size <= FEW).map(([type, ids]) => [type, [...ids]] as const)
    const piece = {
      revision: latest,
      types: [...types.keys()],
      ids: Object.fromEntries(few),
      ...(lab && { lab }),
      ...(activity !== undefined && { activity }),
    }
    types.clear()
    lab = false
    activity = undefined
    waits = false
    for (const listener of listeners) listener(piece)
  }
  return {
    changed(revision, changes) {
      latest = revision
      if (listeners.size === 0) return
      for (const { type, id } of changes) types.set(type, (types.get(type) ?? new Set()).add(id))
      later()
    },
    labWentOn() {
      if (listeners.size === 0) return
      lab = true
      later()
    },
    noted(number) {
      if (listeners.size === 0) return
      activity = number
      later()
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
