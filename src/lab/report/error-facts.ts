/** Expected errors: whether they were met, and how long it took to get over them. */
import type { Entry } from '../course/journal.ts'

/** An error that the step was about. */
export interface ErrorFacts {
  readonly id: string
  readonly title: string
  readonly isMet: boolean
  readonly words: string
  /** From when it was met until it was gone, or the step was done. */
  readonly lost?: number
}

/** Of one that a step expects. `entries` are all there are: who goes back meets it again. */
export function errorFacts(
  step: number,
  { id, title }: Pick<ErrorFacts, 'id' | 'title'>,
  entries: readonly Entry[],
): ErrorFacts {
  let words: string | undefined
  let since: number | undefined
  let lost = 0
  const end = (at: number) => {
    lost += since === undefined ? 0 : Math.max(at - since, 0)
    since = undefined
  }
  for (const entry of entries) {
    const isThis = entry.kind === 'error' && entry.step === step && entry.id === id
    if (isThis && entry.isMet) {
      words ??= entry.words
      since ??= entry.since ?? entry.at
    } else if (isThis || entry.kind === 'restored' || (entry.kind === 'passed' && entry.step === step)) end(entry.at)
  }
  end(entries.at(-1)?.at ?? 0)
  return words === undefined ? { id, title, isMet: false, words: '' } : { id, title, isMet: true, words, lost }
}
