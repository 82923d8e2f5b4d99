/** The EC2 API's own vocabulary as types: its actions, what each takes and what each answers; erased at run time. */
import type { EC2 } from '@aws-sdk/client-ec2'

// Read from the client's methods, one per action: their parameter types are named, so the checker compares names.
// Read from the command classes instead, it compares middleware stacks, which takes minutes.
type MethodName = { [K in keyof EC2]: EC2[K] extends (...args: never) => unknown ? K : never }[keyof EC2] & string
type Helper = 'send' | 'destroy' | `paginate${string}` | `waitUntil${string}`
type MethodOf<A extends Action> = Uncapitalize<A> extends keyof EC2 ? EC2[Uncapitalize<A>] : never
type AskedBy<Method> = Method extends (args: infer I, options: never, callback: never) => void ? I : never
type AnsweredBy<Method> = Method extends (
  args: never,
  options: never,
  callback: (error: never, data?: infer O) => void,
) => void
  ? O
  : never
type Leaf = string | number | boolean | Date | Uint8Array | undefined

/**
 * A structure whose required members are there. The client library types a required member as `T | undefined`; the
 * decoder has refused a request without it (MissingParameter), so below the wire the undefined is gone.
 */
export type Decoded<T> = T extends Leaf
  ? T
  : T extends readonly (infer Item)[]
    ? Decoded<Item>[]
    : { [K in keyof T]: undefined extends T[K] ? DecodedMember<T, K> : Decoded<T[K]> }
type DecodedMember<T, K extends keyof T> = object extends Pick<T, K> ? Decoded<T[K]> : Decoded<Exclude<T[K], undefined>>

/** The name of an EC2 action, as sent in `Action=`: 'CreateVpc', 'DescribeVpcs', ... */
export type Action = Capitalize<Exclude<MethodName, Helper>>

/** What a handler of the action receives: decoded, checked against the model, required members present. */
export type Input<A extends Action> = Decoded<AskedBy<MethodOf<A>>>

/** What a handler of the action answers, before it is encoded; a member left out or undefined is not sent. */
export type Output<A extends Action> = Omit<AnsweredBy<MethodOf<A>> & object, '$metadata'>
