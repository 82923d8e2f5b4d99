/** What a simulated node runs: a few commands that print what the real ones would, from simulated packets. */
import type { Ip } from '../../ip/address.ts'
import type { Flow, Trace } from '../../network/flow.ts'
import type { Network } from '../../network/network.ts'
import type { Guest, Services } from '../engine.ts'
import { curl } from './curl.ts'
import { dig, getent } from './dig.ts'
import { ip } from './ip-command.ts'
import type { Machine } from './machine.ts'
import { ping } from './ping.ts'
import type { Io } from './process.ts'
import { traceroute } from './traceroute.ts'

export interface Simulation {
  network(): Network
  /** One packet and its answer, now. `session` continues a flow. */
  send(flow: Flow, from: string, session?: string): Trace
  /** What answers at the addresses of a router's services. */
  readonly services: Services | undefined
  /** The guest that runs in a node. */
  guest(node: string): Guest | undefined
}

/** What a simulated command runs with. */
export interface CommandContext extends Simulation {
  readonly node: string
  /** The node's own address. */
  readonly address: Ip
  readonly machine: Machine
  readonly user: string
  print(line: string): void
  complain(line: string): void
  /** Output without a line's end of its own. */
  write(text: string): void
  /** Resolves after `ms`, or at once when the command has been interrupted. */
  sleep(ms: number): Promise<void>
  readonly interrupted: () => boolean
}

/** Returns the exit code. */
export type Command = (context: CommandContext, args: readonly string[]) => Promise<number>

/** The commands that there are, inside a shell and without one. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  ping,
  traceroute,
  curl,
  ip,
  dig,
  getent,
  hostname: async (context) => said(context, context.machine.hostname),
  whoami: async (context) => said(context, context.user),
  cat: async (context, [path = '']) => {
    const file = context.machine.files.find((f) => f.path === path)
    if (file) context.write(file.text)
    else context.complain(`cat: ${path}: No such file or directory`)
    return file ? 0 : 1
  },
  sleep: async (context, [seconds]) => {
    await context.sleep(Number(seconds) * 1000 || 0)
    return 0
  },
  true: async () => 0,
  false: async () => 1,
}

function said(context: CommandContext, line: string): number {
  context.print(line)
  return 0
}

/** A node as a process sees it. */
export interface Place {
  readonly simulation: Simulation
  readonly machine: Machine
  /** What a shell there finds beside what it always has. */
  readonly environment?: Readonly<Record<string, string>>
}

/** The context of one command, until `stop` interrupts it. */
export const contextOf = (io: Io, { simulation, machine }: Place, user: string, stop: AbortSignal): CommandContext => ({
  ...simulation,
  node: machine.node,
  address: machine.address,
  machine,
  user,
  print: (line) => io.write('stdout', `${line}\n`),
  complain: (line) => io.write('stderr', `${line}\n`),
  write: (text) => io.write('stdout', text),
  interrupted: () => stop.aborted,
  sleep: (ms) => io.sleep(ms, stop),
})
