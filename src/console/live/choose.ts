/** Calls of the activity list, and which of them are wanted. Nothing here needs a browser. */

/** One call of the API, one login (`Connect`), or a command or ping on a terminal. */
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
  /** Of a command on a terminal (`Exec`): what it was, and how it ended. */
  readonly command?: string
  readonly exit?: number
  /** Of a ping (`Ping`): to whom, so many answers, the first answered packet; it is told of again as it goes on. */
  readonly ping?: {
    readonly id: string
    readonly to: string
    readonly received: number
    readonly first?: number
    readonly sent?: number
  }
}

/** What was told of again is there once, as it was last told. The newest comes first. */
export function latest(entries: readonly Entry[]): readonly Entry[] {
  const pings = new Set<string>()
  return entries.filter(({ ping }) => {
    if (!ping) return true
    const isNew = !pings.has(ping.id)
    pings.add(ping.id)
    return isNew
  })
}

/** Entries in which each word is found, whatever its case; of those only what was refused, where that is wanted. */
export function chosen(all: readonly Entry[], words: string, errorsOnly: boolean): readonly Entry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return all.filter((entry) => {
    if (errorsOnly && entry.error === undefined) return false
    const { action, account, region, client = '', error = '', message = '', changed, command = '', ping } = entry
    const text = [action, account, region, client, error, message, command, ping?.to, ...changed]
      .join(' ')
      .toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}
