/** The checks of a step, one after the other: what each needs first, and how long it may take. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Check } from '../format/lab.ts'
import type { Seen } from './look.ts'

export interface Result {
  readonly id: string
  readonly title: string
  readonly level: Check['level']
  readonly points: number
  /** skipped: what it needs has not passed. */
  readonly status: 'passed' | 'failed' | 'skipped'
  /** What to say; empty where it passed. */
  readonly words: string
  readonly evidence?: string
}

/** Milliseconds between two looks at a check that may yet pass. */
const AGAIN = 500

/** `see` looks at one thing, as it is at that moment. `isPatient`: wait as long as the checks say. */
export async function runChecks(
  checks: readonly Check[],
  see: (check: Check) => Promise<Seen>,
  isPatient: boolean,
): Promise<Result[]> {
  const results: Result[] = []
  for (const check of checks) {
    const missing = check.needs.filter((id) => results.find((one) => one.id === id)?.status !== 'passed')
    results.push(missing.length > 0 ? skipped(check, missing) : await run(check, see, isPatient ? check.wait : 0))
  }
  return results
}

const about = ({ id, title, level, points }: Check) => ({ id, title, level, points })

const skipped = (check: Check, missing: readonly string[]): Result => ({
  ...about(check),
  status: 'skipped',
  words: `First: ${missing.join(', ')}.`,
})

async function run(check: Check, see: (check: Check) => Promise<Seen>, seconds: number): Promise<Result> {
  const deadline = Date.now() + seconds * 1000
  let seen = await see(check)
  while (!seen.holds && Date.now() < deadline) {
    await sleep(AGAIN)
    seen = await see(check)
  }
  const { holds, words, why = words, evidence } = seen
  return {
    ...about(check),
    status: holds ? 'passed' : 'failed',
    words: holds ? '' : check.fail.replaceAll('{{explain}}', () => words).replaceAll('{{why}}', () => why),
    ...(evidence !== undefined && { evidence }),
  }
}

/** As netlab's validate: 0 all passed, 1 some failed, 2 none was looked at, 3 only warnings failed. */
export function exitCodeOf(results: readonly Result[]): 0 | 1 | 2 | 3 {
  if (results.every(({ status }) => status === 'skipped')) return 2
  const open = results.filter(({ status }) => status !== 'passed')
  if (open.some(({ level }) => level === 'error')) return 1
  return open.length > 0 ? 3 : 0
}
