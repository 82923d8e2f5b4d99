/** State → Network. Pure: the same records give the same network, in whatever order they were made. */
import { allKinds, kindOf } from '../ec2/kinds.ts'
import '../ec2/registry.ts'
import type { ResourceType, ResourceTypes } from '../ec2/resource.ts'
import type { State } from '../ec2/state.ts'
import type { Fact, Network } from '../network/network.ts'
import { assemble } from './assemble.ts'
import { internet } from './internet.ts'

/** The network that the records of all accounts and Regions describe. AWS's meaning ends here. */
export const compile = (state: State): Network =>
  assemble([
    ...internet(),
    ...allKinds().flatMap(({ type }) => [...state.all(type)].flatMap((record) => factsOf(type, record, state))),
  ])

/** What one record adds to the network. */
export const factsOf = <T extends ResourceType>(type: T, record: ResourceTypes[T], state: State): Fact[] =>
  kindOf(type).compile?.(record, state) ?? []
