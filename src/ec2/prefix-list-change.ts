/** Making, changing, restoring and deleting one's own prefix lists. */
import type { Input } from '../protocol/types.ts'
import {
  ApiError,
  invalidCombination,
  invalidParameter,
  invalidValue,
  missingParameter,
  unsupported,
} from './errors.ts'
import { findPrefixList, latestOf, type PrefixList, prefixList, showPrefixList, versionOf } from './prefix-list.ts'
import { isOfAws } from './prefix-list-aws.ts'
import { changed, checkSize, parseChange, withVersion } from './prefix-list-entries.ts'
import { usersOf, withoutRoomFor } from './prefix-list-use.ts'
import { quota } from './quotas.ts'
import { type Context, type Handlers, inState, isOwn, newResource, ownCount } from './resource.ts'
import { tagsFor } from './tags.ts'

export const prefixListChangeActions: Handlers = {
  CreateManagedPrefixList(input, context) {
    const tags = tagsFor('prefix-list', input.TagSpecifications)
    const addressFamily = familyNamed(input.AddressFamily)
    const size = { name: nameFor(input.PrefixListName), maxEntries: sizeFor(input.MaxEntries) }
    const { added } = parseChange({ AddEntries: input.Entries ?? [] }, addressFamily, context.now)
    checkQuota(context)
    const list = context.state.put('prefix-list', {
      ...newResource(context, prefixList, 'create-in-progress', tags),
      state: 'create-in-progress',
      ...size,
      addressFamily,
      versions: [{ number: 1, entries: checkSize(size, [...added]) }],
    })
    return { PrefixList: showPrefixList(context, list) }
  },
  ModifyManagedPrefixList(input, context) {
    const list = ownList(context, input.PrefixListId)
    checkVersion(list, input.CurrentVersion)
    return { PrefixList: showPrefixList(context, context.state.put('prefix-list', modified(context, list, input))) }
  },
  RestoreManagedPrefixListVersion(input, context) {
    const list = ownList(context, input.PrefixListId)
    checkVersion(list, input.CurrentVersion)
    const { number, entries } = versionOf(list, input.PreviousVersion)
    if (number === latestOf(list).number)
      // unverified: AWS's words.
      throw invalidParameter(number, 'previousVersion', 'It is the current version of the prefix list.')
    const restored = checkSize(
      list,
      entries.map((entry) => continued(list, entry, context.now)),
    )
    const next = { ...working(list, 'restore-in-progress', context.now), versions: withVersion(list, restored) }
    return { PrefixList: showPrefixList(context, context.state.put('prefix-list', next)) }
  },
  // AWS takes the call, and says in the list's state that it has failed.
  DeleteManagedPrefixList(input, context) {
    const list = ownList(context, input.PrefixListId)
    const users = usersOf(context.state, list)
    const next =
      users.length > 0
        ? // unverified: AWS's words.
          failed(list, 'delete-failed', `The prefix list is in use by ${firstOf(users)}.`, context.now)
        : working(list, 'delete-in-progress', context.now)
    return { PrefixList: showPrefixList(context, context.state.put('prefix-list', next)) }
  },
}

/** The caller's own list. AWS's own can not be changed (L1). */
function ownList(context: Context, id: string): PrefixList {
  const list = findPrefixList(context, id)
  // unverified: AWS's code and words.
  if (isOfAws(list) || !isOwn(list, context.caller))
    throw new ApiError('OperationNotPermitted', `The prefix list ${id} is managed by ${list.account}.`)
  return list
}

function checkVersion(list: PrefixList, wish: number | undefined): void {
  if (wish !== undefined && wish < 1)
    throw invalidValue('The specified value for version is not valid. The value must be greater than (1).')
  if (wish !== undefined && wish !== latestOf(list).number)
    throw new ApiError('PrefixListVersionMismatch', 'The prefix list has the incorrect version number.')
}

