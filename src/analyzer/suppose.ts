/**
 * What is not there yet, as if it were, to see what else is in the way: a record of its kind, compiled as any other.
 * Never shown as a fact.
 */
import { factsOf } from '../compile/compile.ts'
import { kindOf } from '../ec2/kinds.ts'
import type { Resource, ResourceType, ResourceTypes } from '../ec2/resource.ts'
import type { State } from '../ec2/state.ts'
import { blocksOverlap, type Vpc } from '../ec2/vpc.ts'
import { type Ip, ip } from '../ip/address.ts'
import type { Network } from '../network/network.ts'
import { patched } from '../network/patch.ts'

/** What can be supposed between the VPCs of a state. */
export interface Suppose {
  /** The two VPCs are peered: they are there, and their blocks let them. `link` is the first one's interface. */
  readonly peering: (network: Network, own: string, far: string) => Supposed | undefined
  /** The VPC, which has none, has an internet gateway; `link` is its router's interface to it. */
  readonly gateway: (network: Network, vpc: string) => Supposed
}

interface Supposed {
  readonly network: Network
  readonly link: string
}

export const supposing = (state: State): Suppose => ({
  peering(network, own, far) {
    const [a, b] = [state.get('vpc', own), state.get('vpc', far)]
    return a && b && !blocksOverlap(a, b) ? withPeering(state, network, a, b) : undefined
  },
  gateway(network, vpcId) {
    const vpc = state.get('vpc', vpcId)
    if (!vpc) throw new Error(`the router ${vpcId} is no VPC's`)
    const common = madeBy(vpc, `igw-supposed/${vpc.id}`)
    return withRecord(state, network, vpc, 'internet-gateway', { ...common, state: 'available', vpcId, number: 0 })
  },
})

function withPeering(state: State, network: Network, own: Vpc, far: Vpc): Supposed {
  const end = ({ account, region }: Vpc) => ({ account, region, number: 0, allowDnsResolution: false })
  return withRecord(state, network, own, 'vpc-peering-connection', {
    ...madeBy(own, `${PEERING}/${own.id}/${far.id}`),
    state: 'active',
    requesterVpcId: own.id,
    accepterVpcId: far.id,
    requester: end(own),
    accepter: end(far),
  })
}

const PEERING = 'pcx-supposed'

const madeBy = ({ account, region }: Vpc, id: string): Omit<Resource, 'state'> => ({
  id,
  account,
  region,
  tags: {},
  stateSince: 0,
})

function withRecord<T extends ResourceType>(
  state: State,
  network: Network,
  vpc: Vpc,
  type: T,
  record: ResourceTypes[T],
): Supposed {
  const target = kindOf(type).routeTarget?.(record, vpc.id, state)
  if (target?.kind !== 'link') throw new Error(`no route of ${vpc.id} leads to a supposed ${type}`)
  return { network: patched(network, { removed: [], added: factsOf(type, record, state) }), link: target.interface }
}

/** Of TEST-NET-1 (RFC 5737): no pool gives it away, no host has it. */
const PLACEHOLDER = ip('192.0.2.1')

/** The private address `inside` has a public one at this interface of an uplink. */
export function withPublicAddress(network: Network, uplink: string, inside: Ip): { network: Network; outside: Ip } {
  const translation = { interface: uplink, inside, outside: PLACEHOLDER, origin: { resource: 'eipalloc-supposed' } }
  return { network: patched(network, { removed: [], added: [{ translation }] }), outside: PLACEHOLDER }
}

/** Whether an answer supposes the thing of this id, as there is none. */
export const isSupposed = (id: string): boolean => /^[a-z]+-supposed/.test(id)

/** The VPCs that a supposed peering joins. */
export function peersOfSupposed(id: string): readonly [string, string] | undefined {
  const [kind, own, far] = id.split('/')
  return kind === PEERING && own && far ? [own, far] : undefined
}
