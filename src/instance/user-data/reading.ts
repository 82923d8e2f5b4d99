/** Reads what YAML has given, of whatever shape, or says what it should have been. */
import { Unfit } from './stage.ts'

export type Fields = Readonly<Record<string, unknown>>

export const isText = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number'

export function text(value: unknown, what: string): string {
  if (!isText(value)) throw new Unfit(`${what} is not text`)
  const string = `${value}`
  if (string.includes('\0')) throw new Unfit(`there is a NUL character in ${what}`)
  return string
}

/** Text that stands on one line of a file with one record a line. */
export function line(value: unknown, what: string): string {
  const string = text(value, what)
  if (/[\r\n]/.test(string)) throw new Unfit(`${what} has more than one line`)
  return string
}

export function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Unfit(`${what} is not a list`)
  return value
}

/** A list of lines; one line alone counts as a list of one. */
export const lines = (value: unknown, what: string): string[] =>
  (isText(value) ? [value] : list(value, what)).map((item) => line(item, what))

/** Names in a list, or in one text with commas between them. */
export const names = (value: unknown, what: string): string[] =>
  (typeof value === 'string' ? value.split(',') : list(value, what)).map((item) => name(item, what))

export function fields(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    throw new Unfit(`${what} is not a set of keys and values`)
  return value as Fields
}

export const flag = (value: unknown): boolean => value === true || value === 'true' || value === 1

/** A user's or a group's. */
export function name(value: unknown, what: string): string {
  const string = text(value, what).trim()
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/.test(string)) throw new Unfit(`${what} is no name: ${JSON.stringify(string)}`)
  return string
}
