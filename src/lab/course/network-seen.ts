/** The network as a journal keeps it: the map, and the route tables, groups and ACLs line by line. */
import { drawMap } from '../../cli/draw-map.ts'
import { inventory } from '../../cli/inventory.ts'
import type { Ec2 } from '../../client/ec2-client.ts'
import { EMPTY, type Estate } from '../../console/estate/estate.ts'
import { partsOf, reread } from '../../console/estate/read.ts'
import { type Setting, settingsOf } from './settings.ts'

export type { Setting } from './settings.ts'

/** What the map shows, as plain data. */
export type EstateSeen = Omit<Estate, 'groups' | 'rules'>

export interface NetworkSeen {
  /** As `isthmus map` draws it. */
  readonly map: string
  /** Absent where there is too much of it to be kept for each step. */
  readonly estate?: EstateSeen
  readonly settings: readonly Setting[]
  /** Network namespaces of this machine that belong to what the lab has made; absent where there are none ever. */
  readonly namespaces?: readonly string[]
}

/** So many subnets, instances and tables are kept. */
const MOST = 400

/** What there is now, without a default VPC that nobody uses. */
export async function networkSeen(client: Ec2): Promise<NetworkSeen> {
  const [all, everything] = await Promise.all([reread(client, EMPTY, partsOf([])), inventory(client)])
  const used = inUse(all)
  const { groups: _, rules: __, ...estate } = used
  const isSmall = estate.subnets.length + estate.instances.length + estate.tables.length <= MOST
  return {
    map: isSmall ? drawMap(everything, { all: false }) : '',
    ...(isSmall && { estate }),
    settings: isSmall ? await settingsOf(client, used) : [],
  }
}

/** Every Region has a default VPC, and a lab is seldom about it. */
export function inUse(estate: Estate): Estate {
  const busy = new Set<string>(estate.instances.map(({ vpcId }) => vpcId))
  for (const { requester, accepter } of estate.peerings) busy.add(requester.vpcId).add(accepter.vpcId)
  const idle = new Set(estate.vpcs.filter(({ id, isDefault }) => isDefault && !busy.has(id)).map(({ id }) => id))
  const kept = <T extends { readonly vpcId: string }>(things: readonly T[]): T[] =>
    things.filter(({ vpcId }) => !idle.has(vpcId))
  return {
    ...estate,
    vpcs: estate.vpcs.filter(({ id }) => !idle.has(id)),
    subnets: kept(estate.subnets),
    tables: kept(estate.tables),
    gateways: kept(estate.gateways),
    groups: kept(estate.groups),
  }
}
