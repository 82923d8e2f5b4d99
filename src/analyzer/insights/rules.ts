/** The rules and routes that decide on a path, found by the origin of a fact, in the form of Network Insights. */
import { type AclEntry, entriesOf, FINAL } from '../../ec2/network-acl-entry.ts'
import type { PathComponent } from '../../ec2/network-insights-analyst.ts'
import { isPrefixListId } from '../../ec2/prefix-list.ts'
import { type Claim, claimNamed, claimsOf } from '../../ec2/prefix-list-route.ts'
import { routeState } from '../../ec2/route.ts'
import type { RouteTable } from '../../ec2/route-table.ts'
import { showTarget } from '../../ec2/route-target.ts'
import type { SecurityGroupRule } from '../../ec2/security-group-rule.ts'
import type { State } from '../../ec2/state.ts'
import type { Origin } from '../../network/origin.ts'
import { protocolName, showRange } from './component.ts'

type AclRule = NonNullable<PathComponent['AclRule']>
type GroupRule = NonNullable<PathComponent['SecurityGroupRule']>
export type TableRoute = NonNullable<PathComponent['RouteTableRoute']>

/** The number of the denial at the end of an ACL, where the origin says `*`. */
const FINAL_NAME = '*'

/** The entry behind an origin such as `acl-1 egress:100`. */
export function aclRuleOf(state: State, { resource, rule = '' }: Origin): AclRule | undefined {
  const acl = state.get('network-acl', resource)
  const [direction, number] = rule.split(':')
  const entries = acl ? entriesOf(state, acl).filter((e) => e.egress === (direction === 'egress')) : []
  const wanted = number === FINAL_NAME ? `${FINAL}` : number
  const entry = entries.find((e) => `${e.number}` === wanted)
  return entry && showEntry(entry)
}

const showEntry = (e: AclEntry): AclRule => ({
  Cidr: e.cidrBlock ?? e.ipv6CidrBlock,
  Egress: e.egress,
  ...(e.ports && { PortRange: showRange(e.ports) }),
  Protocol: protocolName(e.protocol),
  RuleAction: e.action,
  RuleNumber: e.number,
})

/** The rule behind an origin such as `sg-1 sgr-1`. */
export function groupRuleOf(state: State, { rule }: Origin): GroupRule | undefined {
  const found = rule === undefined ? undefined : state.get('security-group-rule', rule)
  return found && showGroupRule(found)
}

export const showGroupRule = (r: SecurityGroupRule): GroupRule => ({
  ...((r.cidrIpv4 ?? r.cidrIpv6) && { Cidr: r.cidrIpv4 ?? r.cidrIpv6 }),
  Direction: r.egress ? 'egress' : 'ingress',
  ...(r.prefixListId && { PrefixListId: r.prefixListId }),
  ...(r.referencedGroupId && { SecurityGroupId: r.referencedGroupId }),
  ...(hasPorts(r) && { PortRange: { From: r.fromPort, To: r.toPort } }),
  Protocol: protocolName(r.protocol),
})

const hasPorts = ({ protocol }: SecurityGroupRule): boolean => protocol === 'tcp' || protocol === 'udp'

/** A table with all of its routes, those that lose a block after those that win it; undefined where it is none. */
export function tableOf(
  state: State,
  id: string,
): { readonly table: RouteTable; readonly claims: readonly Claim[] } | undefined {
  const table = state.get('route-table', id)
  return table && { table, claims: claimsOf(state, table) }
}

/** The route behind an origin such as `rtb-1 10.0.0.0/16` or `rtb-1 pl-1 10.0.0.0/16`. */
export function tableRouteOf(state: State, { resource, rule }: Origin): TableRoute | undefined {
  const table = state.get('route-table', resource)
  const claim = table && claimNamed(state, table, rule)
  return claim && showTableRoute(state, table, claim)
}

/** The targets that Network Insights has a field for. */
const TARGETS = ['GatewayId', 'InstanceId', 'NatGatewayId', 'NetworkInterfaceId', 'VpcPeeringConnectionId'] as const

export function showTableRoute(state: State, table: RouteTable, { block, route }: Claim): TableRoute {
  const target = showTarget(state, route.target)
  return {
    DestinationCidr: block,
    ...(isPrefixListId(route.destination) && { DestinationPrefixListId: route.destination }),
    ...Object.fromEntries(TARGETS.flatMap((field) => (target[field] ? [[field, target[field]]] : []))),
    Origin: route.origin.toLowerCase(),
    State: routeState(state, table, route),
  }
}
