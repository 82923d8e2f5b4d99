/** Passages as rows of a table: who reaches whom with what, those alike in one row. */
import { type HeaderSet, NOTHING } from '../../headers/header-set.ts'
import { groupsOf } from '../../network/groups.ts'
import type { Network } from '../../network/network.ts'
import type { Change } from './diff.ts'
import { INTERNET, type Party } from './parties.ts'
import type { Aim, Passage } from './passages.ts'
import { byPrefixes, type Outside, trafficOf } from './traffic.ts'

/** One side of a row: ids of what stands there, or prefixes of the internet. */
export interface Side {
  readonly kind: 'interface' | 'instance' | 'group' | 'subnet' | 'internet'
  readonly ids: readonly string[]
}

export interface Row {
  readonly from: Side
  readonly to: Side
  /** Which address of the receivers it is sent to. */
  readonly aimedAt: Aim
  /** Such as `TCP port 22`: what arrives and is answered, and what arrives only. */
  readonly answered: readonly string[]
  readonly unanswered: readonly string[]
}

export interface ChangeRow {
  readonly what: Change['what']
  readonly from: Side
  readonly to: Side
  readonly aimedAt: Aim
  readonly traffic: readonly string[]
}

/** Rows of passages between parties; of the internet one for each part that is treated otherwise. */
export function rowsOf(network: Network, passages: Iterable<Passage>): Row[] {
  const rows = [...passages].flatMap((passage): Row[] =>
    sidesOf(network, passage, [passage.answered, passage.unanswered]).map(
      ({ traffic: [answered, unanswered], ...sides }) => ({ ...sides, aimedAt: passage.aimedAt, answered, unanswered }),
    ),
  )
  return joined(joined(rows, 'from'), 'to')
}

export function changeRowsOf(network: Network, changes: readonly Change[]): ChangeRow[] {
  const rows = changes.flatMap((change): ChangeRow[] =>
    sidesOf(network, change, [change.headers, NOTHING]).map(({ traffic: [traffic], ...sides }) => ({
      what: change.what,
      ...sides,
      aimedAt: change.aimedAt,
      traffic,
    })),
  )
  return joined(joined(rows, 'from'), 'to')
}

type Two<T> = readonly [T, T]

/** Two parties, or a part of the internet and a party, and the traffic of two sets between them. */
interface Sides {
  readonly from: Side
  readonly to: Side
  readonly traffic: Two<readonly string[]>
}

function sidesOf(
  network: Network,
  { from, to }: { readonly from: Party; readonly to: Party },
  sets: Two<HeaderSet>,
): Sides[] {
  if (from !== INTERNET && to !== INTERNET)
    return [{ from: membersOf(from), to: membersOf(to), traffic: [trafficOf(sets[0]), trafficOf(sets[1])] }]
  const ours = [...groupsOf(network).publicOwners.keys()]
  const [first, second] = sets.map((set) => byPrefixes(set, from === INTERNET ? 'source' : 'destination', ours))
  const areas = new Map([...(first ?? []), ...(second ?? [])].map(({ prefixes }) => [prefixes.join(), prefixes]))
  return [...areas].map(([key, ids]) => {
    const side: Side = { kind: 'internet', ids }
    const of = (parts: readonly Outside[] = []) => parts.find(({ prefixes }) => prefixes.join() === key)?.traffic ?? []
    return {
      from: from === INTERNET ? side : membersOf(from),
      to: to === INTERNET ? side : membersOf(to),
      traffic: [of(first), of(second)],
    }
  })
}

const membersOf = (party: Exclude<Party, typeof INTERNET>): Side => ({
  kind: 'interface',
  ids: party.members.map(({ id }) => id),
})

/** Rows that differ on one side alone are one. */
function joined<R extends { readonly from: Side; readonly to: Side }>(rows: readonly R[], side: 'from' | 'to'): R[] {
  const groups = Map.groupBy(rows, (row) => {
    const { [side]: own, ...rest } = row
    return JSON.stringify(own.kind === 'internet' ? row : rest) + own.kind
  })
  return [...groups.values()].map((group) => {
    const [first] = group as [R]
    const ids = [...new Set(group.flatMap((row) => row[side].ids))]
    return { ...first, [side]: { ...first[side], ids: first[side].kind === 'internet' ? ids : ids.sort() } }
  })
}
