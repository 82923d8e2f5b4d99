/** A question, asked of a running server. */
import type { Traffic } from '../analyzer/question.ts'
import type { Explanation } from '../check/explanation.ts'
import { RefusedError } from '../client/control.ts'
import { callersScope } from './explain-subject.ts'
import { UsageFailure } from './failure.ts'
import type { Session } from './session.ts'

/** As it is typed. */
export interface Question {
  readonly from: string
  readonly to: string
  readonly traffic: Traffic
  readonly narrow?: boolean
}

/** Asks a running server. Throws UsageFailure where the question is about something that is not there. */
export async function explainOn({ control, client }: Session, question: Question): Promise<Explanation> {
  const body = { ...question, scope: callersScope(client.region) }
  return (await control.ask('/explain', body).catch((error: unknown) => {
    throw error instanceof RefusedError ? new UsageFailure(error.message) : error
  })) as Explanation
}
