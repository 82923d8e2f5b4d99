/** DHCP options: names and servers for a VPC's instances. Records only: guests have the Region's own (C12). */
import type { Output } from '../protocol/types.ts'
import { AMAZON_DNS, dhcpOptionsFrom } from './dhcp-options-input.ts'
import { privateDomain } from './dns-name.ts'
import { ApiError, dependencyViolation } from './errors.ts'
import { find, isVisible, remove } from './lookup.ts'
import { type Context, defineKind, type Handlers, newResource, type Resource } from './resource.ts'
import { select } from './select.ts'
import { showTags, tagsFor } from './tags.ts'

export interface DhcpOptions extends Resource {
  readonly state: 'available'
  /** In the order of the call, a key once at most. */
  readonly options: readonly DhcpOption[]
  /** The set that a new VPC of the account has in the Region. */
  readonly isDefault: boolean
}

export interface DhcpOption {
  readonly key: string
  readonly values: readonly string[]
}

declare module './resource.ts' {
  interface ResourceTypes {
    'dhcp-options': DhcpOptions
  }
}

export const dhcpOptions = defineKind({
  type: 'dhcp-options',
  idPrefix: 'dopt',
  noun: 'dhcpOption ID',
  codes: { notFound: 'InvalidDhcpOptionID.NotFound', malformed: 'InvalidDhcpOptionsId.Malformed' },
  references: {},
  lifecycle: {},
  filters: {
    'dhcp-options-id': (set) => set.id,
    key: (set) => set.options.map(({ key }) => key),
    value: (set) => set.options.flatMap(({ values }) => values),
    'owner-id': (set) => set.account,
  },
})

/** In place of an id: no options at all, and so shown of the VPC. */
const NONE = 'default'

export const dhcpOptionsActions: Handlers = {
  CreateDhcpOptions(input, context) {
    const set: DhcpOptions = context.state.put('dhcp-options', {
      ...newResource(context, dhcpOptions, 'available', tagsFor('dhcp-options', input.TagSpecifications)),
      state: 'available',
      options: dhcpOptionsFrom(input.DhcpConfigurations),
      isDefault: false,
    })
    return { DhcpOptions: show(set) }
  },
  DescribeDhcpOptions(input, context) {
    const { items, ...page } = select(context, 'dhcp-options', input, input.DhcpOptionsIds)
    return { DhcpOptions: items.map(show), ...page }
  },
  DeleteDhcpOptions({ DhcpOptionsId: id }, context) {
    checkDeletedId(context, id)
    if (context.state.where('vpc', 'dhcpOptionsId', id).length > 0)
      throw dependencyViolation(`The dhcpOptions '${id}' has dependencies and cannot be deleted.`)
    remove(context, 'dhcp-options', id)
    return {}
  },
  AssociateDhcpOptions(input, context) {
    const v = find(context, 'vpc', input.VpcId)
    const dhcpOptionsId = input.DhcpOptionsId === NONE ? NONE : find(context, 'dhcp-options', input.DhcpOptionsId).id
    context.state.put('vpc', { ...v, dhcpOptionsId })
    return {}
  },
}

/** A deletion has another code and other words for an unknown id than the rest. */
function checkDeletedId(context: Context, id: string): void {
  if (!/^dopt-[0-9a-f]{8}([0-9a-f]{9})?$/.test(id))
    throw new ApiError('InvalidDhcpOptionsId.Malformed', `The dhcp-options ID '${id}' is malformed`)
  const set = context.state.get('dhcp-options', id)
  if (!set || !isVisible('dhcp-options', set, context))
    throw new ApiError('InvalidDhcpOptionsID.NotFound', `The dhcpOptions ID '${id}' does not exist`)
}

/** The caller's set in the Region that every new VPC has; made where there is none, or none any more. */
export function defaultDhcpOptions(context: Context): DhcpOptions {
  const { account, region } = context.caller
  const sets = context.state.where('dhcp-options', 'account', account)
  const present = sets.find((set) => set.isDefault && set.region === region)
  if (present) return present
  const base = newResource(context, dhcpOptions, 'available', {})
  return context.state.put('dhcp-options', {
    ...base,
    id: idOfOldVpcs(context) ?? base.id,
    state: 'available',
    options: [
      { key: 'domain-name', values: [privateDomain(region)] },
      { key: 'domain-name-servers', values: [AMAZON_DNS] },
    ],
    isDefault: true,
  })
}

/** In a state from before there were records of options, all VPCs of a Region already name one set. */
function idOfOldVpcs({ caller, state }: Context): string | undefined {
  const vpcs = state.where('vpc', 'account', caller.account).filter((v) => v.region === caller.region)
  const ids = new Set(vpcs.map((v) => v.dhcpOptionsId).filter((id) => id.startsWith('dopt-')))
  const [id, ...others] = [...ids].filter((named) => !state.get('dhcp-options', named))
  return others.length === 0 ? id : undefined
}

const show = (set: DhcpOptions): NonNullable<Output<'CreateDhcpOptions'>['DhcpOptions']> => ({
  DhcpOptionsId: set.id,
  OwnerId: set.account,
  DhcpConfigurations: set.options.map(({ key, values }) => ({ Key: key, Values: values.map((Value) => ({ Value })) })),
  Tags: showTags(set.tags),
})
