/** Letting a packet pass at an interface: a rule in one of its security groups (S1). */
import { isStaleRule } from '../../ec2/security-group-rule.ts'
import { isDefault, type SecurityGroup } from '../../ec2/security-group.ts'
import type { NetworkInterface } from '../../ec2/network-interface.ts'
import { isActive, peeringsBetween } from '../../ec2/vpc-peering-connection.ts'
import type { State } from '../../ec2/state.ts'
import { type Ip, familyOf } from '../../ip/address.ts'
import { ANYWHERE, ANYWHERE6, baseOf, hostPrefix, type Prefix } from '../../ip/prefix.ts'
import type { Direction } from '../../network/rules.ts'
import type { Input } from '../../protocol/types.ts'
import { callerOf } from './caller.ts'
import { ensurePeering } from './peering.ts'
import type { Rehearsal } from './rehearsal.ts'
import { type Kind, kindOf, remoteOf, scopeOf } from './scope.ts'
import type { Cure, Cures, Task } from './task.ts'

type Permission = NonNullable<Input<'AuthorizeSecurityGroupIngress'>['IpPermissions']>[number]

export function groupRuleCures(task: Task<'allow'>, direction: Direction): Cures {
  const { state, blocker } = task
  const eni = state.get('network-interface', blocker.at)
  const group = eni && groupToChange(state, eni)
  if (!eni || !group) return `${blocker.at} has no security group that a rule could be added to.`
  const { prefix, comment } = scopeOf(task, direction)
  const traffic = trafficOf(kindOf(task))
  const wide: Permission = {
    ...traffic,
    ...(familyOf(prefix) === 4 ? { IpRanges: [{ CidrIp: prefix }] } : { Ipv6Ranges: [{ CidrIpv6: prefix }] }),
  }
  const why = [comment, reasonFor(state, eni, group), futureOf(prefix)].filter((part) => part !== undefined).join(' ')
  const byAddress: Cure['carryOut'] = (r) => authorize(r, group, direction, wide, why)
  const remote = remoteOf(blocker, direction)
  const stale = staleRuleFor(state, eni, direction, remote)
  const other = referableGroup(state, group, remote)
  const byGroup: Cure[] = other
    ? [{ style: 'group', carryOut: (r) => authorize(r, group, direction, { ...traffic, ...pairOf(group, other) }) }]
    : []
  if (!stale) return [{ style: 'address', carryOut: byAddress }, ...byGroup]
  // The rule is there and means nobody until its VPC is peered again (X11): then no rule is missing.
  const again: Cure['carryOut'] = (r) => ensurePeering(r, stale.from, stale.to)
  return [{ style: 'address', carryOut: again }, { style: 'add', carryOut: byAddress }, ...byGroup]
}

function authorize(r: Rehearsal, g: SecurityGroup, direction: Direction, permission: Permission, why = ''): void {
  const input = { GroupId: g.id, IpPermissions: [permission] }
  if (direction === 'ingress') r.call('AuthorizeSecurityGroupIngress', input, callerOf(g), why)
  else r.call('AuthorizeSecurityGroupEgress', input, callerOf(g), why)
}

const NAMES: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' }

/** S3, D30: a type and a code are in the place of ports. */
function trafficOf({ protocol, ports, icmp }: Kind): Permission {
  const IpProtocol = NAMES[protocol] ?? String(protocol)
  if (icmp) return { IpProtocol, FromPort: icmp.type, ToPort: icmp.code }
  return ports ? { IpProtocol, FromPort: ports.from, ToPort: ports.to } : { IpProtocol }
}

const pairOf = (g: SecurityGroup, other: SecurityGroup): Permission => ({
  UserIdGroupPairs: [{ GroupId: other.id, ...(other.account !== g.account && { UserId: other.account }) }],
})

const usersOf = (state: State, groupId: string): readonly NetworkInterface[] =>
  state.where('network-interface', 'groupIds', groupId)

/** A rule opens every interface of its group: so the group that fewest have, and the default one only if it must be. */
function groupToChange(state: State, { groupIds }: NetworkInterface): SecurityGroup | undefined {
  const groups = groupIds.flatMap((id) => state.get('security-group', id) ?? [])
  const cost = (g: SecurityGroup) => (isDefault(g) ? Number.MAX_SAFE_INTEGER : usersOf(state, g.id).length)
  return groups.toSorted((a, b) => cost(a) - cost(b))[0]
}

/** Nothing where there was no choice. */
function reasonFor(state: State, { id, groupIds }: NetworkInterface, group: SecurityGroup): string | undefined {
  if (groupIds.length < 2) return undefined
  const users = usersOf(state, group.id).length
  return users === 1
    ? `Of the groups of ${id}, ${group.id} is its own alone.`
    : `Of the groups of ${id}, ${group.id} has the fewest interfaces (${users}).`
}

/** A rule for a block is for all who ever get an address there. */
const futureOf = (prefix: Prefix): string | undefined =>
  prefix === hostPrefix(baseOf(prefix)) || prefix === ANYWHERE || prefix === ANYWHERE6
    ? undefined
    : `The rule is for every address of ${prefix}, also those that nobody has yet.`

/** A group of whoever has the address, which a rule of `group` may name: same VPC, or peered in one Region (X10). */
function referableGroup(state: State, group: SecurityGroup, remote: Ip): SecurityGroup | undefined {
  const owners = state.where('network-interface', 'privateIpAddresses', remote)
  for (const owner of owners) {
    const other = groupToChange(state, owner)
    if (!other || other.region !== group.region) continue
    if (other.vpcId === group.vpcId || peeringsBetween(state, group.vpcId, other.vpcId).some(isActive)) return other
  }
  return undefined
}

interface Stale {
  readonly from: string
  readonly to: string
}

/** The VPCs whose peering a rule waits for that would let the packet pass; the group it names is still there. */
function staleRuleFor(state: State, eni: NetworkInterface, direction: Direction, remote: Ip): Stale | undefined {
  for (const groupId of eni.groupIds) {
    for (const rule of state.where('security-group-rule', 'groupId', groupId)) {
      const other = rule.referencedGroupId
      if (other === undefined || rule.egress !== (direction === 'egress') || !isStaleRule(state, rule)) continue
      const isMember = usersOf(state, other).some((user) => user.privateIpAddresses.includes(remote))
      if (isMember && state.get('security-group', other)) return { from: eni.vpcId, to: rule.referenced?.vpcId ?? '' }
    }
  }
  return undefined
}
