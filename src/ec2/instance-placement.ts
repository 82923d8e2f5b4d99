/** Where an instance is placed: its zone, its tenancy, its share of reserved capacity. There are no hosts or groups. */
import type { Input } from '../protocol/types.ts'
import { ApiError, invalidCombination, missingParameter, unsupported } from './errors.ts'
import { findLiving, refuseUnlessStopped } from './instance.ts'
import type { Context, Handlers } from './resource.ts'
import type { Subnet } from './subnet.ts'
import { zoneNamed } from './zone.ts'

type Placement = NonNullable<Input<'RunInstances'>['Placement']>
type Reservation = NonNullable<Input<'RunInstances'>['CapacityReservationSpecification']>

export const instancePlacementActions: Handlers = {
  ModifyInstancePlacement(input, context) {
    const i = findLiving(context, input.InstanceId)
    const { Tenancy, GroupName, Affinity } = input
    refuseHosts(input)
    if (Tenancy === undefined && GroupName === undefined && Affinity === undefined) throw missingParameter('Tenancy')
    // An empty group name takes an instance out of its group: it is in none.
    refuseUnlessStopped(i)
    if (Tenancy) context.state.put('instance', { ...i, tenancy: Tenancy })
    return { Return: true }
  },
  ModifyInstanceCapacityReservationAttributes({ InstanceId, CapacityReservationSpecification: wish }, context) {
    const i = findLiving(context, InstanceId)
    refuseUnlessStopped(i)
    context.state.put('instance', { ...i, capacityPreference: capacityPreferenceFor(wish) })
    return { Return: true }
  },
}

/** Throws where a launch or a change names what does not exist here. */
export function refuseHosts(
  p: Omit<Placement, 'Affinity' | 'Tenancy'> & { Affinity?: string | undefined; Tenancy?: string | undefined },
): void {
  if (p.GroupName || p.GroupId || p.PartitionNumber !== undefined)
    throw unsupported('Placement groups are not supported yet.')
  if (p.HostId || p.HostResourceGroupArn || p.Tenancy === 'host' || p.Affinity === 'host')
    throw unsupported('Dedicated hosts are not supported.')
}

/** `open` unless said otherwise; a launch into a reservation finds none. */
export function capacityPreferenceFor(wish: Reservation | undefined): 'open' | 'none' {
  const preference = wish?.CapacityReservationPreference ?? 'open'
  if (wish?.CapacityReservationTarget || preference === 'capacity-reservations-only')
    throw unsupported('Capacity Reservations are not supported.')
  return preference
}

/** The zone that a launch names, by name or by id; undefined where it leaves that open. */
export function zoneOf({ caller: { region } }: Context, placement: Placement | undefined): string | undefined {
  const { AvailabilityZone: name, AvailabilityZoneId: id } = placement ?? {}
  if (name && id)
    throw invalidCombination('The parameters AvailabilityZone and AvailabilityZoneId may not be used together.')
  const text = name ?? id
  return text ? zoneNamed(region, text).name : undefined
}

/** A VPC for dedicated hardware has no other instances; elsewhere each launch says what it wants. */
export function tenancyOf(context: Context, { vpcId }: Subnet, placement: Placement | undefined): string {
  const v = context.state.get('vpc', vpcId)
  if (!v) throw new ApiError('InvalidVpcID.NotFound', `The vpc ID '${vpcId}' does not exist`)
  return v.instanceTenancy === 'dedicated' ? 'dedicated' : (placement?.Tenancy ?? 'default')
}
