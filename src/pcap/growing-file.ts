/** A pcapng file that grows with each packet: a whole file at any time. */
import { type Cause, dropText } from './cause.ts'
import { fileHeader, interfaceBlock, type LinkType, packetBlock, type PacketRecord } from './pcapng.ts'

/** What is captured: its id, and what its packets begin with. */
export interface CapturedAt {
  readonly id: string
  readonly linkType: LinkType
}

/** A packet, and what is written of it beside its bytes. */
export interface FilePacket extends PacketRecord {
  readonly interface: string
  readonly dropped?: Cause
}

export interface GrowingFile {
  /** The bytes that it begins with. */
  readonly begin: Buffer
  /** The bytes that a packet adds. */
  packet(packet: FilePacket): Buffer
}

/**
 * `application` is who writes it. Without an interface tcpdump reads no file, and with two of raw packets libpcap takes
 * their types for different ones.
 */
export function growingFile({ id, linkType }: CapturedAt, application: string): GrowingFile {
  const numbers = new Map([[id, 0]])
  return {
    begin: Buffer.concat([fileHeader(application), interfaceBlock(linkType, id)]),
    packet({ dropped, ...packet }) {
      const number = numbers.get(linkType === 'raw' ? id : packet.interface) ?? numbers.size
      const isNew = number === numbers.size
      if (isNew) numbers.set(packet.interface, number)
      const { at, data, originalLength, direction } = packet
      const comment = dropped ? dropText(dropped) : packet.comment
      const bytes = packetBlock(number, { at, data, originalLength, direction, ...(comment && { comment }) })
      return isNew ? Buffer.concat([interfaceBlock(linkType, packet.interface), bytes]) : bytes
    },
  }
}
