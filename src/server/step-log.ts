/** What has become of the network from revision to revision, as far back as it is worth to follow. */
import { joined, type Step } from '../analyzer/concern.ts'

/** So many steps, and so many facts and changes in all of them: who is further behind looks at everything. */
const MOST_STEPS = 256
const MOST_PARTS = 20_000

interface Entry {
  readonly from: number
  readonly to: number
  readonly step: Step
}

export class StepLog {
  #entries: Entry[] = []
  #latest: number

  /** `revision`: that of the network before the first step. */
  constructor(revision: number) {
    this.#latest = revision
  }

  /** The revision of the network that the steps lead to. */
  get latest(): number {
    return this.#latest
  }

  add(to: number, step: Step): void {
    this.#entries.push({ from: this.#latest, to, step })
    this.#latest = to
    let parts = 0
    const kept = this.#entries.findLastIndex((entry) => {
      parts += partsOf(entry.step)
      return parts > MOST_PARTS
    })
    this.#entries = this.#entries.slice(kept + 1).slice(-MOST_STEPS)
  }

  /** What has become of the network of a revision; undefined where nobody had it, or it is too far back. */
  since(revision: number): Step | undefined {
    if (revision === this.#latest) return joined([])
    const first = this.#entries.findIndex(({ from }) => from === revision)
    return first < 0 ? undefined : joined(this.#entries.slice(first).map(({ step }) => step))
  }
}

const partsOf = ({ difference: { removed, added }, changes }: Step): number =>
  removed.length + added.length + changes.length
