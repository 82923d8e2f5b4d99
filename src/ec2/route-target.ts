/** What a route may lead to, as calls name it and as answers show it (R8, R11). */
import type { Input } from '../protocol/types.ts'
import { ApiError, invalidCombination, invalidValue, missingParameter, unsupported } from './errors.ts'
import type { InternetGateway } from './internet-gateway.ts'
import { find, isVisible, notFound } from './lookup.ts'
import { interfacesOfInstance } from './network-interface.ts'
import type { Context } from './resource.ts'
import type { RouteTable } from './route-table.ts'
import type { State } from './state.ts'
import { isActive, isPending, joins } from './vpc-peering-connection.ts'

/** An instance as target is its one interface, which is what AWS keeps as well. */
export type RouteTarget =
  | { readonly type: 'local' }
  | {
      readonly type:
        | 'internet-gateway'
        | 'egress-only-internet-gateway'
        | 'vpc-peering-connection'
        | 'network-interface'
        | 'natgateway'
      readonly id: string
    }

type Wish = Input<'CreateRoute'> | Input<'ReplaceRoute'>
type Reader = (id: string, context: Context, table: RouteTable) => RouteTarget

const refuse =
  (what: string): Reader =>
  () => {
    throw unsupported(`Routes to ${what} are not supported yet.`)
  }

/** Parameter → the target it names, checked. */
const parameters: { readonly [parameter: string]: Reader } = {
  GatewayId: gateway,
  VpcPeeringConnectionId: peering,
  NetworkInterfaceId: networkInterface,
  InstanceId: instance,
  NatGatewayId: natGateway,
  EgressOnlyInternetGatewayId: egressOnlyGateway,
  TransitGatewayId: refuse('transit gateways'),
  VpcEndpointId: refuse('VPC endpoints'),
  LocalGatewayId: refuse('local gateways'),
  CarrierGatewayId: refuse('carrier gateways'),
  CoreNetworkArn: refuse('core networks'),
  OdbNetworkArn: refuse('ODB networks'),
}

type Parameters = Readonly<Record<string, string | undefined>>

const given = (input: Wish): [id: string, read: Reader][] =>
  Object.entries(parameters).flatMap(([name, read]) => {
    const id = (input as unknown as Parameters)[name]
    return id === undefined ? [] : [[id, read] as [string, Reader]]
  })

/** Whether a call names a target at all. */
export const namesTarget = (input: Wish): boolean => given(input).length > 0

/** The one target a call names. Throws where there is none, several, or one that is not of the table's VPC. */
export function targetOf(context: Context, table: RouteTable, input: Wish): RouteTarget {
  const [target, ...more] = given(input)
  // unverified: AWS's words for none and for several.
  if (!target) throw missingParameter('gatewayId')
  if (more.length > 0) throw invalidCombination('The request must contain exactly one route target')
  const [id, read] = target
  return read(id, context, table)
}

const foreign = (table: RouteTable, what: string): ApiError =>
  invalidValue(`route table ${table.id} and ${what} belong to different networks`)

function gateway(id: string, context: Context, table: RouteTable): RouteTarget {
  if (id === 'local') return { type: 'local' }
  if (id.startsWith('vpce-')) throw unsupported('Routes to VPC endpoints are not supported yet.')
  return { type: 'internet-gateway', id: gatewayOf(context, table, id).id }
}

/**
 * The internet gateway that is attached to the table's VPC. Throws InvalidGatewayID.NotFound for an id of any other
 * kind as well, as AWS does (R11); UnsupportedOperation for a virtual private gateway.
 */
export function gatewayOf(context: Context, table: RouteTable, id: string): InternetGateway {
  if (id.startsWith('vgw-')) throw unsupported('Virtual private gateways are not supported yet.')
  const found = context.state.get('internet-gateway', id)
  if (!found || !isVisible('internet-gateway', found, context))
    throw new ApiError('InvalidGatewayID.NotFound', `The gateway ID '${id}' does not exist`)
  if (found.vpcId !== table.vpcId) throw foreign(table, `network gateway ${id}`)
  return found
}

/** E3. unverified: AWS's words for one of another VPC. */
function egressOnlyGateway(id: string, context: Context, table: RouteTable): RouteTarget {
  if (find(context, 'egress-only-internet-gateway', id).vpcId !== table.vpcId)
    throw foreign(table, `network gateway ${id}`)
  return { type: 'egress-only-internet-gateway', id }
}

/** A peering that is still asked for may be named already; its route waits as a blackhole (X4). */
function peering(id: string, context: Context, table: RouteTable): RouteTarget {
  const found = find(context, 'vpc-peering-connection', id)
  if (!joins(found, table.vpcId)) throw foreign(table, `network gateway ${id}`)
  // unverified: AWS's answer for a peering that has ended.
  if (!isActive(found) && !isPending(found)) throw notFound('vpc-peering-connection', id)
  return { type: 'vpc-peering-connection', id }
}

/** AWS's words for one of another VPC spell its id `interface-`, as saltstack/salt#38791 quotes them (2017). */
function networkInterface(id: string, context: Context, table: RouteTable): RouteTarget {
  if (find(context, 'network-interface', id).vpcId !== table.vpcId)
    throw foreign(table, `interface ${id.replace(/^eni-/, 'interface-')}`)
  return { type: 'network-interface', id }
}

/** One that is still being made may be named already; its route waits as a blackhole. */
function natGateway(id: string, context: Context, table: RouteTable): RouteTarget {
  const found = find(context, 'natgateway', id)
  // unverified: AWS's answer for one that failed, or is deleted but still seen.
  if (found.state !== 'pending' && found.state !== 'available') throw notFound('natgateway', id)
  // R11. unverified: AWS's words.
  if (found.vpcId !== table.vpcId) throw foreign(table, `NAT gateway ${id}`)
  return { type: 'natgateway', id }
}

function instance(id: string, context: Context, table: RouteTable): RouteTarget {
  find(context, 'instance', id)
  const [only, ...more] = interfacesOfInstance(context.state, id)
  // unverified: AWS's words for an instance that has ended.
  if (!only) throw new ApiError('InvalidInstanceID', `There are no interfaces attached to instance '${id}'.`)
  if (more.length > 0) {
    throw new ApiError(
      'InvalidInstanceID',
      `There are multiple interfaces attached to instance '${id}'. Please specify an interface ID for the ` +
        'operation instead.',
    )
  }
  return networkInterface(only.id, context, table)
}

/** As DescribeRouteTables shows it: an interface with the instance it is attached to. */
export function showTarget(state: State, target: RouteTarget): Record<string, string | undefined> {
  switch (target.type) {
    case 'local':
      return { GatewayId: 'local' }
    case 'internet-gateway':
      return { GatewayId: target.id }
    case 'egress-only-internet-gateway':
      return { EgressOnlyInternetGatewayId: target.id }
    case 'vpc-peering-connection':
      return { VpcPeeringConnectionId: target.id }
    case 'natgateway':
      return { NatGatewayId: target.id }
    case 'network-interface':
      return { NetworkInterfaceId: target.id, ...attachedInstance(state, target.id) }
  }
}

function attachedInstance(state: State, eniId: string): { InstanceId?: string; InstanceOwnerId?: string } {
  const attached = state.get('network-interface', eniId)?.attachment
  const owner = attached && state.get('instance', attached.instanceId)?.account
  return attached ? { InstanceId: attached.instanceId, ...(owner && { InstanceOwnerId: owner }) } : {}
}
