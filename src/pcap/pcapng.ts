/**
 * Captures as pcapng files (draft-ietf-opsawg-pcapng): the bytes that tcpdump and Wireshark read.
 *
 * pcapng and not pcap, because its packets can carry a comment: the rule that dropped one is told in the file, too.
 */

/** Link types that captures here have (LINKTYPE_*): frames of Ethernet, or IP packets without a frame. */
export const LINK_TYPES = { ethernet: 1, raw: 101 } as const
export type LinkType = keyof typeof LINK_TYPES

/** What a packet in a file needs. `at` is in microseconds since 1970. */
export interface PacketRecord {
  readonly at: number
  readonly data: Uint8Array
  /** Bytes on the wire; `data` may be its beginning only. */
  readonly originalLength: number
  readonly direction: 'in' | 'out'
  readonly comment?: string
}

const BLOCK = { section: 0x0a0d0d0a, interface: 1, packet: 6 } as const
const OPTION = { end: 0, comment: 1, interfaceName: 2, application: 4, packetFlags: 2 } as const
const BYTE_ORDER = 0x1a2b3c4d
const DIRECTION = { in: 1, out: 2 } as const
/** Every interface of a file must have the same, or tcpdump refuses it. */
const SNAPLEN = 262_144

/** What a file begins with. `application` is who wrote it. */
export function fileHeader(application: string): Buffer {
  const body = Buffer.alloc(16)
  body.writeUInt32LE(BYTE_ORDER, 0)
  body.writeUInt16LE(1, 4)
  // The length of the section is not known beforehand.
  body.writeBigInt64LE(-1n, 8)
  return block(BLOCK.section, body, [[OPTION.application, text(application)]])
}

/** Describes an interface; the first is number 0. All of one file have the same link type. */
export function interfaceBlock(linkType: LinkType, name: string): Buffer {
  const body = Buffer.alloc(8)
  body.writeUInt16LE(LINK_TYPES[linkType], 0)
  body.writeUInt32LE(SNAPLEN, 4)
  return block(BLOCK.interface, body, [[OPTION.interfaceName, text(name)]])
}

/** A packet that was seen on interface `number`. */
export function packetBlock(number: number, packet: PacketRecord): Buffer {
  const body = Buffer.alloc(20 + padded(packet.data.length))
  body.writeUInt32LE(number, 0)
  body.writeUInt32LE(Math.floor(packet.at / 2 ** 32), 4)
  body.writeUInt32LE(packet.at % 2 ** 32, 8)
  body.writeUInt32LE(packet.data.length, 12)
  body.writeUInt32LE(packet.originalLength, 16)
  body.set(packet.data, 20)
  const flags = Buffer.alloc(4)
  flags.writeUInt32LE(DIRECTION[packet.direction], 0)
  return block(BLOCK.packet, body, [
    ...(packet.comment === undefined ? [] : [[OPTION.comment, text(packet.comment)] as const]),
    [OPTION.packetFlags, flags],
  ])
}

type Option = readonly [code: number, value: Buffer]

/** Options of a block come last, and its length on both ends. */
function block(type: number, body: Buffer, options: readonly Option[]): Buffer {
  const rest = Buffer.concat([...options, [OPTION.end, Buffer.alloc(0)] as const].map(optionBytes))
  const length = 12 + body.length + rest.length
  const start = Buffer.alloc(8)
  start.writeUInt32LE(type, 0)
  start.writeUInt32LE(length, 4)
  const end = Buffer.alloc(4)
  end.writeUInt32LE(length, 0)
  return Buffer.concat([start, body, rest, end])
}

function optionBytes([code, value]: Option): Buffer {
  const bytes = Buffer.alloc(4 + padded(value.length))
  bytes.writeUInt16LE(code, 0)
  bytes.writeUInt16LE(value.length, 2)
  value.copy(bytes, 4)
  return bytes
}

const padded = (length: number): number => (length + 3) & ~3
/** An option has 65535 bytes at most. */
const text = (value: string): Buffer => Buffer.from(value.slice(0, 16_000))
