/** Where captured packets go: lines as tcpdump prints them, lines of JSON, or a pcapng file. */
import { once } from 'node:events'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import type { CapturedPacket } from '../client/capture.ts'
import { dropText } from '../pcap/cause.ts'
import type { Decoded } from '../pcap/decode.ts'
import { type CapturedAt, growingFile } from '../pcap/growing-file.ts'
import { lineOf, timeText } from '../pcap/line.ts'
import { VERSION } from '../server/version.ts'
import { Failure } from './failure.ts'
import type { OutputOption } from './options.ts'

export interface CaptureOutput {
  /** Resolves when another is welcome. */
  packet(packet: CapturedPacket, decoded: Decoded): Promise<void>
  end(): void
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

/** Each packet is in the file as soon as it has been captured. */
function pcapng(write: Write, end: () => void, at: CapturedAt): CaptureOutput {
  const file = growingFile(at, `isthmus ${VERSION}`)
  const begun = write(file.begin)
  return {
    async packet(packet) {
      await begun
      await write(file.packet(packet))
    },
    end,
  }
}
