/** Joins what runs in a node to an upgraded connection: newline-delimited JSON frames both ways. */
import type { IncomingMessage } from 'node:http'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import type { Duplex } from 'node:stream'
import type { Running, TerminalSize } from '../engines/engine.ts'

/** A request to upgrade; `head` is what came in together with it. */
export interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** The client's frames: input as base64 (null ends it), a signal by name, the new size of its terminal. */
interface ClientFrame {
  readonly stdin?: string | null
  readonly signal?: NodeJS.Signals
  readonly resize?: TerminalSize
}

/** Bytes of input that may wait for what runs; a client that heeds `taken` frames has fewer under way. */
const INPUT_LIMIT = 1 << 20

/**
 * Starts what the request's header asks for, and joins it to the connection until one of them ends: a client that goes
 * away takes what it started with it. What `start` throws is the client's answer.
 */
export async function joinRunning(
  upgrade: Upgrade,
  start: (asked: Record<string, unknown>) => Running | Promise<Running>,
): Promise<void> {
  const { socket } = upgrade
  let left = false
  socket
    .on('error', () => {})
    .once('close', () => {
      left = true
    })
  try {
    const running = await start(askedFor(upgrade.request))
    if (left) return running.kill('SIGKILL')
    accept(upgrade)
    join(running, socket)
  } catch (error) {
    refuse(socket, error as Error)
  }
}

/** Turns the connection over to the protocol that the client asked for. */
export function accept({ request, socket, head }: Upgrade): void {
  const protocol = `Connection: Upgrade\r\nUpgrade: ${request.headers.upgrade}\r\n\r\n`
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${protocol}`)
  if (head.length > 0) socket.unshift(head)
}

export function refuse(socket: Duplex, error: Error): void {
  const body = JSON.stringify({ error: error.message })
  socket.end(
    'HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

function join(running: Running, socket: Duplex): void {
  let ended = false
  const send = (frame: object) => {
    if (socket.writable && !socket.write(`${JSON.stringify(frame)}\n`)) running.hold?.(true)
  }
  const leave = () => {
    if (ended) return
    running.kill('SIGKILL')
    // Nobody reads its last words, but it has to be able to say them.
    running.hold?.(false)
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
  socket.on('drain', () => running.hold?.(false))
  // Ended: the client has gone, even where nothing is being sent to it that would fail.
  socket.on('end', leave)
  socket.on('close', leave)
  const lines = createInterface({ input: socket })
  const pass = inputOf(
    running,
    (taken) => send({ taken }),
    (full) => (full ? lines.pause() : lines.resume()),
  )
  lines.on('line', (line) => {
    const { stdin, signal, resize } = frameOf(line)
    if (ended) return
    if (stdin !== undefined) pass(stdin === null ? null : Buffer.from(stdin, 'base64'))
    if (signal) running.kill(signal)
    if (resize) running.resize?.(resize)
  })
}

/** Passes input on in its order, says what has been taken, and stops a client that does not wait for that. */
export function inputOf(running: Running, took: (bytes: number) => void, stop: (full: boolean) => void) {
  let waiting = 0
  let queue: Promise<unknown> = Promise.resolve()
  return (data: Buffer | null): void => {
    const size = data?.length ?? 0
    waiting += size
    if (waiting > INPUT_LIMIT) stop(true)
    queue = queue
      .then(() => running.write(data))
      .catch(() => {})
      .then(() => {
        if (waiting > INPUT_LIMIT && waiting - size <= INPUT_LIMIT) stop(false)
        waiting -= size
        if (size > 0) took(size)
      })
  }
}

/** The header of the request: base64 of a JSON object. */
export const askedFor = (request: IncomingMessage): Record<string, unknown> =>
  parsed(Buffer.from(String(request.headers['x-isthmus-command']), 'base64').toString())

/** The size of a terminal as a client writes it; undefined where it is none. */
export function terminalSize(value: unknown): TerminalSize | undefined {
  const { columns, rows } = (value ?? {}) as Record<string, unknown>
  return isLength(columns) && isLength(rows) ? { columns, rows } : undefined
}

/** What a terminal's size can be in the kernel. */
const isLength = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 65536

/** What the line says, as far as it is understood. */
function frameOf(line: string): ClientFrame {
  const { stdin, signal, resize } = parsed(line)
  const size = terminalSize(resize)
  return {
    ...((stdin === null || isText(stdin)) && { stdin }),
    ...(isText(signal) && Object.hasOwn(constants.signals, signal) && { signal: signal as NodeJS.Signals }),
    ...(size && { resize: size }),
  }
}

export const isText = (value: unknown): value is string => typeof value === 'string'

/** A JSON object; an empty one where the text is something else. */
export function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
