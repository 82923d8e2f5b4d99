import assert from 'node:assert/strict'
import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import type { Change } from '../../src/ec2/state.ts'
import { sqliteStore } from '../../src/store/sqlite.ts'
import { bytesOf, edit, oldState, testFolder } from './state-file.ts'

const folder = testFolder()
const knows = (type: string) => type === 'vpc'

/** A state with some pages of records, which nobody has open. */
function goodState(name: string): string {
  const file = join(folder, name)
  const store = sqliteStore(file, { knows })
  const changes = Array.from({ length: 300 }, (_, n) => {
    const id = `vpc-${String(n).padStart(4, '0')}`
    return { type: 'vpc', id, record: { id, text: `text of ${id} `.repeat(8) } } as unknown as Change
  })
  store.commit(0, changes, 1)
  store.close()
  return file
}

/** It is named in one sentence, and not one byte of it is touched. */
function refusedAsItIs(file: string, how: RegExp): void {
  const before = bytesOf(file)
  assert.throws(
    () => sqliteStore(file, { knows }),
    (error: unknown) => {
      assert.ok(error instanceof Error && error.name === 'StoreError', String(error))
      assert.match(error.message, how)
      assert.match(error.message, /^The state in \S+ [^\n]+ (left as it is|--state)[^\n]*\.$/)
      assert.ok(error.message.includes(file))
      return true
    },
  )
  assert.equal(bytesOf(file), before)
}

function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, bytes, 0, bytes.length, at)
  closeSync(descriptor)
}

const PAGE = 4096

describe('a damaged state is named and never overwritten', () => {
  test('the good one opens: what follows is refused for what was done to it', () => {
    const store = sqliteStore(goodState('good.db'), { knows })
    assert.equal(store.read().records.length, 300)
    store.close()
  })

  test('garbage', () => {
    const file = join(folder, 'garbage.db')
    writeFileSync(file, 'not a database, but long enough to look at twice '.repeat(400))
    refusedAsItIs(file, /cannot be opened \(file is not a database\)/)
  })

  test('an empty file: one that is made has its name only once it is whole', () => {
    const file = join(folder, 'empty.db')
    writeFileSync(file, '')
    refusedAsItIs(file, /damaged \(it is empty\)/)
  })

  test('a file that was cut off, at a page and within one', () => {
    for (const [name, bytes] of [
      ['page.db', 3 * PAGE],
      ['within.db', 2 * PAGE + 100],
      ['header.db', 50],
    ] as const) {
      const file = goodState(name)
      truncateSync(file, bytes)
      refusedAsItIs(file, /damaged|cannot be opened/)
    }
  })

  test('any page whose bits were flipped, and any that holds zeros', () => {
    const whole = readFileSync(goodState('pages.db'))
    for (let page = 0; page < whole.length / PAGE; page++) {
      for (const [what, change] of [
        ['flipped', (byte: number) => byte ^ 0xff],
        ['zeros', () => 0],
      ] as const) {
        const file = join(folder, `${what}-${page}.db`)
        writeFileSync(file, whole)
        overwrite(file, page * PAGE, whole.subarray(page * PAGE, (page + 1) * PAGE).map(change))
        refusedAsItIs(file, /damaged|cannot be opened/)
      }
    }
  })

  test('one bit within the text of a record', () => {
    const file = goodState('bit.db')
    const at = readFileSync(file).indexOf('text of vpc-0123')
    overwrite(file, at, Buffer.from('u'))
    refusedAsItIs(file, /damaged \(the record vpc-0123 of the kind vpc is not as it was written\)/)
  })

  test('a record that is no JSON, and one that is no record, in a state of version 1, which has no checksums', () => {
    for (const [name, json] of [
      ['brace.db', '{"id":'],
      ['null.db', 'null'],
      ['other.db', '{"id":"vpc-2"}'],
    ] as const) {
      const file = join(folder, name)
      oldState(file, [['vpc', 'vpc-1', json]])
      refusedAsItIs(file, /damaged \(the record vpc-1 of the kind vpc is not as it was written\)/)
    }
  })

  test('a record of an unknown kind, in a state of this version and of an earlier one', () => {
    const file = goodState('kind.db')
    edit(file, "UPDATE record SET type = 'teapot' WHERE id = 'vpc-0007'")
    refusedAsItIs(file, /damaged \(the record vpc-0007 is of an unknown kind, teapot\)/)
    const old = join(folder, 'old-kind.db')
    oldState(old, [['teapot', 't-1', '{"id":"t-1"}']])
    refusedAsItIs(old, /unknown kind, teapot/)
  })

  test("another program's database", () => {
    const file = join(folder, 'other-program.db')
    edit(file, 'CREATE TABLE recipe(name TEXT)')
    refusedAsItIs(file, /another program's, with a table recipe/)
  })

  test('what a killed server had not yet moved into the file stays beside it', () => {
    const file = goodState('killed.db')
    // A reader that stays keeps the log from being moved.
    const writer = new DatabaseSync(file)
    const reader = new DatabaseSync(file, { readOnly: true })
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM record').get()
    writer.exec("UPDATE record SET json = '{' WHERE id = 'vpc-0001'")
    const log = bytesOf(`${file}-wal`)
    const copy = join(folder, 'copied.db')
    for (const ending of ['', '-wal']) writeFileSync(`${copy}${ending}`, readFileSync(`${file}${ending}`))
    reader.close()
    writer.close()
    refusedAsItIs(copy, /vpc-0001/)
    assert.equal(bytesOf(`${copy}-wal`), log)
  })
})
