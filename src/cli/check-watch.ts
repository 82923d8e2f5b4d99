/** `isthmus check --watch`: again after each change of the network, printing what changed. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Assertion } from '../check/assertion.ts'
import type { Result } from '../check/evaluate.ts'
import { ask } from './check-ask.ts'
import { checkText, type CheckStyle, summary } from './check-text.ts'
import type { Session } from './session.ts'

export interface Watching {
  readonly session: Session
  readonly file: string
  readonly assertions: readonly Assertion[]
  readonly style: CheckStyle
}

/** How long one question for the next change waits, in milliseconds. */
const PATIENCE = 60_000

/** Until it is interrupted, or the server ends. */
export async function watch({ session, file, assertions, style }: Watching): Promise<void> {
  let before: readonly string[] = []
  for (;;) {
    const { revision, results } = await ask(session, assertions)
    const texts = results.map((result) => checkText(file, result, style))
    say(
      texts.filter((text, index) => text !== before[index]),
      results,
    )
    before = texts
    await nextAfter(session, revision)
  }
}

function say(changed: readonly string[], results: readonly Result[]): void {
  if (changed.length === 0) return
  const time = new Date().toTimeString().slice(0, 8)
  process.stdout.write(`${[...changed, `${time} ${summary(results)}`, ''].join('\n')}\n`)
}

/** Resolves once the state is newer. */
async function nextAfter({ control }: Session, revision: number): Promise<void> {
  while (!(await control.reached(revision + 1, PATIENCE))) await delay(100)
}
