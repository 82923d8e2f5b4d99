/** State files as tests want them: of an earlier version, and their bytes. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after } from 'node:test'

/** A folder that is gone after the tests of a file. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-store-'))
  after(() => rmSync(folder, { recursive: true }))
  return folder
}

export const bytesOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')

/** Runs SQL on a file that nobody has open. */
export function edit(file: string, sql: string, ...values: readonly (string | number)[]): void {
  const db = new DatabaseSync(file)
  db.prepare(sql).run(...values)
  db.close()
}

/** A state as version 1 of the schema had it: id and JSON of records of a kind. */
export function oldState(file: string, records: readonly (readonly [type: string, id: string, json: string])[]): void {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA journal_mode = WAL')
  db.exec('CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT')
  db.exec(
    'CREATE TABLE record(type TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY(type, id)) ' +
      'STRICT, WITHOUT ROWID',
  )
  const insert = db.prepare('INSERT INTO record(type, id, json) VALUES(?, ?, ?)')
  db.exec('BEGIN')
  for (const record of records) insert.run(...record)
  db.exec("INSERT INTO meta VALUES('revision', '7'), ('number', '120'), ('tag', 'isthmus-old')")
  db.exec('COMMIT; PRAGMA user_version = 1')
  db.close()
}
