/** Internet gateway: the edge between one VPC and the internet, where public addresses become private ones. */
import type { Fact, NextHop } from '../network/network.ts'
import type { Output } from '../protocol/types.ts'
import { publicAddressOf } from './address.ts'
import { ApiError, dependencyViolation, invalidValue } from './errors.ts'
import { find, remove } from './lookup.ts'
import { quota } from './quotas.ts'
import { blocks, type Context, defineKind, type Handlers, newResource, type Resource, type Tags } from './resource.ts'
import { select } from './select.ts'
import type { State } from './state.ts'
import { showTags, tagsFor } from './tags.ts'
import { activeBlocks } from './vpc.ts'

export interface InternetGateway extends Resource {
  readonly state: 'available'
  /** While it is attached (G3). */
  readonly vpcId?: string
  /** Of the edge's table in the kernel. */
  readonly number: number
}

declare module './resource.ts' {
  interface ResourceTypes {
    'internet-gateway': InternetGateway
  }
}

export const internetGateway = defineKind({
  type: 'internet-gateway',
  idPrefix: 'igw',
  noun: 'internetGateway ID',
  codes: { notFound: 'InvalidInternetGatewayID.NotFound', malformed: 'InvalidInternetGatewayId.Malformed' },
  references: { vpcId: blocks('vpc') },
  lifecycle: {},
  indexed: { 'internet-gateway-id': 'id', 'attachment.vpc-id': 'vpcId' },
  filters: {
    'internet-gateway-id': (gateway) => gateway.id,
    'owner-id': (gateway) => gateway.account,
    'attachment.vpc-id': (gateway) => gateway.vpcId,
    'attachment.state': (gateway) => gateway.vpcId && 'available',
  },
  compile: (gateway, state) => facts(gateway, state),
  routeTarget: (gateway, vpcId): NextHop | undefined =>
    gateway.vpcId === vpcId ? { kind: 'link', interface: `${vpcId}/${gateway.id}` } : undefined,
})

/** The gateway attached to a VPC, if any. */
export const attachedGateway = (state: State, vpcId: string): InternetGateway | undefined =>
  state.where('internet-gateway', 'vpcId', vpcId)[0]

export const internetGatewayActions: Handlers = {
  CreateInternetGateway(input, context) {
    return {
      InternetGateway: showGateway(
        createInternetGateway(context, tagsFor('internet-gateway', input.TagSpecifications)),
      ),
    }
  },
  DescribeInternetGateways(input, context) {
    const { items, ...page } = select(context, 'internet-gateway', input, input.InternetGatewayIds)
    return { InternetGateways: items.map(showGateway), ...page }
  },
  AttachInternetGateway(input, context) {
    const gateway = find(context, 'internet-gateway', input.InternetGatewayId)
    const { id } = find(context, 'vpc', input.VpcId)
    if (gateway.vpcId) {
      throw new ApiError(
        'Resource.AlreadyAssociated',
        `resource ${gateway.id} is already attached to network ${gateway.vpcId}`,
      )
    }
    // AWS's code and words as binlab/terraform-aws-vault-ha-raft#54 quotes them (2021).
    if (attachedGateway(context.state, id)) throw invalidValue(`Network ${id} already has an internet gateway attached`)
    attachGateway(context, gateway, id)
    return {}
  },
  DetachInternetGateway(input, context) {
    const gateway = find(context, 'internet-gateway', input.InternetGatewayId)
    const { id } = find(context, 'vpc', input.VpcId)
    if (gateway.vpcId !== id)
      throw new ApiError('Gateway.NotAttached', `resource ${gateway.id} is not attached to network ${id}`)
    if (hasPublicAddress(context.state, id)) {
      throw dependencyViolation(
        `Network ${id} has some mapped public address(es). Please unmap those public address(es) before ` +
          'detaching the gateway.',
      )
    }
    const { vpcId: _, ...detached } = gateway
    context.state.put('internet-gateway', detached)
    return {}
  },
  DeleteInternetGateway(input, context) {
    const gateway = find(context, 'internet-gateway', input.InternetGatewayId)
    if (gateway.vpcId)
      throw dependencyViolation(`The internetGateway '${gateway.id}' has dependencies and cannot be deleted.`)
    remove(context, 'internet-gateway', gateway.id)
    return {}
  },
}

const hasPublicAddress = (state: State, vpcId: string): boolean =>
  state.where('network-interface', 'vpcId', vpcId).some((eni) => publicAddressOf(state, eni) !== undefined)

/** A gateway of the caller's, attached to nothing. Throws InternetGatewayLimitExceeded. */
export function createInternetGateway(context: Context, tags: Tags): InternetGateway {
  const { account, region } = context.caller
  const own = context.state.where('internet-gateway', 'account', account).filter((g) => g.region === region)
  if (own.length >= quota('internetGateways')) {
    throw new ApiError('InternetGatewayLimitExceeded', 'The maximum number of internet gateways has been reached.')
  }
  return context.state.put('internet-gateway', {
    ...newResource(context, internetGateway, 'available', tags),
    state: 'available',
    number: context.newNumber(),
  })
}

export const attachGateway = (context: Context, gateway: InternetGateway, vpcId: string): InternetGateway =>
  context.state.put('internet-gateway', { ...gateway, vpcId })

/**
 * The uplink between the VPC's router and the internet. What arrives is routed by a table that knows the VPC's own
 * blocks and nothing else, so the gateway leads nowhere but into its VPC (X6).
 */
function facts({ id, vpcId, number }: InternetGateway, state: State): Fact[] {
  const vpc = vpcId === undefined ? undefined : state.get('vpc', vpcId)
  if (!vpc) return []
  const edge = `${vpc.id}/${id}`
  const origin = { resource: id, code: 'IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS' }
  const port = { segment: id, addresses: [], sourceDestCheck: false, placement: 'local', origin: { resource: id } }
  return [
    { segment: { id, kind: 'uplink', mtu: 1500, origin: { resource: id } } },
    { interface: { ...port, id: edge, node: vpc.id, table: edge } },
    { interface: { ...port, id: `internet/${id}`, node: 'internet' } },
    { table: { id: edge, node: vpc.id, number, origin } },
    ...activeBlocks(vpc).map(
      (prefix): Fact => ({
        route: { table: edge, prefix, nextHop: { kind: 'connected' }, origin: { ...origin, rule: prefix } },
      }),
    ),
  ]
}

const showGateway = (gateway: InternetGateway): NonNullable<Output<'CreateInternetGateway'>['InternetGateway']> => ({
  InternetGatewayId: gateway.id,
  OwnerId: gateway.account,
  // AWS shows a gateway's attachment as `available`, a value its own enumeration does not have.
  Attachments: gateway.vpcId ? [{ VpcId: gateway.vpcId, State: 'available' as 'attached' }] : [],
  Tags: showTags(gateway.tags),
})
