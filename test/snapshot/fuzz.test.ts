/** Whatever is done to a valid snapshot, it is read or refused in one sentence: nothing else ever comes out. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { globSync } from 'node:fs'
import { basename } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { compile } from '../../src/compile/compile.ts'
import { convert } from '../../src/snapshot/convert.ts'
import type { Document } from '../../src/snapshot/document.ts'
import { SnapshotError } from '../../src/snapshot/snapshot-error.ts'
import { callsOf, estate, type Files, filesOf } from './estate.ts'

type Path = readonly (string | number)[]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Array.isArray(value) ? value.map((v, i) => [i, v] as const) : Object.entries(value)
  return [path, ...inner.flatMap(([key, v]) => pathsOf(v, [...path, key]))]
}

/** A copy with the value at a path replaced; `undefined` takes it out. */
function changed(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by
  if (Array.isArray(value)) {
    const items = value.map((v: unknown, i) => (i === key ? changed(v, rest, by) : v))
    return items.filter((v, i) => i !== key || v !== undefined)
  }
  return { ...(value as object), [key]: changed((value as Record<string, unknown>)[key], rest, by) }
}

const documents = (files: Files): Document[] =>
  Object.entries(files).map(([file, contents]) => ({
    ...{
      file,
      account: /\d{12}/.exec(file)?.[0] ?? '111122223333',
      region: /[a-z]+-[a-z]+-\d/.exec(file)?.[0] ?? 'us-east-1',
    },
    contents: new Map(Object.entries((contents ?? {}) as object)),
  }))

const texts = [
  '',
  'x',
  '10.1.0.0/16',
  '10.9.1.10',
  '0.0.0.0/0',
  '::/0',
  'local',
  '__proto__',
  '-1',
  'tcp',
  '6',
  'active',
]
const values = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, false, 0, -1, 65536, 1e300, [], {}, [[]], [null], ...texts),
  fc.jsonValue({ maxDepth: 2 }),
)

/** Reads the files after some changes; the second value of a change takes another's place. */
function play(files: Files, changes: readonly (readonly [number, number, boolean, unknown])[]): void {
  let all: unknown = files
  const paths = pathsOf(files).filter((path) => path.length > 1)
  for (const [at, from, copies, value] of changes) {
    const source = paths[from % paths.length] ?? []
    const copied = source.reduce<unknown>((v, key) => (v as Record<string, unknown> | undefined)?.[key], files)
    try {
      all = changed(all, paths[at % paths.length] ?? [], copies ? copied : value)
    } catch {
      // What an earlier change took away can not be changed.
    }
  }
  let number = 0
  try {
    const { state, report } = convert(documents(all as Files), [], { now: 0, newNumber: () => ++number })
    compile(state)
    assert.ok(report.files > 0)
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error
    assert.ok(error.message.length < 600 && !error.message.includes('\n'), error.message)
  }
}

const change = fc.tuple(fc.nat(), fc.nat(), fc.boolean(), values)

test('a changed snapshot of a real account is read or refused', () => {
  const files = Object.fromEntries(
    globSync('test/snapshot/account/aws_configs/us-east-1/*.json').map((path) => [
      basename(path),
      JSON.parse(readFileSync(path, 'utf8')) as unknown,
    ]),
  )
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => play(files, changes)),
    { numRuns: 400 },
  )
})

test('a changed snapshot of several accounts is read or refused', async (t) => {
  const files = await filesOf(callsOf(await estate(t)))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => play(files, changes)),
    { numRuns: 200 },
  )
})
