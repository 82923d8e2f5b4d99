/** The card of one thing: what it is, what belongs to it, and what one can do with it. */
import type { ComponentChildren } from 'preact'
import type { Thing } from '../estate/estate.ts'
import { estate, isRead } from '../state.ts'
import { AclCard } from './acl.tsx'
import { GatewayCard } from './gateway.tsx'
import { GroupCard } from './group.tsx'
import { InstanceCard } from './instance.tsx'
import { PeeringCard } from './peering.tsx'
import { SubnetCard } from './subnet.tsx'
import { TableCard } from './table.tsx'
import { VpcCard } from './vpc.tsx'

interface Sort<T extends Thing> {
  readonly noun: string
  readonly among: () => readonly T[]
  readonly View: (props: { thing: T }) => ComponentChildren
}
const sort = <T extends Thing>(noun: string, among: () => readonly T[], View: Sort<T>['View']): Sort<Thing> =>
  ({ noun, among, View }) as unknown as Sort<Thing>

const SORTS: readonly Sort<Thing>[] = [
  sort('VPC', () => estate.value.vpcs, VpcCard),
  sort('Subnet', () => estate.value.subnets, SubnetCard),
  sort('Instance', () => estate.value.instances, InstanceCard),
  sort('Route table', () => estate.value.tables, TableCard),
  sort('Peering connection', () => estate.value.peerings, PeeringCard),
  sort('Security group', () => estate.value.groups, GroupCard),
  sort('Network ACL', () => estate.value.acls, AclCard),
  sort('Gateway', () => estate.value.gateways, GatewayCard),
]

/** A name with more letters is written small. */
const LONG = 60

/** Of groups, which everybody knows by that name. */
const groupName = (thing: Thing): string => ('groupName' in thing ? String(thing.groupName) : '')

export function Card({ id }: { id: string }) {
  for (const { noun, among, View } of SORTS) {
    const thing = among().find((one) => one.id === id)
    if (thing)
      return (
        <>
          <p class="noun">{noun}</p>
          <h2 class={thing.name.length > LONG ? 'long' : ''}>{thing.name || groupName(thing) || thing.id}</h2>
          <View thing={thing} />
        </>
      )
  }
  return <p class="hint">{isRead.value ? `${id} is no longer there.` : 'Reading …'}</p>
}
