/** What has changed, told to who listens: the kinds of records, and the revision. */
import type { Change } from '../ec2/state.ts'

/** `types`: the kinds of records of which some have changed since the last piece of news. */
export interface Piece {
  readonly revision: number
  readonly types: readonly string[]
}

export interface News {
  changed(revision: number, changes: readonly Change[]): void
  /** Hears of what changes from now on; the answer ends that. */
  listen(listener: (piece: Piece) => void): () => void
}

/** Commits of one turn of the event loop are one piece. */
export function news(): News {
  const listeners = new Set<(piece: Piece) => void>()
  const types = new Set<string>()
  let latest = 0
  const tell = () => {
    const piece = { revision: latest, types: [...types] }
    types.clear()
    for (const listener of listeners) listener(piece)
  }
  return {
    changed(revision, changes) {
      if (listeners.size === 0) return
      if (types.size === 0) setImmediate(tell)
      latest = revision
      for (const { type } of changes) types.add(type)
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
