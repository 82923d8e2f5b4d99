/** Subnet CIDR reservation: a part of a subnet whose addresses are given to nobody who does not ask for them (C13). */
import { familyOf, type Ip } from '../ip/address.ts'
import { contains, covers, overlaps, type Prefix, parsePrefix } from '../ip/prefix.ts'
import type { Input, Output } from '../protocol/types.ts'
import { invalidParameter, invalidValue } from './errors.ts'
import { find, remove } from './lookup.ts'
import { type Context, defineKind, type Handlers, newResource, owned, type Resource } from './resource.ts'
import { filterFor, pageOf } from './select.ts'
import type { State } from './state.ts'
import type { Subnet } from './subnet.ts'
import { showTags, tagsFor } from './tags.ts'

export interface SubnetCidrReservation extends Resource {
  readonly state: 'available'
  readonly subnetId: string
  /** Of the subnet's IPv4 block, or of its IPv6 block: that one is a record only. */
  readonly cidr: Prefix
  /** `explicit`: for addresses that calls name. `prefix`: for prefixes of interfaces, which are not delegated here. */
  readonly reservationType: 'explicit' | 'prefix'
  readonly description?: string
}

declare module './resource.ts' {
  interface ResourceTypes {
    'subnet-cidr-reservation': SubnetCidrReservation
  }
}

export const subnetCidrReservation = defineKind({
  type: 'subnet-cidr-reservation',
  idPrefix: 'scr',
  noun: 'subnet CIDR reservation ID',
  // unverified: the second one, and the words of both.
  codes: { notFound: 'InvalidSubnetCidrReservationID.NotFound', malformed: 'InvalidSubnetCidrReservationID.Malformed' },
  // unverified: that a subnet's reservations go with it, and do not keep it.
  references: { subnetId: owned('subnet') },
  lifecycle: {},
  filters: {
    reservationType: (r) => r.reservationType,
    'subnet-id': (r) => r.subnetId,
  },
})

/** The reservations of a subnet. */
export const reservationsOf = (state: State, subnetId: string): readonly SubnetCidrReservation[] =>
  state.where('subnet-cidr-reservation', 'subnetId', subnetId)

/** The IPv4 blocks of which a subnet gives nothing by itself; they do not overlap. */
export const setAside = (state: State, subnetId: string): Prefix[] =>
  reservationsOf(state, subnetId).flatMap(({ cidr }) => (familyOf(cidr) === 4 ? [cidr] : []))

/** Throws where the address is kept for prefixes: it is no interface's own. unverified: that AWS refuses, and words. */
export function refuseOfPrefixes(state: State, subnetId: string, address: Ip): void {
  const kept = reservationsOf(state, subnetId).find((r) => r.reservationType === 'prefix' && contains(r.cidr, address))
  if (kept) throw invalidValue(`Address ${address} is reserved for prefixes by ${kept.id}.`)
}

export const subnetCidrReservationActions: Handlers = {
  CreateSubnetCidrReservation(input, context) {
    const s = find(context, 'subnet', input.SubnetId)
    const tags = tagsFor('subnet-cidr-reservation', input.TagSpecifications)
    const made: SubnetCidrReservation = context.state.put('subnet-cidr-reservation', {
      ...newResource(context, subnetCidrReservation, 'available', tags),
      state: 'available',
      subnetId: s.id,
      cidr: checkedBlock(context, s, input.Cidr),
      reservationType: checkedType(input.ReservationType),
      ...(input.Description !== undefined && { description: input.Description }),
    })
    return { SubnetCidrReservation: show(made) }
  },
  DeleteSubnetCidrReservation(input, context) {
    const gone = find(context, 'subnet-cidr-reservation', input.SubnetCidrReservationId)
    remove(context, 'subnet-cidr-reservation', gone.id)
    return { DeletedSubnetCidrReservation: show(gone) }
  },
  GetSubnetCidrReservations(input, context) {
    const { id } = find(context, 'subnet', input.SubnetId)
    const wanted = filterFor(context, 'subnet-cidr-reservation', input.Filters ?? [])
    const all = reservationsOf(context.state, id).filter(wanted)
    const { items, ...page } = pageOf(all, input, `subnet-cidr-reservation ${id}`, { min: 5, max: 1000 })
    const ofFamily = (family: 4 | 6) => items.filter(({ cidr }) => familyOf(cidr) === family).map(show)
    return { SubnetIpv4CidrReservations: ofFamily(4), SubnetIpv6CidrReservations: ofFamily(6), ...page }
  },
}

/** A block within the subnet's own of its family, beside its other reservations. unverified: codes and words. */
function checkedBlock({ state }: Context, s: Subnet, text: string): Prefix {
  const block = parsePrefix(text)
  if (!block) throw invalidParameter(text, 'cidr', 'This is not a valid CIDR block.')
  const of = familyOf(block) === 4 ? s.cidrBlock : s.ipv6CidrBlock?.cidrBlock
  if (!of || !covers(of, block)) throw invalidParameter(text, 'cidr', `It is not within a CIDR block of ${s.id}.`)
  const other = reservationsOf(state, s.id).find(({ cidr }) => overlaps(cidr, block))
  if (other) throw invalidParameter(text, 'cidr', `It overlaps with the reservation ${other.id} (${other.cidr}).`)
  return block
}

type ReservationType = Input<'CreateSubnetCidrReservation'>['ReservationType']

function checkedType(type: ReservationType): 'explicit' | 'prefix' {
  if (type === 'explicit' || type === 'prefix') return type
  throw invalidParameter(type, 'reservationType')
}

const show = (
  r: SubnetCidrReservation,
): NonNullable<Output<'CreateSubnetCidrReservation'>['SubnetCidrReservation']> => ({
  SubnetCidrReservationId: r.id,
  SubnetId: r.subnetId,
  Cidr: r.cidr,
  ReservationType: r.reservationType,
  OwnerId: r.account,
  ...(r.description !== undefined && { Description: r.description }),
  Tags: showTags(r.tags),
})
