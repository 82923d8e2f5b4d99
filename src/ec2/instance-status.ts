/** Whether instances are well: the status checks of the machine, of its own system and of its disks. */
import type { Output } from '../protocol/types.ts'
import { type FilterTable, matching } from './catalogue.ts'
import { ApiError } from './errors.ts'
import { findInstances, type Instance } from './instance.ts'
import { instancesNamed, refuseIdsAndPages } from './instance-describe.ts'
import { STATE_CODES, showState } from './instance-view.ts'
import type { Context, Guests, Handlers } from './resource.ts'
import { pageOf } from './select.ts'

export const instanceStatusActions: Handlers = {
  DescribeInstanceStatus(input, context) {
    refuseIdsAndPages(input.InstanceIds, input.MaxResults)
    const wanted = instancesNamed(context, input.InstanceIds)
    const shown = (input.IncludeAllInstances ? wanted : wanted.filter((i) => i.state === 'running')).map((i) =>
      statusOf(context, i),
    )
    const { items, ...page } = pageOf(matching(shown, filters, input.Filters), input, 'instance status', {
      min: 5,
      max: 1000,
    })
    return { InstanceStatuses: items.map(showStatus), ...page }
  },
  /** Nobody reads it here, and at AWS as well it changes no status. */
  ReportInstanceStatus(input, context) {
    const wrong = findInstances(context, input.Instances).find((i) => i.state !== 'running')
    if (wrong) throw new ApiError('IncorrectInstanceState', `The instance '${wrong.id}' is not in the 'running' state.`)
    return {}
  },
}

type Health = ReturnType<Guests['health']>

/** An instance and its checks; undefined where it does not run, and nothing can be said. */
interface Checked {
  readonly instance: Instance
  /** Of the instance's own system. */
  readonly system: Health | undefined
  /** Of what the instance runs on, and of its disks: this machine answers, so they do. */
  readonly machine: 'ok' | undefined
}

const statusOf = ({ guests }: Context, instance: Instance): Checked =>
  instance.state === 'running'
    ? { instance, system: guests.health(instance.id), machine: 'ok' }
    : { instance, system: undefined, machine: undefined }

const summary = (health: Health | undefined): Health | 'not-applicable' => health ?? 'not-applicable'

const REACHABILITY = { initializing: 'initializing', ok: 'passed', impaired: 'failed' } as const
const reachability = (health: Health | undefined) => health && REACHABILITY[health]

const never = () => []

const filters: FilterTable<Checked> = {
  'availability-zone': ({ instance }) => instance.availabilityZone,
  'availability-zone-id': ({ instance }) => instance.availabilityZoneId,
  'event.code': never,
  'event.description': never,
  'event.instance-event-id': never,
  'event.not-after': never,
  'event.not-before': never,
  'event.not-before-deadline': never,
  'instance-state-code': ({ instance }) => STATE_CODES[instance.state],
  'instance-state-name': ({ instance }) => instance.state,
  'instance-status.reachability': ({ system }) => reachability(system),
  'instance-status.status': ({ system }) => summary(system),
  'operator.managed': () => false,
  'operator.principal': never,
  'system-status.reachability': ({ machine }) => reachability(machine),
  'system-status.status': ({ machine }) => summary(machine),
  'attached-ebs-status.status': ({ machine }) => summary(machine),
}

function showCheck(health: Health | undefined) {
  const Status = reachability(health)
  return { Status: summary(health), Details: Status ? [{ Name: 'reachability' as const, Status }] : [] }
}

const showStatus = ({
  instance,
  system,
  machine,
}: Checked): NonNullable<Output<'DescribeInstanceStatus'>['InstanceStatuses']>[number] => ({
  InstanceId: instance.id,
  AvailabilityZone: instance.availabilityZone,
  AvailabilityZoneId: instance.availabilityZoneId,
  InstanceState: showState(instance.state),
  InstanceStatus: showCheck(system),
  SystemStatus: showCheck(machine),
  AttachedEbsStatus: showCheck(machine),
  Events: [],
  Operator: { Managed: false },
})
