/** Lines of `ip -batch` as netlink messages: of all that the tool knows, what a plan has in it. */
import { isIPv4 } from 'node:net'
import { integer4 } from '../../ip/address.ts'
import { OUR_PROTOCOL, ROUTE_TYPES, TABLES } from './routes.ts'

/** A message for the kernel: RTM_*, how it is to be taken (NLM_F_*), the fixed head, and attributes. */
export interface LineMessage {
  readonly type: number
  readonly flags: number
  readonly body: Buffer
}

/** A link's number in the namespace, by its name. Throws where it is not there. */
export type IndexOf = (link: string) => number

const CREATE = 0x400
const EXCLUSIVE = 0x200
const REPLACE = 0x100

/** What to do with an object, as `ip` calls both -> RTM_* and flags. */
const VERBS: Readonly<Record<string, readonly [type: number, flags: number]>> = {
  'addr add': [20, CREATE | EXCLUSIVE],
  'addr del': [21, 0],
  'route replace': [24, CREATE | REPLACE],
  'route del': [25, 0],
  'neigh replace': [28, CREATE | REPLACE],
  'neigh del': [29, 0],
  'rule add': [32, CREATE | EXCLUSIVE],
  'rule del': [33, 0],
  'link set': [16, 0],
  'link property': [108, CREATE | EXCLUSIVE],
}

/** Undefined where a line has words that are not known here. */
export function messageOf(line: string, indexOf: IndexOf): LineMessage | undefined {
  const [object = '', verb = '', ...words] = line.split(' ')
  const known = VERBS[`${object} ${verb}`]
  const body = known && BODIES[object]?.(words, verb, indexOf)
  return known && body && { type: known[0], flags: known[1], body }
}

type Body = (words: readonly string[], verb: string, indexOf: IndexOf) => Buffer | undefined

const BODIES: Readonly<Record<string, Body>> = {
  addr([address = '', ...words], _, indexOf) {
    const found = valuesOf(words, ['dev', 'scope'])
    if (!found?.dev || (found.scope && found.scope !== 'link')) return undefined
    const [bytes, length] = prefixOf(address)
    const head = [u8(AF_INET), u8(length), u8(0), u8(found.scope ? SCOPE.link : 0), u32(indexOf(found.dev))]
    return Buffer.concat([...head, attribute(2, bytes), attribute(1, bytes), attribute(11, u8(OUR_PROTOCOL))])
  },

  rule(words) {
    const found = valuesOf(words, ['pref', 'from', 'fwmark', 'lookup'])
    if (!found?.lookup) return undefined
    const [source, length] = found.from === undefined ? [undefined, 0] : prefixOf(found.from)
    const table = tableNumber(found.lookup)
    const head = [u8(AF_INET), u8(0), u8(length), u8(0), u8(shortTable(table)), u8(0), u8(0), u8(TO_TABLE), u32(0)]
    return Buffer.concat([
      ...head,
      ...(found.pref === undefined ? [] : [attribute(6, u32(Number(found.pref)))]),
      ...(source ? [attribute(2, source)] : []),
      ...(found.fwmark === undefined ? [] : [attribute(10, u32(Number(found.fwmark)))]),
      attribute(15, u32(table)),
    ])
  },

  route(all, verb, indexOf) {
    const [first = ''] = all
    const type = Object.hasOwn(ROUTE_TYPES, first) ? (first as keyof typeof ROUTE_TYPES) : 'unicast'
    const [to = '', ...words] = first === type ? all.slice(1) : all
    const onlink = words.includes('onlink')
    const found = valuesOf(
      words.filter((word) => word !== 'onlink'),
      ['via', 'dev', 'table'],
    )
    if (!found?.table) return undefined
    const [destination, length] = to === 'default' ? [undefined, 0] : prefixOf(to)
    const table = tableNumber(found.table)
    const isGone = verb === 'del'
    const scope = isGone ? SCOPE.nowhere : type === 'unicast' && !found.via ? SCOPE.link : SCOPE.universe
    const kind = isGone ? 0 : ROUTE_TYPES[type]
    return Buffer.concat([
      ...[AF_INET, length, 0, 0, shortTable(table), isGone ? 0 : PROTOCOL_BOOT, scope, kind].map(u8),
      u32(onlink ? ONLINK : 0),
      ...(destination ? [attribute(1, destination)] : []),
      ...(found.via ? [attribute(5, bytesOf(found.via))] : []),
      ...(found.dev ? [attribute(4, u32(indexOf(found.dev)))] : []),
      attribute(15, u32(table)),
    ])
  },

  neigh([address = '', ...words], _, indexOf) {
    const found = valuesOf(words, ['lladdr', 'dev', 'nud'])
    if (!found?.dev || (found.nud && found.nud !== 'permanent')) return undefined
    const head = [u8(AF_INET), u8(0), u16(0), u32(indexOf(found.dev)), u16(found.nud ? NUD_PERMANENT : 0), u16(0)]
    const mac = found.lladdr ? [attribute(2, Buffer.from(found.lladdr.replaceAll(':', ''), 'hex'))] : []
    return Buffer.concat([...head, attribute(1, bytesOf(address)), ...mac])
  },

  link(words, verb, indexOf) {
    if (verb === 'property') {
      const found = words[0] === 'add' ? valuesOf(words.slice(1), ['dev', 'altname']) : undefined
      if (!found?.dev || !found.altname) return undefined
      const name = attribute(53, Buffer.from(`${found.altname}\0`))
      return Buffer.concat([linkHead(indexOf(found.dev), 0, 0), attribute(52 | NESTED, name)])
    }
    const [name = '', ...what] = words
    if (what.join(' ') === 'up') return linkHead(indexOf(name), IFF_UP, IFF_UP)
    if (what.join(' ') === 'arp off up') return linkHead(indexOf(name), IFF_UP | IFF_NOARP, IFF_UP | IFF_NOARP)
    return undefined
  },
}

