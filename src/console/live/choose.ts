/** Calls of the activity list, and which of them are wanted. Nothing here needs a browser. */

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
