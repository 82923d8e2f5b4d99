/** The numbers by which the kernel knows records: where they are, to give a record of another state new ones. */
import type { ResourceType, ResourceTypes } from '../ec2/resource.ts'
import type { Snapshot } from '../store/store.ts'

type Renumbering = { readonly [T in ResourceType]?: (record: ResourceTypes[T], by: number) => ResourceTypes[T] }

/** Every kind that asks for `newNumber`. */
const numbered: Renumbering = {
  'route-table': (table, by) => ({ ...table, number: table.number + by }),
  'internet-gateway': (gateway, by) => ({ ...gateway, number: gateway.number + by }),
  'vpc-peering-connection': ({ requester, accepter, ...rest }, by) => ({
    ...rest,
    requester: { ...requester, number: requester.number + by },
    accepter: { ...accepter, number: accepter.number + by },
  }),
}

/** The same state with all of its numbers higher than `lastNumber`. */
export function renumbered<S extends Snapshot>(state: S, lastNumber: number): S {
  const records = state.records.map(({ type, id, record }) => {
    const change = numbered[type] as ((record: unknown, by: number) => typeof record) | undefined
    return { type, id, record: change ? change(record, lastNumber) : record }
  })
  return { ...state, records, lastNumber: state.lastNumber + lastNumber }
}
