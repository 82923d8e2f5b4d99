/** An estate, looked up by what things belong to: a layout must not search all for each. */
import { compareIp, parseIp } from '../../ip/address.ts'
import { type Estate, type Gateway, type Instance, isOver, isPublic } from '../estate/estate.ts'
import type { Peering, RouteTable, Subnet } from '../estate/estate.ts'

export interface Index {
  readonly estate: Estate
  subnetsOf(vpcId: string): readonly Subnet[]
  instancesOf(subnetId: string): readonly Instance[]
  instancesIn(vpcId: string): number
  tablesOf(vpcId: string): readonly RouteTable[]
  gatewaysOf(vpcId: string): readonly Gateway[]
  /** Those that are not over, of which the VPC is a side here. */
  peeringsOf(vpcId: string): readonly Peering[]
  tableOf(subnet: Subnet): RouteTable | undefined
  isPublic(subnet: Subnet): boolean
  nameOf(vpcId: string): string
}

/** Orders addresses, and blocks by their first address. */
function byAddress(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => parseIp(text.split('/')[0] ?? ''))
  return a && b ? compareIp(a, b) : one.localeCompare(other)
}

export function indexOf(estate: Estate): Index {
  const subnets = Map.groupBy(
    estate.subnets.toSorted((one, other) => byAddress(one.cidr, other.cidr)),
    ({ vpcId }) => vpcId,
  )
  const instances = Map.groupBy(
    estate.instances.toSorted((one, other) => byAddress(one.privateIp, other.privateIp)),
    ({ subnetId }) => subnetId,
  )
  const inVpc = Map.groupBy(estate.instances, ({ vpcId }) => vpcId)
  const tables = Map.groupBy(estate.tables, ({ vpcId }) => vpcId)
  const gateways = Map.groupBy(estate.gateways, ({ vpcId }) => vpcId)
  const peerings = Map.groupBy(
    estate.peerings
      .filter((peering) => !isOver(peering))
      .flatMap((peering) => [peering.requester.vpcId, peering.accepter.vpcId].map((vpcId) => ({ vpcId, peering }))),
    ({ vpcId }) => vpcId,
  )
  const own = new Map(
    estate.tables.flatMap((table) => table.associations.map(({ subnetId }) => [subnetId, table] as const)),
  )
  const main = new Map(estate.tables.filter((table) => table.main).map((table) => [table.vpcId, table]))
  const names = new Map(estate.vpcs.map(({ id, name }) => [id, name || id]))
  const tableOf = ({ id, vpcId }: Subnet) => own.get(id) ?? main.get(vpcId)
  return {
    estate,
    subnetsOf: (vpcId) => subnets.get(vpcId) ?? [],
    instancesOf: (subnetId) => instances.get(subnetId) ?? [],
    instancesIn: (vpcId) => inVpc.get(vpcId)?.length ?? 0,
    tablesOf: (vpcId) => tables.get(vpcId) ?? [],
    gatewaysOf: (vpcId) => gateways.get(vpcId) ?? [],
    peeringsOf: (vpcId) => (peerings.get(vpcId) ?? []).map(({ peering }) => peering),
    tableOf,
    isPublic: (subnet) => isPublic(tableOf(subnet)),
    nameOf: (vpcId) => names.get(vpcId) ?? vpcId,
  }
}
