/** State, network and assertions → whether each holds, of which pairs it does not, and why. */
import { explain } from '../analyzer/explain.ts'
import type { Question } from '../analyzer/question.ts'
import { endText } from '../analyzer/words/headline.ts'
import type { Assertion, Expectation, Place } from './assertion.ts'
import { type Explanation, explanationOf, optionsOf, type Subject } from './explanation.ts'
import { type Judged, judge, type Sample } from './judge.ts'
import type { Scope } from './names.ts'
import { type Meanings, meaningsIn, PlacedError, pairsOf } from './pairs.ts'

export type { Sample }

/** A pair of which the assertion does not hold, and why. */
export interface Failure {
  readonly from: string
  readonly to: string
  readonly explanation: Explanation
}

/** What became of one assertion. */
export interface Result extends Place {
  readonly name: string
  readonly because?: string
  readonly expect: Expectation
  /** error: it is about something that is not there. */
  readonly status: 'holds' | 'fails' | 'error'
  /** How many pairs it is about. */
  readonly pairs: number
  /** How many of them it does not hold of; the first few are in `failures`. */
  readonly failing: number
  readonly failures: readonly Failure[]
  readonly samples: readonly Sample[]
  /** What the network did otherwise than the model says, a sentence each; only where packets were sent. */
  readonly disagreements?: readonly string[]
  /** With `error`: what is not there, and where the file names it. */
  readonly error?: Place & { readonly message: string }
}

/** Explanations and fixes of so many pairs say enough. */
const SHOWN = 3

export function evaluate(subject: Subject, assertions: readonly Assertion[], scope: Scope): Result[] {
  const meanings = meaningsIn(subject.state, scope)
  return assertions.map((assertion) => evaluateOne(subject, assertion, scope, meanings))
}

function evaluateOne(subject: Subject, assertion: Assertion, scope: Scope, meanings: Meanings): Result {
  try {
    const pairs = pairsOf(subject.state, assertion, meanings)
    return resultOf(
      subject,
      assertion,
      pairs.map((pair) => judge(subject, assertion, pair)),
      scope,
    )
  } catch (error) {
    if (error instanceof PlacedError) return errorOf(assertion, error)
    throw error
  }
}

const baseOf = ({ name, because, expect, line, column }: Assertion) => ({
  name,
  ...(because !== undefined && { because }),
  expect,
  line,
  column,
})

/** The result of an assertion whose pairs have all been judged. */
export function resultOf(subject: Subject, assertion: Assertion, judged: readonly Judged[], scope: Scope): Result {
  const failing = judged.flatMap(({ failing: question }) => question ?? [])
  return {
    ...baseOf(assertion),
    status: failing.length > 0 ? 'fails' : 'holds',
    pairs: judged.length,
    failing: failing.length,
    failures: failing.slice(0, SHOWN).map((question) => failureOf(subject, question, scope)),
    samples: judged.flatMap(({ samples }) => samples),
  }
}

/** The result of an assertion that can not be asked. */
export const errorOf = (assertion: Assertion, { place, message }: PlacedError): Result => ({
  ...baseOf(assertion),
  ...{ status: 'error', pairs: 0, failing: 0, failures: [], samples: [] },
  error: { ...place, message },
})

function failureOf(subject: Subject, question: Question, scope: Scope): Failure {
  const { state, network } = subject
  const answer = explain(state, network, question, optionsOf(subject))
  return {
    from: endText(state, network, question.from),
    to: endText(state, network, question.to),
    explanation: explanationOf(subject, answer, { scope }),
  }
}