const AF_INET = 2
const TO_TABLE = 1
const PROTOCOL_BOOT = 3
const SCOPE = { universe: 0, link: 253, nowhere: 255 } as const
const ONLINK = 4
const NUD_PERMANENT = 0x80
const NESTED = 0x8000
const IFF_UP = 0x1
const IFF_NOARP = 0x80

const linkHead = (index: number, flags: number, change: number): Buffer =>
  Buffer.concat([u32(0), u32(index), u32(flags), u32(change)])

/** Words in pairs; undefined where there is another than `names`. */
function valuesOf<N extends string>(
  words: readonly string[],
  names: readonly N[],
): Partial<Record<N, string>> | undefined {
  const found: Partial<Record<N, string>> = {}
  for (let i = 0; i < words.length; i += 2) {
    const [name, value] = [words[i] as N, words[i + 1]]
    if (!names.includes(name) || value === undefined) return undefined
    found[name] = value
  }
  return found
}

const tableNumber = (word: string): number => TABLES[word] ?? Number(word)
/** A number that does not fit the head is told in an attribute alone. */
const shortTable = (table: number): number => (table < 256 ? table : 0)

function prefixOf(text: string): readonly [Buffer, number] {
  const [address = '', length = '32'] = text.split('/')
  return [bytesOf(address), Number(length)]
}

function bytesOf(address: string): Buffer {
  if (!isIPv4(address)) throw new Error(`${address} is no IPv4 address`)
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(integer4(address))
  return bytes
}

const u8 = (value: number): Buffer => Buffer.of(value)
function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}

/** Its length and type, then the value, padded to 4 bytes. */
function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc((4 + value.length + 3) & ~3)
  bytes.writeUInt16LE(4 + value.length, 0)
  bytes.writeUInt16LE(type, 2)
  value.copy(bytes, 4)
  return bytes
}
