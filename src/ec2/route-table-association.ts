/** Which subnets a route table serves, and which table is the main one (R1). */
import type { Output } from '../protocol/types.ts'
import { ApiError, invalidValue, missingParameter, unsupported } from './errors.ts'
import { find, visible } from './lookup.ts'
import type { Context, Handlers } from './resource.ts'
import type { RouteTable, RouteTableAssociation } from './route-table.ts'

const ASSOCIATED = { State: 'associated' as const }

export const routeTableAssociationActions: Handlers = {
  AssociateRouteTable(input, context) {
    // Gateway route tables (R9).
    if (input.GatewayId) throw unsupported('Route tables of gateways are not supported yet.')
    if (!input.SubnetId) throw missingParameter('subnetId')
    const table = find(context, 'route-table', input.RouteTableId)
    const subnet = find(context, 'subnet', input.SubnetId)
    if (subnet.vpcId !== table.vpcId)
      throw invalidValue(`Route table ${table.id} and subnet ${subnet.id} belong to different networks`)
    if (tables(context).some((t) => t.associations.some((a) => a.subnetId === subnet.id))) {
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

const tables = (context: Context): RouteTable[] => [...visible(context, 'route-table')]

function findAssociation(context: Context, id: string): { table: RouteTable; association: RouteTableAssociation } {
  for (const table of tables(context)) {
    const association = table.associations.find((a) => a.associationId === id)
    if (association) return { table, association }
  }
  throw new ApiError('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`)
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
  for (const table of tables(context)) {
    const association = table.associations.find((a) => a.subnetId === subnetId)
    if (association) drop(context, table, association)
  }
}
