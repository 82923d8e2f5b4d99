/** VPC peering connection: the edge between two VPCs, asked for by one owner and accepted by the other. */
import { type Caller, defineKind, type Resource } from './resource.ts'
import type { State } from './state.ts'
import { primaryBlock, type Vpc } from './vpc.ts'
import { peeringFacts, peeringHop } from './vpc-peering-network.ts'

export interface VpcPeeringConnection extends Resource {
  readonly state:
    | 'initiating-request'
    | 'pending-acceptance'
    | 'provisioning'
    | 'active'
    | 'deleting'
    | 'deleted'
    | 'rejected'
    | 'failed'
    | 'expired'
  readonly requesterVpcId: string
  readonly accepterVpcId: string
  readonly requester: PeeringEnd
  readonly accepter: PeeringEnd
  /** Who rejected or deleted it. */
  readonly endedBy?: Role
}

export type Role = 'requester' | 'accepter'

export interface PeeringEnd {
  readonly account: string
  readonly region: string
  /** Of the edge's table in the kernel of this side's router. */
  readonly number: number
  /** X12: the other side resolves public host names of this side to private addresses. */
  readonly allowDnsResolution: boolean
}

export interface PeeringSide extends PeeringEnd {
  readonly role: Role
  readonly vpcId: string
}

