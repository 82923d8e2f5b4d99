/** The rules of a security group as the API shows them: one by one, or merged into permissions. */
import type { Output } from '../protocol/types.ts'
import { showCarrier } from './group-reference.ts'
import type { WirePermission } from './permissions.ts'
import { arnOf } from './resource.ts'
import type { SecurityGroup } from './security-group.ts'
import type { SecurityGroupRule } from './security-group-rule.ts'
import type { State } from './state.ts'
import { showTags } from './tags.ts'

type ShownRule = NonNullable<Output<'DescribeSecurityGroupRules'>['SecurityGroupRules']>[number]
type Pair = NonNullable<WirePermission['UserIdGroupPairs']>[number]

/** Rules of the same protocol and ports are one permission with several peers. */
export function showPermissions(state: State, g: SecurityGroup, rules: readonly SecurityGroupRule[]): WirePermission[] {
  const merged = Map.groupBy(rules, (r) => `${r.protocol} ${r.fromPort} ${r.toPort}`)
  return [...merged.values()].map((same) => ({
    ...showTraffic(same[0] as SecurityGroupRule),
    IpRanges: same.flatMap((r) => (r.cidrIpv4 ? [{ CidrIp: r.cidrIpv4, ...showDescription(r) }] : [])),
    Ipv6Ranges: same.flatMap((r) => (r.cidrIpv6 ? [{ CidrIpv6: r.cidrIpv6, ...showDescription(r) }] : [])),
    PrefixListIds: same.flatMap((r) =>
      r.prefixListId ? [{ PrefixListId: r.prefixListId, ...showDescription(r) }] : [],
    ),
    UserIdGroupPairs: same.flatMap((r) => showPair(state, g, r)),
  }))
}

/** Protocols without ports show none here, though a single rule shows -1. */
export const showTraffic = ({
  protocol,
  fromPort,
  toPort,
}: SecurityGroupRule): Pick<WirePermission, 'IpProtocol' | 'FromPort' | 'ToPort'> =>
  /^(tcp|udp|icmp|icmpv6)$/.test(protocol)
    ? { IpProtocol: protocol, FromPort: fromPort, ToPort: toPort }
    : { IpProtocol: protocol }

const showDescription = ({ description }: SecurityGroupRule) =>
  description === undefined ? {} : { Description: description }

export function showPair(state: State, g: SecurityGroup, r: SecurityGroupRule): Pair[] {
  const { referencedGroupId: GroupId, referenced } = r
  if (GroupId === undefined || !referenced) return []
  return [
    {
      GroupId,
      // AWS does not tell whose a deleted group was.
      ...(state.get('security-group', GroupId) && { UserId: referenced.account }),
      ...showDescription(r),
      ...showCarrier(state, g, GroupId, referenced),
    } as Pair,
  ]
}

export function showRule(state: State, g: SecurityGroup, r: SecurityGroupRule): ShownRule {
  const { referencedGroupId: GroupId, referenced } = r
  return {
    SecurityGroupRuleId: r.id,
    SecurityGroupRuleArn: arnOf(r, 'security-group-rule'),
    GroupId: r.groupId,
    GroupOwnerId: g.account,
    IsEgress: r.egress,
    IpProtocol: r.protocol,
    FromPort: r.fromPort,
    ToPort: r.toPort,
    ...(r.cidrIpv4 && { CidrIpv4: r.cidrIpv4 }),
    ...(r.cidrIpv6 && { CidrIpv6: r.cidrIpv6 }),
    ...(r.prefixListId && { PrefixListId: r.prefixListId }),
    ...(GroupId !== undefined &&
      referenced && {
        ReferencedGroupInfo: {
          GroupId,
          UserId: referenced.account,
          VpcId: referenced.vpcId,
          ...showCarrier(state, g, GroupId, referenced),
        },
      }),
    ...showDescription(r),
    Tags: showTags(r.tags),
  }
}
