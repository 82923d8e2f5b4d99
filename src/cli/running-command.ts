/** Joins what runs inside a node to this terminal: output as it comes, input, signals, window size, exit code. */
import { constants } from 'node:os'
import { UnreachableError } from '../client/ec2-client.ts'
import { type Execution, execute, type Exit } from '../client/exec.ts'
import { Failure } from './failure.ts'
import { takeOver, terminalSize } from './terminal.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface Joining {
  /** Pass this process's input on. */
  readonly input: boolean
  /** It runs in a terminal: this one becomes its screen and keyboard. */
  readonly terminal?: boolean
  /** The key that leaves it, as a character. */
  readonly leaveKey?: string
}

/** Runs it to its end and resolves to the exit code a shell would show. Throws Failure where it can not start. */
export const runInNode = (
  stateDir: string,
  node: string,
  command: readonly string[],
  joining: Joining,
): Promise<number> => joined(execute(stateDir, node, command, joining.terminal ? terminalSize() : undefined), joining)

/** Joins what is being started to this process until it ends. Throws Failure where it does not start. */
export async function joined(starting: Promise<Execution>, joining: Joining): Promise<number> {
  const execution = await starting.catch((error: Error) => {
    throw error instanceof UnreachableError ? error : new Failure(error.message)
  })
  const left = Promise.withResolvers<Exit>()
  const forget = forwardSignals(execution, joining, left.resolve)
  const giveBack = joining.terminal ? takeOver(execution.resize) : () => {}
  passOutput(execution)
  const leave = () => {
    // Else what comes next would stand behind what is left open.
    process.stdout.write('\r\n')
    left.resolve({ code: 0, signal: null })
  }
  if (joining.input) passInput(execution, joining.leaveKey, leave)
  else execution.write(null)
  try {
    return shellCode(await Promise.race([execution.exit, left.promise]))
  } finally {
    giveBack()
    forget()
    execution.leave()
    process.stdin.pause()
  }
}

/**
 * What is at a terminal of its own hears Ctrl-C as a key, and ends with this process; else it is told of signals, and
 * may still have something to say: ping prints its statistics.
 */
function forwardSignals(execution: Execution, { terminal }: Joining, leave: (exit: Exit) => void): () => void {
  const forward = (signal: NodeJS.Signals) => (terminal ? leave({ code: null, signal }) : execution.kill(signal))
  for (const signal of signals) process.on(signal, forward)
  return () => {
    for (const signal of signals) process.off(signal, forward)
  }
}

/** No faster than it is taken. */
function passOutput(execution: Execution): void {
  const full = new Set<'stdout' | 'stderr'>()
  execution.onOutput((stream, data) => {
    if (process[stream].write(data) || full.has(stream)) return
    full.add(stream)
    execution.hold(true)
    process[stream].once('drain', () => {
      full.delete(stream)
      if (full.size === 0) execution.hold(false)
    })
  })
}

/** No faster than it is taken. */
function passInput(execution: Execution, leaveKey: string | undefined, leave: () => void): void {
  const { stdin } = process
  stdin.on('data', (data: Buffer) => {
    const end = leaveKey === undefined ? -1 : data.indexOf(leaveKey)
    if (end >= 0) return leave()
    stdin.pause()
    execution.write(data).then(() => void stdin.resume())
  })
  stdin.once('end', () => execution.write(null))
}

/** 128 and the signal's number, as shells count. */
export const shellCode = ({ code, signal }: Exit): number =>
  code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0)
