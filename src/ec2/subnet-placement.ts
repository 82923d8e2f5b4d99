/** Where a new subnet may lie: its block within the VPC, and its Availability Zone. */
import { familyOf } from '../ip/address.ts'
import { covers, lengthOf, overlaps, type Prefix, parsePrefix } from '../ip/prefix.ts'
import type { Input } from '../protocol/types.ts'
import { ApiError, invalidCombination, invalidParameter, missingParameter } from './errors.ts'
import type { Context } from './resource.ts'
import { subnetsOf } from './subnet.ts'
import { activeBlocks, type Vpc } from './vpc.ts'
import { type Zone, zonesOf } from './zone.ts'

/** C1-C3: a /16 to /28 inside one block of the VPC that overlaps no other subnet; host bits are cleared. */
export function subnetBlock(context: Context, v: Vpc, text: string | undefined): Prefix {
  if (!text) throw missingParameter('cidrBlock')
  const block = parsePrefix(text)
  if (!block || familyOf(block) !== 4) throw invalidParameter(text, 'cidrBlock', 'This is not a valid CIDR block.')
  const inside = activeBlocks(v).some((of) => covers(of, block))
  if (lengthOf(block) < 16 || lengthOf(block) > 28 || !inside)
    throw new ApiError('InvalidSubnet.Range', `The CIDR '${text}' is invalid.`)
  if (subnetsOf(context.state, v.id).some((s) => overlaps(s.cidrBlock, block))) {
    throw new ApiError('InvalidSubnet.Conflict', `The CIDR '${text}' conflicts with another subnet`)
  }
  return block
}

/** The zone named by name or id; the Region's first where none is. */
export function zoneFor(context: Context, { AvailabilityZone, AvailabilityZoneId }: Input<'CreateSubnet'>): Zone {
  if (AvailabilityZone && AvailabilityZoneId) {
    throw invalidCombination('The parameters AvailabilityZone and AvailabilityZoneId cannot be used together')
  }
  const zones = zonesOf(context.caller.region)
  const wanted = AvailabilityZone ?? AvailabilityZoneId
  const zone = wanted ? zones.find(({ name, id }) => (AvailabilityZone ? name : id) === wanted) : zones[0]
  if (zone) return zone
  const names = zones.map(({ name, id }) => (AvailabilityZone ? name : id)).join(', ')
  throw invalidParameter(
    wanted,
    AvailabilityZone ? 'availabilityZone' : 'availabilityZoneId',
    `Subnets can currently only be created in the following availability zones: ${names}.`,
  )
}
