/** The versions of the schema: what makes each from the one before. */
import type { DatabaseSync } from 'node:sqlite'
import { checksum } from './checksum.ts'

/** Runs within a transaction: all of it is kept, or nothing. */
export interface Migration {
  readonly to: number
  readonly run: (db: DatabaseSync) => void
}

/** A record of an earlier version: whatever it has. */
interface Old {
  readonly [field: string]: unknown
}

export const migrations: readonly Migration[] = [
  {
    to: 1,
    run(db) {
      db.exec('CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT')
      db.exec(
        'CREATE TABLE IF NOT EXISTS record(type TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY ' +
          'KEY(type, id)) STRICT, WITHOUT ROWID',
      )
    },
  },
  {
    // Each record tells whether it is as it was written.
    to: 2,
    run(db) {
      db.exec('ALTER TABLE record ADD COLUMN crc INTEGER NOT NULL DEFAULT 0')
      rewrite(db, '%', (record) => record)
    },
  },
  {
    // Instances count their boots; before, they had the time of the latest reboot, if there was one.
    to: 3,
    run: (db) =>
      rewrite(db, 'instance', ({ rebootedAt, ...rest }) => ({ boots: rebootedAt === undefined ? 1 : 2, ...rest })),
  },
]

export const SCHEMA_VERSION = migrations.at(-1)?.to ?? 0

/** Changes each record of the types that are like `type`. From version 2 on. */
function rewrite(db: DatabaseSync, type: string, change: (record: Old) => Old): void {
  const set = db.prepare('UPDATE record SET json = ?, crc = ? WHERE type = ? AND id = ?')
  const rows = db.prepare('SELECT type, id, json FROM record WHERE type LIKE ?').all(type)
  for (const row of rows as { type: string; id: string; json: string }[]) {
    const json = JSON.stringify(change(JSON.parse(row.json)))
    set.run(json, checksum(json), row.type, row.id)
  }
}
