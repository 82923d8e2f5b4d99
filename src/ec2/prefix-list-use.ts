/** Who names a prefix list, and what that costs them: its maximum size, not its entries (S9, R8). */
import { findPrefixList, type PrefixList } from './prefix-list.ts'
import type { Handlers, Resource } from './resource.ts'
import { hasRoomForRoutes } from './route.ts'
import { hasRoomForRules, rulesOf } from './security-group-rule.ts'
import type { SecurityGroup } from './security-group.ts'
import type { RouteTable } from './route-table.ts'
import { pageOf } from './select.ts'
import type { State } from './state.ts'

const tablesWith = (state: State, id: string): readonly RouteTable[] =>
  state.where('route-table', 'routes.destination', id)

function groupsWith(state: State, id: string): SecurityGroup[] {
  const ids = new Set(state.where('security-group-rule', 'prefixListId', id).map(({ groupId }) => groupId))
  return [...ids].flatMap((groupId) => state.get('security-group', groupId) ?? [])
}

/** The tables and groups that name the list. */
export const usersOf = (state: State, { id }: PrefixList): Resource[] => [
  ...tablesWith(state, id),
  ...groupsWith(state, id),
]

/** Those that would hold too much, were the list of this size: it counts as many as it may have. */
export function withoutRoomFor(state: State, list: PrefixList, maxEntries: number): Resource[] {
  const weight = { id: list.id, weight: maxEntries }
  return [
    ...tablesWith(state, list.id).filter((table) => !hasRoomForRoutes(state, table.routes, weight)),
    ...groupsWith(state, list.id).filter(({ id }) => {
      const rules = rulesOf(state, id)
      return [true, false].some((egress) => {
        const there = rules.filter((r) => r.egress === egress)
        return !hasRoomForRules(state, there, weight)
      })
    }),
  ]
}

export const prefixListUseActions: Handlers = {
  GetManagedPrefixListAssociations(input, context) {
    const list = findPrefixList(context, input.PrefixListId)
    const users = usersOf(context.state, list)
    const { items, ...page } = pageOf(users, input, `users of ${list.id}`, { min: 5, max: 255 })
    return {
      PrefixListAssociations: items.map(({ id, account }) => ({ ResourceId: id, ResourceOwner: account })),
      ...page,
    }
  },
}
