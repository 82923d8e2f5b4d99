/** A snapshot's files as lines of JSON, none of them long: how a command hands them to a server. */
import type { Document, Folder } from './document.ts'
import { SnapshotError } from './snapshot-error.ts'

/** A part of a list, or another value of one key of a file. */
interface Part extends Omit<Document, 'contents'> {
  readonly key: string
  readonly items?: readonly unknown[]
  readonly value?: unknown
}

const ITEMS = 500

/** The lines, without their ends. */
export function* linesFrom({ documents, strangers }: Folder): Generator<string> {
  yield JSON.stringify({ strangers })
  for (const { contents, ...rest } of documents) {
    for (const [key, value] of contents) {
      if (!Array.isArray(value)) yield JSON.stringify({ ...rest, key, value })
      // An empty list is a part as well: its file is one of the snapshot.
      for (let i = 0; Array.isArray(value) && (i === 0 || i < value.length); i += ITEMS)
        yield JSON.stringify({ ...rest, key, items: value.slice(i, i + ITEMS) })
    }
  }
}

interface Growing extends Omit<Document, 'contents'> {
  readonly contents: Map<string, unknown>
}

/** The files again. Throws SnapshotError where a line is none of these. */
export async function folderFrom(lines: AsyncIterable<string>): Promise<Folder> {
  const files = new Map<string, Growing>()
  const strangers: string[] = []
  for await (const line of lines) {
    const part = parsed(line)
    if (!('strangers' in part)) grow(files, part)
    else for (const name of part.strangers) strangers.push(name)
  }
  return { documents: [...files.values()], strangers }
}

function grow(files: Map<string, Growing>, { key, items, value, ...rest }: Part): void {
  const file = files.get(rest.file) ?? { ...rest, contents: new Map<string, unknown>() }
  files.set(rest.file, file)
  const known = file.contents.get(key)
  if (!items) file.contents.set(key, value)
  else if (!Array.isArray(known)) file.contents.set(key, [...items])
  else for (const item of items) known.push(item)
}

function parsed(line: string): Part | { strangers: readonly string[] } {
  const value: unknown = JSON.parse(line)
  if (typeof value === 'object' && value !== null) {
    const { strangers, file, key } = value as Partial<Part> & { strangers?: unknown }
    if (Array.isArray(strangers)) return { strangers: strangers.map(String) }
    if (typeof file === 'string' && typeof key === 'string') return value as Part
  }
  throw new SnapshotError('This is no snapshot as `isthmus import` sends it: use the command of the same version.')
}
