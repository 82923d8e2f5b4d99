/** Starts what the simulator can run in a node: one of its commands, or its shell. */
import type { Running, SpawnOptions } from '../engine.ts'
import { COMMANDS, type Command, contextOf, type Place, type Simulation } from './commands.ts'
import { machineOf } from './machine.ts'
import { type Io, startProcess } from './process.ts'
import { runScript, shell } from './shell/shell.ts'

/** Programs that read what is typed. They return the exit code. */
const SHELLS: Readonly<Record<string, (io: Io, at: Place, args: readonly string[]) => Promise<number>>> = {
  bash: shellOf('root'),
  sh: shellOf('root'),
  su: (io, at, args) => shellOf(args.find((arg) => !arg.startsWith('-')) ?? 'root')(io, at, afterUser(args)),
}

/** `su - USER -c SCRIPT`: what is for the shell. */
const afterUser = (args: readonly string[]): readonly string[] =>
  args.includes('-c') ? args.slice(args.indexOf('-c')) : []

function shellOf(user: string) {
  return (io: Io, at: Place, args: readonly string[]): Promise<number> => {
    const command = args.findIndex((arg) => /^-\w*c$/.test(arg))
    return command < 0 ? shell(io, at, user) : runScript(io, at, user, args[command + 1] ?? '')
  }
}

/** Runs a command in a node. Throws where the node is not there, or the simulator has no such command. */
export function simulatedCommand(
  simulation: Simulation,
  node: string,
  command: readonly string[],
  { terminal, environment = {} }: SpawnOptions & Pick<Place, 'environment'> = {},
): Running {
  const [name = '', ...args] = command
  const run = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  const program = Object.hasOwn(SHELLS, name) ? SHELLS[name] : undefined
  if (!run && !program) throw new Error(unknownProgram())
  const at: Place = { simulation, machine: machineOf(simulation, node), environment }
  return startProcess(terminal !== undefined, (io) =>
    program ? program(io, at, args) : io.foreground((stop) => (run as Command)(contextOf(io, at, 'root', stop), args)),
  )
}

const unknownProgram = (): string =>
  `The simulator runs no programs; it knows ${Object.keys({ ...COMMANDS, ...SHELLS }).join(', ')} only. ` +
  '`isthmus status` says what real instances need.'
