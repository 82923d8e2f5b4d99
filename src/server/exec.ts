/** A command in a node, over an upgraded connection: newline-delimited JSON frames both ways. */
import type { IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import type { Duplex } from 'node:stream'
import type { Host } from '../engines/engine.ts'

/** The client's frames: input as base64 (null ends it), or a signal by name. */
interface ClientFrame {
  readonly stdin?: string | null
  readonly signal?: NodeJS.Signals
}

/** Starts the command that the request's header names, and joins it to the socket until one of them ends. */
export function serveExec(host: Host, request: IncomingMessage, socket: Duplex): void {
  try {
    const { node, command } = requested(request)
    const running = host.spawn(node, command)
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: isthmus-exec\r\n\r\n')
    const send = (frame: object) => {
      if (socket.writable) socket.write(`${JSON.stringify(frame)}\n`)
    }
    running.onOutput((stream, data) => send({ [stream]: Buffer.from(data).toString('base64') }))
    running.exit.then(
      (exit) => {
        send({ exit })
        socket.end()
      },
      (error) => socket.destroy(error),
    )
    socket.on('error', () => {})
    socket.on('close', () => running.kill('SIGKILL'))
    createInterface({ input: socket }).on('line', (line) => {
      const { stdin, signal } = frameOf(line)
      if (stdin !== undefined) running.write(stdin === null ? null : Buffer.from(stdin, 'base64'))
      if (signal) running.kill(signal)
    })
  } catch (error) {
    const body = JSON.stringify({ error: (error as Error).message })
    socket.end(
      'HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ' +
        `${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    )
  }
}

function requested(request: IncomingMessage): { node: string; command: string[] } {
  const { node, command } = JSON.parse(
    Buffer.from(String(request.headers['x-isthmus-command']), 'base64').toString(),
  ) as Record<string, unknown>
  if (
    typeof node !== 'string' ||
    !Array.isArray(command) ||
    !command.every((c) => typeof c === 'string') ||
    command.length === 0
  ) {
    throw new Error('x-isthmus-command must be base64 of {"node": string, "command": [string, ...]}')
  }
  return { node, command }
}

function frameOf(line: string): ClientFrame {
  try {
    return JSON.parse(line) as ClientFrame
  } catch {
    return {}
  }
}
