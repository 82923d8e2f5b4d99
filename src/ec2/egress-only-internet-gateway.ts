/** Egress-only internet gateway: the way out for IPv6, and none in (E3). A record: no packet is of IPv6. */
import type { Output } from '../protocol/types.ts'
import { ApiError, invalidCombination, invalidValue } from './errors.ts'
import { checkId, find, isVisible, remove } from './lookup.ts'
import { quota } from './quotas.ts'
import { blocks, type Context, defineKind, type Handlers, newResource, type Resource } from './resource.ts'
import { select } from './select.ts'
import { showTags, tagsFor } from './tags.ts'

export interface EgressOnlyInternetGateway extends Resource {
  readonly state: 'available'
  /** For all its life. */
  readonly vpcId: string
}

declare module './resource.ts' {
  interface ResourceTypes {
    'egress-only-internet-gateway': EgressOnlyInternetGateway
  }
}

export const egressOnlyInternetGateway = defineKind({
  type: 'egress-only-internet-gateway',
  idPrefix: 'eigw',
  // unverified: the noun.
  noun: 'egressOnlyInternetGateway ID',
  codes: {
    notFound: 'InvalidEgressOnlyInternetGatewayId.NotFound',
    malformed: 'InvalidEgressOnlyInternetGatewayId.Malformed',
  },
  references: { vpcId: blocks('vpc') },
  lifecycle: {},
  // AWS documents those for tags only.
  filters: {},
  // The place is in no network: what leads there is a route of IPv6.
  routeTarget: ({ id, vpcId }, from) => (vpcId === from ? { kind: 'link', interface: `${vpcId}/${id}` } : undefined),
})

export const egressOnlyInternetGatewayActions: Handlers = {
  CreateEgressOnlyInternetGateway(input, context) {
    const { id: vpcId } = find(context, 'vpc', input.VpcId)
    const tags = tagsFor('egress-only-internet-gateway', input.TagSpecifications)
    checkRoom(context, vpcId)
    const created = context.state.put('egress-only-internet-gateway', {
      ...newResource(context, egressOnlyInternetGateway, 'available', tags),
      state: 'available',
      vpcId,
    })
    return {
      EgressOnlyInternetGateway: show(created),
      ...(input.ClientToken && { ClientToken: input.ClientToken }),
    }
  },
  DescribeEgressOnlyInternetGateways(input, context) {
    const { EgressOnlyInternetGatewayIds: ids, ...query } = input
    if (ids?.length && query.MaxResults !== undefined)
      throw invalidCombination('The parameter MaxResults cannot be used with the parameter that lists ids')
    const there = ids?.filter((id) => isThere(context, id))
    if (ids?.length && !there?.length) return { EgressOnlyInternetGateways: [] }
    const { items, ...page } = select(context, 'egress-only-internet-gateway', query, there, { min: 5, max: 255 })
    return { EgressOnlyInternetGateways: items.map(show), ...page }
  },
  DeleteEgressOnlyInternetGateway({ EgressOnlyInternetGatewayId: id }, context) {
    // unverified: the code, which is what Terraform takes for a gateway that has gone already, and the words.
    if (!isThere(context, id)) throw new ApiError('InvalidGatewayID.NotFound', `The eigw ID '${id}' does not exist`)
    remove(context, 'egress-only-internet-gateway', id)
    return { ReturnCode: true }
  },
}

/**
 * Whether the caller has the gateway. Throws where the text can be no id. An unknown one is no error when gateways are
 * described: AWS leaves it out (unverified; Terraform rests on it).
 */
function isThere(context: Context, id: string): boolean {
  const found = context.state.get('egress-only-internet-gateway', id)
  if (found && isVisible('egress-only-internet-gateway', found, context)) return true
  checkId('egress-only-internet-gateway', id)
  return false
}

/** Five of an account in a Region, one of a VPC. unverified: code and words of both. */
function checkRoom({ caller, state }: Context, vpcId: string): void {
  if (state.where('egress-only-internet-gateway', 'vpcId', vpcId).length > 0)
    throw invalidValue(`Network ${vpcId} already has an egress-only internet gateway attached`)
  const own = state.where('egress-only-internet-gateway', 'account', caller.account)
  if (own.filter(({ region }) => region === caller.region).length >= quota('egressOnlyInternetGateways'))
    throw new ApiError(
      'EgressOnlyInternetGatewayLimitExceeded',
      'The maximum number of egress-only internet gateways has been reached.',
    )
}

type Shown = NonNullable<Output<'CreateEgressOnlyInternetGateway'>['EgressOnlyInternetGateway']>

/** Unlike an internet gateway's, its attachment is `attached`: Terraform takes the VPC from no other. */
const show = ({ id, vpcId, tags }: EgressOnlyInternetGateway): Shown => ({
  EgressOnlyInternetGatewayId: id,
  Attachments: [{ State: 'attached', VpcId: vpcId }],
  Tags: showTags(tags),
})
