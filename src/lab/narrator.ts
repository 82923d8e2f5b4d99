/** Tells the lab as a person lives through it, and notes each outcome. */
import { Ec2CallError } from '../client/ec2-client.ts'
import { type Outcome, type OutcomeId, outcome } from './outcomes.ts'

export interface Narrator {
  readonly outcomes: readonly Outcome[]
  /** A step of the lab begins. */
  step(number: string, title: string): void
  /** A paragraph. */
  say(text: string): void
  /** What stands on the learner's screen: a terminal's lines, an error's text, a table. */
  show(...lines: readonly string[]): void
  /**
   * Looks whether an outcome holds: `look` resolves to what was seen, or throws what was seen instead. The lab goes on
   * in either case; resolves to whether it held.
   */
  check(id: OutcomeId, look: () => Promise<string> | string): Promise<boolean>
}

/** What was expected and not seen. */
export class NotSeen extends Error {
  override readonly name = 'NotSeen'
}

/** Throws NotSeen with what was seen instead. */
export function expect(holds: boolean, instead: string): asserts holds {
  if (!holds) throw new NotSeen(instead)
}

/** `write` is given whole lines. */
export function narrator(engine: 'linux' | 'simulator', write: (line: string) => void): Narrator {
  const outcomes: Outcome[] = []
  function note(id: OutcomeId, result: Outcome['result'], evidence: string): void {
    const noted = outcome(id, engine, result, evidence)
    outcomes.push(noted)
    const sign = { ok: '✔', failed: '✘' }[result]
    write(`  ${sign} ${id} ${noted.title} [${noted.judge}]${result === 'ok' ? '' : `: ${evidence}`}`)
  }
  return {
    outcomes,
    step(number, title) {
      const heading = `${number}. ${title}`
      for (const line of ['', heading, '-'.repeat(heading.length)]) write(line)
    },
    say(text) {
      for (const line of wrapped(text, 100)) write(line)
    },
    show(...lines) {
      for (const line of lines.flatMap((some) => some.split('\n'))) write(`    ${line}`.trimEnd())
    },
    async check(id, look) {
      try {
        note(id, 'ok', await look())
        return true
      } catch (error) {
        note(id, 'failed', reason(error))
        return false
      }
    },
  }
}

const reason = (error: unknown): string =>
  error instanceof Ec2CallError ? `${error.code}: ${error.message}` : (error as Error).message

/** The text in lines of at most `width` characters. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
