/** A file of assertions, YAML or JSON: read with the place of everything, so that a mistake can be pointed at. */
import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml'
import {
  type Allowed,
  type Assertion,
  EXPECTATIONS,
  type Expectation,
  type Place,
  type Problem,
  type Word,
} from './assertion.ts'
import { hasPorts, parsePorts, parseProtocol } from './traffic.ts'

/** What a file says, or everything that is wrong with it. */
export type Read = { readonly assertions: readonly Assertion[] } | { readonly problems: readonly Problem[] }

const KEYS = ['name', 'because', 'from', 'to', 'proto', 'port', 'expect', 'ports'] as const
type Key = (typeof KEYS)[number]

export function readAssertions(text: string): Read {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  if (document.errors.length > 0)
    return { problems: document.errors.map(({ pos, message }) => ({ ...at(pos[0]), message })) }
  const reader = new Reader(at)
  const root = document.contents
  const list = isMap(root) ? root.get('assertions', true) : root
  if (!isSeq(list)) {
    const message = 'expected `assertions:` and a list below it (isthmus check --example shows one)'
    return { problems: [{ ...at(root?.range?.[0] ?? 0), message }] }
  }
  const assertions = list.items.flatMap((item, index) => reader.assertion(item, index))
  return reader.problems.length > 0 ? { problems: reader.problems } : { assertions }
}

class Reader {
  readonly problems: Problem[] = []
  readonly #at: (offset: number) => Place

  constructor(at: (offset: number) => Place) {
    this.#at = at
  }

  assertion(item: unknown, index: number): Assertion[] {
    const place = this.#placeOf(item)
    if (!isMap(item)) return this.#wrong(place, 'expected an assertion, such as {from: web, to: db, expect: reachable}')
    const before = this.problems.length
    const fields = this.#fields(item)
    const from = this.#words(item, fields, 'from')
    const to = this.#words(item, fields, 'to')
    const expect = this.#expectation(item, fields)
    const protocol = this.#protocol(fields)
    const ports = this.#ports(fields, protocol)
    const allowed = this.#allowed(item, fields, expect)
    if (this.problems.length > before) return []
    const name = this.#text(fields, 'name') ?? `${textOf(from)} to ${textOf(to)}`
    const because = this.#text(fields, 'because')
    return [
      {
        ...place,
        name: name || `assertion ${index + 1}`,
        ...(because !== undefined && { because }),
        from,
        to,
        protocol,
        ...(ports && { ports }),
        expect,
        allowed,
      },
    ]
  }

  #fields(map: YAMLMap): Map<Key, unknown> {
    const fields = new Map<Key, unknown>()
    for (const { key, value } of map.items as Pair[]) {
      const name = isScalar(key) ? String(key.value) : ''
      if (KEYS.includes(name as Key)) fields.set(name as Key, value)
      else this.#wrong(this.#placeOf(key), `unknown key ${name}; expected one of ${KEYS.join(', ')}`)
    }
    return fields
  }

  /** A text, or a list of texts. */
  #words(map: unknown, fields: Map<Key, unknown>, key: 'from' | 'to'): Word[] {
    const value = fields.get(key)
    const items = isSeq(value) ? value.items : value === undefined ? [] : [value]
    if (items.length === 0)
      return this.#wrong(
        this.#placeOf(value ?? map),
        `expected \`${key}\`: a name, id, address, block, tag or relation`,
      )
    return items.flatMap((item): Word[] => {
      const place = this.#placeOf(item)
      const text = scalar(item)
      return text === undefined || text === ''
        ? this.#wrong(place, `expected a text in \`${key}\``)
        : [{ ...place, text }]
    })
  }

  #expectation(map: unknown, fields: Map<Key, unknown>): Expectation {
    const value = fields.get('expect')
    const found = EXPECTATIONS.find((one) => one === scalar(value))
    if (!found) this.#wrong(this.#placeOf(value ?? map), `expected \`expect\`: one of ${EXPECTATIONS.join(', ')}`)
    return found ?? 'reachable'
  }

  #protocol(fields: Map<Key, unknown>): number {
    const value = fields.get('proto')
    // A port alone is TCP's, as people mean it.
    if (value === undefined) return fields.has('port') ? 6 : 1
    const protocol = parseProtocol(scalar(value) ?? '')
    if (protocol === undefined)
      this.#wrong(this.#placeOf(value), 'expected `proto`: tcp, udp, icmp or a number from 0 to 255')
    return protocol ?? 0
  }

  #ports(fields: Map<Key, unknown>, protocol: number) {
    const value = fields.get('port')
    if (value === undefined) return undefined
    const ports = parsePorts(scalar(value) ?? '')
    if (!ports) this.#wrong(this.#placeOf(value), 'expected `port`: a port, a range such as 8000-8100, or any')
    else if (!hasPorts(protocol)) this.#wrong(this.#placeOf(value), 'only tcp and udp have ports')
    return ports
  }

  #allowed(map: unknown, fields: Map<Key, unknown>, expect: Expectation): Allowed[] {
    const value = fields.get('ports')
    if ((value !== undefined) !== (expect === 'only'))
      return this.#wrong(
        this.#placeOf(value ?? map),
        expect === 'only'
          ? 'expected `ports` beside `expect: only`, such as [tcp 443, icmp]'
          : '`ports` goes with `expect: only`; else write `port`',
      )
    const items = isSeq(value) ? value.items : value === undefined ? [] : [value]
    return items.flatMap((item): Allowed[] => {
      const [name = '', range, ...more] = (scalar(item) ?? '').split(/\s+/)
      const protocol = parseProtocol(name)
      const ports = range === undefined ? undefined : parsePorts(range)
      if (protocol === undefined || more.length > 0 || (range !== undefined && !(ports && hasPorts(protocol))))
        return this.#wrong(this.#placeOf(item), 'expected a protocol and its ports, such as tcp 443, udp 53-60 or icmp')
      return [{ protocol, ...(ports && { ports }) }]
    })
  }

  #text(fields: Map<Key, unknown>, key: 'name' | 'because'): string | undefined {
    const value = fields.get(key)
    if (value === undefined) return undefined
    const text = scalar(value)
    if (text === undefined) this.#wrong(this.#placeOf(value), `expected \`${key}\`: a text`)
    return text
  }

  #placeOf(node: unknown): Place {
    const range = (node as { range?: readonly number[] } | undefined)?.range
    return this.#at(range?.[0] ?? 0)
  }

  #wrong(place: Place, message: string): never[] {
    this.problems.push({ ...place, message })
    return []
  }
}

/** A text, number or date as it was written. */
function scalar(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined
  return typeof node.source === 'string' ? node.source : String(node.value)
}

const textOf = (words: readonly Word[]): string => words.map(({ text }) => text).join(', ')
