/** The server that is killed: the program itself, as a process of its own, started on the same state again and again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** Beyond AWS's first quotas: five addresses and five VPCs are soon used up. */
const QUOTAS = ['vpcs=8', 'elasticIps=20', 'rulesPerAcl=40']

export interface Victim {
  readonly pid: number
  /** The API's URL, once the server can be called; undefined where it ended before. */
  readonly ready: Promise<string | undefined>
  /** Resolves with the exit code, or the signal. */
  readonly ended: Promise<number | string>
  /** What it has printed. */
  log(): string
  /** Sends the signal. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>
}

/** Starts the server of a state folder. It answers at once; who wants to call it waits for `ready`. */
export function start(stateDir: string): Victim {
  const words = ['up', '--state', stateDir, '--port', '0', ...QUOTAS.flatMap((quota) => ['--quota', quota])]
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      text += data.toString()
    })
  // Not `close`: what it started may hold its output open.
  const ended = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? '')),
  )
  return {
    pid: child.pid ?? 0,
    ready: noted(stateDir, child),
    ended,
    log: () => text,
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** The note of a server that was killed is still there: only the one with the child's own number counts. */
async function noted(stateDir: string, child: ChildProcess): Promise<string | undefined> {
  while (!hasEnded(child)) {
    const note = readNote(stateDir)
    if (note?.pid === child.pid) return note?.endpoint
    await delay(5)
  }
  return undefined
}

function readNote(stateDir: string): { readonly pid: number; readonly endpoint: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(stateDir, 'server.json'), 'utf8'))
  } catch {
    return undefined
  }
}
