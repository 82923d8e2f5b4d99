/** CIDR prefixes of both families: parsing, containment and the addresses inside. */
import { type Family, familyOf, fromInteger, type Ip, integer4, parseIp, toInteger } from './address.ts'

/** A canonical CIDR prefix such as `10.1.0.0/16`: host bits are zero. */
export type Prefix = string & { readonly __prefix: never }

/** The canonical form of `text` with its host bits cleared (C2), or undefined where it is no prefix. */
export function parsePrefix(text: string): Prefix | undefined {
  const match = /^([0-9a-fA-F:.]+)\/(0|[1-9]\d{0,2})$/.exec(text)
  const address = match && parseIp(match[1] as string)
  if (!address) return undefined
  const length = Number(match[2])
  const width = widthOf(familyOf(address))
  if (length > width) return undefined
  const host = BigInt(width - length)
  return `${fromInteger((toInteger(address) >> host) << host, familyOf(address))}/${length}` as Prefix
}

/** `text` as a prefix; for constants and for text that was checked before. Throws where it is none. */
export function prefix(text: string): Prefix {
  const parsed = parsePrefix(text)
  if (!parsed) throw new Error(`not a CIDR prefix: ${text}`)
  return parsed
}

export const ANYWHERE = '0.0.0.0/0' as Prefix
export const ANYWHERE6 = '::/0' as Prefix

/** The prefix that holds one address only. */
export const hostPrefix = (address: Ip): Prefix => `${address}/${widthOf(familyOf(address))}` as Prefix

export const lengthOf = (p: Prefix): number => Number(p.slice(p.indexOf('/') + 1))
export const baseOf = (p: Prefix): Ip => p.slice(0, p.indexOf('/')) as Ip
/** How many addresses the prefix holds. */
export const sizeOf = (p: Prefix): bigint => 1n << BigInt(widthOf(familyOf(p)) - lengthOf(p))
/** The address `offset` places after the base; a negative offset counts back from the end (-1 is the last). */
export function addressAt(p: Prefix, offset: number | bigint): Ip {
  const at = BigInt(offset)
  return fromInteger(toInteger(baseOf(p)) + (at < 0n ? sizeOf(p) + at : at), familyOf(p))
}

/** Whether `address` lies in `p`; families never mix (R3). */
export function contains(p: Prefix, address: Ip): boolean {
  const family = familyOf(p)
  if (family !== familyOf(address)) return false
  const host = widthOf(family) - lengthOf(p)
  if (family === 4) return host === 32 || integer4(baseOf(p)) >>> host === integer4(address) >>> host
  return toInteger(baseOf(p)) >> BigInt(host) === toInteger(address) >> BigInt(host)
}

/** Whether every address of `inner` lies in `outer`; equal prefixes cover each other. */
export const covers = (outer: Prefix, inner: Prefix): boolean =>
  lengthOf(outer) <= lengthOf(inner) && contains(outer, baseOf(inner))

export const overlaps = (a: Prefix, b: Prefix): boolean => covers(a, b) || covers(b, a)

/** RFC 1918 and RFC 6598: what an internet gateway passes in neither direction (G2). */
export const PRIVATE_PREFIXES = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
] as readonly string[] as readonly Prefix[]
export const isPrivate = (address: Ip): boolean => PRIVATE_PREFIXES.some((p) => contains(p, address))

const widthOf = (family: Family): 32 | 128 => (family === 4 ? 32 : 128)
