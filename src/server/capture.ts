/** A capture, for the owner: packets as newline-delimited JSON frames, to a reader who may be slow. */
import type { Duplex } from 'node:stream'
import type { Capture, Captured, Host } from '../engines/engine.ts'
import { accept, askedFor, isText, refuse, type Upgrade } from './upgrade.ts'

/** Bytes that may wait for the reader; what comes beyond is lost, and counted. */
const LIMIT = 8 << 20

/**
 * Captures at the place that the request's header names, until the client ends its side: then come the packets that
 * had passed by then, and how many were missed.
 */
export async function serveCapture(host: Pick<Host, 'capture'>, upgrade: Upgrade): Promise<void> {
  const { socket } = upgrade
  const left = new Promise<void>((resolve) => {
    socket.on('error', () => {}).once('close', resolve)
    socket.once('end', resolve)
  })
  try {
    const { where } = askedFor(upgrade.request)
    if (!isText(where)) throw new Error('x-isthmus-command must be base64 of {"where": string}')
    const frames = framesTo(socket)
    const capture = await host.capture(where, frames.packet)
    accept(upgrade)
    frames.begin()
    // Nothing more is expected of the client, but its end must be heard.
    socket.resume()
    await left
    await finish(capture, frames.lost, socket)
  } catch (error) {
    refuse(socket, error as Error)
  }
}

async function finish(capture: Capture, lost: () => number, socket: Duplex): Promise<void> {
  await capture.close()
  if (socket.writable) socket.end(`${JSON.stringify({ missed: capture.missed() + lost() })}\n`)
}

/** What is captured before the connection has been turned over waits. */
function framesTo(socket: Duplex) {
  const early: string[] = []
  let begun = false
  let lost = 0
  const write = (line: string) => {
    if (!begun) early.push(line)
    else if (!socket.writable || socket.writableLength > LIMIT) lost++
    else socket.write(line)
  }
  return {
    packet: (packet: Captured) => write(`${JSON.stringify({ packet: { ...packet, data: base64(packet.data) } })}\n`),
    begin() {
      begun = true
      for (const line of early.splice(0)) write(line)
    },
    lost: () => lost,
  }
}

const base64 = (data: Uint8Array): string => Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64')
