/** Changing rules in place: they keep their ids and tags. */
import type { Input } from '../protocol/types.ts'
import { ApiError, invalidCombination, invalidValue, missingParameter } from './errors.ts'
import { referredTo, referTo } from './group-reference.ts'
import {
  described,
  duplicate,
  keyOf,
  type Permission,
  parseBlock,
  parseList,
  parsePermissions,
  parseTraffic,
} from './permissions.ts'
import type { Context, Handlers } from './resource.ts'
import type { SecurityGroup } from './security-group.ts'
import { groupOf } from './security-group-name.ts'
import { ruleOf } from './security-group-authorization.ts'
import { checkRoom, rulesOf, type SecurityGroupRule } from './security-group-rule.ts'

type Wish = NonNullable<Input<'ModifySecurityGroupRules'>['SecurityGroupRules'][number]['SecurityGroupRule']>
type DescriptionWish = Input<'UpdateSecurityGroupRuleDescriptionsIngress'>

export const ruleChangeActions: Handlers = {
  ModifySecurityGroupRules(input, context) {
    const g = groupOf(context, input)
    if (input.SecurityGroupRules.length === 0) throw missingParameter('securityGroupRules')
    for (const { SecurityGroupRuleId, SecurityGroupRule: wish } of input.SecurityGroupRules) {
      const r = ruleOf(context, g, SecurityGroupRuleId)
      if (!wish) throw missingParameter('securityGroupRule')
      const changed = { ...withoutPermission(r), ...parseWish(context, g, wish) }
      if (kindOfPeer(changed) !== kindOfPeer(r))
        // unverified: AWS's code and words.
        throw invalidValue(`You cannot change the type of the source or destination of the rule '${r.id}'.`)
      context.state.put('security-group-rule', changed)
    }
    refuseDuplicates(context, g)
    for (const same of [true, false])
      checkRoom(
        context,
        rulesOf(context.state, g.id).filter(({ egress }) => egress === same),
      )
    return { Return: true }
  },
  UpdateSecurityGroupRuleDescriptionsIngress: (input, context) =>
    describe(context, groupOf(context, input), false, input),
  UpdateSecurityGroupRuleDescriptionsEgress: (input, context) =>
    describe(context, groupOf(context, input), true, input),
}

const PEERS = ['cidrIpv4', 'cidrIpv6', 'prefixListId', 'referencedGroupId'] as const
const kindOfPeer = (p: Permission): string | undefined => PEERS.find((peer) => p[peer] !== undefined)

function withoutPermission(r: SecurityGroupRule): Omit<SecurityGroupRule, keyof Permission> {
  const {
    cidrIpv4: _4,
    cidrIpv6: _6,
    prefixListId: _list,
    referencedGroupId: _id,
    referenced: _ref,
    description: _text,
    protocol: _p,
    fromPort: _from,
    toPort: _to,
    ...rest
  } = r
  return rest
}

/** The whole permission anew: what the call leaves out is gone. */
function parseWish(context: Context, g: SecurityGroup, wish: Wish): Permission {
  const { CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId } = wish
  // unverified: AWS's words.
  if ([CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId].filter((peer) => peer !== undefined).length !== 1) {
    throw invalidCombination('Exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId must be specified.')
  }
  const rest = { ...parseTraffic(wish), ...described(wish) }
  if (CidrIpv4 !== undefined) return { ...rest, cidrIpv4: parseBlock(CidrIpv4, 4) }
  if (CidrIpv6 !== undefined) return { ...rest, cidrIpv6: parseBlock(CidrIpv6, 6) }
  if (PrefixListId !== undefined) return { ...rest, prefixListId: parseList(context, PrefixListId) }
  const [referencedGroupId, referenced] = referTo(context, g, { id: ReferencedGroupId })
  return { ...rest, referencedGroupId, referenced }
}

function refuseDuplicates({ state }: Context, g: SecurityGroup): void {
  const seen = new Set<string>()
  for (const r of rulesOf(state, g.id)) {
    const key = `${r.egress} ${keyOf(r)}`
    if (seen.has(key)) throw duplicate(r)
    seen.add(key)
  }
}

/** Rules are named by id, or by their permission, whose description is the new one. */
function describe(context: Context, g: SecurityGroup, egress: boolean, input: DescriptionWish): { Return: boolean } {
  const { SecurityGroupRuleDescriptions: byId = [] } = input
  const permissions = parsePermissions(context, g, input, referredTo)
  if (byId.length > 0 === permissions.length > 0) {
    throw invalidValue('Exactly one of IpPermissions and SecurityGroupRuleDescriptions must be specified.')
  }
  for (const wish of byId) {
    if (!wish.SecurityGroupRuleId) throw missingParameter('securityGroupRuleId')
    redescribe(context, ruleOf(context, g, wish.SecurityGroupRuleId, egress), described(wish))
  }
  for (const p of permissions) {
    const r = rulesOf(context.state, g.id).find((one) => one.egress === egress && keyOf(one) === keyOf(p))
    if (!r)
      throw new ApiError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.')
    redescribe(context, r, p)
  }
  return { Return: true }
}

function redescribe({ state }: Context, r: SecurityGroupRule, { description }: Pick<Permission, 'description'>): void {
  const { description: _, ...rest } = r
  state.put('security-group-rule', { ...rest, ...(description !== undefined && { description }) })
}
