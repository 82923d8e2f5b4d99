/** Prefix list: CIDR blocks under one id, which routes and rules of security groups name instead of each block (L1). */
import type { Prefix } from '../ip/prefix.ts'
import type { Output } from '../protocol/types.ts'
import { find } from './lookup.ts'
import { awsPrefixList, isOfAws, onlyAwsLists, withAwsLists } from './prefix-list-aws.ts'
import { type Context, defineKind, type Handlers, isOwn, type Resource } from './resource.ts'
import { pageOf, select } from './select.ts'
import type { State } from './state.ts'
import { showTags, tagsSeenBy } from './tags.ts'
import { invalidValue } from './errors.ts'

export interface PrefixList extends Resource {
  readonly state: `${'create' | 'modify' | 'restore' | 'delete'}-${'in-progress' | 'complete' | 'failed'}`
  /** Why the state is a failed one. */
  readonly stateMessage?: string
  readonly name: string
  readonly addressFamily: 'IPv4' | 'IPv6'
  /** What the list counts in tables and groups that name it, however few its entries are (S9, R8). */
  readonly maxEntries: number
  /** The last one is in force. */
  readonly versions: readonly PrefixListVersion[]
}

export interface PrefixListVersion {
  /** Ascending from 1. */
  readonly number: number
  readonly entries: readonly PrefixListEntry[]
}

/** A block is in a version once at most. */
export interface PrefixListEntry {
  readonly cidr: Prefix
  readonly description?: string
  /** Since when it is in the list without a break: milliseconds since the epoch. */
  readonly since: number
}

/** The id of a prefix list where a block may stand as well. */
export type PrefixListId = `pl-${string}`

export const isPrefixListId = (text: string): text is PrefixListId => text.startsWith('pl-')

declare module './resource.ts' {
  interface ResourceTypes {
    'prefix-list': PrefixList
  }
}

export const prefixList = defineKind({
  type: 'prefix-list',
  idPrefix: 'pl',
  noun: 'prefix list ID',
  codes: { notFound: 'InvalidPrefixListID.NotFound', malformed: 'InvalidPrefixListId.Malformed' },
  references: {},
  // A failed change or deletion leaves the list as it was, in use.
  lifecycle: {
    'create-in-progress': { after: 0, to: 'create-complete' },
    'modify-in-progress': { after: 0, to: 'modify-complete' },
    'restore-in-progress': { after: 0, to: 'restore-complete' },
    'delete-in-progress': { after: 0, gone: true },
  },
  alsoSeenBy: (list, { region }) => isOfAws(list) && list.region === region,
  filters: {
    'owner-id': (list) => list.account,
    'prefix-list-id': (list) => list.id,
    'prefix-list-name': (list) => list.name,
  },
})

/** The version in force. */
export const latestOf = ({ versions }: PrefixList): PrefixListVersion => versions.at(-1) ?? { number: 0, entries: [] }

/** The list of an id, whoever's; undefined where there is none (a snapshot need not have what its routes name). */
export const prefixListIn = (state: State, id: string): PrefixList | undefined =>
  state.get('prefix-list', id) ?? awsPrefixList(id)

/** The entries that are in force under an id. */
export function entriesOf(state: State, id: string): readonly PrefixListEntry[] {
  const list = prefixListIn(state, id)
  return list ? latestOf(list).entries : []
}

/** A list as if it had another size. */
export interface Resized {
  readonly id: string
  readonly weight: number
}

/** What naming the list costs a table or a group. */
export const weightOf = (state: State, id: string): number => prefixListIn(state, id)?.maxEntries ?? 1

/** The list that a call names, AWS's own among them. Throws InvalidPrefixListID.NotFound. */
export const findPrefixList = (context: Context, id: string): PrefixList =>
  find(withAwsLists(context), 'prefix-list', id)

export const prefixListActions: Handlers = {
  DescribeManagedPrefixLists(input, context) {
    const all = withAwsLists(context)
    const { items, ...page } = select(all, 'prefix-list', input, input.PrefixListIds, { min: 1, max: 100 })
    return { PrefixLists: items.map((list) => showPrefixList(context, list)), ...page }
  },
  // unverified: which of AWS's lists are there beside those of gateway endpoints.
  DescribePrefixLists(input, context) {
    const { items, ...page } = select(onlyAwsLists(context), 'prefix-list', input, input.PrefixListIds)
    return { PrefixLists: items.map(showBlocks), ...page }
  },
  GetManagedPrefixListEntries(input, context) {
    const list = findPrefixList(context, input.PrefixListId)
    const { number, entries } = versionOf(list, input.TargetVersion)
    const { items, ...page } = pageOf(entries, input, `${list.id} ${number}`, { min: 1, max: 100 })
    return {
      Entries: items.map(({ cidr, description }) => ({ Cidr: cidr, ...(description && { Description: description }) })),
      ...page,
    }
  },
}

/** Throws InvalidParameterValue where the list has no such version (any more). */
export function versionOf(list: PrefixList, number: number | undefined): PrefixListVersion {
  const found = number === undefined ? latestOf(list) : list.versions.find((version) => version.number === number)
  // unverified: AWS's words.
  if (!found) throw invalidValue(`The version ${number} of the prefix list ${list.id} does not exist.`)
  return found
}

type Shown = NonNullable<Output<'CreateManagedPrefixList'>['PrefixList']>

/** AWS tells neither the size nor the version of its own lists. */
export function showPrefixList({ caller }: Context, list: PrefixList): Shown {
  const owner = isOfAws(list) ? 'aws' : list.account
  return {
    PrefixListId: list.id,
    PrefixListName: list.name,
    PrefixListArn: `arn:aws:ec2:${list.region}:${owner}:prefix-list/${list.id}`,
    AddressFamily: list.addressFamily,
    State: list.state,
    ...(list.stateMessage !== undefined && { StateMessage: list.stateMessage }),
    ...(!isOfAws(list) && { MaxEntries: list.maxEntries, Version: latestOf(list).number }),
    OwnerId: list.account,
    ...(isOwn(list, caller) || isOfAws(list) ? { Tags: showTags(tagsSeenBy(list, caller)) } : {}),
  }
}

const showBlocks = (list: PrefixList): NonNullable<Output<'DescribePrefixLists'>['PrefixLists']>[number] => ({
  PrefixListId: list.id,
  PrefixListName: list.name,
  Cidrs: latestOf(list).entries.map(({ cidr }) => cidr),
})
