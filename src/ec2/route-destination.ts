/** Which destinations a route may have, by its target (P7, R4, R8). */
import { familyOf } from '../ip/address.ts'
import { covers, type Prefix, parsePrefix, prefix } from '../ip/prefix.ts'
import { invalidCombination, invalidParameter, invalidValue, missingParameter, unsupported } from './errors.ts'
import type { Route } from './route.ts'
import type { RouteTable } from './route-table.ts'
import type { State } from './state.ts'
import { subnetsOf } from './subnet.ts'
import { activeBlocks } from './vpc.ts'

interface Wish {
  readonly DestinationCidrBlock?: string | undefined
  readonly DestinationIpv6CidrBlock?: string | undefined
  readonly DestinationPrefixListId?: string | undefined
}

/** The one destination a call names, its host bits cleared (C2). */
export function destinationOf({
  DestinationCidrBlock,
  DestinationIpv6CidrBlock,
  DestinationPrefixListId,
}: Wish): Prefix {
  const given = [DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId].filter((d) => d !== undefined)
  // unverified: AWS's words for none and for several.
  if (given.length > 1)
    throw invalidCombination(
      'The request must contain exactly one of destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId',
    )
  if (DestinationIpv6CidrBlock) throw unsupported('IPv6 routes are not supported yet.')
  if (DestinationPrefixListId) throw unsupported('Prefix lists are not supported yet.')
  if (!DestinationCidrBlock) throw missingParameter('destinationCidrBlock')
  const destination = parsePrefix(DestinationCidrBlock)
  if (!destination || familyOf(destination) !== 4)
    throw invalidParameter(DestinationCidrBlock, 'destinationCidrBlock', 'This is not a valid CIDR block.')
  return destination
}

/** Link-local services: no route reaches them (P7). */
export const SERVICES = prefix('169.254.168.0/22')

/** Throws InvalidParameterValue where a route with this target may not go to this destination. */
export function checkDestination(state: State, table: RouteTable, { destination, target }: Route): void {
  // unverified: AWS's words.
  if (covers(SERVICES, destination))
    throw invalidValue(
      `The destination CIDR block ${destination} is reserved and can not be the destination of a route.`,
    )
  const vpc = state.get('vpc', table.vpcId)
  const blocks = vpc ? activeBlocks(vpc) : []
  const isBlock = blocks.includes(destination)
  const isInside = blocks.some((block) => covers(block, destination))
  if (target.type === 'local') {
    // unverified: AWS's words.
    if (!isBlock)
      throw invalidValue(
        `The destination CIDR block ${destination} is not one of this VPC's CIDR blocks, so it has no local target.`,
      )
  } else if (isInside && target.type !== 'network-interface') {
    throw invalidValue(
      `The destination CIDR block ${destination} is equal to or more specific than one of this VPC's CIDR ` +
        'blocks. This route can target only an interface or an instance.',
    )
  } else if (isInside && !isBlock && !subnetsOf(state, table.vpcId).some((s) => s.cidrBlock === destination)) {
    // R4, D13. unverified: AWS's words.
    throw invalidValue(
      `The destination CIDR block ${destination} is more specific than one of this VPC's CIDR blocks and is ` +
        'not equal to the CIDR block of a subnet.',
    )
  }
}
