/**
 * One object of a snapshot's JSON, read field by field.
 *
 * Invariants: nothing is believed unread, each field is checked where it is read; what nobody has read is known.
 */
import { familyOf, type Ip, parseIp } from '../ip/address.ts'
import { type Prefix, parsePrefix } from '../ip/prefix.ts'
import { SnapshotError } from './snapshot-error.ts'

type Fields = Readonly<Record<string, unknown>>

/** Where an object stands: in which file, or in which field of which other object. */
type Where = { readonly file: string; readonly at: string } | { readonly parent: Item; readonly at: string }

/** Errors of all that read: SnapshotError, with file and JSON path. A field that is null counts as not there. */
export class Item {
  readonly #fields: Fields
  readonly #where: Where
  readonly #read = new Set<string>()
  readonly #children = new Map<string, Item>()

  constructor(value: unknown, where: Where) {
    this.#where = where
    if (!isObject(value)) throw new SnapshotError(`${this.place()} must be an object, and is ${wordFor(value)}.`)
    this.#fields = value
  }

  /** `us-east-1/vpcs.json: Vpcs[0].Tags[1]`. */
  place(): string {
    const { at } = this.#where
    return 'parent' in this.#where ? `${this.#where.parent.place()}.${at}` : `${this.#where.file}: ${at}`
  }

  /** The object that this one is a part of, if any. */
  get parent(): Item | undefined {
    return 'parent' in this.#where ? this.#where.parent : undefined
  }

  /** An error about a field of this object; or about the object itself. */
  wrong(why: string, key?: string): SnapshotError {
    return new SnapshotError(`${this.place()}${key === undefined ? '' : `.${key}`} ${why}`)
  }

  textIf(key: string): string | undefined {
    const value = this.#take(key)
    if (value === undefined || typeof value === 'string') return value
    throw this.#unlike(key, 'a text', value)
  }

  text(key: string): string {
    return this.textIf(key) ?? this.#missing(key)
  }

  numberIf(key: string): number | undefined {
    const value = this.#take(key)
    if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value
    throw this.#unlike(key, 'a number', value)
  }

  number(key: string): number {
    return this.numberIf(key) ?? this.#missing(key)
  }

  flag(key: string, fallback = false): boolean {
    const value = this.#take(key)
    if (value === undefined) return fallback
    if (typeof value === 'boolean') return value
    throw this.#unlike(key, 'true or false', value)
  }

  /** Milliseconds since the epoch. */
  timeIf(key: string): number | undefined {
    const text = this.textIf(key)
    if (text === undefined) return undefined
    const time = Date.parse(text)
    if (!Number.isNaN(time)) return time
    throw this.wrong(`must be a time, and is ${quoted(text)}.`, key)
  }

  /** One of some values; another is an error that lists them. */
  oneOf<T extends string>(key: string, values: readonly T[], fallback?: T): T {
    const text = this.textIf(key) ?? fallback ?? this.#missing(key)
    const found = values.find((value) => value === text)
    if (found !== undefined) return found
    throw this.wrong(`must be one of ${values.join(', ')}, and is ${quoted(text)}.`, key)
  }

  /** An id as AWS writes them: the kind's prefix and 8 or 17 hex digits. */
  idIf(key: string, prefix: string): string | undefined {
    const text = this.textIf(key)
    if (text === undefined || isId(text, prefix)) return text
    throw this.wrong(`must be an id such as ${prefix}-0123456789abcdef0, and is ${quoted(text)}.`, key)
  }

  id(key: string, prefix: string): string {
    return this.idIf(key, prefix) ?? this.#missing(key)
  }

  account(key: string): string | undefined {
    const text = this.textIf(key)
    if (text === undefined || /^\d{12}$/.test(text)) return text
    throw this.wrong(`must be an account of 12 digits, and is ${quoted(text)}.`, key)
  }

