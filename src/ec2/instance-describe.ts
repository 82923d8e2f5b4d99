/** Asking about instances: what they are. Whether they are well is in `instance-status.ts`. */
import { matching } from './catalogue.ts'
import { findInstances, type Instance } from './instance.ts'
import { typeNamed } from './instance-type.ts'
import { showReservations } from './instance-view.ts'
import { visible } from './lookup.ts'
import type { Context, Handlers } from './resource.ts'
import { pageOf, select } from './select.ts'

export const describeInstanceActions: Handlers = {
  DescribeInstances(input, context) {
    // All that are missing are named at once, which `select` would not do.
    findInstances(context, input.InstanceIds ?? [])
    const { items, ...page } = select(context, 'instance', input, input.InstanceIds)
    return { Reservations: showReservations(context.state, items), ...page }
  },
  DescribeInstanceCreditSpecifications(input, context) {
    const burstable = instancesNamed(context, input.InstanceIds).filter(
      (i) => typeNamed(i.instanceType).family.burstable && i.state !== 'terminated',
    )
    const found = matching(burstable, { 'instance-id': (i) => i.id }, input.Filters)
    const { items, ...page } = pageOf(found, input, 'instance credit specification', { min: 5, max: 1000 })
    return { InstanceCreditSpecifications: items.map((i) => ({ InstanceId: i.id, CpuCredits: i.cpuCredits })), ...page }
  },
}

/** The instances of these ids, or all of the caller's. Throws InvalidInstanceID.NotFound. */
export const instancesNamed = (context: Context, ids: readonly string[] | undefined): Instance[] =>
  ids?.length ? findInstances(context, ids) : [...visible(context, 'instance')]
