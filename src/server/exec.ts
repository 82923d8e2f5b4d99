/** A command in a node, over an upgraded connection: newline-delimited JSON frames both ways. */
import type { IncomingMessage } from 'node:http'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import type { Duplex } from 'node:stream'
import type { Host, Running } from '../engines/engine.ts'

/** The client's frames: input as base64 (null ends it), or a signal by name. */
interface ClientFrame {
  readonly stdin?: string | null
  readonly signal?: NodeJS.Signals
}

/**
 * Starts the command that the request's header names, and joins it to the socket until one of them ends: a client
 * that goes away takes its command with it. `head` is what came in together with the request.
 */
export function serveExec(host: Host, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on('error', () => {})
  try {
    const { node, command } = requested(request)
    const running = host.spawn(node, command)
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: isthmus-exec\r\n\r\n')
    if (head.length > 0) socket.unshift(head)
    join(running, socket)
  } catch (error) {
    const body = JSON.stringify({ error: (error as Error).message })
    socket.end(
      'HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n' +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
  }
}

function join(running: Running, socket: Duplex): void {
  let ended = false
  const send = (frame: object) => {
    if (socket.writable) socket.write(`${JSON.stringify(frame)}\n`)
  }
  const leave = () => {
    if (!ended) running.kill('SIGKILL')
  }
  running.onOutput((stream, data) => send({ [stream]: Buffer.from(data).toString('base64') }))
  running.exit
    .finally(() => {
      ended = true
    })
    .then(
      (exit) => {
        send({ exit })
        socket.end()
      },
      () => socket.destroy(),
    )
  // Ended: the client has gone, even where nothing is being sent to it that would fail.
  socket.on('end', leave)
  socket.on('close', leave)
  createInterface({ input: socket }).on('line', (line) => {
    const { stdin, signal } = frameOf(line)
    if (ended) return
    if (stdin !== undefined) running.write(stdin === null ? null : Buffer.from(stdin, 'base64'))
    if (signal) running.kill(signal)
  })
}

function requested(request: IncomingMessage): { node: string; command: string[] } {
  const header = Buffer.from(String(request.headers['x-isthmus-command']), 'base64').toString()
  const { node, command } = parsed(header)
  if (typeof node !== 'string' || !Array.isArray(command) || !command.every(isText) || command.length === 0)
    throw new Error('x-isthmus-command must be base64 of {"node": string, "command": [string, ...]}')
  return { node, command }
}

/** What the line says, as far as it is understood. */
function frameOf(line: string): ClientFrame {
  const { stdin, signal } = parsed(line)
  return {
    ...((stdin === null || isText(stdin)) && { stdin }),
    ...(isText(signal) && Object.hasOwn(constants.signals, signal) && { signal: signal as NodeJS.Signals }),
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'

/** A JSON object; an empty one where the text is something else. */
function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
