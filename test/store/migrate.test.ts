import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { SAVED_STATES, savedStates } from '../../src/store/saved-states.ts'
import { sqliteStore } from '../../src/store/sqlite.ts'
import { bytesOf, edit, oldState, testFolder } from './state-file.ts'

const instances = [
  ['instance', 'i-1', '{"id":"i-1","launchTime":5}'],
  ['instance', 'i-2', '{"id":"i-2","rebootedAt":9}'],
  ['vpc', 'vpc-1', '{"id":"vpc-1"}'],
] as const

const recordsOf = (file: string) => {
  const store = sqliteStore(file)
  const { records, revision, lastNumber } = store.read()
  store.close()
  return { records: records.map(({ record }) => record), revision, lastNumber }
}

const MIGRATED = {
  records: [{ id: 'i-1', launchTime: 5, boots: 1 }, { id: 'i-2', boots: 2 }, { id: 'vpc-1' }],
  revision: 7,
  lastNumber: 120,
}

const versionIn = (file: string) => {
  const db = new DatabaseSync(file, { readOnly: true })
  const row = db.prepare('PRAGMA user_version').get()
  db.close()
  return row?.user_version
}

describe('a state of an earlier version', () => {
  test('becomes one of this version, with nothing lost', () => {
    const file = join(testFolder(), 'state.db')
    oldState(file, instances)
    assert.deepEqual(recordsOf(file), MIGRATED)
    assert.deepEqual(recordsOf(file), MIGRATED, 'and once is enough')
  })

  test('a copy of it is kept, for its owner alone, as it was before; opening it again makes no other', () => {
    const folder = testFolder()
    const file = join(folder, 'state.db')
    oldState(file, instances)
    sqliteStore(file).close()
    sqliteStore(file).close()
    const [kept, ...others] = savedStates(join(folder, SAVED_STATES)).list()
    assert.deepEqual(others, [])
    assert.match(kept?.name ?? '', /^\d{4}-\S+Z-before-schema-3$/)
    assert.deepEqual([kept?.schema, kept?.revision, kept?.vpcs, kept?.instances], [1, 7, 1, 2])
    const copy = join(folder, SAVED_STATES, `${kept?.name}.db`)
    assert.equal(statSync(copy).mode & 0o777, 0o600)
    assert.equal(statSync(join(folder, SAVED_STATES)).mode & 0o777, 0o700)
    const before = bytesOf(copy)
    const { records } = savedStates(join(folder, SAVED_STATES)).read(kept?.name ?? '', () => true)
    assert.deepEqual(
      records.map(({ record }) => record),
      MIGRATED.records,
      'what was saved is read as this version has it',
    )
    assert.equal(bytesOf(copy), before, 'and stays as it is')
    assert.deepEqual(readdirSync(join(folder, SAVED_STATES)), [`${kept?.name}.db`])
  })

  test('killed in the middle, it is as before, and the next start begins again', () => {
    const file = join(testFolder(), 'state.db')
    oldState(file, instances)
    const program = `
      import { DatabaseSync } from 'node:sqlite'
      import { migrate } from ${JSON.stringify(new URL('../../src/store/migrate.ts', import.meta.url).href)}
      import { migrations } from ${JSON.stringify(new URL('../../src/store/migrations.ts', import.meta.url).href)}
      const die = { to: 99, run: () => process.kill(process.pid, 'SIGKILL') }
      const db = new DatabaseSync(${JSON.stringify(file)})
      // So small that pages are on the disk before the end.
      db.exec('PRAGMA cache_size = 1')
      migrate(db, '', () => true, [...migrations, die])
    `
    const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', program])
    assert.equal(signal, 'SIGKILL')
    assert.equal(versionIn(file), 1)
    assert.deepEqual(recordsOf(file), MIGRATED)
  })

  test('one of a newer version is refused in one sentence, and stays as it is', () => {
    const file = join(testFolder(), 'state.db')
    sqliteStore(file).close()
    edit(file, 'PRAGMA user_version = 99')
    const before = bytesOf(file)
    assert.throws(() => sqliteStore(file), {
      name: 'StoreError',
      message: /^The state in \S+ was written by a newer Isthmus \(schema 99, this one knows \d+\): update [^\n]+\.$/,
    })
    assert.equal(bytesOf(file), before)
  })

  test('where no copy can be kept, nothing is changed', () => {
    const folder = testFolder()
    const file = join(folder, 'state.db')
    oldState(file, instances)
    // A file where the folder should be.
    edit(join(folder, SAVED_STATES), 'CREATE TABLE x(y)')
    assert.throws(() => sqliteStore(file), { name: 'StoreError', message: /^The state in [^\n]+snapshots[^\n]+\.$/ })
    assert.equal(versionIn(file), 1)
  })
})
