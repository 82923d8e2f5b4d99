/** The entries of a prefix list: read from a call, and made into the next version's. */
import { familyOf } from '../ip/address.ts'
import { type Prefix, parsePrefix } from '../ip/prefix.ts'
import { ApiError, invalidParameter, invalidValue, missingParameter } from './errors.ts'
import type { PrefixList, PrefixListEntry, PrefixListVersion } from './prefix-list.ts'
import { quota } from './quotas.ts'

interface WireEntry {
  readonly Cidr?: string | undefined
  readonly Description?: string | undefined
}

export interface EntryChange {
  readonly added: readonly PrefixListEntry[]
  readonly removed: readonly Prefix[]
}

/** How many entries one call may add, or remove. */
const PER_CALL = 100

type Family = PrefixList['addressFamily']

/** Throws where a call asks for too much at once, or names what is no block of the list's address family. */
export function parseChange(
  { AddEntries = [], RemoveEntries = [] }: { AddEntries?: readonly WireEntry[]; RemoveEntries?: readonly WireEntry[] },
  family: Family,
  now: number,
): EntryChange {
  if (AddEntries.length > PER_CALL || RemoveEntries.length > PER_CALL)
    throw invalidValue(`The request cannot contain more than ${PER_CALL} entry additions or removals.`)
  const added = AddEntries.map((wire) => ({ cidr: blockOf(wire, family), ...descriptionOf(wire), since: now }))
  const removed = RemoveEntries.map((wire) => blockOf(wire, family))
  const both = added.find(({ cidr }) => removed.includes(cidr))
  if (both)
    throw invalidValue(
      `Request cannot contain Cidr ${both.cidr} in both AddPrefixListEntries and RemovePrefixListEntries`,
    )
  // unverified: AWS's words.
  for (const blocks of [added.map(({ cidr }) => cidr), removed])
    if (new Set(blocks).size < blocks.length)
      throw invalidValue('The same CIDR block must not appear multiple times in the request.')
  return { added, removed }
}

/** unverified: whether AWS clears host bits, as everywhere else (C2), or refuses them. */
function blockOf({ Cidr }: WireEntry, family: Family): Prefix {
  if (!Cidr) throw missingParameter('Cidr')
  const block = parsePrefix(Cidr)
  if (block && familyOf(block) === (family === 'IPv4' ? 4 : 6)) return block
  throw invalidParameter(Cidr, 'Cidr', `This is not a valid ${family} CIDR block.`)
}

function descriptionOf({ Description }: WireEntry): { description?: string } {
  if (!Description) return {}
  if (Description.length > 255) throw invalidParameter(Description, 'Description', 'Up to 255 characters are allowed.')
  return { description: Description }
}

/**
 * The entries after a change, removals first. Throws InvalidPrefixListModification, or PrefixListMaxEntriesExceeded
 * where they are more than the list may hold.
 */
export function changed(list: PrefixList, before: PrefixListVersion, change: EntryChange): PrefixListEntry[] {
  const { added, removed } = change
  for (const cidr of removed)
    if (!before.entries.some((entry) => entry.cidr === cidr))
      throw impossible(`An entry with the CIDR (${cidr}) does not exist.`)
  const kept = before.entries.filter(({ cidr }) => !removed.includes(cidr))
  for (const { cidr } of added) {
    const other = kept.find((entry) => entry.cidr === cidr)
    if (other)
      throw impossible(`An entry with the CIDR (${cidr}) and description (${other.description ?? ''}) already exists.`)
  }
  return checkSize(list, [...kept, ...added])
}

const impossible = (message: string): ApiError => new ApiError('InvalidPrefixListModification', message)

/** The entries, where the list may hold so many. Throws PrefixListMaxEntriesExceeded. */
export function checkSize({ maxEntries }: Pick<PrefixList, 'maxEntries'>, entries: PrefixListEntry[]) {
  // unverified: AWS's words.
  if (entries.length > maxEntries)
    throw new ApiError(
      'PrefixListMaxEntriesExceeded',
      `The prefix list would have ${entries.length} entries. The maximum number of entries is ${maxEntries}.`,
    )
  return entries
}

/** The versions with one more, which is in force from now on; the oldest goes where they are too many. */
export const withVersion = ({ versions }: PrefixList, entries: readonly PrefixListEntry[]): PrefixListVersion[] =>
  [...versions, { number: (versions.at(-1)?.number ?? 0) + 1, entries }].slice(-quota('versionsPerPrefixList'))
