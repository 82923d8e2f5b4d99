/** AWS's own prefix lists: the same for every account of a Region, and nobody's to change. */
import { createHash } from 'node:crypto'
import type { Prefix } from '../ip/prefix.ts'
import { INSTANCE_CONNECT_RANGES } from './instance-connect-range.ts'
import type { PrefixList } from './prefix-list.ts'
import type { Context, Resource } from './resource.ts'
import { Draft, Records } from './state.ts'

/** Who owns them. */
export const AWS = 'AWS'
export const isOfAws = ({ account }: Pick<Resource, 'account'>): boolean => account === AWS

/** What a list of AWS's counts where it is named, by the end of its name; 1 where AWS does not tell another number. */
const WEIGHTS: Readonly<Record<string, number>> = { 'cloudfront.origin-facing': 55, 'route53-healthchecks': 25 }

/** The weight of a list of AWS's by its name. */
export const weightOfAwsList = (name: string): number =>
  Object.entries(WEIGHTS).find(([end]) => name.endsWith(`.${end}`))?.[1] ?? 1

/** The lists that need no snapshot to be known: where Instance Connect comes from (I5). Real ids are other ones. */
const LISTS: ReadonlyMap<string, PrefixList> = new Map(
  Object.entries(INSTANCE_CONNECT_RANGES).map(([region, range]) => {
    const list = listOf(region, `com.amazonaws.${region}.ec2-instance-connect`, [range])
    return [list.id, list]
  }),
)

function listOf(region: string, name: string, blocks: readonly Prefix[]): PrefixList {
  return {
    id: `pl-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`,
    account: AWS,
    region,
    tags: {},
    state: 'create-complete',
    stateSince: 0,
    name,
    addressFamily: 'IPv4',
    maxEntries: weightOfAwsList(name),
    versions: [{ number: 1, entries: blocks.map((cidr) => ({ cidr, since: 0 })) }],
  }
}

export const awsPrefixList = (id: string): PrefixList | undefined => LISTS.get(id)

/** A context that also finds AWS's own lists; to look, not to write. */
export function withAwsLists(context: Context): Context {
  const state = new Draft(context.state)
  for (const list of missingLists(context)) state.put('prefix-list', list)
  return { ...context, state }
}

/** A context in which there are AWS's own lists and nothing else; to look, not to write. */
export function onlyAwsLists(context: Context): Context {
  const state = new Draft(new Records())
  const known = context.state.where('prefix-list', 'account', AWS)
  for (const list of [...known, ...missingLists(context)]) state.put('prefix-list', list)
  return { ...context, state }
}

/** Those that no snapshot has told, which has AWS's ids. */
function missingLists({ state, caller }: Context): PrefixList[] {
  const known = state.where('prefix-list', 'account', AWS)
  const isKnown = ({ name, region }: PrefixList) => known.some((one) => one.name === name && one.region === region)
  return [...LISTS.values()].filter((list) => list.region === caller.region && !isKnown(list))
}
