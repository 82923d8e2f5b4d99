/** Runs a shell script of a lab, and tells its commands as they are carried out. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

export interface Told {
  /** A command of the AWS CLI or of Isthmus, with what its variables stood for. */
  command(line: string): void
  /** A line that the script said on stderr. */
  said(line: string): void
}

/** Resolves to its exit code: the first command that fails ends it. */
export async function runScript(file: string, env: NodeJS.ProcessEnv, told: Told): Promise<number> {
  const child = spawn('bash', ['-euxo', 'pipefail', file], {
    cwd: dirname(file),
    // Its trace comes apart from what it says.
    env: { ...env, BASH_XTRACEFD: '3', PS4: '+ ' },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const [, , stderr, trace] = child.stdio as unknown as (Readable | null)[]
  const all = [lines(stderr, told.said), lines(trace, (line) => tellCommand(line, told))]
  const [code] = (await once(child, 'close')) as [number | null]
  await Promise.all(all)
  return code ?? 1
}

/** One `+` more for each `$(...)` that a command stands in. */
function tellCommand(line: string, told: Told): void {
  const command = /^\++ ((?:aws|isthmus) .*)$/.exec(line)?.[1]
  if (command !== undefined) told.command(command)
}

async function lines(from: Readable | null | undefined, each: (line: string) => void): Promise<void> {
  if (!from) return
  for await (const line of createInterface({ input: from })) each(line)
}
