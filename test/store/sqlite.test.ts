import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { DatabaseSync } from 'node:sqlite'
import type { Change } from '../../src/ec2/state.ts'
import { sqliteStore } from '../../src/store/sqlite.ts'
import { StoreError } from '../../src/store/store.ts'

const folder = mkdtempSync(join(tmpdir(), 'isthmus-store-'))
after(() => rmSync(folder, { recursive: true }))
const vpc = (id: string, more: object = {}) => ({ type: 'vpc', id, record: { id, ...more } }) as unknown as Change

describe('the store', () => {
  test('what was committed is there after the file is opened again, with its revision and number', () => {
    const file = join(folder, 'again.db')
    const store = sqliteStore(file)
    assert.deepEqual(store.commit(0, [vpc('vpc-1'), vpc('vpc-2')], 107), { outcome: 'ok', revision: 1 })
    assert.deepEqual(store.commit(1, [vpc('vpc-1', { state: 'available' }), { type: 'vpc', id: 'vpc-2' }], 108), {
      outcome: 'ok',
      revision: 2,
    })
    store.setMeta('tag', 'x')
    store.close()
    const again = sqliteStore(file)
    const { revision, records, lastNumber } = again.read()
    assert.deepEqual([revision, lastNumber], [2, 108])
    assert.deepEqual(records, [{ type: 'vpc', id: 'vpc-1', record: { id: 'vpc-1', state: 'available' } }])
    assert.equal(again.meta('tag'), 'x')
    again.close()
  })

  test('a commit on an old revision changes nothing', () => {
    const store = sqliteStore(join(folder, 'conflict.db'))
    store.commit(0, [vpc('vpc-1')], 1)
    assert.deepEqual(store.commit(0, [vpc('vpc-2')], 2), { outcome: 'conflict' })
    assert.deepEqual(
      store.read().records.map((r) => r.id),
      ['vpc-1'],
    )
    store.close()
  })

  test('a file that is no state is named and left as it is', () => {
    const file = join(folder, 'garbage.db')
    writeFileSync(file, 'not a database, but long enough to look at twice '.repeat(40))
    assert.throws(() => sqliteStore(file), { name: 'StoreError', message: /garbage\.db cannot be opened .* --state/ })
  })

  test('a state of a newer program is refused in one sentence', () => {
    const file = join(folder, 'newer.db')
    sqliteStore(file).close()
    const db = new DatabaseSync(file)
    db.exec('PRAGMA user_version = 99')
    db.close()
    assert.throws(
      () => sqliteStore(file),
      (e: unknown) => e instanceof StoreError && /newer Isthmus/.test(e.message),
    )
  })

  test('whoever has it open keeps everybody else out, in one sentence that says what to do', () => {
    const file = join(folder, 'mine.db')
    const store = sqliteStore(file)
    assert.throws(() => sqliteStore(file), {
      name: 'StoreError',
      message: /^Another server uses .*mine\.db: stop it .*\.$/,
    })
    assert.equal(store.commit(0, [vpc('vpc-1')], 1).outcome, 'ok')
    store.close()
    sqliteStore(file).close()
  })

  test('a commit that fails half way leaves nothing of it, and says so', () => {
    const store = sqliteStore(join(folder, 'half.db'))
    store.commit(0, [vpc('vpc-1')], 1)
    const circle: Record<string, unknown> = { id: 'vpc-3' }
    circle.itself = circle
    const unwritable = { type: 'vpc', id: 'vpc-3', record: circle } as unknown as Change
    const commit = () => store.commit(1, [vpc('vpc-2'), unwritable], 9)
    assert.throws(commit, { name: 'StoreError', message: /half\.db cannot be written \(.*nothing was changed/s })
    assert.deepEqual(
      [store.read().revision, store.read().lastNumber, store.read().records.map((r) => r.id)],
      [1, 1, ['vpc-1']],
    )
    assert.equal(store.commit(1, [vpc('vpc-2')], 2).outcome, 'ok')
    store.close()
    assert.throws(() => store.commit(2, [vpc('vpc-4')], 3), { name: 'StoreError' })
  })
})
