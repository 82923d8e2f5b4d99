/** The store in one SQLite file: write-ahead log, every commit synced to the disk, one process at a time. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { ResourceType } from '../ec2/resource.ts'
import type { Change } from '../ec2/state.ts'
import { type CommitResult, type Snapshot, type Store, StoreError } from './store.ts'

const SCHEMA_VERSION = 1

/** SQLite's own number for "database is locked". */
const SQLITE_BUSY = 5

/**
 * Opens or makes the file, and keeps everybody else out until it is closed or the process ends, however it ends.
 * Throws StoreError where it is corrupt, newer than this program, not writable, or in use.
 */
export function sqliteStore(file: string): Store {
  const db = open(file)
  const insert = db.prepare(
    'INSERT INTO record(type, id, json) VALUES(?, ?, ?) ON CONFLICT(type, id) DO UPDATE SET json = excluded.json',
  )
  const erase = db.prepare('DELETE FROM record WHERE type = ? AND id = ?')
  const getMeta = db.prepare('SELECT value FROM meta WHERE key = ?')
  const setMeta = db.prepare(
    'INSERT INTO meta(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value',
  )
  const meta = (key: string) => (getMeta.get(key) as { value: string } | undefined)?.value
  const revision = () => Number(meta('revision') ?? 0)

  function write(changes: readonly Change[]): void {
    for (const { type, id, record } of changes) {
      if (record) insert.run(type, id, JSON.stringify(record))
      else erase.run(type, id)
    }
  }

  return {
    read: () => ({
      revision: revision(),
      records: readRecords(db.prepare('SELECT type, id, json FROM record')),
      lastNumber: Number(meta('number') ?? 100),
    }),
    commit(baseRevision, changes, lastNumber): CommitResult {
      return written(file, () =>
        transaction(db, () => {
          if (revision() !== baseRevision) return { outcome: 'conflict' }
          write(changes)
          setMeta.run('revision', String(baseRevision + 1))
          setMeta.run('number', String(lastNumber))
          return { outcome: 'ok', revision: baseRevision + 1 }
        }),
      )
    },
    meta,
    setMeta: (key, value) => void written(file, () => setMeta.run(key, value)),
    close: () => db.close(),
  }
}

function readRecords(all: StatementSync): Snapshot['records'] {
  return (all.all() as { type: string; id: string; json: string }[]).map(({ type, id, json }) => ({
    type: type as ResourceType,
    id,
    record: JSON.parse(json),
  }))
}

function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** Says in one sentence that a write has failed, and that it has changed nothing. */
function written<T>(file: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    throw new StoreError(
      `The state in ${file} cannot be written (${(error as Error).message}): nothing was changed. See to the disk.`,
      { cause: error },
    )
  }
}

function open(file: string): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file, { timeout: 2000 })
    // Before the first access: it holds the file's lock from then on, and the kernel drops it with the process.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    // A write at once, so that a file that is locked or not writable is met here and not in the first call.
    db.exec('BEGIN IMMEDIATE; COMMIT')
    db.exec('CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT')
    db.exec(
      'CREATE TABLE IF NOT EXISTS record(type TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY ' +
        'KEY(type, id)) STRICT, WITHOUT ROWID',
    )
    checkVersion(db, file)
    return db
  } catch (error) {
    db?.close()
    if (error instanceof StoreError) throw error
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY)
      throw new StoreError(
        `Another server uses the state in ${file}: stop it with \`isthmus down\`, ` +
          'or choose another folder with --state.',
      )
    throw new StoreError(
      `The state in ${file} cannot be opened (${(error as Error).message}). Move it away, or choose another ` +
        'folder with --state.',
    )
  }
}

function checkVersion(db: DatabaseSync, file: string): void {
  const { user_version: found } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  if (found > SCHEMA_VERSION)
    throw new StoreError(
      `The state in ${file} was written by a newer Isthmus (schema ${found}). Update Isthmus, or choose ` +
        'another folder with --state.',
    )
  if (found < SCHEMA_VERSION) db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
}
