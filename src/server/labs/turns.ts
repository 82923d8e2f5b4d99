/** Work on a lab, one piece after the other: what a page has asked for, and looks in between. */
import type { Doing } from '../../lab/course/view.ts'

export interface Turns {
  /** What is being done that somebody has asked for; it comes before a look. */
  doing(): Doing | undefined
  /** Does it when everything before it is done. `say` adds a line to what is told of it. */
  ask(kind: Doing['kind'], slug: string, work: (say: (line: string) => void) => Promise<void>): void
  /** Looks when everything before it is done; not at all where a look waits already. */
  look(work: () => Promise<void>): void
}

/** So many lines of a script are kept. */
const MOST_LINES = 500

export function turns(changed: () => void, failed: (error: unknown) => void): Turns {
  let last: Promise<void> = Promise.resolve()
  let looks = false
  const asked: Doing[] = []

  function enqueue(work: () => Promise<void>): void {
    last = last.then(work).catch(failed).finally(changed)
  }

  function replace(doing: Doing, next?: Doing): void {
    const at = asked.findIndex(({ kind }) => kind === doing.kind)
    asked.splice(at, 1, ...(next ? [next] : []))
    changed()
  }

  return {
    doing: () => asked[0],
    ask(kind, slug, work) {
      let doing: Doing = { kind, slug, since: Date.now(), lines: [] }
      asked.push(doing)
      changed()
      const say = (line: string) => {
        const more = { ...doing, lines: [...doing.lines, line].slice(-MOST_LINES) }
        replace(doing, more)
        doing = more
      }
      enqueue(() => work(say).finally(() => replace(doing)))
    },
    look(work) {
      if (looks) return
      looks = true
      enqueue(() => {
        looks = false
        return work()
      })
    },
  }
}
