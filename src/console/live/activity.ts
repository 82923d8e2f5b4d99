/** What was called, by whom, and how it ended, as the server's journal has it: the newest calls. */
import { signal } from '@preact/signals'
import { ownHeaders } from '../api/session.ts'
import { type Entry, latest } from './choose.ts'

/** The newest comes first. */
export const entries = signal<readonly Entry[]>([])
export const problem = signal('')

/** So many are kept in the page. */
const MOST = 500
let reading: Promise<void> | undefined
let again = false

/** Reads what is new; what is asked for meanwhile is read after it, together. */
export function readActivity(): Promise<void> {
  again = true
  reading ??= readOn().finally(() => {
    reading = undefined
  })
  return reading
}

async function readOn(): Promise<void> {
  while (again) {
    again = false
    try {
      const since = entries.value[0]?.number ?? 0
      const response = await fetch(`/_isthmus/activity?since=${since}`, { headers: ownHeaders() })
      const answer = (await response.json()) as { entries: readonly Entry[]; missed: boolean }
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
      entries.value = newest(answer.missed ? [] : entries.value, answer.entries)
      problem.value = ''
    } catch {
      problem.value = 'The server does not answer.'
    }
  }
}

const newest = (before: readonly Entry[], next: readonly Entry[]): readonly Entry[] =>
  latest([...next.toReversed(), ...before]).slice(0, MOST)
