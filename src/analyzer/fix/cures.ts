/** Remedy → the calls that bring it about, by kind; or why no call can. */
import { BLOCKED } from '../../ec2/vpc-block-public-access.ts'
import type { Stage } from '../../network/flow.ts'
import type { Direction } from '../../network/rules.ts'
import type { Remedy } from '../answer.ts'
import { aclEntryCures } from './acl-entry.ts'
import { groupRuleCures } from './group-rule.ts'
import { checkCures, startCures } from './instance.ts'
import { internetGatewayCures } from './internet-gateway.ts'
import { peeringCures } from './peering.ts'
import { publicAccessCures } from './public-access.ts'
import { publicAddressCures } from './public-address.ts'
import { routeCures } from './route.ts'
import type { Cures, Task } from './task.ts'

const BY_REMEDY: { readonly [K in Remedy['kind']]: (task: Task<K>) => Cures } = {
  allow: (task) =>
    task.blocker.code === BLOCKED
      ? publicAccessCures(task)
      : (BY_STAGE[task.blocker.stage]?.(task) ?? `No rule decides at ${task.blocker.stage}.`),
  'no-check': checkCures,
  smaller: ({ remedy: { mtu } }) =>
    `A link on the way takes packets of ${mtu} bytes at most; only the sender can help.`,
  route: routeCures,
  'public-address': publicAddressCures,
  peering: peeringCures,
  'internet-gateway': internetGatewayCures,
  start: startCures,
  none: ({ blocker: { origin, code } }) =>
    `From ${origin.resource} on no EC2 call leads this packet where it should go (${code}).`,
}

const rules = (of: (task: Task<'allow'>, direction: Direction) => Cures, direction: Direction) => {
  return (task: Task<'allow'>) => of(task, direction)
}

const BY_STAGE: { readonly [S in Stage]?: (task: Task<'allow'>) => Cures } = {
  'egress-rules': rules(groupRuleCures, 'egress'),
  'ingress-rules': rules(groupRuleCures, 'ingress'),
  'segment-egress': rules(aclEntryCures, 'egress'),
  'segment-ingress': rules(aclEntryCures, 'ingress'),
}

export const curesOf = (task: Task): Cures => (BY_REMEDY[task.remedy.kind] as (task: Task) => Cures)(task)
