/** Where captured packets go: lines as tcpdump prints them, lines of JSON, or a pcapng file. */
import { once } from 'node:events'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import type { CapturedPacket, Cause } from '../client/capture.ts'
import type { Decoded } from '../pcap/decode.ts'
import { lineOf, timeText } from '../pcap/line.ts'
import { fileHeader, interfaceBlock, packetBlock } from '../pcap/pcapng.ts'
import { VERSION } from '../server/version.ts'
import { causeText } from './capture-cause.ts'
import { Failure } from './failure.ts'
import type { OutputOption } from './options.ts'

export interface CaptureOutput {
  /** Resolves when another is welcome. */
  packet(packet: CapturedPacket, decoded: Decoded): Promise<void>
  end(): void
}

/** What is captured: its id, and what its packets begin with. */
export interface CapturedAt {
  readonly id: string
  readonly linkType: CapturedPacket['linkType']
}

/** Throws Failure where the file can not be written. */
export function outputFor(
  { write, output }: OutputOption & { readonly write?: string },
  at: CapturedAt,
): CaptureOutput {
  if (write !== undefined) return write === '-' ? pcapng(toStdout, () => {}, at) : pcapngFile(write, at)
  const text = output === 'json' ? jsonText : lineText
  return { packet: (packet, decoded) => toStdout(text(packet, decoded)), end: () => {} }
}

type Write = (data: Uint8Array | string) => Promise<void>

const toStdout: Write = async (data) => {
  if (!process.stdout.write(data)) await once(process.stdout, 'drain')
}

function lineText({ at, comment, dropped }: CapturedPacket, decoded: Decoded): string {
  const line = `${timeText(at)} ${lineOf(decoded)}${comment === undefined ? '' : ` [${comment}]`}\n`
  return dropped ? `${line}    ${dropText(dropped)}\n` : line
}

const dropText = (dropped: Cause): string => `dropped: ${causeText(dropped)}`

function jsonText({ data, ...packet }: CapturedPacket, decoded: Decoded): string {
  const header = Object.fromEntries(Object.entries(decoded).filter(([key]) => key !== 'body'))
  return `${JSON.stringify({ ...packet, text: lineOf(decoded), header, data: data.toString('base64') })}\n`
}

function pcapngFile(path: string, at: CapturedAt): CaptureOutput {
  try {
    const file = openSync(path, 'w')
    return pcapng(
      async (data) => void writeFileSync(file, data),
      () => closeSync(file),
      at,
    )
  } catch (error) {
    throw new Failure(`${path} can not be written: ${(error as Error).message}`)
  }
}

/**
 * Each packet is in the file as soon as it has been captured. Without an interface tcpdump reads no file, and with two
 * of raw packets libpcap takes their types for different ones.
 */
function pcapng(write: Write, end: () => void, { id, linkType }: CapturedAt): CaptureOutput {
  const numbers = new Map([[id, 0]])
  const begun = write(Buffer.concat([fileHeader(`isthmus ${VERSION}`), interfaceBlock(linkType, id)]))
  return {
    async packet(packet) {
      await begun
      const number = numbers.get(linkType === 'raw' ? id : packet.interface) ?? numbers.size
      if (number === numbers.size) {
        numbers.set(packet.interface, number)
        await write(interfaceBlock(linkType, packet.interface))
      }
      const comment = packet.dropped ? dropText(packet.dropped) : packet.comment
      const { at, data, originalLength, direction } = packet
      await write(packetBlock(number, { at, data, originalLength, direction, ...(comment && { comment }) }))
    },
    end,
  }
}
