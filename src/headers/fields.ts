/** The fields of a header as the levels of a diagram, in the order they are asked; and addresses as 32-bit words. */
import { type Family, familyOf, fromInteger, fromInteger4, type Ip, integer4, toInteger } from '../ip/address.ts'

/**
 * An address is four levels, one a word. IPv4 uses the last of them only. Addresses come first: many of them are
 * treated alike, and then what is below is there once.
 */
export const LEVEL = {
  family: 0,
  destination: 1,
  source: 5,
  protocol: 9,
  destinationPort: 10,
  sourcePort: 11,
  icmpType: 12,
  icmpCode: 13,
  size: 14,
} as const

/** Below every field. */
export const LEAF = 15
export const WORDS = 4
export const LAST_WORD = 0xffffffff

/** The greatest value of each level; the least is 0. An IP packet has at most 65,535 bytes. */
export const LAST: readonly number[] = [1, ...Array<number>(8).fill(LAST_WORD), 255, 65535, 65535, 255, 255, 65535]

/** Whether a level is a word of an address; and the last one, which is all of an IPv4 address. */
export const isAddressLevel = (level: number): boolean => level >= LEVEL.destination && level < LEVEL.source + WORDS
export const isLastWord = (level: number): boolean =>
  isAddressLevel(level) && (level - LEVEL.destination) % WORDS === WORDS - 1

/** The value of a family at its level. */
export const familyValue = (family: Family): number => (family === 4 ? 0 : 1)
export const FAMILIES: readonly Family[] = [4, 6]

/** The words of an address, as its levels have them. */
export function wordsOf(address: Ip): readonly number[] {
  if (familyOf(address) === 4) return [0, 0, 0, integer4(address)]
  const value = toInteger(address)
  return [96n, 64n, 32n, 0n].map((shift) => Number((value >> shift) & 0xffffffffn))
}

export function addressOf(words: readonly number[], family: Family): Ip {
  if (family === 4) return fromInteger4(words[WORDS - 1] as number)
  return fromInteger(
    words.reduce((value, word) => (value << 32n) | BigInt(word), 0n),
    6,
  )
}
