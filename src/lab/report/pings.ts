/** Pings that ran on a terminal, as it showed them. */
import type { ServerEvent } from '../../client/control.ts'

export interface PingFacts {
  /** The instance it ran in. */
  readonly from: string
  /** When it was started: milliseconds since the epoch. */
  readonly at: number
  readonly to: string
  /** The first sequence number that was answered. */
  readonly first?: number
  readonly received: number
  /** As its statistics say; undefined where it had none. */
  readonly sent?: number
  /** Milliseconds: least, average, most. */
  readonly rtt?: string
  readonly text: string
}

/** What was done at a terminal is no call of the API. */
export const isTerminal = ({ action }: ServerEvent): boolean => action === 'Exec' || action === 'Ping'

/** The newest that is known of each. */
export function pingsOf(events: readonly ServerEvent[]): PingFacts[] {
  const byId = new Map<string, PingFacts>()
  for (const { at, changed, ping } of events) {
    if (!ping) continue
    const { id, ...about } = ping
    byId.set(id, { ...about, at, from: changed[0] ?? 'internet' })
  }
  return [...byId.values()]
}
