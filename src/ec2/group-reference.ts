/** A security group that a rule names instead of addresses: in the same VPC, or over a peering (X10, X11). */
import { ApiError } from './errors.ts'
import { checkId, find, notFound } from './lookup.ts'
import type { Context } from './resource.ts'
import { groupNamed, type SecurityGroup } from './security-group.ts'
import type { State } from './state.ts'
import { isActive, peeringsBetween, type VpcPeeringConnection } from './vpc-peering-connection.ts'

/** Whose group it is, as it was when the rule was made: the rule outlives the group. */
export interface GroupReference {
  readonly account: string
  readonly vpcId: string
  /** Over which peering, where it is another VPC's. */
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
  const other = groupWished(context, wish)
  const { account, vpcId } = other
  if (vpcId === from.vpcId) return [other.id, { account, vpcId }]
  const peering = peeringsBetween(context.state, from.vpcId, vpcId).find(isActive)
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
  if (id === undefined) return referTo(context, from, { name })
  const [owner, groupId] = splitId(id, account)
  checkId('security-group', groupId)
  return [groupId, { account: owner ?? context.caller.account, vpcId: from.vpcId }]
}

const splitId = (id: string, account: string | undefined): [owner: string | undefined, groupId: string] =>
  id.includes('/') ? (id.split('/', 2) as [string, string]) : [account, id]

/** A group of the caller's, or of the account he names; of this Region in any case. */
function groupWished(context: Context, { id, name, account }: Wish): SecurityGroup {
  if (id === undefined) return groupNamed(context, name)
  const [owner, groupId] = splitId(id, account)
  if (owner === undefined || owner === context.caller.account) return find(context, 'security-group', groupId)
  checkId('security-group', groupId)
  const group = context.state.get('security-group', groupId)
  if (group?.account !== owner || group.region !== context.caller.region) throw notFound('security-group', groupId)
  return group
}

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

/** X11: the group is gone, or no active peering leads to it. Within one VPC a reference is never stale. */
export function isStale(state: State, fromVpcId: string, groupId: string, reference: GroupReference): boolean {
  if (reference.vpcId === fromVpcId) return false
  const carrier = carrierOf(state, fromVpcId, reference)
  return !carrier || !isActive(carrier) || !state.get('security-group', groupId)
}

/** What the API adds to a reference that leads to another VPC. */
export function showCarrier(state: State, fromVpcId: string, groupId: string, reference: GroupReference) {
  if (reference.vpcId === fromVpcId) return {}
  const carrier = carrierOf(state, fromVpcId, reference)
  return {
    VpcId: reference.vpcId,
    VpcPeeringConnectionId: carrier?.id ?? reference.peeringId,
    PeeringStatus: isStale(state, fromVpcId, groupId, reference) ? 'deleted' : 'active',
  }
}
