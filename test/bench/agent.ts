/** Programs that send and take packets within network namespaces, and what they are told. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

interface Towards {
  readonly to: string
  readonly port: number
  readonly ms: number
}

/** Times in milliseconds. */
export type Job =
  /** Keeps a UDP port open, unread. */
  | { readonly do: 'hold'; readonly port: number }
  | { readonly do: 'release' }
  | { readonly do: 'arrived' }
  | ({ readonly do: 'flood' } & Towards)
  | ({ readonly do: 'roundTrips' } & Towards)
  | ({ readonly do: 'connections' } & Towards)
  | ({ readonly do: 'stream' } & Towards)
  | { readonly do: 'echo'; readonly port: number; readonly ms: number }
  | { readonly do: 'accept'; readonly port: number; readonly ms: number; readonly read: boolean }
  | ({ readonly do: 'drip'; readonly every: number } & Towards)
  | { readonly do: 'firstArrival'; readonly port: number; readonly ms: number }
  | { readonly do: 'pingAll'; readonly all: readonly string[]; readonly ms: number }

export interface Outcome {
  readonly perSecond?: number
  readonly count?: number
  /** By the monotonic clock that all processes share. */
  readonly at?: number
  readonly error?: string
}

const program = fileURLToPath(new URL('traffic.ts', import.meta.url))

/** One program in one namespace, named as in /run/netns; without a name, in the host's. Jobs run one after another. */
export class Agent {
  readonly #child
  readonly #answers: AsyncIterator<string>

  constructor(namespace?: string) {
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', program]
    const enter = namespace === undefined ? [] : ['nsenter', `--net=/run/netns/${namespace}`, '--']
    const [command = '', ...args] = [...enter, ...node]
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** Throws where the job failed, or the program has ended. */
  async run(job: Job): Promise<Outcome> {
    this.#child.stdin.write(`${JSON.stringify(job)}\n`)
    const { value, done } = await this.#answers.next()
    if (done) throw new Error(`the program for ${job.do} has ended`)
    const outcome = JSON.parse(value) as Outcome
    if (outcome.error !== undefined) throw new Error(`${JSON.stringify(job)}: ${outcome.error}`)
    return outcome
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.stdin.end()
    this.#child.kill('SIGKILL')
    await ended
  }
}
