/** A process as something that can be found again: its number and when it started, for numbers are used again. */
import { readFileSync } from 'node:fs'

export interface ProcessId {
  readonly pid: number
  /** In ticks since the machine's start, as /proc says it. */
  readonly startedAt: string
}

/** The process that has this number now; undefined where there is none, or only its remains. */
export function processNow(pid: number): ProcessId | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : { pid, startedAt: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

export const isAlive = ({ pid, startedAt }: ProcessId): boolean => processNow(pid)?.startedAt === startedAt

/** Sends a signal, if it is still that process. */
export function signal(process_: ProcessId, name: NodeJS.Signals): void {
  if (!isAlive(process_)) return
  try {
    process.kill(process_.pid, name)
  } catch {
    // It has ended meanwhile.
  }
}
