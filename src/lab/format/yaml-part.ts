/** A YAML or JSON file read part by part: each knows its place, so that a mistake can be pointed at. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { Place, Problem } from './lab.ts'

/** One value of a file. What is asked of it and is not there becomes a problem, and a value that goes on. */
export class Part {
  readonly #source: Source
  readonly #node: unknown

  constructor(source: Source, node: unknown) {
    this.#source = source
    this.#node = node
  }

  get place(): Place {
    const range = (this.#node as { range?: readonly number[] } | undefined)?.range
    return this.#source.at(range?.[0] ?? 0)
  }

  wrong(message: string): void {
    this.#source.problems.push({ ...this.place, message })
  }

  get isMap(): boolean {
    return isMap(this.#node)
  }

  get isList(): boolean {
    return isSeq(this.#node)
  }

  /** A text, number or truth value as it was written; not empty. */
  text(): string {
    const value = scalar(this.#node)
    if (value === undefined || value === '') this.wrong('expected a text')
    return value ?? ''
  }

  whole(least: number, most: number): number {
    const value = scalar(this.#node) ?? ''
    if (/^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most) return Number(value)
    this.wrong(`expected a whole number from ${least} to ${most}`)
    return least
  }

  choice<T extends string>(values: readonly T[]): T {
    const found = values.find((value) => value === scalar(this.#node))
    if (found === undefined) this.wrong(`expected one of ${values.join(', ')}`)
    return found ?? (values[0] as T)
  }

  list(): Part[] {
    if (isSeq(this.#node)) return this.#node.items.map((item) => new Part(this.#source, item))
    this.wrong('expected a list')
    return []
  }

  /** A list, or the one thing that would be in it. */
  oneOrMore(): Part[] {
    const parts = this.isList ? this.list() : [this]
    if (parts.length === 0) this.wrong('expected at least one')
    return parts
  }

  /** The values by their keys; only `known` keys may be there, where they are given. */
  fields(known?: readonly string[]): Fields {
    const fields = new Map<string, Part>()
    if (!isMap(this.#node)) this.wrong(`expected keys${known ? ` (${known.join(', ')})` : ''} and values`)
    else
      for (const { key, value } of this.#node.items) {
        const name = scalar(key) ?? ''
        if (known && !known.includes(name))
          new Part(this.#source, key).wrong(`unknown key ${name}; expected one of ${known.join(', ')}`)
        else fields.set(name, new Part(this.#source, value ?? key))
      }
    return new Fields(this, fields)
  }

  /** As plain data. */
  data(): unknown {
    return isScalar(this.#node) || isMap(this.#node) || isSeq(this.#node)
      ? (this.#node as { toJSON(): unknown }).toJSON()
      : undefined
  }

  /** All texts within it, keys aside. */
  scalars(): Part[] {
    const found: Part[] = []
    visit(this.#node as never, {
      Scalar: (key, node) => void (key === 'key' || found.push(new Part(this.#source, node))),
    })
    return found
  }
}

/** The values of a map. */
export class Fields {
  readonly #of: Part
  readonly #parts: ReadonlyMap<string, Part>

  constructor(of: Part, parts: ReadonlyMap<string, Part>) {
    this.#of = of
    this.#parts = parts
  }

  get(key: string): Part | undefined {
    return this.#parts.get(key)
  }

  /** The value, read; where it is missing, a problem and `otherwise`. */
  need<T>(key: string, read: (part: Part) => T, otherwise: T): T {
    const part = this.#parts.get(key)
    if (part) return read(part)
    this.#of.wrong(`expected \`${key}\``)
    return otherwise
  }

  text(key: string): string {
    return this.need(key, (part) => part.text(), '')
  }

  entries(): [string, Part][] {
    return [...this.#parts]
  }
}

/** One file, and where its problems go. */
export interface Source {
  at(offset: number): Place
  readonly problems: Problem[]
}

/** The whole file as a part; undefined where it is no YAML, which is a problem of its own. */
export function parsed(file: string, text: string, problems: Problem[]): Part | undefined {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  for (const { pos, message } of document.errors) problems.push({ ...at(pos[0]), message })
  if (document.errors.length > 0) return undefined
  visit(document, {
    Alias(_, node) {
      if (isAlias(node)) problems.push({ ...at(node.range?.[0] ?? 0), message: 'aliases are not for labs' })
    },
  })
  return new Part({ at, problems }, document.contents)
}

function scalar(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined
  return typeof node.source === 'string' ? node.source : String(node.value)
}
