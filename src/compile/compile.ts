/** State → Network. Pure: the same records give the same network, in whatever order they were made. */
import { allKinds } from '../ec2/kinds.ts'
import '../ec2/registry.ts'
import type { State } from '../ec2/state.ts'
import type { Network } from '../network/network.ts'
import { assemble } from './assemble.ts'
import { internet } from './internet.ts'

/** The network that the records of all accounts and Regions describe. AWS's meaning ends here. */
export const compile = (state: State): Network =>
  assemble([
    ...internet(),
    ...allKinds().flatMap((kind) => [...state.all(kind.type)].flatMap((record) => kind.compile?.(record, state) ?? [])),
  ])
