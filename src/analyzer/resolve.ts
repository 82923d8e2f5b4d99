/** What a question means in a network: which headers leave where, and where they and their answers are to arrive. */
import { INTERNET } from '../compile/internet.ts'
import { kindOf } from '../ec2/kinds.ts'
import type { ResourceType } from '../ec2/resource.ts'
import type { State } from '../ec2/state.ts'
import { activeBlocks } from '../ec2/vpc.ts'
import { departures, type Ending, type Position, start } from '../forward/forward.ts'
import { topologyOf } from '../forward/topology.ts'
import type { World } from '../forward/walk.ts'
import { NOWHERE } from '../forward/worldwide.ts'
import { where } from '../headers/condition.ts'
import { type HeaderSet, intersect, subtract, union } from '../headers/header-set.ts'
import { familyOf, type Ip } from '../ip/address.ts'
import { ANYWHERE, hostPrefix, isPrivate, type Prefix, sizeOf } from '../ip/prefix.ts'
import { isOnSubnet } from '../network/nat.ts'
import type { Interface, Network } from '../network/network.ts'
import type { Blocker } from './answer.ts'
import { QuestionError } from './question-error.ts'
import type { End, Question } from './question.ts'
import { type Suppose, supposing } from './suppose.ts'
import { type Aim, aimAt } from './aim.ts'
import { headersOf } from './traffic.ts'

/** What is to be moved for a question. */
export interface Asked {
  /** With what has to be supposed for the packet to leave at all. */
  readonly network: Network
  /** What could be there. */
  readonly suppose: Suppose
  /** Every header that is asked about. */
  readonly headers: HeaderSet
  readonly starts: <H>(world: World<H>, headers: H) => Position<H>[]
  readonly arrived: <H>(ending: Ending<H>) => boolean
  readonly returned: <H>(ending: Ending<H>) => boolean
  /** The nodes that the request and the reply are for, where it is one. */
  readonly to?: string
  readonly back?: string
  readonly oneWay: boolean
  /** Whether the internet is everybody out there, and not the few hosts that a network of ours has. */
  readonly worldwide: boolean
  /** What is in the way before anything leaves. */
  readonly before: readonly Blocker[]
}

/** Where packets leave from. */
interface Source {
  readonly node: string
  /** Only from this interface. */
  readonly interface?: string
  readonly addresses: readonly Prefix[]
  /** Whether it is out on the internet. */
  readonly outside: boolean
  /** They come out of a peering, onto this interface of a router. */
  readonly edge?: Interface
  /** Through this VPC's gateway. */
  readonly gatewayOf?: string
}

/** Throws QuestionError where an end is not there. */
export function resolve(state: State, network: Network, question: Question): Asked {
  const source = sourceOf(state, network, question)
  const inside = source.edge !== undefined || !source.outside
  const suppose = supposing(state)
  const aim = aimAt(state, network, suppose, question, { inside, ...(source.edge && { vpc: source.edge.node }) })
  const { addresses } = source
  const written = intersect(
    headersOf(question.traffic, source.outside),
    where({ source: addresses, destination: aim.destinations, family: familyOf(addresses[0] as string) }),
  )
  const large = {
    source: isAtLarge(question.from, question.source),
    destination: isAtLarge(question.to, question.destination),
  }
  const asked = (['source', 'destination'] as const)
    .filter((end) => large[end])
    .reduce((set, end) => subtract(set, notOutside(network, end)), written)
  return {
    network: aim.network,
    suppose,
    headers: asked,
    starts: (world, headers) => startsOf(world, source, headers),
    arrived: (ending) => arrivedAt(aim, source, ending),
    returned: ({ disposition, packet }) =>
      source.edge ? crossed(packet.path, source.edge) : disposition === 'accepted' && packet.at.node === source.node,
    ...(aim.node !== undefined && { to: aim.node }),
    ...(!source.outside && !source.edge && { back: source.node }),
    oneWay: aim.oneWay,
    worldwide: large.source || large.destination,
    before: aim.before,
  }
}

/** Whether an end is the internet as such or a network of it, and no one address there. */
const isAtLarge = ({ kind }: End, address: string | undefined): boolean =>
  (kind === 'internet' || kind === 'internet-gateway') &&
  (address === undefined || (address.includes('/') && !isHost(address as Prefix)))

const isHost = (p: Prefix): boolean => sizeOf(p) === 1n

/** Addresses that nobody out there has, or somebody here. */
const notOutside = (network: Network, end: 'source' | 'destination'): HeaderSet =>
  union(where({ [end]: NOWHERE }), where({ [end]: new Set(topologyOf(network).publicOwners.keys()) }))

