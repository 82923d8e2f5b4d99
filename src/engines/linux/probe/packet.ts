/** IPv4 packets as bytes: what a probe sends, and what is read back of it anywhere. */
import { fromInteger4, type Ip, integer4 } from '../../../ip/address.ts'
import type { Flow } from '../../../network/flow.ts'
import { ICMP, TCP, UDP } from '../../../network/match.ts'
import { checksum } from '../../../pcap/checksum.ts'

/** Marks that tell a probe's packets apart. They pass translation unchanged. */
export interface Marks {
  /** 1..32767, unique among the probes under way. Goes into the IP id, the ICMP sequence and the TCP sequence. */
  readonly number: number
  readonly dscp: number
  /** The identifier of an echo: what conntrack knows the flow by. */
  readonly echoId: number
  /** A TCP segment that continues a flow, instead of a SYN. */
  readonly continues: boolean
  /** The probe plays both ends: no kernel takes its TCP segments (their checksum is wrong), so none resets the flow. */
  readonly played: boolean
  /** An answer that the probe gives in the destination's name. */
  readonly answer?: boolean
}

/** Set in the IP id of answers that the probe itself sends. */
const ANSWER = 0x8000
const IP_HEADER = 20
const TTL = 127
const DONT_FRAGMENT = 0x4000
const SYN = 0x02
const RST = 0x04
const ACK = 0x10

/** The whole packet, with correct checksums. `flow.length` pads it. */
export function packetOf(flow: Flow, marks: Marks): Buffer {
  const body = bodyOf(flow, marks)
  const packet = Buffer.alloc(Math.max(flow.length ?? 0, IP_HEADER + body.length))
  packet[0] = 0x45
  packet[1] = marks.dscp << 2
  packet.writeUInt16BE(packet.length, 2)
  packet.writeUInt16BE(marks.number | (marks.answer ? ANSWER : 0), 4)
  packet.writeUInt16BE(flow.dontFragment ? DONT_FRAGMENT : 0, 6)
  packet[8] = TTL
  packet[9] = flow.protocol
  packet.writeUInt32BE(integer4(flow.source), 12)
  packet.writeUInt32BE(integer4(flow.destination), 16)
  body.copy(packet, IP_HEADER)
  packet.writeUInt16BE(checksum(packet.subarray(0, IP_HEADER)), 10)
  sign(packet, flow, marks)
  return packet
}

const tcpMark = (number: number): number => 0x5a000000 + number * 256

function bodyOf({ protocol, icmp, sourcePort = 0, destinationPort = 0, length = 0 }: Flow, marks: Marks): Buffer {
  const { number, echoId } = marks
  const body = Buffer.alloc(protocol === TCP ? 20 : 8)
  if (protocol === ICMP) {
    body[0] = icmp?.type ?? 8
    body[1] = icmp?.code ?? 0
    body.writeUInt16BE(echoId, 4)
    body.writeUInt16BE(number, 6)
  } else if (protocol === TCP || protocol === UDP) {
    body.writeUInt16BE(sourcePort, 0)
    body.writeUInt16BE(destinationPort, 2)
    if (protocol === UDP) body.writeUInt16BE(Math.max(8, length - IP_HEADER), 4)
    else writeTcp(body, marks)
  }
  return body
}

function writeTcp(body: Buffer, { number, continues, answer = false }: Marks): void {
  body.writeUInt32BE(tcpMark(number), 4)
  body.writeUInt32BE(continues ? tcpMark(number) : answer ? tcpMark(number) + 1 : 0, 8)
  body[12] = 5 << 4
  body[13] = continues ? ACK : answer ? SYN | ACK : SYN
  body.writeUInt16BE(1024, 14)
}

/** Writes the checksum of the layer above IP. */
function sign(packet: Buffer, { protocol }: Flow, { played }: Marks): void {
  const body = packet.subarray(IP_HEADER)
  if (protocol === ICMP) body.writeUInt16BE(checksum(body), 2)
  if (protocol !== TCP && protocol !== UDP) return
  const pseudo = Buffer.alloc(12)
  packet.copy(pseudo, 0, 12, 20)
  pseudo[9] = protocol
  pseudo.writeUInt16BE(body.length, 10)
  const sum = checksum(Buffer.concat([pseudo, body])) || 0xffff
  body.writeUInt16BE(protocol === TCP && played ? sum ^ 0x5555 : sum, protocol === TCP ? 16 : 6)
}

/** Which probe a packet belongs to, and which way it goes. */
export interface Seen {
  readonly number: number
  readonly way: 'request' | 'reply'
  readonly source: Ip
  readonly destination: Ip
  /** Of TCP and UDP: a nat node may have changed it. */
  readonly sourcePort?: number
}

/** Recognizes a packet of a probe by its IP header and the first bytes above it; undefined for any other. */
export function recognize(ip: Buffer, above: Buffer): Seen | undefined {
  if (ip.length < IP_HEADER) return undefined
  const found = numberOf(ip, above)
  const hasPorts = (ip[9] === TCP || ip[9] === UDP) && above.length >= 2
  return (
    found && {
      ...found,
      source: fromInteger4(ip.readUInt32BE(12)),
      destination: fromInteger4(ip.readUInt32BE(16)),
      ...(hasPorts && { sourcePort: above.readUInt16BE(0) }),
    }
  )
}

function numberOf(ip: Buffer, above: Buffer): Pick<Seen, 'number' | 'way'> | undefined {
  const id = ip.readUInt16BE(4)
  const protocol = ip[9]
  const own = { number: id & ~ANSWER, way: id & ANSWER ? 'reply' : 'request' } as const
  if (
    protocol === ICMP &&
    above[0] === 0 &&
    above.length >= 8 &&
    id !== above.readUInt16BE(6) &&
    own.number !== above.readUInt16BE(6)
  ) {
    return { number: above.readUInt16BE(6), way: 'reply' }
  }
  if (protocol === TCP && above.length >= 14) return tcpNumber(above, own)
  return own
}

/** An answer acknowledges the mark (SYN-ACK, RST of a SYN), or takes it as its own sequence (RST of an ACK). */
function tcpNumber(above: Buffer, own: Pick<Seen, 'number' | 'way'>): Pick<Seen, 'number' | 'way'> | undefined {
  const flags = above[13] ?? 0
  if (flags === SYN || flags === ACK) return own
  if ((flags & ACK) === 0 && (flags & RST) === 0) return undefined
  const mark = flags & ACK ? above.readUInt32BE(8) - 1 : above.readUInt32BE(4)
  const number = (mark - tcpMark(0)) / 256
  return Number.isInteger(number) && number > 0 ? { number, way: 'reply' } : undefined
}