  prefixIf(key: string, family: 4 | 6): Prefix | undefined {
    const text = this.textIf(key)
    if (text === undefined) return undefined
    const prefix = parsePrefix(text)
    if (prefix && familyOf(prefix) === family) return prefix
    throw this.wrong(`must be an IPv${family} CIDR block, and is ${quoted(text)}.`, key)
  }

  prefix(key: string, family: 4 | 6): Prefix {
    return this.prefixIf(key, family) ?? this.#missing(key)
  }

  ipIf(key: string): Ip | undefined {
    const text = this.textIf(key)
    if (text === undefined) return undefined
    const address = parseIp(text)
    if (address && familyOf(address) === 4) return address
    throw this.wrong(`must be an IPv4 address, and is ${quoted(text)}.`, key)
  }

  ip(key: string): Ip {
    return this.ipIf(key) ?? this.#missing(key)
  }

  /** The objects of a list; none where it is not there. */
  list(key: string): Item[] {
    const value = this.#take(key) ?? []
    if (!Array.isArray(value)) throw this.#unlike(key, 'a list', value)
    return value.map((each: unknown, i) => this.#child(each, `${key}[${i}]`))
  }

  /** The texts of a list; none where it is not there. */
  texts(key: string): string[] {
    const value = this.#take(key) ?? []
    if (!Array.isArray(value)) throw this.#unlike(key, 'a list', value)
    return value.map((each: unknown, i) => {
      if (typeof each === 'string') return each
      throw this.#unlike(`${key}[${i}]`, 'a text', each)
    })
  }

  part(key: string): Item | undefined {
    const value = this.#take(key)
    return value === undefined ? undefined : this.#child(value, key)
  }

  /** Key to value. `fromEntries` makes fields of whatever name, `__proto__` as any other. */
  tags(key = 'Tags'): Record<string, string> {
    return Object.fromEntries(this.list(key).map((tag) => [tag.text('Key'), tag.textIf('Value') ?? '']))
  }

  /** Fields that are known and mean nothing for the network. */
  skip(...keys: readonly string[]): void {
    for (const key of keys) this.#read.add(key)
  }

  /** Whether there is anything in a field. It is then known, whatever it is. */
  has(key: string): boolean {
    return !isEmpty(this.#take(key))
  }

  /** Paths of the fields with content that nobody has read, without the numbers of list entries. */
  unread(): string[] {
    const own = Object.keys(this.#fields).filter((key) => !this.#read.has(key) && !isEmpty(this.#fields[key]))
    const path = this.#pattern()
    return [...own.map((key) => `${path}.${key}`), ...[...this.#children.values()].flatMap((child) => child.unread())]
  }

  /** All of it is known, from elsewhere. */
  known(): void {
    this.skip(...Object.keys(this.#fields))
  }

  /** The same text for equal objects. */
  fingerprint(): string {
    return JSON.stringify(this.#fields)
  }

  #pattern(): string {
    const at = this.#where.at.replace(/\[\d+\]$/, '[]')
    return 'parent' in this.#where ? `${this.#where.parent.#pattern()}.${at}` : at
  }

  #take(key: string): unknown {
    this.#read.add(key)
    return Object.hasOwn(this.#fields, key) ? (this.#fields[key] ?? undefined) : undefined
  }

  #child(value: unknown, at: string): Item {
    const child = this.#children.get(at) ?? new Item(value, { parent: this, at })
    this.#children.set(at, child)
    return child
  }

  #missing(key: string): never {
    throw this.wrong('is missing.', key)
  }

  #unlike(key: string, expected: string, value: unknown): SnapshotError {
    return this.wrong(`must be ${expected}, and is ${wordFor(value)}.`, key)
  }
}

export const isId = (text: string, prefix: string): boolean =>
  text.startsWith(`${prefix}-`) && /^([0-9a-f]{8}|[0-9a-f]{17})$/.test(text.slice(prefix.length + 1))

/** A text from a file, cut so that a message stays one sentence. */
const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0)

/** What a JSON value is, in words. */
export function wordFor(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return { object: 'an object', string: 'a text', number: 'a number', boolean: 'true or false' }[
    typeof value as 'object'
  ]
}
