/** Looks whether a state can be read by this program and is as it was written; changes nothing about it. */
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { checkRecords, type Knows } from './check-records.ts'
import { SCHEMA_VERSION } from './migrations.ts'
import { damaged, StoreError, unreadable } from './store.ts'
import { versionOf } from './version.ts'

const OWN_TABLES = ['meta', 'record']

/**
 * Reads all of a file, and answers its version. Throws StoreError where it is newer than this program, damaged, no
 * state, or in use; it stays byte for byte as it was. A file of an earlier version may have kinds that are unknown.
 */
export function examine(file: string, knows: Knows): number {
  let db: DatabaseSync | undefined
  try {
    if (statSync(file).size === 0) throw damaged(file, 'it is empty')
    db = new DatabaseSync(file, { readOnly: true, timeout: 2000 })
    const version = versionOf(db)
    refuseNewer(version, file)
    refuseOthers(db, file)
    checkStructure(db, file)
    if (version > 0) checkRecords(db, file, version === SCHEMA_VERSION ? knows : () => true)
    return version
  } catch (error) {
    throw unreadable(file, error)
  } finally {
    db?.close()
  }
}

function refuseNewer(version: number, file: string): void {
  if (version > SCHEMA_VERSION)
    throw new StoreError(
      `The state in ${file} was written by a newer Isthmus (schema ${version}, this one knows ${SCHEMA_VERSION}): ` +
        'update Isthmus, or choose another folder with --state.',
    )
}

function refuseOthers(db: DatabaseSync, file: string): void {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[]
  const other = tables.find(({ name }) => !OWN_TABLES.includes(name))
  if (other) throw damaged(file, `it is another program's, with a table ${other.name}`)
}

function checkStructure(db: DatabaseSync, file: string): void {
  const { quick_check: found } = db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string }
  if (found !== 'ok') throw damaged(file, found.split('\n')[0] ?? '')
}
