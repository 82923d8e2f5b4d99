/** Reads the headers of a captured packet. What is cut off or unknown is left out, and never an error. */
import { fromInteger, fromInteger4, type Ip } from '../ip/address.ts'
import type { LinkType } from './pcapng.ts'

export type Decoded = Arp | IpPacket | OtherFrame

export interface Arp {
  readonly kind: 'arp'
  /** 1 asks, 2 answers. */
  readonly operation: number
  readonly sender: Ip
  readonly senderMac: string
  readonly target: Ip
  /** Bytes behind the frame's header. */
  readonly length: number
}

export interface IpPacket {
  readonly kind: 'ip'
  readonly family: 4 | 6
  readonly source: Ip
  readonly destination: Ip
  readonly protocol: number
  /** Bytes of the whole IP packet, as its header says. */
  readonly length: number
  /** Bytes of what it carries. */
  readonly bodyLength: number
  /** Identification, and whether it is a fragment that is not the first. */
  readonly id: number
  readonly isFragment: boolean
  readonly isLaterFragment: boolean
  readonly dontFragment: boolean
  /** What it carries, as far as it was captured. */
  readonly body: Buffer
  /** Of TCP and UDP, where they were captured. */
  readonly sourcePort?: number
  readonly destinationPort?: number
}

/** A frame of another kind. */
export interface OtherFrame {
  readonly kind: 'other'
  readonly etherType: number
  readonly length: number
}

export const PROTOCOLS = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const
const ETHER = { ip4: 0x0800, arp: 0x0806, ip6: 0x86dd } as const
const ETHERNET = 14
const IP6_HEADER = 40

export function decode(data: Uint8Array, linkType: LinkType): Decoded {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length)
  if (linkType === 'raw') return ipPacket(bytes) ?? other(0, bytes)
  if (bytes.length < ETHERNET) return other(0, bytes)
  const etherType = bytes.readUInt16BE(12)
  const rest = bytes.subarray(ETHERNET)
  if (etherType === ETHER.arp && rest.length >= 28) return arp(rest)
  const isIp = etherType === ETHER.ip4 || etherType === ETHER.ip6
  return (isIp ? ipPacket(rest) : undefined) ?? other(etherType, bytes)
}

const other = (etherType: number, { length }: Buffer): OtherFrame => ({ kind: 'other', etherType, length })

const arp = (bytes: Buffer): Arp => ({
  kind: 'arp',
  operation: bytes.readUInt16BE(6),
  senderMac: (bytes.toString('hex', 8, 14).match(/../g) ?? []).join(':'),
  sender: fromInteger4(bytes.readUInt32BE(14)),
  target: fromInteger4(bytes.readUInt32BE(24)),
  length: bytes.length,
})

/** The IP packet that `bytes` begin with; undefined where they do not. */
export function ipPacket(bytes: Buffer): IpPacket | undefined {
  const version = (bytes[0] ?? 0) >> 4
  if (version === 4 && bytes.length >= 20) return withPorts(ip4(bytes))
  if (version === 6 && bytes.length >= IP6_HEADER) return withPorts(ip6(bytes))
  return undefined
}

function ip4(bytes: Buffer): IpPacket {
  const header = ((bytes[0] ?? 0) & 15) * 4
  const fragment = bytes.readUInt16BE(6)
  // Zero where the network card was to cut it: what is there counts.
  const length = bytes.readUInt16BE(2) || bytes.length
  return {
    kind: 'ip',
    family: 4,
    source: fromInteger4(bytes.readUInt32BE(12)),
    destination: fromInteger4(bytes.readUInt32BE(16)),
    protocol: bytes[9] ?? 0,
    length,
    bodyLength: Math.max(0, length - header),
    id: bytes.readUInt16BE(4),
    isFragment: (fragment & 0x3fff) !== 0,
    isLaterFragment: (fragment & 0x1fff) !== 0,
    dontFragment: (fragment & 0x4000) !== 0,
    body: bytes.subarray(header, length),
  }
}

function ip6(bytes: Buffer): IpPacket {
  const bodyLength = bytes.readUInt16BE(4)
  const address = (at: number): Ip => fromInteger(BigInt(`0x${bytes.toString('hex', at, at + 16)}`), 6)
  return {
    kind: 'ip',
    family: 6,
    source: address(8),
    destination: address(24),
    protocol: bytes[6] ?? 0,
    length: IP6_HEADER + bodyLength,
    bodyLength,
    id: 0,
    isFragment: false,
    isLaterFragment: false,
    dontFragment: true,
    body: bytes.subarray(IP6_HEADER, IP6_HEADER + bodyLength),
  }
}

function withPorts(packet: IpPacket): IpPacket {
  const { protocol, isLaterFragment, body } = packet
  const hasPorts = protocol === PROTOCOLS.tcp || protocol === PROTOCOLS.udp
  if (!hasPorts || isLaterFragment || body.length < 4) return packet
  return { ...packet, sourcePort: body.readUInt16BE(0), destinationPort: body.readUInt16BE(2) }
}
