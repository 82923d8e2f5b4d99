/** Passages as rows of a table: who reaches whom with what, those alike in one row. */
import type { HeaderSet } from '../../headers/header-set.ts'
import { NOTHING, union } from '../../headers/header-set.ts'
import { groupsOf } from '../../network/groups.ts'
import type { Network } from '../../network/network.ts'
import type { Change } from './diff.ts'
import { INTERNET, type Party } from './parties.ts'
import type { Aim, Passage } from './passages.ts'
import { byPrefixes, trafficOf } from './traffic.ts'

/** One side of a row: ids of what stands there (interfaces, instances, groups, subnets), or prefixes of the internet. */
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
  const rows = [...passages].flatMap((passage): Row[] => {
    const { from, to, aimedAt } = passage
    const parts = sidesOf(network, { from, to }, passage.answered, passage.unanswered)
    return parts.map(({ sets: [answered, unanswered], ...sides }) => ({
      ...sides,
      aimedAt,
      answered: trafficOf(answered),
      unanswered: trafficOf(unanswered),
    }))
  })
  return joined(joined(rows, 'from'), 'to')
}

export function changeRowsOf(network: Network, changes: readonly Change[]): ChangeRow[] {
  const rows = changes.flatMap(({ what, from, to, aimedAt, headers }): ChangeRow[] =>
    sidesOf(network, { from, to }, headers, NOTHING).map(({ sets: [part], ...sides }) => ({
      what,
      ...sides,
      aimedAt,
      traffic: trafficOf(part),
    })),
  )
  return joined(joined(rows, 'from'), 'to')
}

interface Sides {
  readonly from: Side
  readonly to: Side
  readonly sets: readonly [HeaderSet, HeaderSet]
}

function sidesOf(
  network: Network,
  { from, to }: { readonly from: Party; readonly to: Party },
  first: HeaderSet,
  second: HeaderSet,
): Sides[] {
  if (from !== INTERNET && to !== INTERNET) return [{ from: membersOf(from), to: membersOf(to), sets: [first, second] }]
  const ours = [...groupsOf(network).publicOwners.keys()]
  const field = from === INTERNET ? 'source' : 'destination'
  const parts = new Map<string, { side: Side; sets: [HeaderSet, HeaderSet] }>()
  for (const [i, set] of [first, second].entries()) {
    for (const { prefixes, headers } of byPrefixes(set, field, ours)) {
      const key = prefixes.join()
      const known = parts.get(key) ?? { side: { kind: 'internet', ids: prefixes }, sets: [NOTHING, NOTHING] }
      known.sets[i as 0 | 1] = union(known.sets[i as 0 | 1], headers)
      parts.set(key, known)
    }
  }
  return [...parts.values()].map(({ side, sets }) => ({
    from: from === INTERNET ? side : membersOf(from),
    to: to === INTERNET ? side : membersOf(to),
    sets,
  }))
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
