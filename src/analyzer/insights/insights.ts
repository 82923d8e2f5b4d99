/** The analyst that EC2's Network Insights ask: bound to the records of one call and the network they describe. */
import type { Analyst } from '../../ec2/network-insights-analyst.ts'
import type { State } from '../../ec2/state.ts'
import type { Network } from '../../network/network.ts'
import { pathFound } from './path.ts'
import { scopeFound } from './scope.ts'

/** `network` is compiled when something is asked, and not before. */
export const insights = (state: State, network: () => Network): Analyst => ({
  path: (asked) => pathFound({ state, network: network() }, asked),
  scope: (asked) => scopeFound({ state, network: network() }, asked),
})
