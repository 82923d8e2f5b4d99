/** Whether volumes are well, and their attributes: this machine answers, so they are. */
import type { Output } from '../protocol/types.ts'
import { type FilterTable, matching } from './catalogue.ts'
import { invalidCombination } from './errors.ts'
import { find, visible } from './lookup.ts'
import type { Handlers } from './resource.ts'
import { pageOf } from './select.ts'
import { isAttached, type Volume, zoneIdOf } from './volume.ts'

export const volumeStatusActions: Handlers = {
  DescribeVolumeStatus(input, context) {
    const ids = input.VolumeIds
    if (ids?.length && input.MaxResults !== undefined)
      throw invalidCombination('The parameter MaxResults cannot be used with the parameter that lists ids')
    const named = ids?.length
      ? [...new Set(ids)].map((id) => find(context, 'volume', id))
      : [...visible(context, 'volume')]
    const { items, ...page } = pageOf(matching(named, filters, input.Filters), input, 'volume status', {
      min: 5,
      max: 1000,
    })
    return { VolumeStatuses: items.map((v) => showStatus(v, isAttached(v, context.state))), ...page }
  },
  DescribeVolumeAttribute({ VolumeId, Attribute }, context) {
    const v = find(context, 'volume', VolumeId)
    return Attribute === 'productCodes'
      ? { VolumeId: v.id, ProductCodes: [] }
      : { VolumeId: v.id, AutoEnableIO: { Value: false } }
  },
}

const CHECKS = [
  { Name: 'io-enabled', Status: 'passed' },
  { Name: 'io-performance', Status: 'not-applicable' },
] as const

const never = () => []

const filters: FilterTable<Volume> = {
  'action.code': never,
  'action.description': never,
  'action.event-id': never,
  'availability-zone': (v) => v.availabilityZone,
  'event.description': never,
  'event.event-id': never,
  'event.event-type': never,
  'event.not-after': never,
  'event.not-before': never,
  'volume-status.details-name': () => CHECKS.map((c) => c.Name),
  'volume-status.details-status': () => CHECKS.map((c) => c.Status),
  'volume-status.status': () => 'ok',
}

const showStatus = (
  v: Volume,
  attached: boolean,
): NonNullable<Output<'DescribeVolumeStatus'>['VolumeStatuses']>[number] => ({
  VolumeId: v.id,
  AvailabilityZone: v.availabilityZone,
  AvailabilityZoneId: zoneIdOf(v),
  Actions: [],
  Events: [],
  VolumeStatus: { Status: 'ok', Details: [...CHECKS] },
  AttachmentStatuses: attached ? [{ InstanceId: v.instanceId }] : [],
})
