/** In whose name a call is made: of whom the thing is that it changes. */
import type { Resource } from '../../ec2/resource.ts'
import type { State } from '../../ec2/state.ts'
import type { Vpc } from '../../ec2/vpc.ts'
import type { Principal } from './call.ts'

export const callerOf = ({ account, region }: Pick<Resource, 'account' | 'region'>): Principal => ({ account, region })

/** The VPC, which is there: a network that was compiled has it. */
export function vpcNamed(state: State, id: string): Vpc {
  const found = state.get('vpc', id)
  if (!found) throw new Error(`${id} is no VPC`)
  return found
}
