/** The analyzer on the owner's socket: one question, or a file of assertions, about the state as it is now. */
import { QuestionError } from '../analyzer/explain.ts'
import type { Traffic } from '../analyzer/question.ts'
import type { Assertion } from '../check/assertion.ts'
import { explained, type Subject } from '../check/explanation.ts'
import { NameError, type Scope } from '../check/names.ts'
import type { Checks } from './checks.ts'

interface Answer {
  readonly status: number
  readonly body: unknown
}

/** `POST /explain`: {from, to, traffic, scope, narrow} → an `Explanation`; 422 where the question has no answer. */
export function answerExplain(subject: Subject, body: Record<string, unknown>): Answer {
  const { from, to, traffic, scope = {}, narrow } = body
  try {
    const explanation = explained(subject, {
      from: String(from),
      to: String(to),
      traffic: traffic as Traffic,
      scope: scope as Scope,
      narrow: narrow === true,
    })
    return { status: 200, body: explanation }
  } catch (error) {
    if (error instanceof NameError || error instanceof QuestionError)
      return { status: 422, body: { error: error.message } }
    throw error
  }
}

/** `POST /check`: {assertions, scope, watch} → their `Result`s, in order, and the revision that they are about. */
export function answerCheck(checks: Checks, body: Record<string, unknown>): Answer {
  const { assertions = [], scope = {}, watch } = body
  const name = watch === undefined ? undefined : String(watch)
  return { status: 200, body: checks.check(assertions as Assertion[], scope as Scope, name) }
}
