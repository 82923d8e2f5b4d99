/** Asking about instances: what they are. Whether they are well is in `instance-status.ts`. */
import { invalidCombination } from './errors.ts'
import { findInstances, type Instance } from './instance.ts'
import { showReservations } from './instance-view.ts'
import { visible } from './lookup.ts'
import type { Context, Handlers } from './resource.ts'
import { select } from './select.ts'

export const describeInstanceActions: Handlers = {
  DescribeInstances(input, context) {
    // All that are missing are named at once, which `select` would not do.
    findInstances(context, input.InstanceIds ?? [])
    const { items, ...page } = select(context, 'instance', input, input.InstanceIds)
    return { Reservations: showReservations(context.state, items), ...page }
  },
}

/** Throws InvalidParameterCombination: named instances do not come in pages. */
export function refuseIdsAndPages(ids: readonly string[] | undefined, size: number | undefined): void {
  if (ids?.length && size !== undefined)
    throw invalidCombination('The parameter MaxResults cannot be used with the parameter that lists ids')
}

/** The instances of these ids, or all of the caller's. Throws InvalidInstanceID.NotFound. */
export const instancesNamed = (context: Context, ids: readonly string[] | undefined): Instance[] =>
  ids?.length ? findInstances(context, ids) : [...visible(context, 'instance')]
