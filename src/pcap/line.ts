/** A packet as a line of text, in the words of tcpdump. */
import { fromInteger4 } from '../ip/address.ts'
import { type Arp, type Decoded, ipPacket, type IpPacket, PROTOCOLS } from './decode.ts'
import { tcpText } from './tcp-line.ts'

/** `12:00:01.123456`, in the local time zone. `at` is in microseconds since 1970. */
export function timeText(at: number): string {
  const date = new Date(Math.floor(at / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${time}.${String(at % 1_000_000).padStart(6, '0')}`
}

/** `IP 10.1.7.162 > 10.2.11.172: ICMP echo request, id 1, seq 1, length 64`. */
export function lineOf(packet: Decoded): string {
  if (packet.kind === 'arp') return arpText(packet)
  if (packet.kind === 'ip') return ipText(packet)
  return `ethertype Unknown (0x${packet.etherType.toString(16).padStart(4, '0')}), length ${packet.length}`
}

/** A packet in the columns of a table. */
export interface Columns {
  readonly from: string
  readonly to: string
  readonly protocol: string
  readonly info: string
}

/** The same as `lineOf`, in parts; `10.1.7.162:22` where there are ports. */
export function columnsOf(packet: Decoded): Columns {
  if (packet.kind === 'other') return { from: '', to: '', protocol: '', info: lineOf(packet) }
  if (packet.kind === 'arp') {
    const { sender, target } = packet
    return { from: sender, to: target, protocol: 'ARP', info: arpText(packet).replace('ARP, ', '') }
  }
  const { source, destination, sourcePort, destinationPort, protocol } = packet
  const name = protocol === PROTOCOLS.icmp6 ? 'icmp6' : (NAMES[protocol] ?? `${protocol}`)
  return {
    from: endText(source, sourcePort),
    to: endText(destination, destinationPort),
    protocol: name.toUpperCase(),
    info: bodyText(packet).replace(/^ICMP6?, |^ICMP |^UDP, /, ''),
  }
}

function endText(address: string, port: number | undefined): string {
  if (port === undefined) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function arpText({ operation, sender, senderMac, target, length }: Arp): string {
  const said =
    operation === 1
      ? `Request who-has ${target} tell ${sender}`
      : operation === 2
        ? `Reply ${sender} is-at ${senderMac}`
        : `operation ${operation}`
  return `ARP, ${said}, length ${length}`
}

function ipText(packet: IpPacket): string {
  const { family, source, destination, sourcePort, destinationPort } = packet
  const end = (address: string, port: number | undefined) => (port === undefined ? address : `${address}.${port}`)
  const ends = `${end(source, sourcePort)} > ${end(destination, destinationPort)}`
  return `${family === 4 ? 'IP' : 'IP6'} ${ends}: ${bodyText(packet)}`
}

type Body = (packet: IpPacket) => string

const BODIES: Readonly<Record<number, Body>> = {
  [PROTOCOLS.icmp]: icmpText,
  [PROTOCOLS.tcp]: tcpText,
  [PROTOCOLS.udp]: ({ bodyLength }) => `UDP, length ${Math.max(0, bodyLength - 8)}`,
  [PROTOCOLS.icmp6]: icmp6Text,
}
const NAMES: Readonly<Record<number, string>> = { 1: 'icmp', 2: 'igmp', 6: 'tcp', 17: 'udp', 47: 'gre', 50: 'esp' }

function bodyText(packet: IpPacket): string {
  const { protocol, isLaterFragment, bodyLength, body } = packet
  const name = NAMES[protocol] ?? `ip-proto-${protocol}`
  if (isLaterFragment) return `ip-proto-${protocol}`
  const words = body.length < 4 ? undefined : BODIES[protocol]
  return words ? words(packet) : `${name} ${bodyLength}`
}

const UNREACHABLE: Readonly<Record<number, string>> = {
  0: 'net %d unreachable',
  1: 'host %d unreachable',
  2: '%d protocol %p unreachable',
  9: 'net %d unreachable - admin prohibited',
  10: 'host %d unreachable - admin prohibited',
  13: 'host %d unreachable - admin prohibited filter',
}

function icmpText({ body, bodyLength }: IpPacket): string {
  const [type = 0, code = 0] = body
  const echo = body.length >= 8 ? `, id ${body.readUInt16BE(4)}, seq ${body.readUInt16BE(6)}` : ''
  const words: Readonly<Record<number, () => string>> = {
    0: () => `echo reply${echo}`,
    3: () => unreachableText(code, body),
    5: () => `redirect ${body.length >= 8 ? fromInteger4(body.readUInt32BE(4)) : ''}`,
    8: () => `echo request${echo}`,
    11: () => (code === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded'),
  }
  return `ICMP ${words[type]?.() ?? `type ${type}, code ${code}`}, length ${bodyLength}`
}

/** What was not reached is in the packet that the message quotes. */
function unreachableText(code: number, body: Buffer): string {
  const quoted = ipPacket(body.subarray(8))
  const to = quoted?.destination ?? '?'
  const protocol = quoted ? (NAMES[quoted.protocol] ?? String(quoted.protocol)) : '?'
  if (code === 3) return `${to} ${protocol} port ${quoted?.destinationPort ?? '?'} unreachable`
  if (code === 4) return `${to} unreachable - need to frag (mtu ${body.length >= 8 ? body.readUInt16BE(6) : '?'})`
  return (UNREACHABLE[code] ?? `%d unreachable - #${code}`).replace('%d', to).replace('%p', protocol)
}

const ICMP6: Readonly<Record<number, string>> = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  128: 'echo request',
  129: 'echo reply',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbor solicitation',
  136: 'neighbor advertisement',
  143: 'multicast listener report v2',
}

function icmp6Text({ body, bodyLength }: IpPacket): string {
  const [type = 0] = body
  const isEcho = (type === 128 || type === 129) && body.length >= 8
  const echo = isEcho ? `, id ${body.readUInt16BE(4)}, seq ${body.readUInt16BE(6)}` : ''
  return `ICMP6, ${ICMP6[type] ?? `type ${type}`}${echo}, length ${bodyLength}`
}
