/** What a random call is made from: whatever is there. */
import type { ResourceType, ResourceTypes } from '../../src/ec2/resource.ts'
import type { Action, Input } from '../../src/protocol/types.ts'
import type { Random } from '../differential/random.ts'
import type { World } from './laid-out.ts'

export type Call = (w: World, any: Any, random: Random) => void

export interface Any {
  /** The id of any record of the kind; one that does not exist where there is none. */
  id(type: ResourceType): string
  record<T extends ResourceType>(type: T): ResourceTypes[T] | undefined
}

/** Makes one call of `input`, whose fields are read when the call is made. */
export const calls =
  <A extends Action>(action: A, input: (any: Any, random: Random) => Input<A>): Call =>
  (w, any, random) =>
    void w.call(action, input(any, random))
