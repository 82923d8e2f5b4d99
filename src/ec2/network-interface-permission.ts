/** Network interface permission: another account may attach the interface, or associate an Elastic IP with it. */
import type { Output } from '../protocol/types.ts'
import { ApiError, invalidParameter, missingParameter, unsupported } from './errors.ts'
import { find } from './lookup.ts'
import { type NetworkInterface, ownInterface } from './network-interface.ts'
import { type Context, defineKind, type Handlers, isOwn, newResource, owned, type Resource } from './resource.ts'
import { select } from './select.ts'
import type { State } from './state.ts'

const PERMISSIONS = ['INSTANCE-ATTACH', 'EIP-ASSOCIATE'] as const
type Permission = (typeof PERMISSIONS)[number]

export interface NetworkInterfacePermission extends Resource {
  readonly state: 'granted'
  readonly networkInterfaceId: string
  readonly permission: Permission
  /** The account that it is given to. */
  readonly grantee: string
}

declare module './resource.ts' {
  interface ResourceTypes {
    'network-interface-permission': NetworkInterfacePermission
  }
}

export const networkInterfacePermission = defineKind({
  type: 'network-interface-permission',
  idPrefix: 'eni-perm',
  noun: 'network interface permission ID',
  // The code is the one that Terraform waits for; unverified: the code of a malformed ID.
  codes: {
    notFound: 'InvalidPermissionID.NotFound',
    malformed: 'InvalidPermissionID.Malformed',
  },
  references: { networkInterfaceId: owned('network-interface') },
  lifecycle: {},
  filters: {
    'network-interface-permission.network-interface-permission-id': (p) => p.id,
    'network-interface-permission.network-interface-id': (p) => p.networkInterfaceId,
    'network-interface-permission.aws-account-id': (p) => p.grantee,
    'network-interface-permission.aws-service': () => [],
    'network-interface-permission.permission': (p) => p.permission,
  },
})

export const interfacePermissionActions: Handlers = {
  CreateNetworkInterfacePermission(input, context) {
    const { AwsAccountId: grantee, AwsService, Permission } = input
    if (AwsService) throw unsupported('Permissions for services are not supported.')
    if (!grantee) throw missingParameter('AwsAccountId')
    const permission = PERMISSIONS.find((one) => one === Permission)
    if (!permission) throw invalidParameter(Permission, 'permission')
    if (!/^\d{12}$/.test(grantee) || grantee === context.caller.account)
      throw invalidParameter(grantee, 'awsAccountId', 'Expecting the ID of another account.')
    const eni = ownInterface(context, input.NetworkInterfaceId)
    return { InterfacePermission: showPermission(grant(context, eni, permission, grantee)) }
  },
  DeleteNetworkInterfacePermission(input, context) {
    const p = find(context, 'network-interface-permission', input.NetworkInterfacePermissionId)
    if (!input.Force) refuseUsed(context.state, p)
    context.state.remove('network-interface-permission', p.id)
    return { Return: true }
  },
  DescribeNetworkInterfacePermissions(input, context) {
    const { NetworkInterfacePermissionIds: ids, ...query } = input
    const limited = ids?.length ? query : { MaxResults: 50, ...query }
    const bounds = { min: 5, max: 255 }
    const { items, ...page } = select(context, 'network-interface-permission', limited, ids, bounds)
    return { NetworkInterfacePermissions: items.map(showPermission), ...page }
  },
}

/** Granted once, it is the same permission again; a second account has to wait for the first to lose it. */
function grant(
  context: Context,
  eni: NetworkInterface,
  permission: Permission,
  grantee: string,
): NetworkInterfacePermission {
  const present = permissionsOf(context.state, eni).find((p) => p.permission === permission)
  if (present?.grantee === grantee) return present
  // unverified: code and words.
  if (present)
    throw new ApiError('OperationNotPermitted', `The network interface '${eni.id}' has this permission already.`)
  return context.state.put('network-interface-permission', {
    ...newResource(context, networkInterfacePermission, 'granted', {}),
    state: 'granted',
    networkInterfaceId: eni.id,
    permission,
    grantee,
  })
}

const permissionsOf = (state: State, { id }: NetworkInterface): readonly NetworkInterfacePermission[] =>
  state.where('network-interface-permission', 'networkInterfaceId', id)

/** An interface that is the caller's, or another's who permits this to the caller. Throws as `ownInterface`. */
export function permittedInterface(context: Context, id: string, permission: Permission): NetworkInterface {
  const { caller, state } = context
  const eni = state.get('network-interface', id)
  if (!eni || isOwn(eni, caller) || eni.region !== caller.region) return ownInterface(context, id)
  const given = permissionsOf(state, eni).some((p) => p.permission === permission && p.grantee === caller.account)
  return given ? eni : ownInterface(context, id)
}

/** unverified: code and words. */
function refuseUsed(state: State, { networkInterfaceId, permission, grantee, id }: NetworkInterfacePermission): void {
  const eni = state.get('network-interface', networkInterfaceId)
  if (permission !== 'INSTANCE-ATTACH' || eni?.attachment?.instanceOwner !== grantee) return
  throw new ApiError(
    'OperationNotPermitted',
    `The permission '${id}' is in use: the network interface '${eni.id}' is attached to an instance of ${grantee}.`,
  )
}

const showPermission = (
  p: NetworkInterfacePermission,
): NonNullable<Output<'CreateNetworkInterfacePermission'>['InterfacePermission']> => ({
  NetworkInterfacePermissionId: p.id,
  NetworkInterfaceId: p.networkInterfaceId,
  AwsAccountId: p.grantee,
  Permission: p.permission,
  // AWS shouts here, against its own model: the AWS CLI's example and Terraform's wait have it so.
  PermissionState: { State: 'GRANTED' as 'granted' },
})
