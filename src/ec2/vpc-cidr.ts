/** The further address blocks of a VPC: which may be added beside the others, and which may go (C6-C10). */
import { covers, overlaps, type Prefix, prefix } from '../ip/prefix.ts'
import type { Output } from '../protocol/types.ts'
import { ApiError, dependencyViolation, invalidCombination, missingParameter } from './errors.ts'
import { addIpv6Block, findIpv6Block, refuseOtherPools, removeIpv6Block, showIpv6Block } from './ipv6-block.ts'
import { find, isVisible } from './lookup.ts'
import { isPrefixListId } from './prefix-list.ts'
import { quota } from './quotas.ts'
import type { Context, Handlers } from './resource.ts'
import { tablesOf } from './route-table.ts'
import { subnetsOf } from './subnet.ts'
import { activeBlocks, type CidrBlock, primaryBlock, type Vpc, vpcBlock } from './vpc.ts'
import { checkPeerings } from './vpc-cidr-peering.ts'

type ShownAssociation = NonNullable<Output<'AssociateVpcCidrBlock'>['CidrBlockAssociation']>

export const vpcCidrActions: Handlers = {
  AssociateVpcCidrBlock(input, context) {
    refuseOtherPools(input, context)
    // unverified: the code for both.
    if (input.AmazonProvidedIpv6CidrBlock && input.CidrBlock)
      throw invalidCombination('Only one of cidrBlock and amazonProvidedIpv6CidrBlock may be specified')
    if (input.AmazonProvidedIpv6CidrBlock) return associateIpv6(context, find(context, 'vpc', input.VpcId))
    if (!input.CidrBlock) throw missingParameter('cidrBlock')
    const v = find(context, 'vpc', input.VpcId)
    const cidrBlock = vpcBlock(input.CidrBlock)
    checkBlock(context, v, cidrBlock)
    checkPeerings(context, v, cidrBlock)
    const added: CidrBlock = { associationId: context.newId('vpc-cidr-assoc'), cidrBlock, state: 'associated' }
    context.state.put('vpc', { ...v, cidrBlocks: [...v.cidrBlocks, added] })
    return { VpcId: v.id, CidrBlockAssociation: show(added, 'associating') }
  },
  DisassociateVpcCidrBlock(input, context) {
    const ipv6 = findIpv6Block(context, input.AssociationId)
    if (ipv6) {
      removeIpv6Block(context, ipv6.v, ipv6.block)
      forgetLocalRoutes(context, ipv6.v, ipv6.block.cidrBlock)
      return { VpcId: ipv6.v.id, Ipv6CidrBlockAssociation: showIpv6Block(ipv6.v, ipv6.block, 'disassociating') }
    }
    const { v, block } = findBlock(context, input.AssociationId)
    if (block === v.cidrBlocks[0]) {
      throw new ApiError(
        'OperationNotPermitted',
        `The vpc CIDR block with association ID ${block.associationId} may not be disassociated. It is the ` +
          'primary IPv4 CIDR block of the VPC',
      )
    }
    // unverified: code and words.
    if (subnetsOf(context.state, v.id).some((s) => covers(block.cidrBlock, s.cidrBlock))) {
      throw dependencyViolation(
        `The vpc CIDR block with association ID ${block.associationId} has dependencies and cannot be disassociated.`,
      )
    }
    context.state.put('vpc', { ...v, cidrBlocks: v.cidrBlocks.filter((b) => b !== block) })
    forgetLocalRoutes(context, v, block.cidrBlock)
    return { VpcId: v.id, CidrBlockAssociation: show(block, 'disassociating') }
  },
}

const associateIpv6 = (context: Context, v: Vpc): Output<'AssociateVpcCidrBlock'> => ({
  VpcId: v.id,
  Ipv6CidrBlockAssociation: showIpv6Block(v, addIpv6Block(context, v), 'associating'),
})

function findBlock(context: Context, associationId: string): { v: Vpc; block: CidrBlock } {
  for (const v of context.state.where('vpc', 'cidrBlocks.associationId', associationId)) {
    const block = v.cidrBlocks.find((b) => b.associationId === associationId)
    if (block && isVisible('vpc', v, context)) return { v, block }
  }
  throw new ApiError(
    'InvalidVpcCidrBlockAssociationID.NotFound',
    `The vpc CIDR block association ID '${associationId}' does not exist`,
  )
}

function checkBlock(context: Context, v: Vpc, block: Prefix): void {
  const blocks = activeBlocks(v)
  if (blocks.length >= quota('blocksPerVpc')) {
    throw new ApiError(
      'CidrLimitExceeded',
      `This network '${v.id}' has met its maximum number of allowed CIDRs: ${quota('blocksPerVpc')}`,
    )
  }
  if (isRestricted(v, block)) {
    throw invalidRange(
      block,
      'is restricted. Use a CIDR from the same private address range as the current VPC CIDR, or use a ' +
        'publicly-routable CIDR. For additional restrictions, see ' +
        'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Subnets.html#VPC_Sizing',
    )
  }
  // unverified: AWS's words for both.
  if (blocks.some((other) => overlaps(other, block)))
    throw invalidRange(block, 'conflicts with another CIDR block of the VPC.')
  const routes = tablesOf(context.state, v.id).flatMap((table) => table.routes)
  const route = routes.find(({ destination }) => !isPrefixListId(destination) && covers(block, destination))
  if (route)
    throw invalidRange(
      block,
      `is the same as or larger than the destination ${route.destination} of a route of the VPC.`,
    )
}

const invalidRange = (block: Prefix, why: string): ApiError =>
  new ApiError('InvalidVpc.Range', `The CIDR '${block}' ${why}`)

/** Ranges that never stand side by side in one VPC; any other block goes with each of them (C7). */
const FAMILIES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '198.19.0.0/16'].map(prefix)
const familyOfBlock = (block: Prefix): Prefix | undefined => FAMILIES.find((family) => covers(family, block))

/** Present in the VPC → what may not come to it. */
const NEIGHBOURS = [
  { present: '10.0.0.0/15', refused: '10.0.0.0/16' },
  { present: '172.16.0.0/12', refused: '172.31.0.0/16' },
].map(({ present, refused }) => ({ present: prefix(present), refused: prefix(refused) }))

function isRestricted(v: Vpc, block: Prefix): boolean {
  const family = familyOfBlock(block)
  if (family && family !== familyOfBlock(primaryBlock(v))) return true
  return NEIGHBOURS.some(
    ({ present, refused }) => covers(refused, block) && activeBlocks(v).some((b) => covers(present, b)),
  )
}

/** A local route whose target was replaced goes with its block. */
function forgetLocalRoutes(context: Context, v: Vpc, block: Prefix): void {
  for (const table of tablesOf(context.state, v.id)) {
    const routes = table.routes.filter((r) => r.origin === 'CreateRoute' || r.destination !== block)
    if (routes.length < table.routes.length) context.state.put('route-table', { ...table, routes })
  }
}

const show = ({ associationId, cidrBlock }: CidrBlock, State: 'associating' | 'disassociating'): ShownAssociation => ({
  AssociationId: associationId,
  CidrBlock: cidrBlock,
  CidrBlockState: { State },
})
