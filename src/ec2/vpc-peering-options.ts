/** The options of a peering connection; each owner sets those of his own side (X12). */
import type { Input } from '../protocol/types.ts'
import { ApiError, missingParameter, unsupported } from './errors.ts'
import { find } from './lookup.ts'
import type { Context, Handlers } from './resource.ts'
import { isActive, type PeeringEnd, type Role, type VpcPeeringConnection } from './vpc-peering-connection.ts'
import { showOptions } from './vpc-peering-view.ts'

type Wish = NonNullable<Input<'ModifyVpcPeeringConnectionOptions'>['AccepterPeeringConnectionOptions']>

export const vpcPeeringOptionActions: Handlers = {
  ModifyVpcPeeringConnectionOptions(input, context) {
    const pcx = find(context, 'vpc-peering-connection', input.VpcPeeringConnectionId)
    const { RequesterPeeringConnectionOptions: forRequester, AccepterPeeringConnectionOptions: forAccepter } = input
    if (!forRequester && !forAccepter) throw missingParameter('accepterPeeringConnectionOptions')
    if (!isActive(pcx))
      throw notPermitted(`Peering ${pcx.id} is not active. Peering options can be added only to active peerings.`)
    const requester = changed(context, pcx, 'requester', forRequester)
    const accepter = changed(context, pcx, 'accepter', forAccepter)
    context.state.put('vpc-peering-connection', { ...pcx, requester, accepter })
    return {
      ...(forRequester && { RequesterPeeringConnectionOptions: showOptions(requester) }),
      ...(forAccepter && { AccepterPeeringConnectionOptions: showOptions(accepter) }),
    }
  },
}

function changed(context: Context, pcx: VpcPeeringConnection, role: Role, wish: Wish | undefined): PeeringEnd {
  const end = pcx[role]
  if (!wish) return end
  refuseOtherSide(context, end, role)
  refuseClassicLink(pcx, wish)
  if (wish.AllowDnsResolutionFromRemoteVpc) checkHostNames(context, pcx)
  return { ...end, allowDnsResolution: wish.AllowDnsResolutionFromRemoteVpc ?? end.allowDnsResolution }
}

/** Each side is set in its own account and Region. */
function refuseOtherSide({ caller }: Context, end: PeeringEnd, role: Role): void {
  if (end.account !== caller.account)
    throw notPermitted(`User ${caller.account} does not have permission to modify the ${role} side peering options`)
  if (end.region !== caller.region) {
    const whose = role === 'requester' ? 'Requester' : 'Accepter'
    throw notPermitted(`${whose}'s VPC Peering connection options cannot be modified for a different region`)
  }
}

const CLASSIC_LINK = [
  'AllowEgressFromLocalClassicLinkToRemoteVpc',
  'AllowEgressFromLocalVpcToRemoteClassicLink',
] as const

/** ClassicLink is gone. Between Regions its options were never there, and not even `false` is taken. */
function refuseClassicLink({ requester, accepter }: VpcPeeringConnection, wish: Wish): void {
  const named = CLASSIC_LINK.filter((option) => wish[option] !== undefined)
  if (named.length > 0 && requester.region !== accepter.region)
    throw notPermitted(
      `Modifying VPC peering connection options ${named.join(', ')} is not supported for cross-region VPC peering ` +
        'connections',
    )
  // unverified: what AWS answers since ClassicLink has been retired.
  if (named.some((option) => wish[option])) throw unsupported('ClassicLink is not supported.')
}

function checkHostNames({ state }: Context, pcx: VpcPeeringConnection): void {
  const vpcs = [pcx.requesterVpcId, pcx.accepterVpcId].map((id) => state.get('vpc', id))
  if (vpcs.every((v) => v?.enableDnsSupport && v.enableDnsHostnames)) return
  // unverified: the words.
  throw new ApiError(
    'InvalidVpcPeeringConnectionState.DnsHostnamesDisabled',
    'DNS hostname resolution over a peering connection requires DNS support and DNS hostnames in both VPCs.',
  )
}

const notPermitted = (message: string): ApiError => new ApiError('OperationNotPermitted', message)
