/** `isthmus check --watch`: again after each change of the network, printing what changed. */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Assertion } from '../check/assertion.ts'
import type { Result } from '../check/evaluate.ts'
import { ask, type Checked } from './check-ask.ts'
import { checkText, type CheckStyle, summary } from './check-text.ts'
import type { Session } from './session.ts'

export interface Watching {
  readonly session: Session
  readonly file: string
  readonly assertions: readonly Assertion[]
  readonly style: CheckStyle
  /** A line of JSON for each look, instead of text where something has changed. */
  readonly json: boolean
}

/** How long one question for the next change waits, in milliseconds. */
const PATIENCE = 60_000

/** Until it is interrupted, or the server ends. */
export async function watch({ session, file, assertions, style, json }: Watching): Promise<void> {
  const name = randomUUID()
  let before: readonly string[] = []
  for (;;) {
    const checked = await ask(session, assertions, name)
    const { revision, results } = checked
    if (json) sayJson(checked)
    const texts = results.map((result) => checkText(file, result, style))
    const changed = texts.filter((text, index) => text !== before[index])
    if (!json) say(changed, results)
    before = texts
    await nextAfter(session, revision)
  }
}

function say(changed: readonly string[], results: readonly Result[]): void {
  if (changed.length === 0) return
  const time = new Date().toTimeString().slice(0, 8)
  process.stdout.write(`${[...changed, `${time} ${summary(results)}`, ''].join('\n')}\n`)
}

function sayJson({ revision, looked, results }: Checked): void {
  const holds = results.every(({ status }) => status === 'holds')
  process.stdout.write(`${JSON.stringify({ revision, looked, holds, results })}\n`)
}

/** Resolves once the state is newer. */
async function nextAfter({ control }: Session, revision: number): Promise<void> {
  while (!(await control.reached(revision + 1, PATIENCE))) await delay(100)
}
