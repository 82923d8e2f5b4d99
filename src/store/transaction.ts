/** One transaction on SQLite. */
import type { DatabaseSync } from 'node:sqlite'

/** What `work` does is kept as a whole, or not at all where it throws or the process ends. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
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
