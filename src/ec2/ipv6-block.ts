/** IPv6 block: a /56 that a VPC may have beside its IPv4 blocks. A record only: no packet uses it (C11). */
import { createHash } from 'node:crypto'
import { addressAt, overlaps, type Prefix, prefix } from '../ip/prefix.ts'
import type { Output } from '../protocol/types.ts'
import { ApiError, dependencyViolation, unsupported } from './errors.ts'
import { isVisible } from './lookup.ts'
import { allowIpv6 } from './network-acl.ts'
import { quota } from './quotas.ts'
import type { Context } from './resource.ts'
import { letOutIpv6 } from './security-group.ts'
import type { State } from './state.ts'
import { subnetsOf } from './subnet.ts'
import type { CidrBlock, Vpc } from './vpc.ts'

type Shown = NonNullable<NonNullable<Output<'CreateVpc'>['Vpc']>['Ipv6CidrBlockAssociationSet']>[number]

/** What a call may ask of a block; of these only Amazon's own pool is there. */
interface Wish {
  readonly Ipv6CidrBlock?: string | undefined
  readonly Ipv6Pool?: string | undefined
  readonly Ipv6IpamPoolId?: string | undefined
  readonly Ipv6CidrBlockNetworkBorderGroup?: string | undefined
  readonly Ipv6NetmaskLength?: number | undefined
  readonly Ipv4IpamPoolId?: string | undefined
  readonly Ipv4NetmaskLength?: number | undefined
}

/** Stands for Amazon's pool: the documentation prefix, which nobody has on the internet (RFC 3849). */
const POOL = prefix('2001:db8::/32')
const LENGTH = 56
const BLOCKS = 2 ** (LENGTH - 32)

/** The IPv6 blocks of a VPC. */
export const ipv6Blocks = (v: Vpc): Prefix[] => (v.ipv6CidrBlocks ?? []).map((b) => b.cidrBlock)

/** Whether a VPC has an IPv6 block. */
export function hasIpv6(state: State, vpcId: string): boolean {
  const v = state.get('vpc', vpcId)
  return v !== undefined && ipv6Blocks(v).length > 0
}

/** Throws UnsupportedOperation for pools of either family but Amazon's own, and any place but the Region. */
export function refuseOtherPools(wish: Wish, { caller }: Context): void {
  // A netmask length is what a pool is asked for.
  if (wish.Ipv4IpamPoolId || wish.Ipv4NetmaskLength !== undefined || wish.Ipv6NetmaskLength !== undefined)
    throw unsupported('IPAM pools are not supported yet.')
  if (wish.Ipv6CidrBlock || wish.Ipv6Pool || wish.Ipv6IpamPoolId)
    throw unsupported('IPv6 CIDR blocks of your own and of IPAM pools are not supported yet.')
  if ((wish.Ipv6CidrBlockNetworkBorderGroup ?? caller.region) !== caller.region)
    throw unsupported('IPv6 CIDR blocks of Local Zones are not supported.')
}

/**
 * Gives the VPC a block of Amazon's pool. Its default ACL and its groups let IPv6 through where nobody changed them
 * (N8, S1). Throws CidrLimitExceeded.
 */
export function addIpv6Block(context: Context, v: Vpc): CidrBlock {
  const present = v.ipv6CidrBlocks ?? []
  if (present.length >= quota('ipv6BlocksPerVpc'))
    throw new ApiError(
      'CidrLimitExceeded',
      `This network '${v.id}' has met its maximum number of allowed CIDRs: ${quota('ipv6BlocksPerVpc')}`,
    )
  const associationId = context.newId('vpc-cidr-assoc')
  const added: CidrBlock = { associationId, cidrBlock: freeBlock(context.state, associationId), state: 'associated' }
  context.state.put('vpc', { ...v, ipv6CidrBlocks: [...present, added] })
  allowIpv6(context, v.id)
  letOutIpv6(context, v.id)
  return added
}

/** A block that no VPC has: the same for the same id, as long as it is free. */
function freeBlock(state: State, associationId: string): Prefix {
  const isTaken = (n: number) => state.where('vpc', 'ipv6CidrBlocks.cidrBlock', blockAt(n)).length > 0
  let at = createHash('sha256').update(associationId).digest().readUInt32BE() % BLOCKS
  while (isTaken(at)) at = (at + 1) % BLOCKS
  return blockAt(at)
}

const blockAt = (at: number): Prefix => prefix(`${addressAt(POOL, BigInt(at) << BigInt(128 - LENGTH))}/${LENGTH}`)

/** The VPC and its IPv6 block of this association; undefined where it is none of the caller's. */
export function findIpv6Block(context: Context, associationId: string): { v: Vpc; block: CidrBlock } | undefined {
  for (const v of context.state.where('vpc', 'ipv6CidrBlocks.associationId', associationId)) {
    const block = v.ipv6CidrBlocks?.find((b) => b.associationId === associationId)
    if (block && isVisible('vpc', v, context)) return { v, block }
  }
  return undefined
}

/** Throws DependencyViolation while a subnet has a part of it. unverified: code and words. */
export function removeIpv6Block({ state }: Context, v: Vpc, block: CidrBlock): void {
  if (subnetsOf(state, v.id).some((s) => s.ipv6CidrBlock && overlaps(block.cidrBlock, s.ipv6CidrBlock.cidrBlock)))
    throw dependencyViolation(
      `The vpc CIDR block with association ID ${block.associationId} has dependencies and cannot be disassociated.`,
    )
  state.put('vpc', { ...v, ipv6CidrBlocks: (v.ipv6CidrBlocks ?? []).filter((b) => b !== block) })
}

export const showIpv6Block = (
  { region }: Vpc,
  { associationId, cidrBlock, state }: CidrBlock,
  State: CidrBlock['state'] = state,
): Shown => ({
  AssociationId: associationId,
  Ipv6CidrBlock: cidrBlock,
  Ipv6CidrBlockState: { State },
  NetworkBorderGroup: region,
  Ipv6Pool: 'Amazon',
  Ipv6AddressAttribute: 'public',
  IpSource: 'amazon',
})
