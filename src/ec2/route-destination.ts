/** Which destinations a route may have, by its target (P7, R4, R8). */
import { familyOf } from '../ip/address.ts'
import { covers, type Prefix, parsePrefix, prefix } from '../ip/prefix.ts'
import { type ApiError, invalidCombination, invalidParameter, invalidValue, missingParameter } from './errors.ts'
import { ipv6Blocks } from './ipv6-block.ts'
import { findPrefixList, isPrefixListId, type PrefixListId } from './prefix-list.ts'
import type { Context } from './resource.ts'
import { familyOfRoute, type Route } from './route.ts'
import type { RouteTable } from './route-table.ts'
import type { RouteTarget } from './route-target.ts'
import type { State } from './state.ts'
import { subnetsOf } from './subnet.ts'
import { activeBlocks } from './vpc.ts'

interface Wish {
  readonly DestinationCidrBlock?: string | undefined
  readonly DestinationIpv6CidrBlock?: string | undefined
  readonly DestinationPrefixListId?: string | undefined
}

/** The one destination a call names: a block, its host bits cleared (C2), or a prefix list that is there. */
export function destinationOf(context: Context, wish: Wish): Prefix | PrefixListId {
  const { DestinationCidrBlock: ipv4, DestinationIpv6CidrBlock: ipv6, DestinationPrefixListId: list } = wish
  // unverified: AWS's words for several.
  if ([ipv4, ipv6, list].filter((given) => given !== undefined).length > 1)
    throw invalidCombination(
      'The request must contain exactly one of destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId',
    )
  if (ipv4 !== undefined) return blockOf(ipv4, 4, 'destinationCidrBlock', 'CIDR block')
  // unverified: AWS's words for a bad IPv6 block.
  if (ipv6 !== undefined) return blockOf(ipv6, 6, 'destinationIpv6CidrBlock', 'IPv6 CIDR block')
  if (list !== undefined) return findPrefixList(context, list).id as PrefixListId
  // AWS's words as hashicorp/terraform#14464 quotes them (2017).
  throw missingParameter('destinationCidrBlock or destinationIpv6CidrBlock')
}

function blockOf(text: string, family: 4 | 6, parameter: string, what: string): Prefix {
  const block = parsePrefix(text)
  if (block && familyOf(block) === family) return block
  throw invalidParameter(text, parameter, `This is not a valid ${what}.`)
}

/** Link-local services: no route reaches them (P7). */
export const SERVICES = prefix('169.254.168.0/22')
const SERVICES6 = prefix('fd00:ec2::/32')
/** Addresses that a NAT gateway makes IPv4 ones of (RFC 6052): the only IPv6 ones it takes. */
const NAT64 = prefix('64:ff9b::/96')

/**
 * Throws InvalidParameterValue where a route with this target may not go to this destination. Of a prefix list, whose
 * blocks come and go, those that may not be are passed over (`prefix-list-route.ts`).
 */
export function checkDestination(state: State, table: RouteTable, route: Route): void {
  const { destination, target } = route
  const refused =
    refusedFamily(state, route) ??
    (isPrefixListId(destination)
      ? target.type === 'local' && localOnly(destination)
      : refusedDestination(state, table, destination, target))
  if (refused) throw refused
}

/** E3: some targets take one family only. unverified: AWS's words. */
function refusedFamily(state: State, { destination, target }: Route): ApiError | undefined {
  const isIpv6 = familyOfRoute(state, { destination }) === 6
  if (target.type === 'egress-only-internet-gateway' && !isIpv6)
    return invalidValue(`An egress-only internet gateway takes IPv6 traffic only, not ${destination}.`)
  if (target.type === 'natgateway' && isIpv6 && !isOfNat64(destination))
    return invalidValue(`A NAT gateway takes IPv4 traffic and ${NAT64} only, not ${destination}.`)
  return undefined
}

const isOfNat64 = (destination: Route['destination']): boolean =>
  !isPrefixListId(destination) && covers(NAT64, destination)

/** What is wrong with a block as the destination of a route with this target, if anything is. */
export function refusedDestination(
  state: State,
  table: RouteTable,
  destination: Prefix,
  target: RouteTarget,
): ApiError | undefined {
  // unverified: AWS's words.
  if (covers(SERVICES, destination) || covers(SERVICES6, destination))
    return invalidValue(
      `The destination CIDR block ${destination} is reserved and can not be the destination of a route.`,
    )
  const vpc = state.get('vpc', table.vpcId)
  const blocks = vpc ? [...activeBlocks(vpc), ...ipv6Blocks(vpc)] : []
  const isBlock = blocks.includes(destination)
  if (target.type === 'local') return isBlock ? undefined : localOnly(destination)
  if (!blocks.some((block) => covers(block, destination))) return undefined
  if (target.type !== 'network-interface' && target.type !== 'natgateway')
    return invalidValue(
      `The destination CIDR block ${destination} is equal to or more specific than one of this VPC's CIDR ` +
        'blocks. This route can target only an interface or an instance.',
    )
  if (isBlock || isSubnetBlock(state, table.vpcId, destination)) return undefined
  // R4, D13. unverified: AWS's words.
  return invalidValue(
    `The destination CIDR block ${destination} is more specific than one of this VPC's CIDR blocks and is ` +
      'not equal to the CIDR block of a subnet.',
  )
}

/** Whether a subnet of the VPC has exactly this block. */
export const isSubnetBlock = (state: State, vpcId: string, block: Prefix): boolean =>
  subnetsOf(state, vpcId).some((s) => s.cidrBlock === block || s.ipv6CidrBlock?.cidrBlock === block)

/** unverified: AWS's words. */
const localOnly = (destination: string): ApiError =>
  invalidValue(
    `The destination CIDR block ${destination} is not one of this VPC's CIDR blocks, so it has no local target.`,
  )
