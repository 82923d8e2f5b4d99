/** What travels, as people write it: a protocol's name or number, and ports. */
import type { Traffic } from '../analyzer/question.ts'
import { ICMP, ICMPV6, type PortRange, TCP, UDP } from '../network/match.ts'

const NAMES: Readonly<Record<string, number>> = { tcp: TCP, udp: UDP, icmp: ICMP, icmpv6: ICMPV6, ping: ICMP }

/** `tcp`, `icmp`, `47`; undefined where it is no protocol. */
export function parseProtocol(text: string): number | undefined {
  const known = NAMES[text.toLowerCase()]
  if (known !== undefined) return known
  return /^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : undefined
}

/** `22`, `8000-8100`, `any`; undefined where it is neither. */
export function parsePorts(text: string): PortRange | undefined {
  if (text === 'any') return { from: 0, to: 65535 }
  const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? []
  if (from === undefined || Number(to) > 65535 || Number(from) > Number(to)) return undefined
  return { from: Number(from), to: Number(to) }
}

export const hasPorts = (protocol: number): boolean => protocol === TCP || protocol === UDP

/** What a client would send: a ping, or packets to these ports. */
export const trafficOf = (protocol: number, ports?: PortRange): Traffic => ({
  protocol,
  ...(hasPorts(protocol) && ports && { destinationPorts: ports }),
  ...(protocol === ICMP && { icmp: { type: 8, code: 0 } }),
  ...(protocol === ICMPV6 && { icmp: { type: 128, code: 0 } }),
})
