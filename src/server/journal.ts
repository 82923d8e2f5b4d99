/**
 * What was asked of the server and how it ended: each change, and each refusal. Kept in memory, the newest only.
 *
 * Reads that are answered are left out: they change nothing, and there are very many of them.
 */
import { ApiError } from '../ec2/errors.ts'
import type { Caller } from '../ec2/resource.ts'
import type { PingSeen } from '../client/control.ts'

/** One call of the API, one login (`Connect`), or a command (`Exec`) or ping (`Ping`) on a terminal. */
export interface JournalEntry {
  /** Goes up with each entry, also over a restart of the server; may leave numbers out. */
  readonly number: number
  /** When it came: milliseconds since the epoch. */
  readonly at: number
  readonly account: string
  readonly region: string
  /** What the client calls itself, if it says so: see client-name.ts. */
  readonly client?: string
  readonly action: string
  /** How long it took, in milliseconds. */
  readonly ms: number
  /** AWS's code where it was refused, and the words. */
  readonly error?: string
  readonly message?: string
  /** The ids of the records that it made, changed or removed. */
  readonly changed: readonly string[]
  /** Of a command on a terminal: what it was, and the code with which it ended. */
  readonly command?: string
  readonly exit?: number
  readonly ping?: PingSeen
}

type Noted = Omit<JournalEntry, 'number'>

export interface Journal {
  note(entry: Noted): void
  /** The entries after that number, oldest first; `missed`: some have been forgotten in between. */
  since(number: number): { readonly entries: readonly JournalEntry[]; readonly missed: boolean }
}

/** So many entries are remembered: some megabytes at the most. */
const MOST = 10_000
/** Of a message and of the ids of one call so much. */
const LONGEST_MESSAGE = 500
const MOST_IDS = 100

export interface JournalOptions {
  readonly most?: number
  /** Called after each entry, with its number. */
  readonly noted?: (number: number) => void
}

/** `now`: milliseconds since the epoch. */
export function journal(now: () => number, { most = MOST, noted = () => {} }: JournalOptions = {}): Journal {
  // A later server begins higher: no call is answered within a microsecond.
  let last = now() * 1000
  let forgotten = last
  let entries: JournalEntry[] = []

  function forget(): void {
    // In pieces: to move the whole list for each entry would cost.
    if (entries.length < most * 2) return
    forgotten = entries.at(-most - 1)?.number ?? forgotten
    entries = entries.slice(-most)
  }

  return {
    note({ message, changed, ...entry }) {
      const short = message === undefined ? {} : { message: message.slice(0, LONGEST_MESSAGE) }
      entries.push({ number: ++last, ...entry, ...short, changed: changed.slice(0, MOST_IDS) })
      forget()
      noted(last)
    },
    since(number) {
      const first = entries.findLastIndex((entry) => entry.number <= number) + 1
      return { entries: entries.slice(first), missed: number > 0 && number < forgotten && first === 0 }
    },
  }
}

/** Whether an action only reads. */
export const isRead = (action: string): boolean => /^(Describe|Get|List|Search)/.test(action)

/** Notes how a call ends: unless it only reads and is answered. Nobody waits for that. */
export function noteEnd(
  { note }: Pick<Journal, 'note'>,
  { action, caller }: { readonly action: string; readonly caller: Caller },
  answered: Promise<unknown>,
  changed: () => readonly string[],
): void {
  const at = Date.now()
  const { account, region, client } = caller
  const entry = () => ({ at, account, region, ...(client && { client }), action, ms: Date.now() - at })
  const succeeded = () => note({ ...entry(), changed: changed() })
  answered.then(isRead(action) ? undefined : succeeded, (error: unknown) =>
    note({ ...entry(), ...refusalOf(error), changed: [] }),
  )
}

/** Code and words of a refusal; what is no refusal is a defect, of which clients learn only that. */
const refusalOf = (error: unknown): Pick<JournalEntry, 'error' | 'message'> =>
  error instanceof ApiError
    ? { error: error.code, message: error.message }
    : { error: 'InternalError', message: 'An internal error has occurred' }
