/** Brings a state of an earlier version up to this program's, all of it or nothing of it. */
import type { DatabaseSync } from 'node:sqlite'
import { checkRecords, type Knows } from './check-records.ts'
import { type Migration, migrations } from './migrations.ts'
import { transaction } from './transaction.ts'
import { versionOf } from './version.ts'

/**
 * Runs the steps that are still to be run, in one transaction. Throws StoreError where the records then are not as
 * this program knows them, and the file is as before. Who is killed meanwhile begins again.
 */
export function migrate(db: DatabaseSync, file: string, knows: Knows, steps: readonly Migration[] = migrations): void {
  const from = versionOf(db)
  const due = steps.filter(({ to }) => to > from)
  if (due.length === 0) return
  transaction(db, () => {
    for (const { to, run } of due) {
      run(db)
      db.exec(`PRAGMA user_version = ${to}`)
    }
    checkRecords(db, file, knows)
  })
}
