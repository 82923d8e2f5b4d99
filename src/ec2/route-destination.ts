/** Which destinations a route may have, by its target (P7, R4, R8). */
import { familyOf } from '../ip/address.ts'
import { covers, type Prefix, parsePrefix, prefix } from '../ip/prefix.ts'
import {
  type ApiError,
  invalidCombination,
  invalidParameter,
  invalidValue,
  missingParameter,
  unsupported,
} from './errors.ts'
import { findPrefixList, isPrefixListId, type PrefixListId } from './prefix-list.ts'
import type { Context } from './resource.ts'
import type { Route } from './route.ts'
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
export function destinationOf(
  context: Context,
  { DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId }: Wish,
): Prefix | PrefixListId {
  const given = [DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId].filter((d) => d !== undefined)
  // unverified: AWS's words for none and for several.
  if (given.length > 1)
    throw invalidCombination(
      'The request must contain exactly one of destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId',
    )
  if (DestinationIpv6CidrBlock) throw unsupported('IPv6 routes are not supported yet.')
  if (DestinationPrefixListId) return listNamed(context, DestinationPrefixListId)
  if (!DestinationCidrBlock) throw missingParameter('destinationCidrBlock')
  const destination = parsePrefix(DestinationCidrBlock)
  if (!destination || familyOf(destination) !== 4)
    throw invalidParameter(DestinationCidrBlock, 'destinationCidrBlock', 'This is not a valid CIDR block.')
  return destination
}

/** Lists of IPv6 blocks are there in snapshots only. */
function listNamed(context: Context, id: string): PrefixListId {
  const list = findPrefixList(context, id)
  if (list.addressFamily === 'IPv6') throw unsupported('IPv6 routes are not supported yet.')
  return list.id as PrefixListId
}

/** Link-local services: no route reaches them (P7). */
export const SERVICES = prefix('169.254.168.0/22')

/**
 * Throws InvalidParameterValue where a route with this target may not go to this destination. Of a prefix list, whose
 * blocks come and go, those that may not be are passed over (`prefix-list-route.ts`).
 */
export function checkDestination(state: State, table: RouteTable, { destination, target }: Route): void {
  const refused = isPrefixListId(destination)
    ? target.type === 'local' && localOnly(destination)
    : refusedDestination(state, table, destination, target)
  if (refused) throw refused
}

/** What is wrong with a block as the destination of a route with this target, if anything is. */
export function refusedDestination(
  state: State,
  table: RouteTable,
  destination: Prefix,
  target: RouteTarget,
): ApiError | undefined {
  // unverified: AWS's words.
  if (covers(SERVICES, destination))
    return invalidValue(
      `The destination CIDR block ${destination} is reserved and can not be the destination of a route.`,
    )
  const vpc = state.get('vpc', table.vpcId)
  const blocks = vpc ? activeBlocks(vpc) : []
  const isBlock = blocks.includes(destination)
  if (target.type === 'local') return isBlock ? undefined : localOnly(destination)
  if (!blocks.some((block) => covers(block, destination))) return undefined
  if (target.type !== 'network-interface' && target.type !== 'natgateway')
    return invalidValue(
      `The destination CIDR block ${destination} is equal to or more specific than one of this VPC's CIDR ` +
        'blocks. This route can target only an interface or an instance.',
    )
  if (isBlock || subnetsOf(state, table.vpcId).some((s) => s.cidrBlock === destination)) return undefined
  // R4, D13. unverified: AWS's words.
  return invalidValue(
    `The destination CIDR block ${destination} is more specific than one of this VPC's CIDR blocks and is ` +
      'not equal to the CIDR block of a subnet.',
  )
}

/** unverified: AWS's words. */
const localOnly = (destination: string): ApiError =>
  invalidValue(
    `The destination CIDR block ${destination} is not one of this VPC's CIDR blocks, so it has no local target.`,
  )
