/** EC2 Instance Connect Endpoint: a way to the private instances of a VPC, from an interface in one of its subnets. */
import type { Fact } from '../network/network.ts'
import type { Input } from '../protocol/types.ts'
import { ApiError, invalidCombination, unsupported } from './errors.ts'
import { showEndpoint } from './instance-connect-endpoint-view.ts'
import { find, visible } from './lookup.ts'
import { createInterface, deleteInterface } from './network-interface.ts'
import { quota } from './quotas.ts'
import { blocks, type Context, defineKind, type Handlers, inState, newResource, type Resource } from './resource.ts'
import { groupsForInterface } from './security-group.ts'
import { select } from './select.ts'
import type { Subnet } from './subnet.ts'
import { tagsFor } from './tags.ts'

export interface InstanceConnectEndpoint extends Resource {
  readonly state:
    | 'create-in-progress'
    | 'create-complete'
    | 'update-in-progress'
    | 'update-complete'
    | 'delete-in-progress'
  readonly subnetId: string
  readonly vpcId: string
  readonly availabilityZone: string
  readonly availabilityZoneId: string
  readonly groupIds: readonly string[]
  /** While the endpoint is not being deleted. */
  readonly networkInterfaceId?: string
  readonly createTime: number
}

declare module './resource.ts' {
  interface ResourceTypes {
    'instance-connect-endpoint': InstanceConnectEndpoint
  }
}

/** Milliseconds: AWS takes minutes. */
const PROGRESS = 1000

export const instanceConnectEndpoint = defineKind({
  type: 'instance-connect-endpoint',
  idPrefix: 'eice',
  noun: 'instance connect endpoint ID',
  codes: {
    notFound: 'InvalidInstanceConnectEndpointId.NotFound',
    malformed: 'InvalidInstanceConnectEndpointId.Malformed',
  },
  references: { subnetId: blocks('subnet'), vpcId: blocks('vpc'), groupIds: blocks('security-group') },
  lifecycle: {
    'create-in-progress': { after: PROGRESS, to: 'create-complete' },
    'update-in-progress': { after: PROGRESS, to: 'update-complete' },
    'delete-in-progress': { after: PROGRESS, gone: true },
  },
  filters: {
    'instance-connect-endpoint-id': (e) => e.id,
    state: (e) => e.state,
    'subnet-id': (e) => e.subnetId,
    'vpc-id': (e) => e.vpcId,
  },
  compile: facts,
})

/** A host of its own, from whose interface connections to instances are made (I7). */
function facts({ id, networkInterfaceId }: InstanceConnectEndpoint): Fact[] {
  return networkInterfaceId ? [{ node: { id, kind: 'host', origin: { resource: id } } }] : []
}

export const instanceConnectEndpointActions: Handlers = {
  CreateInstanceConnectEndpoint(input, context) {
    refuseUnsupported(input)
    const subnet = find(context, 'subnet', input.SubnetId)
    const tags = tagsFor('instance-connect-endpoint', input.TagSpecifications)
    const groupIds = groupsForInterface(context, subnet.vpcId, input.SecurityGroupIds)
    checkQuota(context, subnet)
    const base = newResource(context, instanceConnectEndpoint, 'create-in-progress', tags)
    const eni = createInterface(context, {
      subnet,
      groupIds,
      description: `EC2 Instance Connect Endpoint ${base.id}`,
      addresses: {},
      tags: {},
      requester: { interfaceType: 'ec2_instance_connect_endpoint', node: base.id },
    })
    const created = context.state.put('instance-connect-endpoint', {
      ...base,
      state: 'create-in-progress',
      subnetId: subnet.id,
      vpcId: subnet.vpcId,
      availabilityZone: subnet.availabilityZone,
      availabilityZoneId: subnet.availabilityZoneId,
      groupIds,
      networkInterfaceId: eni.id,
      createTime: context.now,
    })
    return {
      InstanceConnectEndpoint: showEndpoint(created),
      ...(input.ClientToken && { ClientToken: input.ClientToken }),
    }
  },
  DescribeInstanceConnectEndpoints(input, context) {
    const ids = input.InstanceConnectEndpointIds
    const { items, ...page } = select(context, 'instance-connect-endpoint', input, ids, { min: 1, max: 50 })
    return { InstanceConnectEndpoints: items.map(showEndpoint), ...page }
  },
  ModifyInstanceConnectEndpoint(input, context) {
    refuseUnsupported(input)
    const e = settled(context, input.InstanceConnectEndpointId)
    const { SecurityGroupIds, PreserveClientIp, IpAddressType } = input
    if (!SecurityGroupIds?.length && PreserveClientIp === undefined && IpAddressType === undefined)
      throw invalidCombination('No attributes specified.')
    const groupIds = SecurityGroupIds?.length ? groupsForInterface(context, e.vpcId, SecurityGroupIds) : e.groupIds
    const eni = find(context, 'network-interface', e.networkInterfaceId ?? '')
    context.state.put('network-interface', { ...eni, groupIds })
    context.state.put('instance-connect-endpoint', { ...inState(e, 'update-in-progress', context.now), groupIds })
    return { Return: true }
  },
  DeleteInstanceConnectEndpoint(input, context) {
    const { networkInterfaceId, ...rest } = settled(context, input.InstanceConnectEndpointId)
    if (networkInterfaceId) deleteInterface(context, find(context, 'network-interface', networkInterfaceId))
    // It still holds back its subnet, VPC and groups until it is gone.
    const ending = context.state.put('instance-connect-endpoint', inState(rest, 'delete-in-progress', context.now))
    return { InstanceConnectEndpoint: showEndpoint(ending) }
  },
}

/** One that nothing is under way for. Throws IncorrectState (the code is unverified). */
function settled(context: Context, id: string): InstanceConnectEndpoint {
  const e = find(context, 'instance-connect-endpoint', id)
  if (e.state === 'create-complete' || e.state === 'update-complete') return e
  throw new ApiError('IncorrectState', `The instance connect endpoint '${e.id}' is in the state ${e.state}.`)
}

/** As the documentation of I7 has it: one in a VPC, five in a Region. AWS's code is unverified. */
function checkQuota(context: Context, { vpcId }: Subnet): void {
  const all = [...visible(context, 'instance-connect-endpoint')]
  const limit = (words: string): ApiError => new ApiError('InstanceConnectEndpointLimitExceeded', words)
  if (all.filter((e) => e.vpcId === vpcId).length >= quota('instanceConnectEndpointsPerVpc'))
    throw limit(`The maximum number of instance connect endpoints in VPC '${vpcId}' has been reached.`)
  if (all.length >= quota('instanceConnectEndpoints'))
    throw limit('The maximum number of instance connect endpoints has been reached.')
}

type Wish = Pick<Input<'CreateInstanceConnectEndpoint'>, 'PreserveClientIp' | 'IpAddressType'>

function refuseUnsupported({ PreserveClientIp, IpAddressType }: Wish): void {
  if (PreserveClientIp)
    throw unsupported("Keeping the client's address is not supported: set PreserveClientIp to false.")
  if (IpAddressType && IpAddressType !== 'ipv4')
    throw unsupported('IPv6 addresses of instance connect endpoints are not supported yet.')
}
