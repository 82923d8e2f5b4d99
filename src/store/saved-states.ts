/** The saved states of one folder: each a whole state in a file of its own, for the owner alone. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import type { Knows } from './check-records.ts'
import { type Content, readContent, SAVED_AT } from './content.ts'
import { examine } from './examine.ts'
import { migrate } from './migrate.ts'
import { StoreError, unreadable } from './store.ts'
import { versionOf } from './version.ts'

export interface SavedState {
  readonly name: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly revision: number
  readonly schema: number
  readonly vpcs: number
  readonly instances: number
  /** Of the file. */
  readonly bytes: number
  /** Why it can not be read; the other figures are 0 then. */
  readonly problem?: string
}

/** Writes a whole state to a file, which notes `at` (milliseconds). */
type CopyTo = (file: string, at: number) => void

export interface SavedStates {
  /** The newest first. */
  list(): SavedState[]
  /** Writes one by `copyTo`. Throws StoreError where there is one by this name. */
  save(copyTo: CopyTo, at: number, name: string): SavedState
  /** Writes one that goes by its time, and by what is about to happen. */
  keep(copyTo: CopyTo, at: number, before?: string): SavedState
  /** Throws StoreError where there is none, or it can not be read by this program. */
  read(name: string, knows: Knows): Content
  /** Throws StoreError where there is none, and says which there are. */
  find(name: string): void
  /** Throws StoreError where there is none. */
  remove(name: string): void
}

/** Their folder within that of a state. */
export const SAVED_STATES = 'snapshots'
const ENDING = '.db'
/** What goes into a file's name anywhere, and cannot be taken for an option or a hidden file. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

export function savedStates(folder: string): SavedStates {
  const fileOf = (name: string): string => join(folder, `${name}${ENDING}`)
  const names = (): string[] =>
    existsSync(folder)
      ? readdirSync(folder).flatMap((file) => (file.endsWith(ENDING) ? file.slice(0, -ENDING.length) : []))
      : []

  function present(name: string): string {
    const file = NAME.test(name) ? fileOf(name) : ''
    if (file !== '' && existsSync(file)) return file
    const known = names().toSorted()
    throw new StoreError(
      `There is no snapshot ${name}.${known.length > 0 ? ` There are: ${known.join(', ')}.` : ' None has been saved.'}`,
    )
  }

  function free(name: string): string {
    if (!NAME.test(name))
      throw new StoreError(
        `A snapshot cannot be named ${JSON.stringify(name)}: give letters, digits, dots, dashes and underscores, ` +
          'up to 100, a letter or digit first.',
      )
    if (existsSync(fileOf(name)))
      throw new StoreError(`There is a snapshot ${name} already: choose another name, or delete it first.`)
    return fileOf(name)
  }

  function save(copyTo: CopyTo, at: number, name: string): SavedState {
    const file = free(name)
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
    } catch (error) {
      throw new StoreError(`The folder ${folder} cannot be made (${(error as Error).message}): nothing was changed.`)
    }
    copyTo(file, at)
    return described(name, file)
  }

  return {
    list: () =>
      names()
        .map((name) => described(name, fileOf(name)))
        .toSorted((a, b) => b.at - a.at),
    save,
    keep: (copyTo, at, before) =>
      save(copyTo, at, unusedName(before === undefined ? timeName(at) : `${timeName(at)}-before-${before}`, names())),
    read: (name, knows) => readSaved(present(name), knows),
    find: (name) => void present(name),
    remove: (name) => rmSync(present(name)),
  }
}

/** A name that begins so and that nobody has yet. */
function unusedName(wish: string, taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? wish : `${wish}-${n}`
    if (!taken.includes(name)) return name
  }
}

/** `2026-11-23T14-30-00Z`. */
const timeName = (at: number): string => new Date(at).toISOString().replace(/\.\d+/, '').replaceAll(':', '-')

function described(name: string, file: string): SavedState {
  const bytes = statSync(file).size
  try {
    const db = new DatabaseSync(file, { readOnly: true })
    try {
      const one = (sql: string, value: string): number =>
        Number((db.prepare(sql).get(value) as { value: unknown } | undefined)?.value ?? 0)
      const meta = (key: string) => one('SELECT value FROM meta WHERE key = ?', key)
      const count = (type: string) => one('SELECT count(*) AS value FROM record WHERE type = ?', type)
      return {
        name,
        at: meta(SAVED_AT),
        revision: meta('revision'),
        schema: versionOf(db),
        vpcs: count('vpc'),
        instances: count('instance'),
        bytes,
      }
    } finally {
      db.close()
    }
  } catch (error) {
    return { name, at: 0, revision: 0, schema: 0, vpcs: 0, instances: 0, bytes, problem: (error as Error).message }
  }
}

/** An older one is brought up to this version in a copy: what was saved stays as it is. */
function readSaved(file: string, knows: Knows): Content {
  examine(file, knows)
  const copy = `${file}.reading`
  try {
    copyFileSync(file, copy)
    const db = new DatabaseSync(copy)
    try {
      migrate(db, file, knows)
      return readContent(db)
    } finally {
      db.close()
    }
  } catch (error) {
    throw unreadable(file, error)
  } finally {
    rmSync(copy, { force: true })
  }
}
