/** Assertions, asked of a running server. */
import type { Assertion } from '../check/assertion.ts'
import type { Result } from '../check/evaluate.ts'
import { callersScope } from './explain-subject.ts'
import type { Session } from './session.ts'

/** What the server answers, and the revision that it is about. */
export async function ask(
  { control, client }: Session,
  assertions: readonly Assertion[],
): Promise<{ readonly revision: number; readonly results: Result[] }> {
  const scope = callersScope(client.region)
  return (await control.ask('/check', { assertions, scope })) as { revision: number; results: Result[] }
}
