/** Adding rules to a security group, and taking them away. */
import type { Input, Output } from '../protocol/types.ts'
import { ApiError, invalidCombination, invalidValue, missingParameter, unsupported } from './errors.ts'
import { referredTo, referTo } from './group-reference.ts'
import { find } from './lookup.ts'
import { keyOf, type Permission, parsePermissions, type WirePermission } from './permissions.ts'
import { type Context, type Handlers, newResource } from './resource.ts'
import type { SecurityGroup } from './security-group.ts'
import { groupOf } from './security-group-name.ts'
import { addRules, rulesOf, type SecurityGroupRule, securityGroupRule } from './security-group-rule.ts'
import { showPermissions, showRule } from './security-group-view.ts'
import { tagsFor } from './tags.ts'

type Authorize = Input<'AuthorizeSecurityGroupIngress'> | Input<'AuthorizeSecurityGroupEgress'>
type Revoke = Input<'RevokeSecurityGroupIngress'> | Input<'RevokeSecurityGroupEgress'>

export const authorizationActions: Handlers = {
  AuthorizeSecurityGroupIngress: (input, context) => authorize(context, groupOf(context, input), false, input),
  AuthorizeSecurityGroupEgress: (input, context) => authorize(context, groupOf(context, input), true, input),
  RevokeSecurityGroupIngress: (input, context) => revoke(context, groupOf(context, input), false, input),
  RevokeSecurityGroupEgress: (input, context) => revoke(context, groupOf(context, input), true, input),
}

/** The older form is for ingress only. unverified: AWS's code and words. */
function refuseFlat({ IpProtocol, FromPort, ToPort, CidrIp, ...group }: Authorize): void {
  const { SourceSecurityGroupName: name, SourceSecurityGroupOwnerId: owner } = group
  if ([IpProtocol, FromPort, ToPort, CidrIp, name, owner].some((part) => part !== undefined))
    throw unsupported('Egress rules are specified by the parameter ipPermissions.')
}

function authorize(
  context: Context,
  g: SecurityGroup,
  egress: boolean,
  input: Authorize,
): Output<'AuthorizeSecurityGroupIngress'> {
  if (egress) refuseFlat(input)
  const tags = tagsFor('security-group-rule', input.TagSpecifications)
  const permissions = parsePermissions(context, g, input, referTo)
  if (permissions.length === 0) throw missingParameter('ipPermissions')
  const added = addRules(context, g, egress, permissions, tags)
  return { Return: true, SecurityGroupRules: added.map((r) => showRule(context.state, g, r)) }
}

function revoke(
  context: Context,
  g: SecurityGroup,
  egress: boolean,
  input: Revoke,
): Output<'RevokeSecurityGroupIngress'> {
  if (egress) refuseFlat(input)
  const { SecurityGroupRuleIds: ids = [] } = input
  const permissions = parsePermissions(context, g, input, referredTo)
  if (ids.length > 0 && permissions.length > 0)
    throw invalidCombination('Only one of ipPermissions and securityGroupRuleIds may be specified.')
  if (ids.length === 0 && permissions.length === 0) {
    throw new ApiError('MissingParameter', "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.")
  }
  const present = rulesOf(context.state, g.id).filter((r) => r.egress === egress)
  const unknown = permissions.filter((p) => !present.some((r) => keyOf(r) === keyOf(p)))
  if (unknown.length > 0 && !isOfDefaultVpc(context, g)) {
    throw new ApiError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.')
  }
  const keys = new Set(permissions.map(keyOf))
  const revoked =
    ids.length > 0 ? ids.map((id) => ruleOf(context, g, id, egress)) : present.filter((r) => keys.has(keyOf(r)))
  for (const r of revoked) context.state.remove('security-group-rule', r.id)
  return {
    Return: true,
    RevokedSecurityGroupRules: revoked.map(showRevoked),
    ...(unknown.length > 0 && { UnknownIpPermissions: showUnknown(context, g, egress, unknown) }),
  }
}

/** S5: in a default VPC an unknown rule is no error, it is listed. */
const isOfDefaultVpc = ({ state }: Context, g: SecurityGroup): boolean => state.get('vpc', g.vpcId)?.isDefault === true

const showUnknown = (
  context: Context,
  g: SecurityGroup,
  egress: boolean,
  unknown: readonly Permission[],
): WirePermission[] =>
  showPermissions(
    context.state,
    g,
    unknown.map((p) => ({
      ...newResource(context, securityGroupRule, 'available', {}),
      state: 'available',
      groupId: g.id,
      egress,
      ...p,
    })),
  )

/** A rule of this group and direction by its id. */
export function ruleOf(context: Context, g: SecurityGroup, id: string, egress?: boolean): SecurityGroupRule {
  const r = find(context, 'security-group-rule', id)
  // unverified: AWS's words for a rule of another group.
  if (r.groupId !== g.id)
    throw invalidValue(`The security group rule '${id}' does not belong to the security group '${g.id}'.`)
  if (egress !== undefined && r.egress !== egress) {
    throw invalidValue(`The security group rule '${id}' is not an ${egress ? 'egress' : 'ingress'} rule.`)
  }
  return r
}

const showRevoked = (
  r: SecurityGroupRule,
): NonNullable<Output<'RevokeSecurityGroupIngress'>['RevokedSecurityGroupRules']>[number] => ({
  SecurityGroupRuleId: r.id,
  GroupId: r.groupId,
  IsEgress: r.egress,
  IpProtocol: r.protocol,
  FromPort: r.fromPort,
  ToPort: r.toPort,
  CidrIpv4: r.cidrIpv4,
  CidrIpv6: r.cidrIpv6,
  PrefixListId: r.prefixListId,
  ReferencedGroupId: r.referencedGroupId,
  Description: r.description,
})
