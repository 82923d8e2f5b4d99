/** What the analyzer said of a check's ends, before and after, in both directions. */
import type { Entry, WayJudged } from '../course/journal.ts'
import type { Lab } from '../format/lab.ts'

export interface VerdictFacts {
  readonly title: string
  /** When it was first asked, and when it was last. */
  readonly before: readonly WayJudged[]
  readonly after: readonly WayJudged[]
}

/** Of checks that a lab is about: where the answer became another one. */
export function verdictsOf(lab: Lab, entries: readonly Entry[]): VerdictFacts[] {
  return lab.steps.flatMap(({ number, checks }) =>
    checks.flatMap(({ id, title }) => {
      const all = entries.filter((entry) => entry.kind === 'verdict' && entry.step === number && entry.id === id)
      const judged = all.flatMap((entry) => (entry.kind === 'verdict' ? [entry.ways] : []))
      const [before] = judged
      const after = judged.at(-1)
      return before && after && judged.length > 1 ? [{ title, before, after }] : []
    }),
  )
}
