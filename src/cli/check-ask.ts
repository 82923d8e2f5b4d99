/** Assertions, asked of a running server. */
import type { Assertion } from '../check/assertion.ts'
import type { Result } from '../check/evaluate.ts'
import { callersScope } from './explain-subject.ts'
import type { Session } from './session.ts'

/** What the server answers, and the revision that it is about; for who watches, how many pairs it looked at. */
export interface Checked {
  readonly revision: number
  readonly results: Result[]
  readonly looked?: number
}

/** `watch`: a name of one's own; the server then looks only at what has changed since it was asked by this name. */
export async function ask(
  { control, client }: Session,
  assertions: readonly Assertion[],
  watch?: string,
): Promise<Checked> {
  const scope = callersScope(client.region)
  return (await control.ask('/check', { assertions, scope, ...(watch !== undefined && { watch }) })) as Checked
}
