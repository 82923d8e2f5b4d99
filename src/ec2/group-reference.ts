/** A security group that a rule names instead of addresses: of a VPC that both may use, or over a peering (S6, X10). */
import { ApiError, invalidValue } from './errors.ts'
import { checkId, find, notFound } from './lookup.ts'
import type { Context } from './resource.ts'
import type { SecurityGroup } from './security-group.ts'
import { groupNamed } from './security-group-name.ts'
import { vpcsOf } from './security-group-vpc-association.ts'
import type { State } from './state.ts'
import { isActive, peeringsBetween, type VpcPeeringConnection } from './vpc-peering-connection.ts'

/** Whose group it is, as it was when the rule was made: the rule outlives the group. */
export interface GroupReference {
  readonly account: string
  readonly vpcId: string
  /** Over which peering, where no VPC may use both groups. */
  readonly peeringId?: string
}

interface Wish {
  /** `sg-...`, or `account/sg-...`. */
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly account?: string | undefined
}

/** The group that a permission names. Throws InvalidGroup.NotFound where no active peering leads to it (X10, D18). */
export function referTo(context: Context, from: SecurityGroup, wish: Wish): [id: string, reference: GroupReference] {
  const { state } = context
  const other = groupWished(context, from, wish)
  const { account, vpcId } = other
  const [own, theirs] = [vpcsOf(state, from), vpcsOf(state, other)]
  if (own.some((id) => theirs.includes(id))) return [other.id, { account, vpcId }]
  const peering = own.flatMap((one) => theirs.flatMap((two) => peeringsBetween(state, one, two))).find(isActive)
  if (!peering)
    throw new ApiError('InvalidGroup.NotFound', 'You have specified two resources that belong to different networks.')
  return [other.id, { account, vpcId, peeringId: peering.id }]
}

/** The group as a rule that is there already names it: it may be gone, or no peering lead there any more (X11). */
export function referredTo(
  context: Context,
  from: SecurityGroup,
  { id, name, account }: Wish,
): [id: string, reference: GroupReference] {
  if (id === undefined) return referTo(context, from, { name, account })
  const [owner, groupId] = splitId(id, account)
  checkId('security-group', groupId)
  return [groupId, { account: owner ?? context.caller.account, vpcId: from.vpcId }]
}

const splitId = (id: string, account: string | undefined): [owner: string | undefined, groupId: string] =>
  id.includes('/') ? (id.split('/', 2) as [string, string]) : [account, id]

/** A group of the caller's, or of the account he names; of this Region in any case. */
function groupWished(context: Context, from: SecurityGroup, { id, name, account }: Wish): SecurityGroup {
  if (id === undefined) return groupByName(context, from, name, account)
  const [owner, groupId] = splitId(id, account)
  if (owner === undefined || owner === context.caller.account) return find(context, 'security-group', groupId)
  checkId('security-group', groupId)
  const group = context.state.get('security-group', groupId)
  if (group?.account !== owner || group.region !== context.caller.region) throw notFound('security-group', groupId)
  return group
}

/** Names are for the caller's default VPC; unverified: the answer for another account's. */
function groupByName(context: Context, from: SecurityGroup, name?: string, account?: string): SecurityGroup {
  if (!name) throw new ApiError('MissingParameter', 'Source group ID missing.')
  if (!context.state.get('vpc', from.vpcId)?.isDefault)
    throw invalidValue(
      `Invalid value '${name}' for groupName. You may not reference Amazon VPC security groups by name. ` +
        'Please use the corresponding id for this operation.',
    )
  if (account !== undefined && account !== context.caller.account) throw notFound('security-group', name)
  return groupNamed(context, name)
}

/**
 * The VPCs in which members of `other` are meant by a rule at interfaces of a VPC: itself, where `other` may be used
 * (S6), and those to which an active peering leads (X10).
 */
export const vpcsMet = (state: State, vpcId: string, other: SecurityGroup): string[] =>
  vpcsOf(state, other).filter((theirs) => theirs === vpcId || peeringsBetween(state, vpcId, theirs).some(isActive))

/** The peering that carries the reference now: a new one between the same VPCs takes the place of an old one (X11). */
export function carrierOf(
  state: State,
  fromVpcId: string,
  { vpcId, peeringId }: GroupReference,
): VpcPeeringConnection | undefined {
  return (
    peeringsBetween(state, fromVpcId, vpcId).find(isActive) ??
    (peeringId === undefined ? undefined : state.get('vpc-peering-connection', peeringId))
  )
}

/** X11: the group is gone, or its members are nowhere met any more. Within one VPC a reference is never stale. */
export function isStale(state: State, from: SecurityGroup, groupId: string, reference: GroupReference): boolean {
  if (reference.vpcId === from.vpcId) return false
  const other = state.get('security-group', groupId)
  return !other || vpcsOf(state, from).every((vpcId) => vpcsMet(state, vpcId, other).length === 0)
}

/** What the API adds to a reference that leads to another VPC. */
export function showCarrier(state: State, from: SecurityGroup, groupId: string, reference: GroupReference) {
  if (reference.vpcId === from.vpcId) return {}
  const peeringId = carrierOf(state, from.vpcId, reference)?.id ?? reference.peeringId
  return {
    VpcId: reference.vpcId,
    ...(peeringId !== undefined && {
      VpcPeeringConnectionId: peeringId,
      PeeringStatus: isStale(state, from, groupId, reference) ? 'deleted' : 'active',
    }),
  }
}
