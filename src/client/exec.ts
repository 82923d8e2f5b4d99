/** A command inside a node, over the owner's socket: newline-delimited JSON frames both ways. */
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { socketOf } from './control.ts'
import { UnreachableError } from './ec2-client.ts'

/** How a command ended: its code, or the signal that ended it. */
export interface Exit {
  readonly code: number | null
  readonly signal: string | null
}

type OutputListener = (stream: 'stdout' | 'stderr', data: Buffer) => void

export interface Execution {
  /** Called with output as it comes; the first listener also gets what has come already. */
  onOutput(listener: OutputListener): void
  /** Rejects where the server goes away before the command has ended. */
  readonly exit: Promise<Exit>
  /** Input for the command; null ends it. */
  write(data: Uint8Array | null): void
  kill(signal: NodeJS.Signals): void
}

interface ServerFrame {
  readonly stdout?: string
  readonly stderr?: string
  readonly exit?: Exit
}

/**
 * Starts `command` in a node (an instance's id, or `internet`). Errors: UnreachableError where no server runs on this
 * state, else an Error with the server's own sentence (no such node, a command the simulator does not know).
 */
export function execute(stateDir: string, node: string, command: readonly string[]): Promise<Execution> {
  return new Promise((resolve, reject) => {
    const socketPath = socketOf(stateDir)
    const outgoing = request({ socketPath, method: 'POST', path: '/exec', headers: headersFor(node, command) })
    const gone = (error: Error) => reject(new UnreachableError(`No server answers at ${socketPath}: ${error.message}`))
    outgoing.on('error', gone)
    outgoing.on('response', (response) => refusal(response).then(reject, gone))
    outgoing.on('upgrade', (_, socket: Socket, head) => resolve(executionOn(socket, head, outgoing)))
    outgoing.end()
  })
}

const headersFor = (node: string, command: readonly string[]): Record<string, string> => ({
  host: 'localhost',
  connection: 'Upgrade',
  upgrade: 'isthmus-exec',
  'x-isthmus-command': Buffer.from(JSON.stringify({ node, command })).toString('base64'),
})

async function refusal(response: IncomingMessage): Promise<Error> {
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  const { error } = JSON.parse(Buffer.concat(chunks).toString()) as { error: string }
  return new Error(error)
}

function executionOn(socket: Socket, head: Buffer, outgoing: ClientRequest): Execution {
  const listeners: OutputListener[] = []
  const early: Parameters<OutputListener>[] = []
  const ended = Promise.withResolvers<Exit>()
  // Whoever does not ask how it ended is not interested in a server that went away.
  ended.promise.catch(() => {})
  const send = (frame: object) => void (socket.writable && socket.write(`${JSON.stringify(frame)}\n`))
  const receive = (frame: ServerFrame) => {
    for (const stream of ['stdout', 'stderr'] as const) {
      const data = frame[stream]
      if (data === undefined) continue
      const output = Buffer.from(data, 'base64')
      if (listeners.length === 0) early.push([stream, output])
      for (const listener of listeners) listener(stream, output)
    }
    if (frame.exit) ended.resolve(frame.exit)
  }
  outgoing.removeAllListeners('error')
  socket.on('error', () => {})
  if (head.length > 0) socket.unshift(head)
  createInterface({ input: socket }).on('line', (line) => receive(JSON.parse(line) as ServerFrame))
  socket.on('close', () => ended.reject(new UnreachableError('The server went away while the command ran.')))
  return {
    onOutput(listener) {
      listeners.push(listener)
      for (const output of early.splice(0)) listener(...output)
    },
    exit: ended.promise,
    write: (data) => send({ stdin: data === null ? null : Buffer.from(data).toString('base64') }),
    kill: (signal) => send({ signal }),
  }
}
