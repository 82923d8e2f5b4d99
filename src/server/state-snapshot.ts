/** Saving the state of a server and going back to what was saved, while it runs and while it does not. */
import { ApiError } from '../ec2/errors.ts'
import { allKinds } from '../ec2/kinds.ts'
import '../ec2/registry.ts'
import { Records } from '../ec2/state.ts'
import { SnapshotError } from '../snapshot/snapshot-error.ts'
import type { Content } from '../store/content.ts'
import { type SavedState, type SavedStates, savedStates } from '../store/saved-states.ts'
import { sqliteStore } from '../store/sqlite.ts'
import { type Store, StoreError } from '../store/store.ts'
import type { ControlPlane } from './control-plane.ts'
import { renumbered } from './renumber.ts'
import { changesTo } from './restore-changes.ts'
import type { StateDir } from './state-dir.ts'

/** What became of a restore. `before`: what was there until then. */
export interface Restored {
  readonly restored: string
  readonly before: string
  readonly revision: number
  /** How many records were changed, removed or came back. */
  readonly changed: number
}

/** Errors of both: StoreError, and then nothing has changed; SnapshotError where what was saved makes no network. */
export interface StateSnapshots {
  /** Without a name, it goes by the time. */
  save(name?: string): SavedState
  restore(name: string): Restored
}

export const isKind = (type: string): boolean => allKinds().some((kind) => kind.type === type)

/** Of a server that runs: the network follows. */
export function liveSnapshots(dir: StateDir, store: Store, plane: ControlPlane, now: () => number): StateSnapshots {
  const saved = savedStates(dir.snapshots)
  return {
    save: (name) => saveTo(saved, store, now(), name),
    restore(name) {
      const content = readFor(store, saved, name)
      const before = saved.keep(store.copyTo, now(), 'restore').name
      const changed = plane.restore(content)
      return { restored: name, before, revision: plane.revision, changed }
    },
  }
}

/** Of a state that no server uses. Throws StoreError where one does, or the state can not be opened. */
export function withSnapshots<T>(dir: StateDir, work: (snapshots: StateSnapshots) => T): T {
  const saved = savedStates(dir.snapshots)
  const store = sqliteStore(dir.database, { knows: isKind })
  try {
    return work({
      save: (name) => saveTo(saved, store, Date.now(), name),
      restore(name) {
        const content = readFor(store, saved, name)
        const before = saved.keep(store.copyTo, Date.now(), 'restore').name
        return { restored: name, before, ...restoreInto(store, content) }
      },
    })
  } finally {
    store.close()
  }
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

/** `POST /snapshot`: {name} → the `SavedState`; 422 where it could not be saved. */
export const answerSave = (snapshots: StateSnapshots, { name }: Record<string, unknown>): Answer =>
  answer(() => snapshots.save(name === undefined ? undefined : String(name)))

/** `POST /restore`: {name} → what is `Restored`; 422 where it could not be, and then nothing has changed. */
export const answerRestore = (snapshots: StateSnapshots, { name }: Record<string, unknown>): Answer =>
  answer(() => snapshots.restore(String(name)))

function answer(work: () => unknown): Answer {
  try {
    return { status: 200, body: work() }
  } catch (error) {
    const isForeseen = error instanceof StoreError || error instanceof SnapshotError || error instanceof ApiError
    if (isForeseen) return { status: 422, body: { error: error.message } }
    throw error
  }
}

const saveTo = (saved: SavedStates, store: Store, at: number, name: string | undefined): SavedState =>
  name === undefined ? saved.keep(store.copyTo, at) : saved.save(store.copyTo, at, name)

/** Numbers in the kernel are given out once in a state: what is of another state gets new ones. */
function readFor(store: Store, saved: SavedStates, name: string): Content {
  const content = saved.read(name, isKind)
  const own = store.meta('tag')
  return own === undefined || own === content.meta.tag ? content : renumbered(content, store.read().lastNumber)
}

/** What belongs to a state as a whole: one in which no server has run yet takes it over. */
const LASTING = ['tag', 'public-pool']

function restoreInto(store: Store, content: Content): { revision: number; changed: number } {
  const { revision, records: present, lastNumber } = store.read()
  const records = new Records()
  records.accept(present)
  const changes = changesTo(content, records)
  for (const key of LASTING) {
    const value = content.meta[key]
    if (store.meta(key) === undefined && value !== undefined) store.setMeta(key, value)
  }
  if (changes.length === 0) return { revision, changed: 0 }
  const result = store.commit(revision, changes, Math.max(lastNumber, content.lastNumber))
  if (result.outcome !== 'ok') throw new Error('another server writes to this state')
  return { revision: result.revision, changed: changes.length }
}
