/** The analyzer on the owner's socket: one question, or a file of assertions, about the state as it is now. */
import { QuestionError } from '../analyzer/explain.ts'
import type { Traffic } from '../analyzer/question.ts'
import type { Assertion } from '../check/assertion.ts'
import { evaluate } from '../check/evaluate.ts'
import { explained, type Subject } from '../check/explanation.ts'
import { NameError, type Scope } from '../check/names.ts'

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

/** `POST /check`: {assertions, scope} → their `Result`s, in order, and the revision that they are about. */
export function answerCheck(subject: Subject, revision: number, body: Record<string, unknown>): Answer {
  const { assertions = [], scope = {} } = body
  return { status: 200, body: { revision, results: evaluate(subject, assertions as Assertion[], scope as Scope) } }
}
