/** Commands whose exit code 1 is an answer, "no": whatever keeps them from answering is 2. */
import { describeError, exitCodes, Failure } from './failure.ts'

/** The action of such a command: every error ends it with 2. */
export const answering =
  <A extends unknown[]>(action: (...args: A) => Promise<void>) =>
  (...args: A): Promise<void> =>
    action(...args).catch((error: unknown) => {
      throw new Failure(describeError(error), exitCodes.usage)
    })
