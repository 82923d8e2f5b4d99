/** The calls that change routes and what uses a route table. */
import { type PlannedCall, planned } from '../../wizard/planned-call.ts'
import { type Estate, type Peering, type Route, type RouteTable, type Side, tableOf } from '../estate/estate.ts'

/** A route's destination as EC2 takes it. */
function destination(block: string) {
  if (block.startsWith('pl-')) return { DestinationPrefixListId: block }
  return block.includes(':') ? { DestinationIpv6CidrBlock: block } : { DestinationCidrBlock: block }
}

/** Prefix of an id → the parameter that names such a target. */
const PARAMETERS = {
  igw: 'GatewayId',
  pcx: 'VpcPeeringConnectionId',
  nat: 'NatGatewayId',
  eigw: 'EgressOnlyInternetGatewayId',
  i: 'InstanceId',
  eni: 'NetworkInterfaceId',
} as const

const targetOf = (id: string) => ({ [PARAMETERS[id.split('-')[0] as keyof typeof PARAMETERS]]: id })

export function routeAddition({ id }: RouteTable, to: string, target: string): readonly PlannedCall[] {
  if (!to.trim() || !target) throw new Error('Give the block to reach, and what leads there.')
  return [planned('Add route', 'CreateRoute', { RouteTableId: id, ...destination(to.trim()), ...targetOf(target) })]
}

export function routeChange({ id }: RouteTable, route: Route, target: string): readonly PlannedCall[] {
  if (!target || target === route.target) throw new Error('Choose another target.')
  const input = { RouteTableId: id, ...destination(route.destination), ...targetOf(target) }
  return [planned('Save route', 'ReplaceRoute', input)]
}

export const routeDeletion = ({ id }: RouteTable, route: Route): readonly PlannedCall[] => [
  planned('Delete route', 'DeleteRoute', { RouteTableId: id, ...destination(route.destination) }),
]

/** The subnets that are wanted, and no others, use the table by name; others go back to the main one. */
export function subnetAssociations(
  estate: Estate,
  table: RouteTable,
  wanted: ReadonlySet<string>,
): readonly PlannedCall[] {
  const gone = table.associations.filter(({ subnetId }) => !wanted.has(subnetId))
  const own = new Set(table.associations.map(({ subnetId }) => subnetId))
  const come = [...wanted].filter((subnetId) => !own.has(subnetId))
  const calls = [
    ...gone.map(({ id }) => planned('Disassociate subnet', 'DisassociateRouteTable', { AssociationId: id })),
    ...come.map((SubnetId) => association(estate, table, SubnetId)),
  ]
  if (calls.length === 0) throw new Error('Tick the subnets that shall use this table.')
  return calls
}

/** A subnet that has a table of its own gets another in its place. */
export function association({ tables }: Estate, { id }: RouteTable, SubnetId: string): PlannedCall {
  const old = tables.flatMap(({ associations }) => associations).find(({ subnetId }) => subnetId === SubnetId)
  if (!old) return planned('Associate subnet', 'AssociateRouteTable', { RouteTableId: id, SubnetId })
  return planned('Replace association', 'ReplaceRouteTableAssociation', { AssociationId: old.id, RouteTableId: id })
}

/** Subnets without a table of their own use this one from then on. */
export function setMain({ tables }: Estate, { id, vpcId }: RouteTable): readonly PlannedCall[] {
  const now = tables.find((table) => table.vpcId === vpcId && table.main)
  if (!now?.mainAssociationId) throw new Error('The VPC has no main route table.')
  const input = { AssociationId: now.mainAssociationId, RouteTableId: id }
  return [planned('Set main route table', 'ReplaceRouteTableAssociation', input)]
}

/** A route to the other side of a peering that a table lacks. */
export interface Proposal {
  readonly table: RouteTable
  readonly destination: string
  /** Where the table has another way to the same block: a dead peering's, say. */
  readonly old?: Route
}

/** Of both sides, what the tables lack that a subnet uses; of a VPC without subnets, its main table. */
export const proposalsOf = (estate: Estate, { id, requester, accepter }: Peering): Proposal[] =>
  [[requester, accepter] as const, [accepter, requester] as const].flatMap(([mine, other]) =>
    tablesInUse(estate, mine).flatMap((table) =>
      other.cidrs.flatMap((cidr): Proposal[] => {
        const old = table.routes.find((route) => route.destination === cidr)
        if (old?.target === id) return []
        return [{ table, destination: cidr, ...(old && { old }) }]
      }),
    ),
  )

function tablesInUse(estate: Estate, { vpcId }: Side): RouteTable[] {
  const subnets = estate.subnets.filter((subnet) => subnet.vpcId === vpcId)
  const used = new Set(subnets.map((subnet) => tableOf(estate, subnet)?.id))
  return estate.tables.filter((table) => table.vpcId === vpcId && (used.size > 0 ? used.has(table.id) : table.main))
}

/** Routes that lead to a peering. */
export const routesTo = ({ tables }: Estate, target: string): { table: RouteTable; route: Route }[] =>
  tables.flatMap((table) => table.routes.filter((route) => route.target === target).map((route) => ({ table, route })))
