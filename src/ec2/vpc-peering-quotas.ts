/**
 * How many peering connections there may be (X3). unverified: all words, and that requests count for
 * VpcPeeringConnectionsPerVpcLimitExceeded. AWS names no number for PendingVpcPeeringConnectionLimitExceeded, so
 * nobody meets it.
 */
import { ApiError } from './errors.ts'
import { quota } from './quotas.ts'
import type { Context } from './resource.ts'
import type { State } from './state.ts'
import type { Vpc } from './vpc.ts'
import { isActive, isParty, isPending, PENDING, peeringsOf } from './vpc-peering-connection.ts'

/** Throws where the caller waits for too many answers, or the VPC has too many peerings (X3). */
export function checkRequests({ caller, state }: Context, own: Vpc): void {
  const outstanding = PENDING.flatMap((pending) => state.where('vpc-peering-connection', 'state', pending)).filter(
    (pcx) => isParty(pcx.requester, caller),
  )
  if (outstanding.length >= quota('outstandingPeerings')) {
    throw new ApiError(
      'OutstandingVpcPeeringConnectionLimitExceeded',
      'The maximum number of outstanding VPC peering connection requests has been reached.',
    )
  }
  if (peeringsOf(state, own.id).filter((pcx) => isActive(pcx) || isPending(pcx)).length >= quota('peeringsPerVpc')) {
    throw new ApiError(
      'VpcPeeringConnectionsPerVpcLimitExceeded',
      'The maximum number of VPC peering connections for the VPC has been reached.',
    )
  }
}

/** Throws where a VPC can take no further peering (X3). */
export function checkActive(state: State, vpcId: string): void {
  if (peeringsOf(state, vpcId).filter(isActive).length < quota('peeringsPerVpc')) return
  throw new ApiError(
    'ActiveVpcPeeringConnectionPerVpcLimitExceeded',
    `The maximum number of active VPC peering connections for the VPC '${vpcId}' has been reached.`,
  )
}
