/** A command or a login inside a node, over the owner's socket: newline-delimited JSON frames both ways. */
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { socketOf } from './control.ts'
import { UnreachableError } from './ec2-client.ts'

/** How a command ended: its code, or the signal that ended it. */
export interface Exit {
  readonly code: number | null
  readonly signal: string | null
}

/** Columns and rows of a terminal. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

type OutputListener = (stream: 'stdout' | 'stderr', data: Buffer) => void

export interface Execution {
  /** Called with output as it comes; the first listener also gets what has come already. */
  onOutput(listener: OutputListener): void
  /** Holds output back while whoever it is for can take no more, or lets it go on. */
  hold(held: boolean): void
  /** Rejects where the server goes away before the command has ended. */
  readonly exit: Promise<Exit>
  /** Input for the command; null ends it. Resolves when more is welcome. */
  write(data: Uint8Array | null): Promise<void>
  kill(signal: NodeJS.Signals): void
  resize(size: TerminalSize): void
  /** Leaves: what was started ends with the connection. */
  leave(): void
}

interface ServerFrame {
  readonly stdout?: string
  readonly stderr?: string
  /** Bytes of input that have been passed on. */
  readonly taken?: number
  readonly exit?: Exit
}

/** A login by EC2 Instance Connect; without a command, a shell. */
export interface Connecting {
  readonly instance: string
  readonly user: string
  readonly command?: readonly string[]
  readonly terminal?: TerminalSize
  /** The EC2 Instance Connect Endpoint to go through, or `auto`; without one, the way is the internet. */
  readonly endpoint?: string
}

/** A TCP connection to a port of an instance; `endpoint` as in `Connecting`. */
export interface Tunnelling {
  readonly instance: string
  readonly port: number
  readonly endpoint?: string
}

/**
 * Starts `command` in a node (an instance's id, or `internet`), in a terminal where it is given the size of one.
 * Errors: UnreachableError where no server runs on this state, else an Error with the server's own sentence (no such
 * node, a command the simulator does not know).
 */
export const execute = (
  stateDir: string,
  node: string,
  command: readonly string[],
  terminal?: TerminalSize,
): Promise<Execution> => framed(stateDir, 'exec', { node, command, ...(terminal && { terminal }) })

/** As `execute`, and nothing of it is noted: nobody has typed it. */
export const executeQuietly = (stateDir: string, node: string, command: readonly string[]): Promise<Execution> =>
  framed(stateDir, 'exec', { node, command, quiet: true })

/** Logs in to an instance. Errors: as `execute`; the sentence is AWS's where the instance can not be reached. */
export const connect = (stateDir: string, asked: Connecting): Promise<Execution> => framed(stateDir, 'connect', asked)

/** Opens a connection to an instance's port; bytes as they are. Errors: as `connect`. */
export const tunnel = (stateDir: string, asked: Tunnelling): Promise<Socket> => upgraded(stateDir, 'tunnel', asked)

const framed = async (stateDir: string, what: string, asked: object): Promise<Execution> =>
  executionOn(await upgraded(stateDir, what, asked))

/** A connection that speaks `isthmus-WHAT` from now on; errors on it are its close. */
export function upgraded(stateDir: string, what: string, asked: object): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socketPath = socketOf(stateDir)
    const headers = {
      host: 'localhost',
      connection: 'Upgrade',
      upgrade: `isthmus-${what}`,
      'x-isthmus-command': Buffer.from(JSON.stringify(asked)).toString('base64'),
    }
    const outgoing = request({ socketPath, method: 'POST', path: `/${what}`, headers })
    const gone = (error: Error) => reject(new UnreachableError(`No server answers at ${socketPath}: ${error.message}`))
    outgoing.on('error', gone)
    outgoing.on('response', (response) => refusal(response).then(reject, gone))
    outgoing.on('upgrade', (_, socket: Socket, head) => {
      outgoing.removeAllListeners('error')
      socket.on('error', () => {})
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    outgoing.end()
  })
}

async function refusal(response: IncomingMessage): Promise<Error> {
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  const { error } = JSON.parse(Buffer.concat(chunks).toString()) as { error: string }
  return new Error(error)
}

function executionOn(socket: Socket): Execution {
  const output = outputTo()
  const ended = Promise.withResolvers<Exit>()
  // Whoever does not ask how it ended is not interested in a server that went away.
  ended.promise.catch(() => {})
  const send = (frame: object) => void (socket.writable && socket.write(`${JSON.stringify(frame)}\n`))
  const input = inputTo(send)
  const lines = createInterface({ input: socket }).on('line', (line) => {
    const frame = JSON.parse(line) as ServerFrame
    if (frame.stdout !== undefined) output.say('stdout', frame.stdout)
    if (frame.stderr !== undefined) output.say('stderr', frame.stderr)
    if (frame.taken !== undefined) input.taken(frame.taken)
    if (frame.exit) ended.resolve(frame.exit)
  })
  socket.on('close', () => ended.reject(new UnreachableError('The server went away while the command ran.')))
  return {
    onOutput: output.listen,
    hold: (held) => void (held ? lines.pause() : lines.resume()),
    exit: ended.promise,
    write: input.write,
    kill: (signal) => send({ signal }),
    resize: (size) => send({ resize: size }),
    leave: () => void socket.destroy(),
  }
}

/** Bytes of input that may be under way before who writes has to wait. */
const WINDOW = 256 * 1024

function inputTo(send: (frame: object) => void) {
  let underWay = 0
  let waiting: (() => void)[] = []
  return {
    write(data: Uint8Array | null): Promise<void> {
      underWay += data?.length ?? 0
      send({ stdin: data === null ? null : Buffer.from(data).toString('base64') })
      if (underWay <= WINDOW) return Promise.resolve()
      return new Promise((resolve) => void waiting.push(resolve))
    },
    taken(bytes: number): void {
      underWay -= bytes
      if (underWay > WINDOW) return
      for (const resolve of waiting) resolve()
      waiting = []
    },
  }
}

/** What comes before anybody listens waits for the first who does. */
function outputTo() {
  const listeners: OutputListener[] = []
  const early: Parameters<OutputListener>[] = []
  return {
    listen(listener: OutputListener): void {
      listeners.push(listener)
      for (const output of early.splice(0)) listener(...output)
    },
    say(stream: 'stdout' | 'stderr', text: string): void {
      const data = Buffer.from(text, 'base64')
      if (listeners.length === 0) early.push([stream, data])
      for (const listener of listeners) listener(stream, data)
    },
  }
}
