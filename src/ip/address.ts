/** IPv4 and IPv6 addresses: canonical text, and the integer behind it. */
import { isIPv4, isIPv6 } from 'node:net'

/** A canonical address: dotted quad, or IPv6 in RFC 5952 form. Only this module makes one from text. */
export type Ip = string & { readonly __ip: never }
export type Family = 4 | 6

/** The canonical form of `text`, or undefined where it is no address (`010.0.0.1` is none). */
export function parseIp(text: string): Ip | undefined {
  if (isIPv4(text)) return text as Ip
  if (isIPv6(text) && !text.includes('%')) return fromInteger(integer6(text), 6)
  return undefined
}

/** `text` as an address; for constants and for text that was checked before. Throws where it is none. */
export function ip(text: string): Ip {
  const parsed = parseIp(text)
  if (!parsed) throw new Error(`not an IP address: ${text}`)
  return parsed
}

export const familyOf = (address: string): Family => (address.includes(':') ? 6 : 4)

/** The integer behind an address: 32 bits for IPv4, 128 for IPv6. */
export const toInteger = (address: Ip): bigint =>
  familyOf(address) === 4 ? BigInt(integer4(address)) : integer6(address)

/** The unsigned 32-bit integer behind a dotted quad. */
export function integer4(address: string): number {
  let value = 0
  for (const octet of address.split('.')) value = value * 256 + Number(octet)
  return value
}

export function fromInteger(value: bigint, family: Family): Ip {
  if (family === 4) return fromInteger4(Number(value))
  const words = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(16 * (7 - i))) & 0xffffn))
  return compress(words) as Ip
}

/** The dotted quad of an unsigned 32-bit integer. */
export const fromInteger4 = (value: number): Ip =>
  `${(value >>> 24) & 255}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}` as Ip

/** Orders addresses by family, then by value. */
export function compareIp(a: Ip, b: Ip): number {
  const difference = familyOf(a) - familyOf(b) || Number(toInteger(a) - toInteger(b))
  return Math.sign(difference)
}

function integer6(text: string): bigint {
  const [head = '', tail] = withoutDottedTail(text).split('::')
  const left = head ? head.split(':') : []
  const right = tail ? tail.split(':') : []
  const gap = tail === undefined ? 0 : 8 - left.length - right.length
  const words = [...left, ...Array<string>(gap).fill('0'), ...right]
  return words.reduce((value, word) => (value << 16n) | BigInt(Number.parseInt(word, 16)), 0n)
}

/** `::ffff:1.2.3.4` with its last 32 bits written as two words. */
function withoutDottedTail(text: string): string {
  const at = text.lastIndexOf(':') + 1
  if (!text.includes('.')) return text
  const value = integer4(text.slice(at))
  return `${text.slice(0, at)}${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`
}

/** RFC 5952: the longest run of two or more zero words becomes `::`, the first of equals. */
function compress(words: readonly number[]): string {
  let best = { start: -1, length: 1 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (start + length < 8 && words[start + length] === 0) length++
    if (length > best.length) best = { start, length }
  }
  const hex = words.map((word) => word.toString(16))
  if (best.start < 0) return hex.join(':')
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`
}
