/** Where a question aims: addresses to write on packets, and the node that is to take them. */
import { INTERNET } from '../compile/internet.ts'
import type { State } from '../ec2/state.ts'
import { activeBlocks } from '../ec2/vpc.ts'
import { topologyOf } from '../forward/topology.ts'
import type { Ip } from '../ip/address.ts'
import { ANYWHERE, contains, hostPrefix, type Prefix } from '../ip/prefix.ts'
import type { Interface, Network } from '../network/network.ts'
import { TCP } from '../network/match.ts'
import { INSTANCE_CONNECT_HOSTS } from '../ec2/instance-connect-range.ts'
import type { Blocker, Remedy } from './answer.ts'
import { OWN } from './codes.ts'
import type { Question } from './question.ts'
import { QuestionError } from './question-error.ts'
import { type Suppose, withPublicAddress } from './suppose.ts'

export interface Aim {
  /** With what is supposed: a public address, a gateway. */
  readonly network: Network
  readonly destinations: readonly Prefix[]
  /** The node that is to take the packet; any that does, if absent. */
  readonly node?: string
  /** A node that it has to pass. */
  readonly through?: string
  /** Whether passing there is all that is asked. */
  readonly oneWay: boolean
  readonly before: readonly Blocker[]
}

/** Who asks: from inside a VPC, or out of a peering into this one. */
interface Asker {
  readonly inside: boolean
  readonly vpc?: string
}

/** Throws QuestionError where the destination is not there. */
export function aimAt(state: State, network: Network, suppose: Suppose, question: Question, asker: Asker): Aim {
  const { to } = question
  const plain = { network, oneWay: false, before: [] }
  switch (to.kind) {
    case 'address':
      return { ...plain, destinations: [hostPrefix(to.address)] }
    case 'internet':
      return { ...plain, destinations: [to.prefix ?? publicTarget(question)], node: INTERNET }
    case 'internet-gateway': {
      const { vpcId } = found(state.get('internet-gateway', to.id), to.id)
      if (vpcId === undefined) throw new QuestionError(`${to.id} is attached to no VPC.`)
      return { ...plain, destinations: [publicTarget(question)], node: INTERNET, through: vpcId }
    }
    case 'vpc-peering-connection':
      return { ...plain, ...throughPeering(state, question, to.id) }
    case 'instance':
      return hostAim(network, suppose, question, found(state.get('instance', to.id), to.id).id, undefined, asker)
    case 'network-interface': {
      const at = network.interfaces.get(found(state.get('network-interface', to.id), to.id).id)
      if (!at) throw new QuestionError(`${to.id} is attached to nothing that runs.`)
      return hostAim(network, suppose, question, at.node, at, asker)
    }
  }
}

function found<T>(record: T | undefined, id: string): T {
  if (record === undefined) throw new QuestionError(`There is no ${id}.`)
  return record
}

const publicTarget = ({ destination }: Question): Prefix => (destination ? hostPrefix(destination) : ANYWHERE)

/** Into the VPC at the other end of a peering, from the side that the source is on: the accepter's, unless it says. */
function throughPeering(state: State, question: Question, id: string) {
  const pcx = found(state.get('vpc-peering-connection', id), id)
  const from = question.from.kind === 'instance' ? state.get('instance', question.from.id)?.vpcId : undefined
  const far = from === pcx.accepterVpcId ? pcx.requesterVpcId : pcx.accepterVpcId
  const vpc = state.get('vpc', far)
  if (!vpc) throw new QuestionError(`Nothing is at the other end of ${id}.`)
  const destinations = question.destination ? [hostPrefix(question.destination)] : activeBlocks(vpc)
  return { destinations, through: far, oneWay: true }
}

function hostAim(
  network: Network,
  suppose: Suppose,
  question: Question,
  node: string,
  only: Interface | undefined,
  asker: Asker,
): Aim {
  const all = topologyOf(network).interfacesOf.get(node) ?? []
  const at = only ?? all[0]
  const [inside] = at?.addresses ?? []
  if (!at || !inside) throw new QuestionError(`${node} has no network interface that is in use.`)
  const aim = { network, node, oneWay: false, before: [] }
  if (question.destination) return { ...aim, destinations: [hostPrefix(question.destination)] }
  if (asker.inside) return { ...aim, destinations: [hostPrefix(inside)] }
  const outside = publicAddressOf(network, at, inside)
  return outside
    ? { ...aim, destinations: [hostPrefix(outside)] }
    : supposedPublic(network, suppose, question, at, inside)
}

const routerOf = (network: Network, at: Interface): string =>
  topologyOf(network)
    .attachedTo.get(at.segment)
    ?.find((i) => network.nodes.get(i.node)?.kind === 'router')?.node ?? ''

const uplinkOf = (network: Network, vpc: string): Interface | undefined =>
  topologyOf(network)
    .interfacesOf.get(vpc)
    ?.find((i) => network.segments.get(i.segment)?.kind === 'uplink')

function publicAddressOf(network: Network, at: Interface, inside: Ip): Ip | undefined {
  const uplink = uplinkOf(network, routerOf(network, at))
  return uplink && topologyOf(network).inside.get(uplink.id)?.get(inside)?.outside
}

/** An instance without a public address, asked for from outside: that is in the way; what else would be? */
function supposedPublic(network: Network, suppose: Suppose, question: Question, at: Interface, inside: Ip): Aim {
  const vpc = routerOf(network, at)
  const uplink = uplinkOf(network, vpc)
  const gateway = uplink ? { network, link: uplink.id } : suppose.gateway(network, vpc)
  const supposed = withPublicAddress(gateway.network, gateway.link, inside)
  const blocker = (code: string, also: readonly string[], resource: string, remedy: Remedy): Blocker => ({
    leg: 'request',
    stage: 'translate-destination',
    node: vpc,
    at: at.id,
    origin: { resource, code },
    disposition: 'denied',
    code,
    also,
    flow: { protocol: question.traffic.protocol, source: inside, destination: inside },
    remedy,
  })
  const noAddress = blocker(
    'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
    [OWN.noPublicAddress, ...(isInstanceConnect(question) ? [OWN.instanceConnect] : [])],
    at.id,
    { kind: 'public-address', interface: gateway.link, inside },
  )
  const noGateway = blocker(OWN.noInternetGateway, [], vpc, { kind: 'internet-gateway', vpc })
  return {
    network: supposed.network,
    destinations: [hostPrefix(supposed.outside)],
    node: at.node,
    oneWay: false,
    before: uplink ? [noAddress] : [noGateway, noAddress],
  }
}

/** Whether it is what the service EC2 Instance Connect does. */
function isInstanceConnect({ from, traffic, source }: Question): boolean {
  const prefix =
    from.kind === 'internet' ? (from.prefix ?? source) : from.kind === 'address' ? hostPrefix(from.address) : source
  const port = traffic.destinationPorts
  return (
    prefix !== undefined &&
    traffic.protocol === TCP &&
    port?.from === 22 &&
    port.to === 22 &&
    INSTANCE_CONNECT_HOSTS.some((host) => contains(prefix, host))
  )
}
