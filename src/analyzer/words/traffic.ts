/** What travels, in words: a ping, TCP to a port, and the replies to them. */
import type { Flow } from '../../network/flow.ts'
import { ICMP, ICMPV6, type Match, TCP, UDP } from '../../network/match.ts'
import type { Traffic } from '../question.ts'

const NAMES: Readonly<Record<number, string>> = { [ICMP]: 'ICMP', [TCP]: 'TCP', [UDP]: 'UDP', [ICMPV6]: 'ICMPv6' }

/** `TCP`, `protocol 47`. */
export const protocolName = (protocol: number): string => NAMES[protocol] ?? `protocol ${protocol}`

const isPing = (protocol: number, type: number | undefined): boolean =>
  (protocol === ICMP && (type ?? 8) === 8) || (protocol === ICMPV6 && (type ?? 128) === 128)
const isEchoReply = (protocol: number, type: number | undefined): boolean =>
  (protocol === ICMP && type === 0) || (protocol === ICMPV6 && type === 129)

/** Of one packet, after "no": `ping (ICMP echo request)`, `TCP to port 22`, `reply from TCP port 22`. */
export function packetText({ protocol, icmp, sourcePort, destinationPort }: Flow, leg: 'request' | 'reply'): string {
  const name = protocolName(protocol)
  if (isPing(protocol, icmp?.type)) return `ping (${name} echo request)`
  if (isEchoReply(protocol, icmp?.type)) return `answer to a ping (${name} echo reply)`
  if (icmp) return `${name} of type ${icmp.type}, code ${icmp.code}`
  if (leg === 'reply' && sourcePort !== undefined)
    return `reply of ${name} port ${sourcePort} (to port ${destinationPort})`
  return destinationPort === undefined ? `${name}` : `${name} to port ${destinationPort}`
}

/** Of a question: `ping`, `TCP port 22`, `UDP ports 53 to 60`, `protocol 47`. */
export function trafficText({ protocol, destinationPorts, icmp }: Traffic): string {
  if (isPing(protocol, icmp?.type)) return 'ping'
  const name = protocolName(protocol)
  if (icmp) return `${name} type ${icmp.type}${icmp.code === undefined ? '' : `, code ${icmp.code}`}`
  return destinationPorts ? `${name} ${portsText(destinationPorts)}` : name
}

export const portsText = ({ from, to }: { readonly from: number; readonly to: number }): string =>
  from === to ? `port ${from}` : from === 0 && to === 65535 ? 'all ports' : `ports ${from} to ${to}`

/** What a rule matches, without its far side: `all traffic`, `TCP port 22`, `ICMP type 8`. */
export function matchText({ protocol, ports, icmp }: Omit<Match, 'remote'>): string {
  if (protocol === undefined) return 'all traffic'
  const name = protocolName(protocol)
  if (icmp && isPing(protocol, icmp.type)) return `ping (${name} type ${icmp.type})`
  if (icmp) return `${name} type ${icmp.type}${icmp.code === undefined ? '' : ` code ${icmp.code}`}`
  return ports ? `${name} ${portsText(ports)}` : `all ${name}`
}
