/** The IPv6 block of a subnet: a /64 of one of its VPC's blocks. A record only: no interface has an address of it. */
import { familyOf } from '../ip/address.ts'
import { covers, lengthOf, overlaps, type Prefix, parsePrefix } from '../ip/prefix.ts'
import type { Output } from '../protocol/types.ts'
import { ApiError, dependencyViolation, invalidParameter, missingParameter, unsupported } from './errors.ts'
import { ipv6Blocks } from './ipv6-block.ts'
import { find, isVisible } from './lookup.ts'
import type { Context, Handlers } from './resource.ts'
import { type Subnet, subnetsOf } from './subnet.ts'
import { reservationsOf } from './subnet-cidr-reservation.ts'
import type { CidrBlock, Vpc } from './vpc.ts'

type Shown = NonNullable<Output<'AssociateSubnetCidrBlock'>['Ipv6CidrBlockAssociation']>

export const subnetCidrActions: Handlers = {
  AssociateSubnetCidrBlock(input, context) {
    if (input.Ipv6IpamPoolId || input.Ipv6NetmaskLength !== undefined)
      throw unsupported('IPAM pools are not supported yet.')
    if (!input.Ipv6CidrBlock) throw missingParameter('ipv6CidrBlock')
    const s = find(context, 'subnet', input.SubnetId)
    // unverified: the code.
    if (s.ipv6CidrBlock)
      throw new ApiError('CidrLimitExceeded', `The subnet '${s.id}' has met its maximum number of allowed CIDRs: 1`)
    const added = newSubnetBlock(context, find(context, 'vpc', s.vpcId), input.Ipv6CidrBlock)
    context.state.put('subnet', { ...s, ipv6CidrBlock: added })
    return { SubnetId: s.id, Ipv6CidrBlockAssociation: showSubnetBlock(added, 'associating') }
  },
  DisassociateSubnetCidrBlock(input, context) {
    const { s, block } = findSubnetBlock(context, input.AssociationId)
    // unverified: that a reservation keeps its block; code and words.
    if (reservationsOf(context.state, s.id).some((r) => familyOf(r.cidr) === 6))
      throw dependencyViolation(
        `The subnet CIDR block with association ID ${block.associationId} has dependencies and cannot be ` +
          'disassociated.',
      )
    const { ipv6CidrBlock: _, ...rest } = s
    context.state.put('subnet', rest)
    return { SubnetId: s.id, Ipv6CidrBlockAssociation: showSubnetBlock(block, 'disassociating') }
  },
}

function findSubnetBlock(context: Context, associationId: string): { s: Subnet; block: CidrBlock } {
  for (const s of context.state.where('subnet', 'ipv6CidrBlock.associationId', associationId))
    if (s.ipv6CidrBlock && isVisible('subnet', s, context)) return { s, block: s.ipv6CidrBlock }
  throw new ApiError(
    'InvalidSubnetCidrBlockAssociationID.NotFound',
    `The subnet CIDR block association ID '${associationId}' does not exist`,
  )
}

/** C11: a /64 within a block of the VPC that no other subnet has. unverified: the codes, taken to be IPv4's. */
export function newSubnetBlock(context: Context, v: Vpc, text: string): CidrBlock {
  const cidrBlock = parsePrefix(text)
  if (!cidrBlock || familyOf(cidrBlock) !== 6)
    throw invalidParameter(text, 'ipv6CidrBlock', 'This is not a valid IPv6 CIDR block.')
  if (lengthOf(cidrBlock) !== 64 || !ipv6Blocks(v).some((of) => covers(of, cidrBlock)))
    throw new ApiError('InvalidSubnet.Range', `The CIDR '${text}' is invalid.`)
  if (subnetsOf(context.state, v.id).some((s) => has(s, cidrBlock)))
    throw new ApiError('InvalidSubnet.Conflict', `The CIDR '${text}' conflicts with another subnet`)
  return { associationId: context.newId('subnet-cidr-assoc'), cidrBlock, state: 'associated' }
}

const has = (s: Subnet, block: Prefix): boolean =>
  s.ipv6CidrBlock !== undefined && overlaps(s.ipv6CidrBlock.cidrBlock, block)

export const showSubnetBlock = (
  { associationId, cidrBlock, state }: CidrBlock,
  State: CidrBlock['state'] = state,
): Shown => ({
  AssociationId: associationId,
  Ipv6CidrBlock: cidrBlock,
  Ipv6CidrBlockState: { State },
  Ipv6AddressAttribute: 'public',
  IpSource: 'amazon',
})
