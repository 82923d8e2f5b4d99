/** NAT gateway: a way out of a VPC, in the gateway's own name, for instances that have no public address (1.8). */
import type { Fact } from '../network/network.ts'
import { ApiError } from './errors.ts'
import { isVisible } from './lookup.ts'
import { blocks, type Context, defineKind, type Resource, weak } from './resource.ts'
import type { State } from './state.ts'
import { activeBlocks } from './vpc.ts'

export interface NatGateway extends Resource {
  /** `failing` is shown as `pending`. */
  readonly state: 'pending' | 'failing' | 'available' | 'failed' | 'deleting' | 'deleted'
  readonly subnetId: string
  readonly vpcId: string
  readonly availabilityZone: string
  readonly connectivityType: 'public' | 'private'
  readonly createTime: number
  readonly deleteTime?: number
  /** Its interface, from its creation to its deletion; a gateway that fails has none. */
  readonly networkInterfaceId?: string
  /** What it had or has, for show: it outlives the interface. */
  readonly address: NatGatewayAddress
  readonly failure?: { readonly code: string; readonly message: string }
}

export interface NatGatewayAddress {
  readonly allocationId?: string
  readonly associationId?: string
  readonly networkInterfaceId?: string
  readonly privateIp?: string
  readonly publicIp?: string
}

declare module './resource.ts' {
  interface ResourceTypes {
    natgateway: NatGateway
  }
}

/** Milliseconds: AWS takes minutes. */
const PROGRESS = 1000
const HOUR = 3_600_000

/** While it is there, its subnet and VPC are needed. */
const whileThere = {
  ...blocks('vpc'),
  strength: (gateway: NatGateway) => (isOver(gateway) ? 'weak' : 'blocks'),
} as const

export const natGateway = defineKind({
  type: 'natgateway',
  idPrefix: 'nat',
  noun: 'natGateway ID',
  // As routes and tags answer; the gateway's own calls say `NatGatewayNotFound` (`natGatewayNamed`).
  codes: { notFound: 'InvalidNatGatewayID.NotFound', malformed: 'NatGatewayMalformed' },
  references: {
    subnetId: { ...whileThere, type: 'subnet' },
    vpcId: whileThere,
    networkInterfaceId: weak('network-interface'),
  },
  lifecycle: {
    pending: { after: PROGRESS, to: 'available' },
    failing: { after: PROGRESS, to: 'failed' },
    failed: { after: HOUR, gone: true },
    deleting: { after: PROGRESS, to: 'deleted' },
    deleted: { after: HOUR, gone: true },
  },
  filters: {
    'nat-gateway-id': (gateway) => gateway.id,
    state: (gateway) => shownState(gateway),
    'subnet-id': (gateway) => gateway.subnetId,
    'vpc-id': (gateway) => gateway.vpcId,
  },
  compile: facts,
  routeTarget: ({ state, vpcId, networkInterfaceId }, from) =>
    state === 'available' && vpcId === from && networkInterfaceId
      ? { kind: 'interface', interface: networkInterfaceId }
      : undefined,
})

/** Whether it holds nothing back any more; one that has failed does not begin to again while it is deleted. */
const isOver = ({ state, failure }: NatGateway): boolean =>
  state === 'failed' || state === 'deleted' || (state === 'deleting' && failure !== undefined)

export const shownState = ({ state }: NatGateway): Exclude<NatGateway['state'], 'failing'> =>
  state === 'failing' ? 'pending' : state

/** The node that sends for the VPC's hosts (A4); its interface is a fact of its own. */
function facts({ id, vpcId, networkInterfaceId }: NatGateway, state: State): Fact[] {
  const vpc = state.get('vpc', vpcId)
  if (!networkInterfaceId || !vpc) return []
  return [{ node: { id, kind: 'nat', serves: activeBlocks(vpc), origin: { resource: id } } }]
}

/** The caller's gateway. Throws NatGatewayMalformed or NatGatewayNotFound. */
export function natGatewayNamed(context: Context, id: string): NatGateway {
  const found = context.state.get('natgateway', id)
  if (found && isVisible('natgateway', found, context)) return found
  if (!/^nat-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id))
    throw new ApiError('NatGatewayMalformed', `The Nat Gateway ID ${id} is malformed`)
  throw new ApiError('NatGatewayNotFound', `The Nat Gateway ${id} was not found`)
}
