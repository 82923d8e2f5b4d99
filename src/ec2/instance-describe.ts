/** Asking about instances: what they are, and whether they are well. */
import type { Output } from '../protocol/types.ts'
import { type FilterTable, matching } from './catalogue.ts'
import { findInstances, type Instance } from './instance.ts'
import { typeNamed } from './instance-type.ts'
import { STATE_CODES, showReservations, showState } from './instance-view.ts'
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
  DescribeInstanceStatus(input, context) {
    const wanted = named(context, input.InstanceIds)
    const shown = input.IncludeAllInstances ? wanted : wanted.filter((i) => i.state === 'running')
    const { items, ...page } = pageOf(matching(shown, statusFilters, input.Filters), input, 'instance status', {
      min: 5,
      max: 1000,
    })
    return { InstanceStatuses: items.map(showStatus), ...page }
  },
  DescribeInstanceCreditSpecifications(input, context) {
    const burstable = named(context, input.InstanceIds).filter(
      (i) => typeNamed(i.instanceType).family.burstable && i.state !== 'terminated',
    )
    const found = matching(burstable, { 'instance-id': (i) => i.id }, input.Filters)
    const { items, ...page } = pageOf(found, input, 'instance credit specification', { min: 5, max: 1000 })
    return { InstanceCreditSpecifications: items.map((i) => ({ InstanceId: i.id, CpuCredits: i.cpuCredits })), ...page }
  },
}

const named = (context: Context, ids: readonly string[] | undefined): Instance[] =>
  ids?.length ? findInstances(context, ids) : [...visible(context, 'instance')]

/** A running instance has answered, so its checks have passed; before that nothing is known. */
const summary = ({ state }: Instance): 'ok' | 'not-applicable' => (state === 'running' ? 'ok' : 'not-applicable')
const reachability = ({ state }: Instance): string | undefined => (state === 'running' ? 'passed' : undefined)

const statusFilters: FilterTable<Instance> = {
  'availability-zone': (i) => i.availabilityZone,
  'availability-zone-id': (i) => i.availabilityZoneId,
  'event.code': () => [],
  'event.description': () => [],
  'event.instance-event-id': () => [],
  'event.not-after': () => [],
  'event.not-before': () => [],
  'event.not-before-deadline': () => [],
  'instance-state-code': (i) => STATE_CODES[i.state],
  'instance-state-name': (i) => i.state,
  'instance-status.reachability': reachability,
  'instance-status.status': summary,
  'system-status.reachability': reachability,
  'system-status.status': summary,
  'attached-ebs-status.status': summary,
}

function showStatus(i: Instance): NonNullable<Output<'DescribeInstanceStatus'>['InstanceStatuses']>[number] {
  const check = {
    Status: summary(i),
    Details: i.state === 'running' ? [{ Name: 'reachability' as const, Status: 'passed' as const }] : [],
  }
  return {
    InstanceId: i.id,
    AvailabilityZone: i.availabilityZone,
    AvailabilityZoneId: i.availabilityZoneId,
    InstanceState: showState(i.state),
    InstanceStatus: check,
    SystemStatus: check,
    AttachedEbsStatus: check,
    Events: [],
    Operator: { Managed: false },
  }
}
