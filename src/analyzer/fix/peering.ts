/** Joining two VPCs: the request of one owner and the acceptance of the other. */
import { ApiError } from '../../ec2/errors.ts'
import { isActive, isPending, peeringsBetween } from '../../ec2/vpc-peering-connection.ts'
import { callerOf, vpcNamed } from './caller.ts'
import type { Rehearsal } from './rehearsal.ts'
import type { Cures, Task } from './task.ts'

export const peeringCures = ({ remedy: { between } }: Task<'peering'>): Cures => [
  { style: 'address', carryOut: (r) => ensurePeering(r, ...between) },
]

/** The active peering of two VPCs. A request that waits is accepted; throws ApiError where none can be. */
export function ensurePeering(r: Rehearsal, requesterId: string, accepterId: string): string {
  const known = peeringsBetween(r.state, requesterId, accepterId)
  const active = known.find(isActive)
  if (active) return active.id
  const pending = known.find(isPending)
  const id = pending?.id ?? request(r, requesterId, accepterId)
  const accepter = pending ? pending.accepter : vpcNamed(r.state, accepterId)
  r.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id }, callerOf(accepter))
  return id
}

function request(r: Rehearsal, requesterId: string, accepterId: string): string {
  const own = vpcNamed(r.state, requesterId)
  const peer = vpcNamed(r.state, accepterId)
  const input = {
    VpcId: own.id,
    PeerVpcId: peer.id,
    ...(peer.account !== own.account && { PeerOwnerId: peer.account }),
    ...(peer.region !== own.region && { PeerRegion: peer.region }),
  }
  const { VpcPeeringConnection } = r.call('CreateVpcPeeringConnection', input, callerOf(own))
  // AWS answers a request for VPCs whose blocks overlap with a peering that has failed (D01).
  if (VpcPeeringConnection?.Status?.Code === 'failed')
    throw new ApiError('Failed', `${own.id} and ${peer.id} can not be peered: their address blocks overlap.`)
  return VpcPeeringConnection?.VpcPeeringConnectionId as string
}
