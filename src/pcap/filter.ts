/** Which packets to show: a small part of tcpdump's language, words that all must hold. */
import { familyOf, type Ip, parseIp } from '../ip/address.ts'
import { contains, parsePrefix } from '../ip/prefix.ts'
import { type Decoded, type IpPacket, PROTOCOLS } from './decode.ts'

/** What a filter is asked about. */
export interface Filtered {
  readonly packet: Decoded
  readonly dropped: boolean
}
export type Filter = (what: Filtered) => boolean

/** The words are not of the language; the message says what is. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
}

const ip = (test: (packet: IpPacket) => boolean): Filter => {
  return ({ packet }) => packet.kind === 'ip' && test(packet)
}
const protocol = (number: number): Filter => ip((packet) => packet.protocol === number)

/** Words that stand alone. */
const ALONE: Readonly<Record<string, Filter>> = {
  arp: ({ packet }) => packet.kind === 'arp',
  ip: ip(({ family }) => family === 4),
  ip6: ip(({ family }) => family === 6),
  icmp: protocol(PROTOCOLS.icmp),
  tcp: protocol(PROTOCOLS.tcp),
  udp: protocol(PROTOCOLS.udp),
  dropped: ({ dropped }) => dropped,
}

type Side = 'src' | 'dst' | 'either'

/** Words that a value follows; undefined where the value makes no sense. */
const WITH_VALUE: Readonly<Record<string, (side: Side, value: string) => Filter | undefined>> = {
  host(side, value) {
    const address = parseIp(value)
    return address && ((what) => addressesOf(what.packet, side).includes(address))
  },
  net(side, value) {
    const prefix = parsePrefix(value)
    return prefix && ((what) => addressesOf(what.packet, side).some((a) => isIn(prefix, a)))
  },
  port(side, value) {
    const port = /^\d{1,5}$/.test(value) ? Number(value) : 65536
    return port > 65535 ? undefined : ip((packet) => portsOf(packet, side).includes(port))
  },
}

const isIn = (prefix: NonNullable<ReturnType<typeof parsePrefix>>, address: Ip): boolean =>
  familyOf(prefix) === familyOf(address) && contains(prefix, address)

const pick = <T>(side: Side, source: T, destination: T): T[] =>
  side === 'src' ? [source] : side === 'dst' ? [destination] : [source, destination]

function addressesOf(packet: Decoded, side: Side): Ip[] {
  if (packet.kind === 'ip') return pick(side, packet.source, packet.destination)
  return packet.kind === 'arp' ? pick(side, packet.sender, packet.target) : []
}

const portsOf = ({ sourcePort, destinationPort }: IpPacket, side: Side) => pick(side, sourcePort, destinationPort)

/**
 * `tcp port 22`, `icmp and host 10.2.11.172`, `dropped`, `not arp`, `src net 10.1.0.0/16`. Throws FilterError.
 */
export function parseFilter(text: string): Filter {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const all: Filter[] = []
  while (words.length > 0) {
    if (words[0] === 'and') words.shift()
    const isNot = words[0] === 'not' || words[0] === '!'
    if (isNot) words.shift()
    const one = term(words)
    all.push(isNot ? (what) => !one(what) : one)
  }
  return (what) => all.every((one) => one(what))
}

/** Takes one term off the words. */
function term(words: string[]): Filter {
  const first = words.shift() ?? ''
  const alone = Object.hasOwn(ALONE, first) ? ALONE[first] : undefined
  if (alone) return alone
  const isSide = first === 'src' || first === 'dst'
  const hasName = !isSide || Object.hasOwn(WITH_VALUE, words[0] ?? '')
  const name = isSide ? (hasName ? (words.shift() ?? '') : 'host') : first
  const value = words.shift() ?? ''
  const found = Object.hasOwn(WITH_VALUE, name) ? WITH_VALUE[name]?.(isSide ? first : 'either', value) : undefined
  if (found) return found
  const known = [...Object.keys(ALONE), ...Object.keys(WITH_VALUE).map((word) => `[src|dst] ${word} ...`)]
  throw new FilterError(
    `The filter has no meaning at \`${`${first} ${value}`.trim()}\`. It knows: ${known.join(', ')}; joined by and, ` +
      'turned round by not.',
  )
}
