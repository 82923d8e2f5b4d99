/** The store in one SQLite file: write-ahead log, every commit synced to the disk, one process at a time. */
import type { Change } from '../ec2/state.ts'
import { checksum } from './checksum.ts'
import { copyContent, readContent } from './content.ts'
import { openState, type OpenOptions } from './open.ts'
import { type CommitResult, type Durability, type Store, StoreError } from './store.ts'
import { transaction } from './transaction.ts'

/** In SQLite's words: whether the log is synced with each commit. */
const SYNCHRONOUS: Readonly<Record<Durability, string>> = { synced: 'FULL', written: 'NORMAL' }

/**
 * Opens or makes the file, and keeps everybody else out until it is closed or the process ends, however it ends.
 * Throws StoreError where it is damaged, newer than this program, not writable, or in use.
 */
export function sqliteStore(file: string, options: OpenOptions = {}): Store {
  const db = openState(file, options)
  const insert = db.prepare(
    'INSERT INTO record(type, id, json, crc) VALUES(?, ?, ?, ?) ' +
      'ON CONFLICT(type, id) DO UPDATE SET json = excluded.json, crc = excluded.crc',
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
      if (!record) erase.run(type, id)
      else {
        const json = JSON.stringify(record)
        insert.run(type, id, json, checksum(json))
      }
    }
  }

  let current: Durability = 'synced'
  /** Between transactions; costs a few microseconds. */
  function use(durability: Durability): void {
    if (durability !== current) db.exec(`PRAGMA synchronous = ${SYNCHRONOUS[durability]}`)
    current = durability
  }

  return {
    read: () => readContent(db),
    commit(baseRevision, changes, lastNumber, durability = 'synced'): CommitResult {
      return written(file, () => {
        use(durability)
        return transaction(db, () => {
          if (revision() !== baseRevision) return { outcome: 'conflict' }
          write(changes)
          setMeta.run('revision', String(baseRevision + 1))
          setMeta.run('number', String(lastNumber))
          return { outcome: 'ok', revision: baseRevision + 1 }
        })
      })
    },
    meta,
    setMeta: (key, value) =>
      written(file, () => {
        use('synced')
        setMeta.run(key, value)
      }),
    copyTo: (copy, at) => copyContent(db, copy, at),
    close: () => db.close(),
  }
}

/** Says in one sentence that a write has failed, and that it has changed nothing. */
function written<T>(file: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    const why = (error as Error).message
    throw new StoreError(`The state in ${file} cannot be written (${why}): nothing was changed. See to the disk.`, {
      cause: error,
      why,
    })
  }
}
