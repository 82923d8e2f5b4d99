/** Rules that name groups over a peering: who names mine, and which of mine lead nowhere any more (X11). */
import type { Output } from '../protocol/types.ts'
import { carrierOf } from './group-reference.ts'
import { find } from './lookup.ts'
import type { Context, Handlers } from './resource.ts'
import { groupsOf, type SecurityGroup } from './security-group.ts'
import { isStaleRule, rulesOf, type SecurityGroupRule } from './security-group-rule.ts'
import { showPermissions } from './security-group-view.ts'
import { pageOf } from './select.ts'
import type { State } from './state.ts'

type StaleGroup = NonNullable<Output<'DescribeStaleSecurityGroups'>['StaleSecurityGroupSet']>[number]
type Reference = NonNullable<Output<'DescribeSecurityGroupReferences'>['SecurityGroupReferenceSet']>[number]

export const groupReferenceActions: Handlers = {
  DescribeStaleSecurityGroups(input, context) {
    const { id } = find(context, 'vpc', input.VpcId)
    const stale = groupsOf(context.state, id).flatMap((g) => showStale(context.state, g))
    const { items, ...page } = pageOf(stale, input, `stale groups of ${id}`, { min: 5, max: 255 })
    return { StaleSecurityGroupSet: [...items], ...page }
  },
  DescribeSecurityGroupReferences(input, context) {
    return {
      SecurityGroupReferenceSet: input.GroupId.flatMap((id) =>
        referencesTo(context, find(context, 'security-group', id)),
      ),
    }
  },
}

function showStale(state: State, g: SecurityGroup): StaleGroup[] {
  const stale = rulesOf(state, g.id).filter((r) => isStaleRule(state, r))
  if (stale.length === 0) return []
  return [
    {
      GroupId: g.id,
      GroupName: g.groupName,
      Description: g.description,
      VpcId: g.vpcId,
      StaleIpPermissions: showStalePermissions(
        state,
        g,
        stale.filter((r) => !r.egress),
      ),
      StaleIpPermissionsEgress: showStalePermissions(
        state,
        g,
        stale.filter((r) => r.egress),
      ),
    },
  ]
}

const showStalePermissions = (state: State, g: SecurityGroup, rules: readonly SecurityGroupRule[]) =>
  showPermissions(state, g, rules).map(({ IpRanges: _4, Ipv6Ranges: _6, PrefixListIds: _lists, ...rest }) => rest)

/** The VPCs at the other end of a peering whose groups name this one. */
function referencesTo({ state }: Context, g: SecurityGroup): Reference[] {
  const byVpc = new Map<string, Reference>()
  for (const r of state.where('security-group-rule', 'referencedGroupId', g.id)) {
    const from = state.get('security-group', r.groupId)
    if (!r.referenced || !from || from.vpcId === g.vpcId) continue
    const VpcPeeringConnectionId = carrierOf(state, from.vpcId, r.referenced)?.id ?? r.referenced.peeringId
    // A reference between groups that one VPC may use leads over no peering (S6).
    if (VpcPeeringConnectionId !== undefined)
      byVpc.set(from.vpcId, { GroupId: g.id, ReferencingVpcId: from.vpcId, VpcPeeringConnectionId })
  }
  return [...byVpc.values()]
}
