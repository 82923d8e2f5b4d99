/** What is in a state's file: read as a whole, and copied as a whole. */
import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { ResourceType } from '../ec2/resource.ts'
import { publish } from './durable-file.ts'
import { type Snapshot, StoreError } from './store.ts'

/** All of a state, with what belongs to it as a whole. */
export interface Content extends Snapshot {
  readonly meta: Readonly<Record<string, string>>
}

/** The key under which a copy has the time at which it was made. */
export const SAVED_AT = 'saved-at'
const FIRST_NUMBER = 100

/** Of a file of this program's version, which has been examined. */
export function readContent(db: DatabaseSync): Content {
  const pairs = db.prepare('SELECT key, value FROM meta').all() as { key: string; value: string }[]
  const meta = Object.fromEntries(pairs.map(({ key, value }) => [key, value]))
  const rows = db.prepare('SELECT type, id, json FROM record').all() as { type: string; id: string; json: string }[]
  return {
    revision: Number(meta.revision ?? 0),
    records: rows.map(({ type, id, json }) => ({ type: type as ResourceType, id, record: JSON.parse(json) })),
    lastNumber: Number(meta.number ?? FIRST_NUMBER),
    meta,
  }
}

/**
 * Writes everything in an open file to another, which is not there yet and notes `at`, when it was made. Throws
 * StoreError, and then nothing is left of it.
 */
export function copyContent(db: DatabaseSync, copy: string, at: number): void {
  const growing = `${copy}.new`
  try {
    rmSync(growing, { force: true })
    db.prepare('VACUUM INTO ?').run(growing)
    note(growing, SAVED_AT, String(at))
    publish(growing, copy)
  } catch (error) {
    rmSync(growing, { force: true })
    throw new StoreError(`${copy} cannot be written (${(error as Error).message}): nothing was changed.`, {
      cause: error,
    })
  }
}

function note(file: string, key: string, value: string): void {
  const db = new DatabaseSync(file)
  try {
    // A file alone, without others beside it.
    db.exec('PRAGMA journal_mode = DELETE')
    db.prepare('INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)').run(key, value)
  } finally {
    db.close()
  }
}
