/** The owner's socket of a running server: status, waiting, consoles, stopping. */
import { join } from 'node:path'
import { type Answer, askSocket } from './socket-request.ts'

/** What a server says of itself. */
export interface Status {
  readonly pid: number
  readonly version: string
  readonly endpoint: string
  /** The web console's address, with its token. */
  readonly console: string
  readonly stateDir: string
  readonly engine: { readonly name: 'simulator' | 'linux'; readonly why: readonly string[] }
  /** The newest revision of the state, and the one that is in force. */
  readonly revision: number
  readonly reached: number
  /** Why the machine could not be brought to the newest revision; absent while it can. */
  readonly failure?: string
  /** Where Elastic IPs come from. */
  readonly publicPool: string
  /** This machine's own address on the lab's internet; only where it has one. */
  readonly hostAddress?: string
}

/** What a ping has come to, as it stands on a terminal. */
export interface PingSeen {
  /** The same of all that is noted of one ping. */
  readonly id: string
  readonly to: string
  /** The first sequence number that was answered. */
  readonly first?: number
  readonly received: number
  /** As its statistics say; absent where it had none. */
  readonly sent?: number
  /** Milliseconds: min/avg/max/mdev, as it says them. */
  readonly rtt?: string
  /** What it printed: the beginning, the first answers, the end. */
  readonly text: string
}

/**
 * A call that changed something or was refused, a login (`Connect`), a command (`Exec`) or a ping (`Ping`) on a
 * terminal, as the server noted it.
 */
export interface ServerEvent {
  /** Goes up with each. */
  readonly number: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly account: string
  readonly region: string
  readonly action: string
  readonly ms: number
  /** AWS's code and words where it was refused. */
  readonly error?: string
  readonly message?: string
  /** The ids of what it made, changed or removed; of a command, where it ran. */
  readonly changed: readonly string[]
  /** Of a command: what it was, and the code with which it ended. */
  readonly command?: string
  readonly exit?: number
  readonly ping?: PingSeen
}

/** What a guest has written to its console, and when the last of it came (milliseconds since the epoch). */
export interface Console {
  readonly output: Buffer
  readonly at: number
}

/** The server has no answer to this question; the message says why. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}

/** Where the socket of a state is. */
export const socketOf = (stateDir: string): string => join(stateDir, 'control.sock')

/** Errors of all: UnreachableError where no server runs on this state. */
export interface Control {
  status(): Promise<Status>
  /** Resolves to true once what has been asked for is in force, to false after `timeout` milliseconds. */
  wait(timeout: number): Promise<boolean>
  /** Resolves to true once this revision is in force, to false after `timeout` milliseconds. */
  reached(revision: number, timeout: number): Promise<boolean>
  /** What `POST path` answers. Throws RefusedError where the server says that the question makes no sense. */
  ask(path: '/explain' | '/check' | '/reach' | '/probe' | '/snapshot' | '/restore', body: object): Promise<unknown>
  /** What was noted after this number, oldest first; `missed`: some of it has been forgotten since. */
  events(since: number): Promise<{ readonly entries: readonly ServerEvent[]; readonly missed: boolean }>
  /** The newest output on a node's console; undefined where it has none. */
  console(node: string): Promise<Console | undefined>
  /** Resolves when everything has been taken down; the process then ends. */
  stop(options: { purge: boolean }): Promise<void>
}

export function control(stateDir: string): Control {
  const socket = socketOf(stateDir)
  return {
    status: async () => succeeded(await ask(socket, 'GET', '/status')) as Status,
    async wait(timeout) {
      const answer = await ask(socket, 'GET', `/wait?timeout=${timeout}`)
      return answer.status !== 504 && Boolean(succeeded(answer))
    },
    async reached(revision, timeout) {
      const answer = await ask(socket, 'GET', `/wait?revision=${revision}&timeout=${timeout}`)
      return answer.status !== 504 && Boolean(succeeded(answer))
    },
    async ask(path, body) {
      const answer = await ask(socket, 'POST', path, body)
      if (answer.status === 422) throw new RefusedError((answer.body as { error: string }).error)
      return succeeded(answer)
    },
    events: async (since) =>
      succeeded(await ask(socket, 'GET', `/journal?since=${since}`)) as Awaited<ReturnType<Control['events']>>,
    async console(node) {
      const answer = await ask(socket, 'GET', `/console?node=${encodeURIComponent(node)}`)
      if (answer.status === 404) return undefined
      const { output, at } = succeeded(answer) as { output: string; at: number }
      return { output: Buffer.from(output, 'base64'), at }
    },
    stop: async (options) => void succeeded(await ask(socket, 'POST', '/stop', options)),
  }
}

function succeeded({ status, body }: Answer): unknown {
  if (status === 200) return body
  throw new Error(`The server refused: ${(body as { error?: string }).error ?? `status ${status}`}`)
}

const ask = (socket: string, method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> =>
  askSocket(socket, method, path, (outgoing) => void outgoing.end(body && JSON.stringify(body)))
