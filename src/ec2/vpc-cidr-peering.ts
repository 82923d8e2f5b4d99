/** What the peerings of a VPC say to a further block of it (C10). */
import { overlaps, type Prefix } from '../ip/prefix.ts'
import { ApiError } from './errors.ts'
import { type Context, inState } from './resource.ts'
import { activeBlocks, type Vpc } from './vpc.ts'
import { isActive, isPending, peeringsOf, peerOf, type VpcPeeringConnection } from './vpc-peering-connection.ts'

/** Throws where a peering forbids the block. A request that waits for this VPC fails where the block overlaps. */
export function checkPeerings(context: Context, v: Vpc, block: Prefix): void {
  for (const pcx of peeringsOf(context.state, v.id)) {
    const peer = context.state.get('vpc', peerOf(pcx, v.id))
    const clashes = peer !== undefined && activeBlocks(peer).some((other) => overlaps(other, block))
    if (isPending(pcx) && pcx.requesterVpcId === v.id) throw refused(block, pcx, 'while it is pending acceptance')
    if (isActive(pcx) && clashes) throw refused(block, pcx, 'because it overlaps with a CIDR block of the peer VPC')
    if (isPending(pcx) && clashes) context.state.put('vpc-peering-connection', inState(pcx, 'failed', context.now))
  }
}

/** unverified: AWS's code and words. */
const refused = (block: Prefix, { id }: VpcPeeringConnection, why: string): ApiError =>
  new ApiError('InvalidVpc.Range', `The CIDR '${block}' cannot be added to a VPC of peering connection ${id} ${why}.`)
