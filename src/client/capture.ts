/** Packets as they pass an instance, a peering or a gateway, over the owner's socket. */
import { createInterface } from 'node:readline'
import type { Cause } from '../pcap/cause.ts'
import { UnreachableError } from './ec2-client.ts'
import { upgraded } from './exec.ts'

export interface CapturedPacket {
  /** Microseconds since 1970. */
  readonly at: number
  /** A network interface, or the peering or gateway. */
  readonly interface: string
  readonly direction: 'in' | 'out'
  readonly linkType: 'ethernet' | 'raw'
  readonly data: Buffer
  /** Bytes of the whole packet. */
  readonly originalLength: number
  readonly dropped?: Cause
  readonly comment?: string
}

/** The packets end some time after `stop`: with the last that had passed by then. */
export interface CaptureStream extends AsyncIterable<CapturedPacket> {
  stop(): void
  /** Known once the packets have ended: how many came too fast. */
  missed(): number
}

interface Frame {
  readonly packet?: Omit<CapturedPacket, 'data'> & { readonly data: string }
  readonly missed?: number
}

/**
 * Captures at `where`: an instance, a network interface, a peering or an internet gateway, by id. Errors:
 * UnreachableError where no server runs on this state or it goes away, else an Error with the server's own sentence.
 */
export async function capture(stateDir: string, where: string): Promise<CaptureStream> {
  const socket = await upgraded(stateDir, 'capture', { where })
  const lines = createInterface({ input: socket })
  let missed: number | undefined
  return {
    stop: () => void socket.end(),
    missed: () => missed ?? 0,
    async *[Symbol.asyncIterator]() {
      for await (const line of lines) {
        const frame = JSON.parse(line) as Frame
        if (frame.packet) yield { ...frame.packet, data: Buffer.from(frame.packet.data, 'base64') }
        missed = frame.missed ?? missed
      }
      if (missed === undefined) throw new UnreachableError('The server went away while packets were captured.')
    },
  }
}
