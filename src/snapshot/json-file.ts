/** Reading one file of JSON within bounds of size, depth and number of values, whatever it holds. */
import { readFileSync, statSync } from 'node:fs'
import { wordFor } from './item.ts'
import { breakOf } from './json-place.ts'
import { SnapshotError } from './snapshot-error.ts'

/** A file of AWS's own with as much has some millions of values, and is less than a dozen deep. */
const MOST_BYTES = 256 * 1024 * 1024
const MOST_VALUES = 16_000_000
const DEEPEST = 64

/** The top-level keys and values of a file; `name` is what messages call it. Throws SnapshotError. */
export function readJson(path: string, name: string): ReadonlyMap<string, unknown> {
  const bytes = bytesOf(path, name)
  measure(bytes, name)
  const value = parsed(textOf(bytes, name), name)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return new Map(Object.entries(value))
  throw new SnapshotError(
    `${name} must hold an object as \`aws ec2 describe-...\` prints it, and is ${wordFor(value)}.`,
  )
}

function bytesOf(path: string, name: string): Buffer {
  try {
    const { size } = statSync(path)
    if (size > MOST_BYTES)
      throw new SnapshotError(
        `${name} has ${Math.round(size / 1024 / 1024)} MB, and 256 MB is the most: split it, or take fewer resources.`,
      )
    return readFileSync(path)
  } catch (error) {
    throw error instanceof SnapshotError
      ? error
      : new SnapshotError(`${name} can not be read (${(error as Error).message}).`)
  }
}

function textOf(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new SnapshotError(`${name} is no text in UTF-8.`)
  }
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const OPENS = new Set([0x5b, 0x7b])
const CLOSES = new Set([0x5d, 0x7d])

/** Before anything is built of it: a small text can be a great many values, and one within another without end. */
function measure(bytes: Buffer, name: string): void {
  let [depth, values] = [0, 0]
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number
    if (byte === QUOTE) i = endOfText(bytes, i)
    else if (OPENS.has(byte)) {
      values++
      if (++depth > DEEPEST) throw new SnapshotError(`${name} has more than ${DEEPEST} levels, at byte ${i}.`)
    } else if (CLOSES.has(byte)) depth--
    else if (byte === COMMA) values++
    if (values > MOST_VALUES) throw new SnapshotError(`${name} has more than ${MOST_VALUES} values: split it.`)
  }
}

/** Where the text ends that begins at `start`. */
function endOfText(bytes: Buffer, start: number): number {
  for (let i = bytes.indexOf(QUOTE, start + 1); i >= 0; i = bytes.indexOf(QUOTE, i + 1)) {
    let slashes = 0
    while (bytes[i - 1 - slashes] === BACKSLASH) slashes++
    if (slashes % 2 === 0) return i
  }
  return bytes.length
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SnapshotError(`${name} is no JSON${text.trim() === '' ? ': it is empty' : placeOf(text)}.`)
  }
}

function placeOf(text: string): string {
  const at = breakOf(text)
  if (at >= text.length) return ': it ends too early'
  const before = text.slice(0, at)
  return ` from line ${before.split('\n').length}, column ${at - before.lastIndexOf('\n')} on`
}
