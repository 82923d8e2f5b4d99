/** Logins that were refused: what was said, how long it took, and what was done about it. */
import type { ServerEvent } from '../../client/control.ts'
import type { Entry } from '../course/journal.ts'
import { isTerminal } from './pings.ts'
import { differenceOf } from './setting-facts.ts'

export interface TroubleFacts {
  /** The words on the screen. */
  readonly message: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly attempts: number
  /** Milliseconds until a login came further; undefined where none did. */
  readonly lost?: number
  /** Calls that were made in between, and the lines of routes and rules that they changed. */
  readonly calls: readonly ServerEvent[]
  readonly changes: readonly string[]
}

/** One for each text in a row. */
export function troublesOf(entries: readonly Entry[]): TroubleFacts[] {
  const events = entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []))
  const logins = events.filter(({ action }) => action === 'Connect')
  const found: TroubleFacts[] = []
  for (let i = 0; i < logins.length; ) {
    const first = logins[i] as ServerEvent
    const row = logins.slice(i)
    const other = row.findIndex(({ message }) => message !== first.message)
    const attempts = other < 0 ? row.length : other
    if (first.error !== undefined) found.push(trouble(first, attempts, other < 0 ? undefined : row[other], entries))
    i += attempts
  }
  return found
}

function trouble(
  first: ServerEvent,
  attempts: number,
  next: ServerEvent | undefined,
  entries: readonly Entry[],
): TroubleFacts {
  const until = next?.at ?? Number.POSITIVE_INFINITY
  const calls = entries.flatMap((entry) =>
    entry.kind === 'event' && isRepair(entry.event, first.at, until) ? [entry.event] : [],
  )
  const numbers = new Set(calls.map(({ number }) => number))
  const changes = entries.flatMap((entry) =>
    entry.kind === 'changed' && entry.before && entry.by.some((number) => numbers.has(number))
      ? differenceOf(entry.before, entry.setting.lines).map((line) => `${line} (${entry.setting.kind})`)
      : [],
  )
  return {
    message: first.message ?? '',
    at: first.at,
    attempts,
    ...(next && { lost: next.at - first.at }),
    calls: next ? calls : [],
    changes: next ? [...new Set(changes)].slice(0, MOST) : [],
  }
}

/** So many lines say what was done; more is another lab. */
const MOST = 12

const isRepair = (event: ServerEvent, from: number, until: number): boolean =>
  event.error === undefined && !isTerminal(event) && event.action !== 'Connect' && event.at >= from && event.at <= until
