/** The few commands a simulated node knows. They print what the real ones would, from simulated packets. */
import type { Ip } from '../../ip/address.ts'
import type { Flow, Trace } from '../../network/flow.ts'
import type { Network } from '../../network/network.ts'
import type { Running } from '../engine.ts'
import { ping } from './ping.ts'
import { traceroute } from './traceroute.ts'

export interface Simulation {
  network(): Network
  /** One packet and its answer, now. `session` continues a flow. */
  send(flow: Flow, from: string, session?: string): Trace
}

/** What a simulated command runs with. */
export interface CommandContext extends Simulation {
  readonly node: string
  /** The node's own address. */
  readonly address: Ip
  print(line: string): void
  complain(line: string): void
  /** Resolves after `ms`, or at once when the command has been interrupted. */
  sleep(ms: number): Promise<void>
  readonly interrupted: () => boolean
}

/** Returns the exit code. */
export type Command = (context: CommandContext, args: readonly string[]) => Promise<number>

const COMMANDS: Readonly<Record<string, Command>> = { ping, traceroute }

export function simulatedCommand(simulation: Simulation, node: string, command: readonly string[]): Running {
  const [name = '', ...args] = command
  const run = COMMANDS[name]
  if (!run) {
    throw new Error(
      `The simulator runs no programs; it knows ${Object.keys(COMMANDS).join(' and ')} only. Run Isthmus on ` +
        'Linux as root for real instances.',
    )
  }
  const address = [...simulation.network().interfaces.values()].find((i) => i.node === node && i.addresses[0])
    ?.addresses[0]
  if (!address) throw new Error(`${node} is not running`)
  return start(simulation, node, address, (context) => run(context, args))
}

function start(
  simulation: Simulation,
  node: string,
  address: Ip,
  run: (context: CommandContext) => Promise<number>,
): Running {
  const listeners: ((stream: 'stdout' | 'stderr', data: Uint8Array) => void)[] = []
  const emit = (stream: 'stdout' | 'stderr') => (line: string) => {
    for (const listener of listeners) listener(stream, Buffer.from(`${line}\n`))
  }
  const stop = new AbortController()
  const context: CommandContext = {
    ...simulation,
    node,
    address,
    print: emit('stdout'),
    complain: emit('stderr'),
    interrupted: () => stop.signal.aborted,
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, stop.signal.aborted ? 0 : ms)
        stop.signal.addEventListener(
          'abort',
          () => {
            clearTimeout(timer)
            resolve()
          },
          { once: true },
        )
      }),
  }
  let killed: NodeJS.Signals | null = null
  // A turn of the event loop later, so that whoever started it can listen first.
  const finished = new Promise<void>((resolve) => setImmediate(resolve)).then(() => run(context))
  return {
    onOutput: (listener) => void listeners.push(listener),
    exit: finished.then((code) =>
      killed && killed !== 'SIGINT' ? { code: null, signal: killed } : { code, signal: null },
    ),
    write: () => {},
    kill(signal) {
      killed = signal
      stop.abort()
    },
  }
}
