/** What was called, by whom, and how it ended, as the server's journal has it: the newest calls. */
import { signal } from '@preact/signals'
import { ownHeaders } from '../api/session.ts'

/** One call of the API, or one login (`Connect`). */
export interface Entry {
  readonly number: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly account: string
  readonly region: string
  readonly client?: string
  readonly action: string
  readonly ms: number
  readonly error?: string
  readonly message?: string
  readonly changed: readonly string[]
}

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
  [...next.toReversed(), ...before].slice(0, MOST)

/** Entries in which each word is found, whatever its case; of those only what was refused, where that is wanted. */
export function chosen(all: readonly Entry[], words: string, errorsOnly: boolean): readonly Entry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return all.filter((entry) => {
    if (errorsOnly && entry.error === undefined) return false
    const { action, account, region, client = '', error = '', message = '', changed } = entry
    const text = [action, account, region, client, error, message, ...changed].join(' ').toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}
