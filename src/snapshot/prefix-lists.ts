/**
 * PrefixLists, of `describe-managed-prefix-lists` and `describe-prefix-lists`, and what is in them: AWS tells the
 * blocks of lists by another call, whose answer must be given the list's id.
 */
import { isPrefixListId, latestOf, type PrefixList, type PrefixListEntry } from '../ec2/prefix-list.ts'
import { AWS, weightOfAwsList } from '../ec2/prefix-list-aws.ts'
import { familyOf } from '../ip/address.ts'
import { type Prefix, parsePrefix } from '../ip/prefix.ts'
import type { Building, Home, Reader } from './building.ts'
import type { Item } from './item.ts'

const STATES = (['create', 'modify', 'restore', 'delete'] as const).flatMap((what) =>
  (['in-progress', 'complete', 'failed'] as const).map((how) => `${what}-${how}` as const),
)

export const prefixLists: Reader = {
  key: 'PrefixLists',
  read(item, home, building) {
    const id = item.id('PrefixListId', 'pl')
    const { state, prefixLists: told, now } = building
    const entries = item.texts('Cidrs').map((text) => ({ cidr: blockOf(item, text, 'Cidrs'), since: now }))
    if (entries.length > 0) told.add(id)
    const known = state.get('prefix-list', id) ?? newList(id, home, building)
    const list = { ...known, ...describedBy(item) }
    state.put('prefix-list', withEntries(list, entries.length > 0 ? entries : latestOf(known).entries))
    item.skip('PrefixListArn', 'IpamPrefixListResolverTargetId', 'IpamPrefixListResolverSyncEnabled')
  },
}

function newList(id: string, home: Home, { now }: Building): PrefixList {
  return {
    ...{ id, ...home, tags: {}, state: 'create-complete', stateSince: now, name: id },
    ...{ addressFamily: 'IPv4', maxEntries: 1, versions: [{ number: 1, entries: [] }] },
  }
}

/** `describe-prefix-lists` tells of AWS's lists only, and little; a second item of a list adds what it says. */
function describedBy(item: Item): Partial<PrefixList> {
  const owner = item.textIf('OwnerId')
  const account = owner === AWS || owner === undefined ? AWS : item.account('OwnerId')
  const name = item.text('PrefixListName')
  const version = item.numberIf('Version')
  const message = item.textIf('StateMessage')
  const [family, state] = [item.textIf('AddressFamily'), item.textIf('State')]
  const tags = item.tags()
  return {
    ...{ account, name, maxEntries: item.numberIf('MaxEntries') ?? weightOfAwsList(name) },
    ...(family !== undefined && { addressFamily: item.oneOf('AddressFamily', ['IPv4', 'IPv6'] as const) }),
    ...(state !== undefined && { state: item.oneOf('State', STATES) }),
    ...(message !== undefined && { stateMessage: message }),
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(version !== undefined && { versions: [{ number: version, entries: [] }] }),
  } as Partial<PrefixList>
}

/** An answer of `get-managed-prefix-list-entries` is about one list, and names it only where its id was added. */
export const PREFIX_LIST_ENTRIES = 'PrefixListId'

export const prefixListEntries: Reader = {
  key: PREFIX_LIST_ENTRIES,
  read(item, home, building) {
    const id = item.id('PrefixListId', 'pl')
    const { state, prefixLists: told, notes, now } = building
    const read = item.list('Entries').map((one): PrefixListEntry => {
      const description = one.textIf('Description')
      return { cidr: blockOf(one, one.text('Cidr'), 'Cidr'), ...(description && { description }), since: now }
    })
    const known = state.get('prefix-list', id)
    if (!known) notes.add('assumed', 'the names and owners of prefix lists', 'each is called by its id', id)
    const list = known ?? newList(id, home, building)
    // Of several pages, each has a part.
    const before = told.has(id) ? latestOf(list).entries : []
    const entries = [...before.filter(({ cidr }) => read.every((one) => one.cidr !== cidr)), ...read]
    told.add(id)
    state.put('prefix-list', withEntries(list, entries))
    item.skip('NextToken')
  },
}

/** The list with these entries in force. It has room for them, whatever is told of its size. */
function withEntries(list: PrefixList, entries: readonly PrefixListEntry[]): PrefixList {
  const { number } = latestOf(list)
  const isIpv6 = entries.some(({ cidr }) => familyOf(cidr) === 6)
  const maxEntries = list.account === AWS ? list.maxEntries : Math.max(list.maxEntries, entries.length)
  return { ...list, ...(isIpv6 && { addressFamily: 'IPv6' }), maxEntries, versions: [{ number, entries }] }
}

function blockOf(item: Item, text: string, key: string): Prefix {
  const block = parsePrefix(text)
  if (!block) throw item.wrong(`holds ${JSON.stringify(text)}, which is no CIDR block.`, key)
  return block
}

/** A list that a route or a rule names; noted where nobody told what is in it. */
export function namedList(item: Item, effect: string, user: string, { prefixLists: told, notes }: Building) {
  const id = item.idIf('PrefixListId', 'pl') ?? item.idIf('DestinationPrefixListId', 'pl')
  if (id === undefined || !isPrefixListId(id)) return undefined
  if (!told.has(id)) notes.add('outside', `the blocks of prefix list ${id}`, effect, user)
  return id
}
