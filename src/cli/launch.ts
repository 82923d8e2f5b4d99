/** Starts a server in the background and waits until it answers; stops it, and cleans up after one that was killed. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { control, type Status } from '../client/control.ts'
import { UnreachableError } from '../client/ec2-client.ts'
import { readNote, stateDir } from '../server/state-dir.ts'
import { Failure } from './failure.ts'
import { purgeState } from '../server/purge.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const lookEvery = 50
const patience = 60_000

/** What the server of a state says of itself; undefined where none runs. */
export async function runningStatus(folder: string): Promise<Status | undefined> {
  try {
    return await control(folder).status()
  } catch (error) {
    if (error instanceof UnreachableError) return undefined
    throw error
  }
}

export const logOf = (folder: string): string => join(folder, 'server.log')

/**
 * Starts `isthmus up` with these options as a process of its own; resolves once it answers. Throws Failure with the
 * server's own words where it does not start.
 */
export async function launch(folder: string, options: readonly string[]): Promise<Status> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const log = logOf(folder)
  const start = existsSync(log) ? statSync(log).size : 0
  const output = openSync(log, 'a', 0o600)
  const args = [...process.execArgv, main, 'up', '--state', folder, ...options]
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', output, output], cwd: '/' })
  const ended = { yet: false }
  child.once('exit', () => {
    ended.yet = true
  })
  const deadline = Date.now() + patience
  while (!ended.yet && Date.now() < deadline) {
    const status = await runningStatus(folder)
    if (status && status.pid === child.pid) {
      child.unref()
      return status
    }
    await sleep(lookEvery)
  }
  child.kill()
  const words = readFileSync(log).subarray(start).toString().trim()
  throw new Failure(words || `The server did not answer within a minute: see ${log}.`)
}

/** What `stop` found: a running server, what a killed one had left, or nothing. */
export type Stopped = 'stopped' | 'cleaned' | 'nothing'

/** Takes down whatever runs or is left of a state; with `purge` its records too. Throws Failure where it can not. */
export async function stop(folder: string, { purge }: { purge: boolean }): Promise<Stopped> {
  const status = await runningStatus(folder)
  const outcome = status ? await stopServer(folder, status.pid) : await cleanUp(folder)
  if (purge) await purgeState(folder)
  return outcome
}

async function stopServer(folder: string, pid: number): Promise<Stopped> {
  await control(folder).stop({ purge: false })
  const deadline = Date.now() + patience
  while (isAlive(pid) && Date.now() < deadline) await sleep(lookEvery)
  if (isAlive(pid)) throw new Failure(`Process ${pid} has taken everything down but does not end: \`kill ${pid}\`.`)
  return 'stopped'
}

async function cleanUp(folder: string): Promise<Stopped> {
  const dir = stateDir(folder)
  if (!existsSync(dir.database)) return 'nothing'
  const note = readNote(dir)
  if (note && isAlive(note.pid) && isOurs(note.pid)) {
    throw new Failure(`The server, process ${note.pid}, does not answer: \`kill -9 ${note.pid}\`, then run this again.`)
  }
  const { tearDown } = await import('../server/tear-down.ts')
  await tearDown(folder)
  return note ? 'cleaned' : 'nothing'
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether the process is an Isthmus: another may have been given its number since. Where none can tell, it is not. */
function isOurs(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .some((word) => word.endsWith('src/cli/main.ts'))
  } catch {
    return false
  }
}
