/** SubnetIpv4CidrReservations and SubnetIpv6CidrReservations: of one subnet, as AWS tells them. */
import type { SubnetCidrReservation } from '../ec2/subnet-cidr-reservation.ts'
import { covers, overlaps } from '../ip/prefix.ts'
import { baseOf, type Building, type Home, type Reader } from './building.ts'
import type { Item } from './item.ts'

const readerOf = (key: string, family: 4 | 6): Reader => ({
  key,
  id: 'SubnetCidrReservationId',
  read: (item, home, building) => readReservation(item, family, home, building),
})

export const ipv4CidrReservations = readerOf('SubnetIpv4CidrReservations', 4)
export const ipv6CidrReservations = readerOf('SubnetIpv6CidrReservations', 6)

function readReservation(item: Item, family: 4 | 6, home: Home, building: Building): void {
  const { state, notes } = building
  const id = item.id('SubnetCidrReservationId', 'scr')
  const subnetId = item.id('SubnetId', 'subnet')
  const description = item.textIf('Description')
  const reservation: SubnetCidrReservation = {
    ...baseOf(item, id, 'available' as const, home, building),
    subnetId,
    cidr: item.prefix('Cidr', family),
    reservationType: item.oneOf('ReservationType', ['explicit', 'prefix']),
    ...(description !== undefined && { description }),
  }
  if (!state.get('subnet', subnetId)) {
    notes.add('outside', `subnet ${subnetId}`, 'its CIDR reservations are left out', id)
    return
  }
  checkPlace(item, reservation, building)
  const others = building.reservations.get(subnetId) ?? []
  building.reservations.set(subnetId, [...others, state.put('subnet-cidr-reservation', reservation)])
}

/** C13: within the subnet's own block, beside its other reservations. */
function checkPlace(item: Item, { cidr, subnetId }: SubnetCidrReservation, { state, reservations }: Building): void {
  const subnet = state.get('subnet', subnetId)
  const blocks = [subnet?.cidrBlock, subnet?.ipv6CidrBlock?.cidrBlock].filter((block) => block !== undefined)
  if (!blocks.some((block) => covers(block, cidr)))
    throw item.wrong(`is ${cidr}, which is not in ${subnetId} (${blocks.join(', ')}).`, 'Cidr')
  const other = (reservations.get(subnetId) ?? []).find((r) => overlaps(r.cidr, cidr))
  if (other) throw item.wrong(`is ${cidr}, which overlaps ${other.id} (${other.cidr}).`, 'Cidr')
}
