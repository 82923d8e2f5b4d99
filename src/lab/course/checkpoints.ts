/** Checkpoints of a lab: everything as it was at a moment, to go back to. */
import { join } from 'node:path'
import { Failure } from '../../cli/failure.ts'
import { inForce, type Session } from '../../cli/session.ts'
import { RefusedError } from '../../client/control.ts'
import { SAVED_STATES, savedStates } from '../../store/saved-states.ts'
import { type Course, takeEvents } from './course.ts'
import type { Entry } from './journal.ts'
import { progressOf } from './progress.ts'

export interface Checkpoint {
  readonly name: string
  /** Its name at the server. */
  readonly snapshot: string
  /** The step to be done from there. */
  readonly next: number
  /** Saved by itself, at the start and as steps passed. */
  readonly isAutomatic: boolean
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** The newest of each name, in the order in which they were saved. */
export function checkpointsOf(entries: readonly Entry[]): Checkpoint[] {
  const byName = new Map<string, Checkpoint>()
  for (const entry of entries)
    if (entry.kind === 'checkpoint') {
      byName.delete(entry.name)
      byName.set(entry.name, entry)
    }
  return [...byName.values()]
}

/** What they are called that are saved by themselves: by the step to be done from there. */
const AUTOMATIC = /^(step-\d+|end)$/
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/

/** Saves what there is now. Throws Failure where it can not be. */
export async function save(course: Course, name = nextName(course)): Promise<Checkpoint> {
  if (!NAME.test(name))
    throw new Failure(`A checkpoint can not be called ${name}: letters, digits, . _ and -, 40 at most.`)
  if (AUTOMATIC.test(name))
    throw new Failure(`Checkpoints called ${name} are saved by themselves, as steps pass: choose another name.`)
  return note(course, name, false)
}

/** At the start, and when a step has passed. A full disk must hold nobody up: then there is none. */
export async function saveAutomatically(course: Course): Promise<void> {
  const { step } = progressOf(course.journal.entries())
  const name = step > course.lab.steps.length ? 'end' : `step-${step}`
  await note(course, name, true).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error
  })
}

function nextName({ journal }: Course): string {
  const taken = new Set(checkpointsOf(journal.entries()).map(({ name }) => name))
  for (let n = 1; ; n++) if (!taken.has(`save-${n}`)) return `save-${n}`
}

async function note(course: Course, name: string, isAutomatic: boolean): Promise<Checkpoint> {
  const { session, lab, journal } = course
  // What has happened is of before: else it would count again after a restore.
  await takeEvents(course)
  const snapshot = await saveNetwork(session, lab.slug, name)
  if (snapshot === undefined) throw new Failure('The network can not be saved: see `isthmus snapshot save`.')
  const older = checkpointsOf(journal.entries()).find((one) => one.name === name)
  if (older) forget(session, [older.snapshot])
  const { step } = progressOf(journal.entries())
  journal.add({ kind: 'checkpoint', name, snapshot, next: step, isAutomatic })
  return { name, snapshot, next: step, isAutomatic, at: Date.now() }
}

/** Makes a snapshot at the server; answers its name, or undefined where it refuses. */
export async function saveNetwork({ control }: Session, slug: string, what: string): Promise<string | undefined> {
  const lab = slug.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 40)
  const name = `lab-${lab}-${what}-${Date.now().toString(36)}`
  return control.ask('/snapshot', { name }).then(
    () => name,
    (error: unknown) => {
      if (error instanceof RefusedError) return undefined
      throw error
    },
  )
}

/** Everything as it was; answers where that is. Throws Failure where there is no such checkpoint. */
export async function restore(course: Course, name: string): Promise<Checkpoint> {
  const { session, journal } = course
  await takeEvents(course)
  const all = checkpointsOf(journal.entries())
  const found = all.find((one) => one.name === name)
  if (!found) throw new Failure(`There is no checkpoint ${name}. There are: ${all.map((one) => one.name).join(', ')}.`)
  await restoreNetwork(session, found.snapshot)
  journal.add({ kind: 'restored', name, snapshot: found.snapshot })
  return found
}

/** Throws Failure where the server refuses, with its words. */
export async function restoreNetwork(session: Session, snapshot: string): Promise<void> {
  await session.control.ask('/restore', { name: snapshot }).catch((error: unknown) => {
    throw error instanceof RefusedError ? new Failure(error.message) : error
  })
  await inForce(session)
}

/** Removes snapshots that nobody goes back to any more. */
export function forget({ stateDir }: Session, names: readonly string[]): void {
  const saved = savedStates(join(stateDir, SAVED_STATES))
  const there = new Set(saved.list().map(({ name }) => name))
  for (const name of names) if (there.has(name)) saved.remove(name)
}
