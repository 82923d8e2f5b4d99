/** Joins a command that runs inside a node to this terminal: output as it comes, input, signals, exit code. */
import { constants } from 'node:os'
import { type Execution, execute, type Exit } from '../client/exec.ts'
import { UnreachableError } from '../client/ec2-client.ts'
import { Failure } from './failure.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs it to its end and resolves to the exit code a shell would show. Throws Failure where it can not start. */
export async function runInNode(
  stateDir: string,
  node: string,
  command: readonly string[],
  { input }: { input: boolean },
): Promise<number> {
  const execution = await start(stateDir, node, command)
  // The command hears of Ctrl-C, and may still have something to say: ping prints its statistics.
  const forward = (signal: NodeJS.Signals) => execution.kill(signal)
  for (const signal of signals) process.on(signal, forward)
  execution.onOutput((stream, data) => void process[stream].write(data))
  if (input) passInput(execution)
  else execution.write(null)
  try {
    return shellCode(await execution.exit)
  } finally {
    for (const signal of signals) process.off(signal, forward)
    process.stdin.pause()
  }
}

async function start(stateDir: string, node: string, command: readonly string[]): Promise<Execution> {
  return execute(stateDir, node, command).catch((error: Error) => {
    throw error instanceof UnreachableError ? error : new Failure(error.message)
  })
}

function passInput(execution: Execution): void {
  process.stdin.on('data', (data: Buffer) => execution.write(data))
  process.stdin.once('end', () => execution.write(null))
}

/** 128 and the signal's number, as shells count. */
export const shellCode = ({ code, signal }: Exit): number =>
  code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0)