declare module './resource.ts' {
  interface ResourceTypes {
    'vpc-peering-connection': VpcPeeringConnection
  }
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

export const vpcPeeringConnection = defineKind({
  type: 'vpc-peering-connection',
  idPrefix: 'pcx',
  noun: 'vpcPeeringConnection ID',
  codes: { notFound: 'InvalidVpcPeeringConnectionID.NotFound', malformed: 'InvalidVpcPeeringConnectionId.Malformed' },
  references: {
    requesterVpcId: { type: 'vpc', strength: () => 'weak' },
    accepterVpcId: { type: 'vpc', strength: strengthAtAccepter },
  },
  lifecycle: {
    'initiating-request': { after: 0, to: 'pending-acceptance' },
    'pending-acceptance': { after: 7 * DAY, to: 'expired' },
    provisioning: { after: 0, to: 'active' },
    deleting: { after: 0, to: 'deleted' },
    failed: { after: 2 * HOUR, gone: true },
    rejected: { after: 2 * DAY, gone: true },
    expired: { after: 2 * DAY, gone: true },
    deleted: { after: 2 * DAY, gone: true },
  },
  alsoSeenBy: (pcx, caller) =>
    isParty(pcx.accepter, caller) && pcx.state !== 'initiating-request' && pcx.state !== 'failed',
  hiddenFrom: (pcx, caller, now) => pcx.endedBy !== undefined && now >= pcx.stateSince + visibleFor(pcx, caller),
  filters: {
    'vpc-peering-connection-id': (pcx) => pcx.id,
    'status-code': (pcx) => pcx.state,
    'status-message': (pcx) => messageOf(pcx),
    'expiration-time': (pcx) => expiryOf(pcx)?.toISOString(),
    'requester-vpc-info.vpc-id': (pcx) => pcx.requesterVpcId,
    'requester-vpc-info.owner-id': (pcx) => pcx.requester.account,
    'requester-vpc-info.cidr-block': (pcx, state) => shownVpc(pcx, 'requester', state).map(primaryBlock),
    'accepter-vpc-info.vpc-id': (pcx) => pcx.accepterVpcId,
    'accepter-vpc-info.owner-id': (pcx) => pcx.accepter.account,
    'accepter-vpc-info.cidr-block': (pcx, state) => shownVpc(pcx, 'accepter', state).map(primaryBlock),
  },
  compile: peeringFacts,
  routeTarget: peeringHop,
})

/** X15: a request from another account keeps the VPC from being deleted until it is answered. */
function strengthAtAccepter(pcx: VpcPeeringConnection): 'blocks' | 'weak' {
  return isPending(pcx) && pcx.requester.account !== pcx.accepter.account ? 'blocks' : 'weak'
}

/** Who ended it sees it for 2 h, the other side for 2 d; within one account it is 2 h (life cycle table of 1.4). */
function visibleFor(pcx: VpcPeeringConnection, caller: Caller): number {
  if (pcx.requester.account === pcx.accepter.account || !pcx.endedBy) return 2 * HOUR
  return isParty(pcx[pcx.endedBy], caller) ? 2 * HOUR : 2 * DAY
}

/** Whether packets pass. */
export const isActive = (pcx: VpcPeeringConnection): boolean => pcx.state === 'active' || pcx.state === 'provisioning'
/** The states of a request that waits for its answer. */
export const PENDING: readonly VpcPeeringConnection['state'][] = ['initiating-request', 'pending-acceptance']
export const isPending = (pcx: VpcPeeringConnection): boolean => PENDING.includes(pcx.state)
/** Whether the VPC is one of its two sides. */
export const joins = (pcx: VpcPeeringConnection, vpcId: string): boolean =>
  pcx.requesterVpcId === vpcId || pcx.accepterVpcId === vpcId
export const isParty = (end: PeeringEnd, { account, region }: Caller): boolean =>
  end.account === account && end.region === region

/** Every peering of a VPC, whatever its state. */
export const peeringsOf = (state: State, vpcId: string): VpcPeeringConnection[] => [
  ...state.where('vpc-peering-connection', 'requesterVpcId', vpcId),
  ...state.where('vpc-peering-connection', 'accepterVpcId', vpcId).filter((pcx) => pcx.requesterVpcId !== vpcId),
]

/** Every peering that joins the two, whatever its state and whichever side asked for it. */
export const peeringsBetween = (state: State, vpcA: string, vpcB: string): VpcPeeringConnection[] =>
  vpcA === vpcB ? [] : [...peeringsFrom(state, vpcA, vpcB), ...peeringsFrom(state, vpcB, vpcA)]

const peeringsFrom = (state: State, requester: string, accepter: string): VpcPeeringConnection[] =>
  state.where('vpc-peering-connection', 'requesterVpcId', requester).filter((pcx) => pcx.accepterVpcId === accepter)

export const sidesOf = (pcx: VpcPeeringConnection): readonly [PeeringSide, PeeringSide] => [
  { ...pcx.requester, role: 'requester', vpcId: pcx.requesterVpcId },
  { ...pcx.accepter, role: 'accepter', vpcId: pcx.accepterVpcId },
]

/** The other VPC of a peering. */
export const peerOf = (pcx: VpcPeeringConnection, vpcId: string): string =>
  pcx.requesterVpcId === vpcId ? pcx.accepterVpcId : pcx.requesterVpcId

/** The side's VPC as far as the peering shows it: the accepter's blocks appear with the acceptance. */
export function shownVpc(pcx: VpcPeeringConnection, role: Role, state: State): Vpc[] {
  const vpc = state.get('vpc', role === 'requester' ? pcx.requesterVpcId : pcx.accepterVpcId)
  return vpc && (role === 'requester' || isActive(pcx)) ? [vpc] : []
}

/** When a pending request lapses. */
export const expiryOf = (pcx: VpcPeeringConnection): Date | undefined =>
  isPending(pcx) ? new Date(pcx.stateSince + 7 * DAY) : undefined

/** unverified for `deleting`, `deleted`, `rejected` and `expired`: AWS's words. The others are in its examples. */
export const messageOf = (pcx: VpcPeeringConnection): string => messages[pcx.state](pcx)

const messages: Readonly<Record<VpcPeeringConnection['state'], (pcx: VpcPeeringConnection) => string>> = {
  'initiating-request': (pcx) => `Initiating Request to ${pcx.accepter.account}`,
  'pending-acceptance': (pcx) => `Pending Acceptance by ${pcx.accepter.account}`,
  provisioning: () => 'Provisioning',
  active: () => 'Active',
  deleting: (pcx) => `Deleting by ${pcx[pcx.endedBy ?? 'requester'].account}`,
  deleted: (pcx) => `Deleted by ${pcx[pcx.endedBy ?? 'requester'].account}`,
  rejected: (pcx) => `Rejected by ${pcx.accepter.account}`,
  failed: () => 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range',
  expired: () => 'Expired',
}
