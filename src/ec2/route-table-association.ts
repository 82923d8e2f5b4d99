/** Which subnets a route table serves, and which table is the main one (R1). */
import type { Input, Output } from '../protocol/types.ts'
import { ApiError, invalidCombination, invalidValue, missingParameter, unsupported } from './errors.ts'
import { find, isVisible } from './lookup.ts'
import type { Context, Handlers } from './resource.ts'
import type { RouteTable, RouteTableAssociation } from './route-table.ts'
import { refuseGatewayTable } from './route-table-gateway.ts'
import type { State } from './state.ts'

const ASSOCIATED = { State: 'associated' as const }

export const routeTableAssociationActions: Handlers = {
  AssociateRouteTable(input, context) {
    checkWhom(input)
    const table = find(context, 'route-table', input.RouteTableId)
    if (input.GatewayId !== undefined) return refuseGatewayTable(context, table, input.GatewayId)
    const subnet = find(context, 'subnet', input.SubnetId ?? '')
    if (subnet.vpcId !== table.vpcId)
      throw invalidValue(`Route table ${table.id} and subnet ${subnet.id} belong to different networks`)
    const there = associationOf(context.state, subnet.id)
    // unverified: that the same again is no error.
    if (there?.table.id === table.id) return answer(there.association.associationId)
    if (there) {
      throw new ApiError(
        'Resource.AlreadyAssociated',
        `the specified association for route table ${table.id} conflicts with an existing association`,
      )
    }
    return answer(associate(context, table.id, { subnetId: subnet.id, main: false }))
  },
  DisassociateRouteTable(input, context) {
    const { table, association } = findAssociation(context, input.AssociationId)
    if (association.main)
      throw invalidValue(`cannot disassociate the main route table association ${association.associationId}`)
    drop(context, table, association)
    return {}
  },
  ReplaceRouteTableAssociation(input, context) {
    const { table: old, association } = findAssociation(context, input.AssociationId)
    const table = find(context, 'route-table', input.RouteTableId)
    if (table.vpcId !== old.vpcId)
      throw invalidValue(`Route table ${table.id} and route table ${old.id} belong to different networks`)
    drop(context, old, association)
    const { associationId, ...whom } = association
    const { AssociationId, ...rest } = answer(associate(context, table.id, whom))
    return { NewAssociationId: AssociationId, ...rest }
  },
}

/** A subnet or a gateway. unverified: AWS's words. */
function checkWhom({ SubnetId, GatewayId, PublicIpv4Pool }: Input<'AssociateRouteTable'>): void {
  if (PublicIpv4Pool !== undefined) throw unsupported('Public IPv4 pools are not supported.')
  if (SubnetId !== undefined && GatewayId !== undefined)
    throw invalidCombination('The request must contain exactly one of subnetId, gatewayId')
  if (SubnetId === undefined && GatewayId === undefined) throw missingParameter('subnetId or gatewayId')
}

interface Found {
  readonly table: RouteTable
  readonly association: RouteTableAssociation
}

function findAssociation(context: Context, id: string): Found {
  const [table] = context.state.where('route-table', 'associations.associationId', id)
  const association = table?.associations.find((a) => a.associationId === id)
  if (table && association && isVisible('route-table', table, context)) return { table, association }
  throw new ApiError('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`)
}

/** The one association of a subnet, if it has one of its own. */
function associationOf(state: State, subnetId: string): Found | undefined {
  const [table] = state.where('route-table', 'associations.subnetId', subnetId)
  const association = table?.associations.find((a) => a.subnetId === subnetId)
  return table && association && { table, association }
}

/** Adds the association to the table as it is now: the caller may just have dropped another from it. */
function associate(context: Context, tableId: string, whom: Omit<RouteTableAssociation, 'associationId'>): string {
  const table = find(context, 'route-table', tableId)
  const associationId = context.newId('rtbassoc')
  context.state.put('route-table', { ...table, associations: [...table.associations, { associationId, ...whom }] })
  return associationId
}

const drop = (context: Context, table: RouteTable, association: RouteTableAssociation): RouteTable =>
  context.state.put('route-table', { ...table, associations: table.associations.filter((a) => a !== association) })

const answer = (AssociationId: string): Output<'AssociateRouteTable'> => ({
  AssociationId,
  AssociationState: ASSOCIATED,
})

/** A subnet that is deleted takes its association along. */
export function forgetSubnetInTables(context: Context, subnetId: string): void {
  const there = associationOf(context.state, subnetId)
  if (there) drop(context, there.table, there.association)
}
