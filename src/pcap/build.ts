/** IP packets as bytes, from what is known of them. */
import { familyOf, type Ip, integer4, toInteger } from '../ip/address.ts'
import { checksum } from './checksum.ts'
import { PROTOCOLS } from './decode.ts'

/** What a packet is to say. Fields of other protocols than its own do not matter. */
export interface PacketContent {
  readonly source: Ip
  readonly destination: Ip
  readonly protocol: number
  /** Identification of the packet, 0..65535. */
  readonly id: number
  readonly dontFragment: boolean
  /** Bytes of the whole packet; what its headers need is the least. */
  readonly length: number
  readonly icmp: { readonly type: number; readonly code: number; readonly id: number; readonly sequence: number }
  readonly sourcePort: number
  readonly destinationPort: number
  /** Flags of TCP. */
  readonly flags: number
}

const TTL = 64

/** The whole packet, with correct checksums; what it carries beyond headers is zeros. */
export function packetBytes(content: PacketContent): Buffer {
  const isFour = familyOf(content.source) === 4
  const header = isFour ? 20 : 40
  const fields = HEADERS[content.protocol]?.(content) ?? Buffer.alloc(0)
  const body = Buffer.alloc(Math.max(fields.length, content.length - header))
  fields.copy(body)
  if (content.protocol === PROTOCOLS.udp) body.writeUInt16BE(body.length, 4)
  const head = isFour ? header4(content, body.length) : header6(content, body.length)
  writeChecksum(content, body)
  return Buffer.concat([head, body])
}

const HEADERS: Readonly<Record<number, (content: PacketContent) => Buffer>> = {
  [PROTOCOLS.icmp]: icmpHeader,
  [PROTOCOLS.icmp6]: icmpHeader,
  [PROTOCOLS.tcp]: tcpHeader,
  [PROTOCOLS.udp]: udpHeader,
}

function icmpHeader({ icmp }: PacketContent): Buffer {
  const bytes = Buffer.from([icmp.type, icmp.code, 0, 0, 0, 0, 0, 0])
  bytes.writeUInt16BE(icmp.id, 4)
  bytes.writeUInt16BE(icmp.sequence, 6)
  return bytes
}

function udpHeader({ sourcePort, destinationPort }: PacketContent): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt16BE(sourcePort, 0)
  bytes.writeUInt16BE(destinationPort, 2)
  return bytes
}

function tcpHeader({ sourcePort, destinationPort, flags }: PacketContent): Buffer {
  const bytes = Buffer.alloc(20)
  bytes.writeUInt16BE(sourcePort, 0)
  bytes.writeUInt16BE(destinationPort, 2)
  bytes[12] = 5 << 4
  bytes[13] = flags
  bytes.writeUInt16BE(0xffff, 14)
  return bytes
}

/** Where each protocol keeps its checksum; ICMP's does not cover the addresses. */
const CHECKSUM_AT: Readonly<Record<number, number>> = {
  [PROTOCOLS.icmp]: 2,
  [PROTOCOLS.icmp6]: 2,
  [PROTOCOLS.tcp]: 16,
  [PROTOCOLS.udp]: 6,
}

function writeChecksum({ source, destination, protocol }: PacketContent, body: Buffer): void {
  const at = CHECKSUM_AT[protocol]
  if (at === undefined) return
  const rest = Buffer.alloc(8)
  rest.writeUInt32BE(body.length, 0)
  rest[7] = protocol
  const pseudo = protocol === PROTOCOLS.icmp ? [] : [bytesOf(source), bytesOf(destination), rest]
  body.writeUInt16BE(checksum(Buffer.concat([...pseudo, body])) || 0xffff, at)
}

function header4({ source, destination, protocol, id, dontFragment }: PacketContent, body: number): Buffer {
  const bytes = Buffer.alloc(20)
  bytes[0] = 0x45
  bytes.writeUInt16BE(20 + body, 2)
  bytes.writeUInt16BE(id, 4)
  bytes.writeUInt16BE(dontFragment ? 0x4000 : 0, 6)
  bytes[8] = TTL
  bytes[9] = protocol
  bytesOf(source).copy(bytes, 12)
  bytesOf(destination).copy(bytes, 16)
  bytes.writeUInt16BE(checksum(bytes), 10)
  return bytes
}

function header6({ source, destination, protocol }: PacketContent, body: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes[0] = 0x60
  bytes.writeUInt16BE(body, 4)
  bytes[6] = protocol
  bytes[7] = TTL
  return Buffer.concat([bytes, bytesOf(source), bytesOf(destination)])
}

function bytesOf(address: Ip): Buffer {
  if (familyOf(address) === 6) return Buffer.from(toInteger(address).toString(16).padStart(32, '0'), 'hex')
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(integer4(address))
  return bytes
}