/** Entries make a new version; a name or a size does not. */
function modified(context: Context, list: PrefixList, input: Input<'ModifyManagedPrefixList'>): PrefixList {
  const { AddEntries = [], RemoveEntries = [], MaxEntries, PrefixListName } = input
  if (input.IpamPrefixListResolverSyncEnabled !== undefined) throw unsupported('IPAM is not supported.')
  const isEntries = AddEntries.length > 0 || RemoveEntries.length > 0
  if (isEntries && MaxEntries !== undefined)
    throw invalidCombination(
      'You cannot modify the entries and the maximum entries for the prefix list in the same request.',
    )
  // unverified: AWS's answer to a call that changes nothing.
  if (!isEntries && MaxEntries === undefined && PrefixListName === undefined) throw missingParameter('addEntries')
  const name = PrefixListName === undefined ? list.name : nameFor(PrefixListName)
  const named = { ...working(list, 'modify-in-progress', context.now), name }
  if (MaxEntries !== undefined) return resized(context, named, sizeFor(MaxEntries))
  if (!isEntries) return named
  const change = parseChange({ AddEntries, RemoveEntries }, list.addressFamily, context.now)
  return { ...named, versions: withVersion(list, changed(list, latestOf(list), change)) }
}

/** Tables and groups that name the list must have room for it; else its state says which have not. */
function resized({ state, now }: Context, list: PrefixList, maxEntries: number): PrefixList {
  checkSize({ maxEntries }, [...latestOf(list).entries])
  const full = withoutRoomFor(state, list, maxEntries)
  if (full.length === 0) return { ...list, maxEntries }
  // unverified: AWS's words; that it names the first ten, its documentation says.
  const message = `The following resources do not support the new maximum size: ${firstOf(full)}`
  return failed(list, 'modify-failed', message, now)
}

const firstOf = (records: readonly { readonly id: string }[]): string =>
  records
    .slice(0, 10)
    .map(({ id }) => id)
    .join(', ')

/** The list in another state; what failed before is no longer told. */
function working(list: PrefixList, state: PrefixList['state'], now: number): PrefixList {
  const { stateMessage: _, ...rest } = list
  return inState(rest, state, now)
}

const failed = (list: PrefixList, state: PrefixList['state'], stateMessage: string, now: number): PrefixList => ({
  ...working(list, state, now),
  stateMessage,
})

/** An entry that is in force already goes on, whatever its version; any other begins now. */
const continued = (list: PrefixList, entry: PrefixList['versions'][number]['entries'][number], now: number) => ({
  ...entry,
  since: latestOf(list).entries.find(({ cidr }) => cidr === entry.cidr)?.since ?? now,
})

function familyNamed(text: string): PrefixList['addressFamily'] {
  if (text === 'IPv4' || text === 'IPv6') return text
  throw invalidParameter(text, 'addressFamily', 'Must be one of: IPv4, IPv6.')
}

/** Beginnings of AWS's own names; each dot counts. */
const RESERVED = ['com.amazonaws.', 'com.amazon.', 'com.aws.']

function nameFor(text: string): string {
  // unverified: AWS's words.
  if (text.length === 0 || text.length > 255)
    throw invalidParameter(text, 'prefixListName', 'A name has 1 to 255 characters.')
  if (RESERVED.some((start) => text.startsWith(start)))
    throw invalidValue(`The prefix list name cannot begin with (${RESERVED.join(', ')}).`)
  return text
}

function sizeFor(maxEntries: number): number {
  const most = quota('entriesPerPrefixList')
  if (maxEntries >= 1 && maxEntries <= most) return maxEntries
  throw invalidParameter(maxEntries, 'maxEntries', `It must be between 1 and ${most}.`)
}

function checkQuota(context: Context): void {
  // unverified: AWS's code.
  if (ownCount(context, 'prefix-list') >= quota('prefixLists'))
    throw new ApiError('PrefixListLimitExceeded', 'The maximum number of prefix lists has been reached.')
}
