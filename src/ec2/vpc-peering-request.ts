/** Asking for a peering connection, answering the request, and ending it: each by the side that may (1.4). */
import { ApiError, invalidParameter, missingParameter } from './errors.ts'
import { checkId, find } from './lookup.ts'
import { type Context, type Handlers, inState, newResource, type Tags } from './resource.ts'
import { select } from './select.ts'
import { tagsFor } from './tags.ts'
import { blocksOverlap, type Vpc } from './vpc.ts'
import {
  isActive,
  isParty,
  isPending,
  peeringsBetween,
  peeringsOf,
  type Role,
  type VpcPeeringConnection,
  vpcPeeringConnection,
} from './vpc-peering-connection.ts'
import { checkActive, checkRequests } from './vpc-peering-quotas.ts'
import { showPeering } from './vpc-peering-view.ts'

export const vpcPeeringActions: Handlers = {
  CreateVpcPeeringConnection(input, context) {
    const { account, region } = context.caller
    const tags = tagsFor('vpc-peering-connection', input.TagSpecifications)
    const own = find(context, 'vpc', input.VpcId)
    if (!input.PeerVpcId) throw missingParameter('peerVpcId')
    const wish = {
      own,
      peerVpcId: input.PeerVpcId,
      account: input.PeerOwnerId ?? account,
      region: input.PeerRegion ?? region,
    }
    checkForm(wish)
    const created = createPeering(context, wish, tags)
    return { VpcPeeringConnection: showPeering(context.state, created, context.caller) }
  },
  DescribeVpcPeeringConnections(input, context) {
    const { items, ...page } = select(context, 'vpc-peering-connection', input, input.VpcPeeringConnectionIds)
    return { VpcPeeringConnections: items.map((pcx) => showPeering(context.state, pcx, context.caller)), ...page }
  },
  AcceptVpcPeeringConnection(input, context) {
    const pcx = find(context, 'vpc-peering-connection', input.VpcPeeringConnectionId)
    refuseUnlessAccepter(context, pcx, 'accept')
    if (!isPending(pcx)) throw invalidTransition(pcx, 'active')
    for (const vpcId of [pcx.requesterVpcId, pcx.accepterVpcId]) checkActive(context.state, vpcId)
    const accepted = context.state.put('vpc-peering-connection', inState(pcx, 'provisioning', context.now))
    return { VpcPeeringConnection: showPeering(context.state, accepted, context.caller) }
  },
  RejectVpcPeeringConnection(input, context) {
    const pcx = find(context, 'vpc-peering-connection', input.VpcPeeringConnectionId)
    refuseUnlessAccepter(context, pcx, 'reject')
    if (!isPending(pcx)) throw invalidTransition(pcx, 'rejected')
    end(context, pcx, 'rejected', 'accepter')
    return { Return: true }
  },
  DeleteVpcPeeringConnection(input, context) {
    const pcx = find(context, 'vpc-peering-connection', input.VpcPeeringConnectionId)
    const { account } = context.caller
    if (!isActive(pcx) && !isPending(pcx)) throw invalidTransition(pcx, 'deleting')
    // unverified: the code, for an accepter who has not accepted.
    if (isPending(pcx) && account !== pcx.requester.account)
      throw notPermitted(`User (${account}) cannot delete peering ${pcx.id}`)
    endAt(context, pcx, isPending(pcx) || isParty(pcx.requester, context.caller) ? 'requester' : 'accepter')
    return { Return: true }
  },
}

interface PeeringWish {
  readonly own: Vpc
  readonly peerVpcId: string
  readonly account: string
  readonly region: string
}

/** unverified: the codes. An id that is none of a VPC's, an account or a Region that can be nobody's. */
function checkForm({ peerVpcId, account, region }: PeeringWish): void {
  checkId('vpc', peerVpcId)
  if (!/^\d{12}$/.test(account)) throw invalidParameter(account, 'peerOwnerId')
  if (!/^[a-z][a-z0-9-]{1,30}$/.test(region)) throw invalidParameter(region, 'peerRegion')
}

/** The request; `failed` from the start where the peer is unknown or any two blocks overlap (D01, D02). */
function createPeering(
  context: Context,
  { own, peerVpcId, account, region }: PeeringWish,
  tags: Tags,
): VpcPeeringConnection {
  // unverified: the code (D03).
  if (peerVpcId === own.id) throw invalidParameter(peerVpcId, 'peerVpcId', 'A VPC cannot be peered with itself.')
  const present = peeringsBetween(context.state, own.id, peerVpcId).find((pcx) => isActive(pcx) || isPending(pcx))
  if (present) {
    throw new ApiError(
      'VpcPeeringConnectionAlreadyExists',
      `The vpc peering connection identified by ${present.id} already exists.`,
    )
  }
  checkRequests(context, own)
  const peer = context.state.get('vpc', peerVpcId)
  const known = peer?.account === account && peer.region === region
  const state = known && !blocksOverlap(own, peer) ? 'initiating-request' : 'failed'
  const allowDnsResolution = false
  return context.state.put('vpc-peering-connection', {
    ...newResource(context, vpcPeeringConnection, state, tags),
    state,
    requesterVpcId: own.id,
    accepterVpcId: peerVpcId,
    requester: { account: own.account, region: own.region, number: context.newNumber(), allowDnsResolution },
    accepter: { account, region, number: context.newNumber(), allowDnsResolution },
  })
}

/** Answered in the accepter's account and Region only. */
function refuseUnlessAccepter(
  { caller }: Context,
  { id, accepter }: VpcPeeringConnection,
  verb: 'accept' | 'reject',
): void {
  if (accepter.account !== caller.account) throw notPermitted(`User (${caller.account}) cannot ${verb} peering ${id}`)
  if (accepter.region !== caller.region) {
    const done = verb === 'accept' ? 'accepted' : 'accepted or rejected'
    throw notPermitted(
      `Incorrect region (${caller.region}) specified for this request. ` +
        `VPC peering connection ${id} must be ${done} in region ${accepter.region}`,
    )
  }
}

const notPermitted = (message: string): ApiError => new ApiError('OperationNotPermitted', message)
const invalidTransition = ({ id, state }: VpcPeeringConnection, to: string): ApiError =>
  new ApiError(
    'InvalidStateTransition',
    `Invalid state transition for ${id}, attempted to transition from ${state} to ${to}`,
  )

function end(
  context: Context,
  pcx: VpcPeeringConnection,
  state: 'rejected' | 'deleting' | 'deleted',
  endedBy: Role,
): void {
  context.state.put('vpc-peering-connection', { ...inState(pcx, state, context.now), endedBy })
}

/** One that carries packets between Regions takes a moment. */
const endAt = (context: Context, pcx: VpcPeeringConnection, by: Role): void =>
  end(context, pcx, isActive(pcx) && pcx.requester.region !== pcx.accepter.region ? 'deleting' : 'deleted', by)

/**
 * X15: with a VPC its peerings end, and its own requests; a request from another account stays and is in the way.
 * unverified: stated for the console; the API is taken to do the same.
 */
export function deletePeeringsOf(context: Context, vpcId: string): void {
  for (const pcx of peeringsOf(context.state, vpcId)) {
    const role = pcx.requesterVpcId === vpcId ? 'requester' : 'accepter'
    const ours = role === 'requester' || pcx.requester.account === pcx.accepter.account
    if (isActive(pcx) || (isPending(pcx) && ours)) endAt(context, pcx, role)
  }
}
