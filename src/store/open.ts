/** Opens a state's file for writing: makes it where it is missing, examines it, brings it up to this version. */
import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { copyContent } from './content.ts'
import { publish } from './durable-file.ts'
import type { Knows } from './check-records.ts'
import { examine } from './examine.ts'
import { migrate } from './migrate.ts'
import { SCHEMA_VERSION } from './migrations.ts'
import { SAVED_STATES, savedStates } from './saved-states.ts'
import { unreadable } from './store.ts'

export interface OpenOptions {
  /** Whether there is such a kind of records; without it, any is. */
  readonly knows?: Knows
}

export const IN_MEMORY = ':memory:'

/** In pages of 4 kB: 32 MB. Each time that the log is carried over all calls wait for the disk. */
const LARGEST_LOG = 8000

/** Throws StoreError, and then the file is as it was. */
export function openState(file: string, { knows = () => true }: OpenOptions): DatabaseSync {
  const version = file === IN_MEMORY ? 0 : found(file, knows)
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file, { timeout: 2000 })
    // Before the first access: it holds the file's lock from then on, and the kernel drops it with the process.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    db.exec(`PRAGMA wal_autocheckpoint = ${LARGEST_LOG}`)
    // A write at once, so that a file that is locked or not writable is met here and not in the first call.
    db.exec('BEGIN IMMEDIATE; COMMIT')
    if (version > 0 && version < SCHEMA_VERSION) keepOld(db, file)
    migrate(db, file, knows)
    // Who examined the file has made it, and nobody uses it any more.
    rmSync(`${file}-shm`, { force: true })
    return db
  } catch (error) {
    db?.close()
    throw unreadable(file, error)
  }
}

/** A migration is well tried, and yet not on this state: what it had before is kept beside it. */
function keepOld(db: DatabaseSync, file: string): void {
  const saved = savedStates(join(dirname(file), SAVED_STATES))
  saved.keep((copy, at) => copyContent(db, copy, at), Date.now(), `schema-${SCHEMA_VERSION}`)
}

/** The version of the file that is there, or has been made. */
function found(file: string, knows: Knows): number {
  try {
    if (!existsSync(file)) make(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  return examine(file, knows)
}

/** A file has its name once it is whole: an empty one by that name is one that was cut off. */
function make(file: string): void {
  const growing = `${file}.new`
  const db = new DatabaseSync(growing, { timeout: 2000 })
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE')
    migrate(db, file, () => true)
  } finally {
    db.close()
  }
  try {
    publish(growing, file)
  } catch (error) {
    // Of two who make it at once one is first, and takes the other's work with it.
    if (!existsSync(file)) throw error
    rmSync(growing, { force: true })
  }
}
