/** What changes by itself: time alone changes these states, and no call tells of it. */
import type { Estate } from './estate.ts'

const PASSING: ReadonlySet<string> = new Set([
  'pending',
  'deleting',
  'stopping',
  'shutting-down',
  'initiating-request',
  'provisioning',
])

/** The kinds of records of which some are about to change. */
export function movingIn({ gateways, instances, peerings }: Estate): readonly string[] {
  return [
    ...(gateways.some(({ state }) => PASSING.has(state)) ? ['natgateway'] : []),
    ...(instances.some(({ state }) => PASSING.has(state)) ? ['instance'] : []),
    ...(peerings.some(({ status }) => PASSING.has(status)) ? ['vpc-peering-connection'] : []),
  ]
}
