/** What VPC Block Public Access and its exclusions come to, for a subnet and for an interface there (G10). */
import type { Interface } from '../network/network.ts'
import type { NetworkInterface } from './network-interface.ts'
import type { State } from './state.ts'
import type { Subnet } from './subnet.ts'
import { isInForce, type VpcBlockPublicAccessExclusion } from './vpc-block-public-access-exclusion.ts'
import { type BlockMode, blockOptionsOf } from './vpc-block-public-access-options.ts'

/** The code of a packet that is stopped so. */
export const BLOCKED = 'VPC_BLOCK_PUBLIC_ACCESS_ENABLED'

/** The exclusions in force of a subnet, its own before those of its VPC. */
export const exclusionsOf = (
  state: State,
  { id, vpcId }: Pick<Subnet, 'id' | 'vpcId'>,
): VpcBlockPublicAccessExclusion[] =>
  [
    ...state.where('vpc-block-public-access-exclusion', 'subnetId', id),
    ...state.where('vpc-block-public-access-exclusion', 'vpcId', vpcId),
  ].filter(isInForce)

/**
 * The mode that holds for a subnet. An egress-only exclusion makes block-ingress of block-bidirectional, and nothing
 * of block-ingress, as the user guide's example shows. unverified: that of two exclusions the wider one decides.
 */
export function blockModeOf(state: State, subnet: Pick<Subnet, 'id' | 'vpcId' | 'account' | 'region'>): BlockMode {
  const mode = blockOptionsOf(state, subnet)?.mode ?? 'off'
  if (mode === 'off') return mode
  const exclusions = exclusionsOf(state, subnet)
  if (exclusions.some((e) => e.mode === 'allow-bidirectional')) return 'off'
  return exclusions.length > 0 ? 'block-ingress' : mode
}

/**
 * That nothing of the interface passes an internet gateway, either way, and why; nothing where it may. The subnet of
 * the interface that meets the gateway counts, not that of the instance behind it. A NAT gateway lets in only what was
 * asked for, so block-ingress does not concern it.
 */
export function noUplinkFor(state: State, eni: NetworkInterface): Pick<Interface, 'noUplink'> {
  const subnet = state.get('subnet', eni.subnetId)
  const mode = subnet ? blockModeOf(state, subnet) : 'off'
  if (mode === 'off' || (mode === 'block-ingress' && eni.requester?.interfaceType === 'nat_gateway')) return {}
  return { noUplink: { resource: eni.subnetId, rule: 'block-public-access', code: BLOCKED } }
}
