/** One file of a snapshot as JSON, and the files of a folder: whose they are, by the layout of folders. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { readJson } from './json-file.ts'
import { SnapshotError } from './snapshot-error.ts'

/** Account and Region are those of the folders; a file that lies beside them has none. */
export interface Document {
  /** Within the snapshot: `accounts/1.../us-east-1/vpcs.json`. */
  readonly file: string
  readonly account?: string
  readonly region?: string
  /** Top-level key → value. A map, as a key may have any name. */
  readonly contents: ReadonlyMap<string, unknown>
}

interface Found {
  readonly path: string
  readonly file: string
  readonly account?: string
  readonly region?: string
}

/** A snapshot as it lies in a folder, and the names of what is no part of it. */
export interface Folder {
  readonly documents: readonly Document[]
  readonly strangers: readonly string[]
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d+$/
const ACCOUNT = /^\d{12}$/
/** Of all files together, as all are in memory at once. */
const MOST_BYTES = 512 * 1024 * 1024

/** Reads a snapshot's folder; `onFile` is told of each file before it is read. Throws SnapshotError. */
export function readFolder(dir: string, onFile?: (file: string, bytes: number) => void): Folder {
  const root = rootOf(dir)
  const strangers: string[] = []
  const found = inFolders(root, strangers)
  if (found.length === 0)
    throw new SnapshotError(
      `${dir} holds no snapshot: there is no file such as aws_configs/us-east-1/vpcs.json. ` +
        '`isthmus import --print-commands` prints the commands that make one.',
    )
  let total = 0
  const documents = found.map(({ path, ...rest }): Document => {
    const { size } = statSync(path)
    total += size
    if (total > MOST_BYTES) throw new SnapshotError(`The files in ${dir} have more than 512 MB together: import fewer.`)
    onFile?.(rest.file, size)
    return { ...rest, contents: readJson(path, rest.file) }
  })
  return { documents, strangers }
}

function rootOf(dir: string): string {
  if (!existsSync(dir)) throw new SnapshotError(`There is no folder ${dir}.`)
  if (!statSync(dir).isDirectory()) throw new SnapshotError(`${dir} is no folder: give the one that holds aws_configs.`)
  const inner = join(dir, 'aws_configs')
  return existsSync(inner) && statSync(inner).isDirectory() ? inner : dir
}

/** `[accounts/N/][region/]*.json`. */
function inFolders(root: string, strangers: string[]): Found[] {
  const accounts = join(root, 'accounts')
  const ofAccounts = isFolder(accounts)
    ? entriesOf(accounts).flatMap((name) => {
        if (ACCOUNT.test(name) && isFolder(join(accounts, name)))
          return inRegions(root, join(accounts, name), { account: name }, strangers)
        strangers.push(`accounts/${name}`)
        return []
      })
    : []
  // A folder of one Region may itself be the one that is given.
  const region = REGION.test(basename(root)) ? { region: basename(root) } : {}
  return [...inRegions(root, root, region, strangers), ...ofAccounts]
}

type Whose = Pick<Found, 'account' | 'region'>

function inRegions(root: string, folder: string, whose: Whose, strangers: string[]): Found[] {
  return entriesOf(folder).flatMap((name) => {
    const path = join(folder, name)
    if (isFolder(path)) {
      if (REGION.test(name)) return filesIn(root, path, { ...whose, region: name }, strangers)
      if (folder !== root || name !== 'accounts') strangers.push(`${relative(root, path)}/`)
      return []
    }
    return fileAt(root, path, whose, strangers)
  })
}

const filesIn = (root: string, folder: string, whose: Whose, strangers: string[]): Found[] =>
  entriesOf(folder).flatMap((name) => fileAt(root, join(folder, name), whose, strangers))

/** Only files: to read from a pipe might take for ever. */
function fileAt(root: string, path: string, whose: Whose, strangers: string[]): Found[] {
  const file = relative(root, path)
  if (path.endsWith('.json') && statSync(path, { throwIfNoEntry: false })?.isFile()) return [{ path, file, ...whose }]
  strangers.push(file)
  return []
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted()
  } catch (error) {
    throw new SnapshotError(`${folder} can not be read (${(error as Error).message}).`)
  }
}
