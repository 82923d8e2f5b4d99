/** Reads again the few instances that have changed: a large Region's answer takes longer to read than to draw. */
import type { Ec2 } from '../../client/ec2-client.ts'
import type { Address, Instance } from './estate.ts'

/** Kind of record → ids of those that have changed; a kind that is missing may have changed anywhere. */
export type Changed = ReadonlyMap<string, ReadonlySet<string>>

/** What an instance shows may come from any of these. */
const CAUSES = ['instance', 'network-interface', 'elastic-ip'] as const
type Cause = (typeof CAUSES)[number]

/** The ids of all instances that look different now; undefined where that is not known. */
export async function changedInstances(
  client: Ec2,
  types: ReadonlySet<string>,
  changed: Changed,
  addresses: readonly Address[],
): Promise<readonly string[] | undefined> {
  const ids = new Map<Cause, readonly string[]>()
  for (const cause of CAUSES) {
    const known = changed.get(cause)
    if (types.has(cause) && !known) return undefined
    ids.set(cause, [...(known ?? [])])
  }
  const before = addresses.filter(({ id }) => ids.get('elastic-ip')?.includes(id)).map(({ instanceId }) => instanceId)
  const [holders, now] = await Promise.all([
    holdersOf(client, ids.get('network-interface') ?? []),
    assigned(client, ids.get('elastic-ip') ?? []),
  ])
  return [...new Set([...(ids.get('instance') ?? []), ...holders, ...before, ...now])].filter(Boolean)
}

/** One that is gone or detached changes its instance's own record, or nothing that is shown. */
async function holdersOf(client: Ec2, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const Filters = [{ Name: 'network-interface-id', Values: [...ids] }]
  const { NetworkInterfaces = [] } = await client.call('DescribeNetworkInterfaces', { Filters })
  return NetworkInterfaces.flatMap(({ Attachment }) => Attachment?.InstanceId ?? [])
}

async function assigned(client: Ec2, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const { Addresses = [] } = await client.call('DescribeAddresses', {
    Filters: [{ Name: 'allocation-id', Values: [...ids] }],
  })
  return Addresses.flatMap(({ InstanceId }) => InstanceId ?? [])
}

/** The list with these read anew: those that are not found any more are gone. */
export function replaced(all: readonly Instance[], ids: readonly string[], found: readonly Instance[]): Instance[] {
  const news = new Map(found.map((instance) => [instance.id, instance]))
  const asked = new Set(ids)
  const kept = all.flatMap((instance) => (asked.has(instance.id) ? (news.get(instance.id) ?? []) : instance))
  const known = new Set(kept.map(({ id }) => id))
  return [...kept, ...found.filter(({ id }) => !known.has(id))]
}