/** Back where it came out of; who there takes it was not asked. */
const crossed = (path: readonly string[], edge: Interface): boolean => path.indexOf(edge.node) < path.length - 1

function arrivedAt<H>(aim: Aim, source: Source, { disposition, packet }: Ending<H>): boolean {
  const { path } = packet
  if (aim.through !== undefined && !path.includes(aim.through)) return false
  if (source.gatewayOf !== undefined && !path.includes(source.gatewayOf)) return false
  if (aim.oneWay) return aim.through !== undefined
  return disposition === 'accepted' && (aim.node === undefined || aim.node === packet.at.node)
}

function startsOf<H>(world: World<H>, source: Source, headers: H): Position<H>[] {
  const { network } = world.topology
  const request = { leg: 'request', tracked: new Set<string>() } as const
  if (source.edge) return [{ ...start(network, headers, source.edge, request), entry: 'transit' }]
  const only = source.interface === undefined ? undefined : network.interfaces.get(source.interface)
  const leaving = only ? [[only, headers] as const] : departures(world, source.node, headers)
  return leaving.map(([at, part]) => start(network, part, at, request))
}

function sourceOf(state: State, network: Network, { from, source }: Question): Source {
  switch (from.kind) {
    case 'instance':
      return hostSource(network, existing(state, 'instance', from.id).id, undefined, source)
    case 'network-interface': {
      const eni = existing(state, 'network-interface', from.id)
      const at = network.interfaces.get(eni.id)
      if (!at) throw new QuestionError(`${eni.id} is attached to nothing that runs.`)
      return hostSource(network, at.node, at, source)
    }
    case 'address':
      return addressSource(network, from.address)
    case 'internet':
      return outside(source ?? from.prefix ?? ANYWHERE)
    case 'internet-gateway':
      return { ...outside(source ?? ANYWHERE), gatewayOf: attachedVpc(state, from.id) }
    case 'vpc-peering-connection':
      return peeringSource(state, network, from.id, source)
  }
}

function hostSource(network: Network, node: string, only: Interface | undefined, source: Prefix | undefined): Source {
  const all = topologyOf(network).interfacesOf.get(node) ?? []
  const [first] = only ? [only] : all
  if (!first) throw new QuestionError(`${node} has no network interface that is in use.`)
  // Where nothing is said about the source, a host writes its primary address.
  const addresses = source === undefined ? first.addresses.slice(0, 1).map(hostPrefix) : [source]
  return {
    node,
    ...(only && { interface: only.id }),
    addresses,
    outside: false,
  }
}

function addressSource(network: Network, address: Ip): Source {
  const holders = [...network.interfaces.values()].filter((i) => i.addresses.includes(address))
  const owners = holders.filter((i) => isOnSubnet(network.nodes.get(i.node)))
  const router = holders.find((i) => network.nodes.get(i.node)?.kind === 'router')
  if (owners.length === 0 && router)
    throw new QuestionError(`${address} is the router's of ${router.node}: it sends nothing by itself.`)
  const [only, ...others] = owners
  if (others.length > 0)
    throw new QuestionError(`${address} is an address of ${owners.map((i) => i.node).join(' and of ')}: say which.`)
  if (only) return { node: only.node, interface: only.id, addresses: [hostPrefix(address)], outside: false }
  if (isPrivate(address)) throw new QuestionError(`Nothing has the address ${address}.`)
  return outside(hostPrefix(address))
}

const outside = (prefix: Prefix): Source => ({
  node: INTERNET,
  addresses: [prefix],
  outside: true,
})

function peeringSource(state: State, network: Network, id: string, source: Prefix | undefined): Source {
  const pcx = existing(state, 'vpc-peering-connection', id)
  const target = kindOf('vpc-peering-connection').routeTarget?.(pcx, pcx.accepterVpcId, state)
  const edge = target?.kind === 'link' ? network.interfaces.get(target.interface) : undefined
  const requester = state.get('vpc', pcx.requesterVpcId)
  if (!edge || !requester) throw new QuestionError(`${id} is ${pcx.state}: no packet comes out of it.`)
  const addresses = source ? [source] : activeBlocks(requester)
  return { node: edge.node, addresses, outside: false, edge }
}

function attachedVpc(state: State, id: string): string {
  const { vpcId } = existing(state, 'internet-gateway', id)
  if (vpcId === undefined) throw new QuestionError(`${id} is attached to no VPC.`)
  return vpcId
}

/** The record, or a QuestionError that says there is none. */
export function existing<T extends ResourceType>(state: State, type: T, id: string) {
  const record = state.get(type, id)
  if (!record) throw new QuestionError(`There is no ${id}.`)
  return record
}
