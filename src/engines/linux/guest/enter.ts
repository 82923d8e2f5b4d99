/** Starts a command inside a guest that runs: with its root's powers, which end at the guest's edge. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { Running, SpawnOptions } from '../../engine.ts'
import { childrenOf, exitOf, outputOf, type Piped, piped, taken } from '../running.ts'
import { openTerminal } from './terminal.ts'

/** What the command finds in its environment. */
const ENVIRONMENT = {
  PATH: '/opt/isthmus/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  USER: 'root',
  LOGNAME: 'root',
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
}

/** First into its control groups, then into its namespaces. */
const ENTER = `for group in $CGROUPS; do echo 0 > "$group/cgroup.procs"; done; unset CGROUPS; exec "$@"`

/** The words that run `command` in the namespaces of the guest whose first process is `pid`. */
const entering = (pid: number, command: readonly string[]): string[] => [
  ...['-c', ENTER, 'sh', 'nsenter', '--target', `${pid}`],
  ...['--user', '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wdns=/root', '--'],
  ...command,
]

/** Starts it with `stdio`, in a session of its own; whoever starts it follows what becomes of it. */
export const enter = (
  pid: number,
  cgroups: readonly string[],
  command: readonly string[],
  stdio: (number | 'pipe' | 'ignore' | Readable | Writable)[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess =>
  spawn('/bin/sh', entering(pid, command), {
    stdio,
    detached: true,
    env: { ...ENVIRONMENT, ...environment, CGROUPS: cgroups.join(' ') },
  })

export function spawnInGuest(
  pid: number,
  cgroups: readonly string[],
  command: readonly string[],
  { terminal }: SpawnOptions = {},
): Running {
  return terminal ? inTerminal(pid, cgroups, command, terminal) : withPipes(pid, cgroups, command)
}

function withPipes(pid: number, cgroups: readonly string[], command: readonly string[]): Running {
  const child = enter(pid, cgroups, ['setsid', ...command], ['pipe', 'pipe', 'pipe'], { TERM: 'dumb' })
  return piped(child as Piped, (signal) => signalInside(child, signal))
}

function inTerminal(
  pid: number,
  cgroups: readonly string[],
  command: readonly string[],
  size: NonNullable<SpawnOptions['terminal']>,
): Running {
  const terminal = openTerminal(pid, size)
  const { far, near } = terminal
  const child = enter(pid, cgroups, ['setsid', '--ctty', ...command], [far, far, far], { TERM: 'xterm-256color' })
  terminal.handedOver()
  const drained = new Promise<void>((resolve) => {
    // Reading a terminal that nobody has open any more is an error, and its end.
    near.on('error', () => near.destroy())
    near.on('close', () => resolve())
  })
  const output = outputOf({ stdout: near })
  return {
    onOutput: output.listen,
    exit: exitOf(child, drained, output.quiet).finally(() => near.destroy()),
    write: (data) => taken(near, data ?? Buffer.from('\x04')),
    kill: (signal) => signalInside(child, signal),
    hold: output.hold,
    resize: terminal.resize,
  }
}

/** To the command and its process group: `child` only waits for it, outside. */
function signalInside(child: ChildProcess, signal: NodeJS.Signals): void {
  for (const pid of childrenOf(child.pid)) {
    try {
      process.kill(-pid, signal)
    } catch {
      // It has ended meanwhile, or has not begun.
    }
  }
  if (signal === 'SIGKILL') child.kill('SIGKILL')
}
