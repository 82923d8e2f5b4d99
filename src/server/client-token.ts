/** Idempotency tokens, written once for all actions: the same token and input get the same answer again. */
import { createHash } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import { ApiError } from '../ec2/errors.ts'
import type { Context, Resource } from '../ec2/resource.ts'
import type { ClientToken } from '../ec2/client-token.ts'

/** Runs `work`, or gives back what an earlier call with the same token answered; other parameters are refused. */
export function remembered<T>(context: Context, action: string, input: unknown, work: () => T): T {
  const { ClientToken: token, DryRun: _, ...rest } = input as { ClientToken?: string; DryRun?: boolean }
  if (!token) return work()
  const { account, region } = context.caller
  const id = `${account}/${region}/${action}/${token}`
  const asked = createHash('sha256').update(JSON.stringify(rest)).digest('hex')
  const earlier = context.state.get('client-token', id)
  if (earlier && earlier.asked !== asked) {
    throw new ApiError('IdempotentParameterMismatch', `The client token '${token}' was used with different parameters.`)
  }
  if (earlier) return deserialize(Buffer.from(earlier.answer, 'base64')) as T
  const answer = work()
  const base: Resource = { id, account, region, tags: {}, state: 'kept', stateSince: context.now }
  context.state.put('client-token', {
    ...base,
    state: 'kept',
    asked,
    answer: serialize(answer).toString('base64'),
  } satisfies ClientToken)
  return answer
}
