/** A peering connection as the API shows it. */
import type { Output } from '../protocol/types.ts'
import { ipv6Blocks } from './ipv6-block.ts'
import type { Caller } from './resource.ts'
import type { State } from './state.ts'
import { showTags, tagsSeenBy } from './tags.ts'
import { activeBlocks, primaryBlock } from './vpc.ts'
import {
  expiryOf,
  isActive,
  isPending,
  messageOf,
  type PeeringEnd,
  type PeeringSide,
  shownVpc,
  sidesOf,
  type VpcPeeringConnection,
} from './vpc-peering-connection.ts'

type Shown = NonNullable<Output<'CreateVpcPeeringConnection'>['VpcPeeringConnection']>

export function showPeering(state: State, pcx: VpcPeeringConnection, caller: Caller): Shown {
  const [requester, accepter] = sidesOf(pcx)
  const ExpirationTime = expiryOf(pcx)
  return {
    VpcPeeringConnectionId: pcx.id,
    RequesterVpcInfo: showSide(state, pcx, requester),
    AccepterVpcInfo: showSide(state, pcx, accepter),
    Status: { Code: pcx.state, Message: messageOf(pcx) },
    ...(ExpirationTime && { ExpirationTime }),
    Tags: showTags(tagsSeenBy(pcx, caller)),
  }
}

function showSide(state: State, pcx: VpcPeeringConnection, side: PeeringSide): Shown['RequesterVpcInfo'] {
  const [vpc] = shownVpc(pcx, side.role, state)
  return {
    VpcId: side.vpcId,
    OwnerId: side.account,
    Region: side.region,
    ...(vpc && { CidrBlock: primaryBlock(vpc), CidrBlockSet: activeBlocks(vpc).map((CidrBlock) => ({ CidrBlock })) }),
    ...(vpc?.ipv6CidrBlocks?.length && {
      Ipv6CidrBlockSet: ipv6Blocks(vpc).map((Ipv6CidrBlock) => ({ Ipv6CidrBlock })),
    }),
    // Of a request only the requester's side has them, as in AWS's own example.
    ...((isActive(pcx) || (isPending(pcx) && side.role === 'requester')) && { PeeringOptions: showOptions(side) }),
  }
}

/** ClassicLink is gone; its two options are still part of the answer. */
export const showOptions = ({ allowDnsResolution }: PeeringEnd) => ({
  AllowDnsResolutionFromRemoteVpc: allowDnsResolution,
  AllowEgressFromLocalClassicLinkToRemoteVpc: false,
  AllowEgressFromLocalVpcToRemoteClassicLink: false,
})
