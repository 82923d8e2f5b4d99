/** The traffic of a rule as it is typed and read: a type, and where that leaves it open, ports or a number. */
import { parsePorts } from '../../check/traffic.ts'
import { TRAFFIC_TYPES, type Traffic, typeOf } from './traffic-types.ts'

/** What is typed in the fields of a rule. */
export interface Typed {
  readonly type: string
  /** Ports, or ICMP's `type` or `type/code`, or a protocol's number. */
  readonly detail: string
}

/** The rule's traffic. Throws an Error that says what is missing. */
export function trafficOf({ type, detail }: Typed): Traffic {
  const known = TRAFFIC_TYPES.find(({ id }) => id === type)
  if (!known) throw new Error('Choose a type.')
  const { protocol } = known.traffic
  const text = detail.trim()
  if (known.asks === 'ports') {
    const range = parsePorts(text)
    if (!range) throw new Error('Give a port, or a range such as 8000-8100.')
    return { protocol, ...range }
  }
  if (known.asks === 'icmp') return { protocol, ...icmpOf(text) }
  if (known.asks === 'protocol') return { protocol: numberOf(text), from: -1, to: -1 }
  return known.traffic
}

/** Without a number, all of it is meant. */
function icmpOf(text: string): { from: number; to: number } {
  const [, type = '-1', code = '-1'] = /^(\d{1,3})?(?:\/(\d{1,3}))?$/.exec(text) ?? []
  if (text !== '' && type === '-1') throw new Error('Give an ICMP type such as 8, or a type and a code such as 3/4.')
  return { from: Number(type), to: Number(code) }
}

function numberOf(text: string): string {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255)
    throw new Error("Give the protocol's number, 0 to 255, such as 50 for ESP.")
  return text
}

/** As it would be typed. */
export function typedOf(traffic: Traffic): Typed {
  const { id, asks } = typeOf(traffic)
  return { type: id, detail: asks ? rangeText(traffic) : '' }
}

/** `22`, `8000-8100`, `3/4`, `50`; All where there is nothing to choose. */
export function rangeText({ protocol, from, to }: Traffic): string {
  if (protocol.startsWith('icmp')) return from === -1 ? 'All' : to === -1 ? String(from) : `${from}/${to}`
  if (protocol === '-1') return 'All'
  if (from === -1) return protocol
  return from === to ? String(from) : from === 0 && to === 65535 ? 'All' : `${from}-${to}`
}

/** `SSH`, `All ICMP - IPv4`, `Custom TCP 8000-8100`. */
export function trafficText(traffic: Traffic): string {
  const { words, asks } = typeOf(traffic)
  return asks ? `${words} ${rangeText(traffic)}` : words
}

/** From and to as EC2 takes them; nothing for what has none. */
export const portsOf = ({ protocol, from, to }: Traffic) =>
  /^(tcp|udp|icmp|icmpv6)$/.test(protocol) ? { FromPort: from, ToPort: to } : {}
