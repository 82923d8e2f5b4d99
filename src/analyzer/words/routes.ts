/** Routes in words: where one leads, and why one leads nowhere. */
import { claimNamed } from '../../ec2/prefix-list-route.ts'
import type { State } from '../../ec2/state.ts'
import { label, the } from './names.ts'
import { type Situation, subnetOf } from './situation.ts'

/** `` The route table `a` (rtb-1), which routes the subnet `b` (subnet-1), ``: the subject of a sentence. */
export function routedBy(situation: Situation): string {
  const { state, resource, network, blocker } = situation
  const segment = network.interfaces.get(blocker.at)?.segment
  const table = the(state, resource)
  return segment?.startsWith('subnet-') ? `${table}, which routes ${subnetOf(situation)},` : table
}

/** What a route leads to, by its table and its name there: an id or `local`; undefined where there is no such route. */
export function targetOf(state: State, table: string, destination: string): string | undefined {
  const record = state.get('route-table', table)
  const route = record && claimNamed(state, record, destination)?.route
  if (!route) return undefined
  return route.target.type === 'local' ? 'local' : route.target.id
}

/** State of a peering → why it carries nothing. */
const PEERINGS: Readonly<Record<string, string>> = {
  'initiating-request': 'is not accepted yet',
  'pending-acceptance': 'is not accepted yet',
  deleting: 'was deleted',
  deleted: 'was deleted',
  rejected: 'was rejected',
  expired: 'was not accepted in time and has expired',
  failed: 'has failed',
}

/** A route without a working target: which, and what is wrong with it. */
export function brokenTarget({ state, resource, rule, destination }: Situation): string {
  const target = targetOf(state, resource, rule)
  const route = `the route ${rule} in ${the(state, resource)} leads nowhere (blackhole)`
  return `${route}${target === undefined ? '' : `: ${whyBroken(state, target)}`}, so ${destination} is not reached.`
}

function whyBroken(state: State, target: string): string {
  const peering = target.startsWith('pcx-') ? state.get('vpc-peering-connection', target) : undefined
  if (peering) return `${the(state, target)} ${PEERINGS[peering.state] ?? `is ${peering.state}`}`
  if (target.startsWith('igw-') && state.get('internet-gateway', target))
    return `${the(state, target)} is not attached to the VPC`
  const instance = target.startsWith('i-') ? state.get('instance', target) : undefined
  if (instance) return `${the(state, target)} is ${instance.state}`
  if (target.startsWith('eni-') && state.get('network-interface', target))
    return `${the(state, target)} belongs to no running instance`
  return `its target ${label(state, target)} is not there any more`
}
