/** The command line: `isthmus COMMAND`. Registers the commands, and turns how they end into an exit code. */
import { Command, CommanderError } from 'commander'
import { VERSION } from '../server/version.ts'
import { registerAws } from './aws.ts'
import { registerCapture } from './capture.ts'
import { registerCheck } from './check.ts'
import { registerCompletion } from './completion.ts'
import { registerConnect } from './connect.ts'
import { registerConsole } from './console.ts'
import { registerCreate } from './create.ts'
import { registerDelete } from './delete.ts'
import { registerDown } from './down.ts'
import { registerEnv } from './env.ts'
import { registerExec } from './exec.ts'
import { registerExplain } from './explain.ts'
import { registerExport } from './export.ts'
import { describeError, exitCodes, Failure } from './failure.ts'
import { registerImport } from './import.ts'
import { registerLab } from './lab.ts'
import { registerLogs } from './logs.ts'
import { registerMap } from './map.ts'
import { optionDescription, withExamples } from './options.ts'
import { registerPing } from './ping.ts'
import { registerReach } from './reach.ts'
import { registerSnapshot } from './snapshot.ts'
import { registerStatus } from './status.ts'
import { registerTunnel } from './tunnel.ts'
import { registerUp } from './up.ts'

const commands = [
  registerUp,
  registerDown,
  registerStatus,
  registerEnv,
  registerAws,
  registerCreate,
  registerDelete,
  registerPing,
  registerExplain,
  registerCheck,
  registerReach,
  registerConnect,
  registerExec,
  registerConsole,
  registerLogs,
  registerTunnel,
  registerCapture,
  registerMap,
  registerImport,
  registerExport,
  registerSnapshot,
  registerLab,
  registerCompletion,
]

function program(): Command {
  const isthmus = new Command('isthmus')
    .description("A real VPC on your own machine: Amazon's EC2 API, with packets that really move.")
    .version(VERSION)
    .enablePositionalOptions()
    .showHelpAfterError('(add --help to see how it is used)')
    // Before the commands are made: they inherit it.
    .exitOverride()
    .configureHelp({ optionDescription })
  for (const register of commands) register(isthmus)
  return withExamples(isthmus, [
    ['isthmus up -d', 'start the server in the background'],
    ['eval "$(isthmus env)"', 'point the AWS CLI and the SDKs at it'],
    ['isthmus lab run peering', 'watch the VPC peering lab being played'],
    ['isthmus down', 'stop, and take everything down'],
  ])
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its own words; its help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  process.stderr.write(`${describeError(error)}\n`)
  return error instanceof Failure ? error.exitCode : exitCodes.failed
}

// `isthmus map | head` is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(exitCodes.ok)
})

program()
  .parseAsync()
  .catch((error: unknown) => {
    // At once: what a command that failed still has under way concerns nobody.
    process.exit(exitCodeOf(error))
  })
