/** A path of Network Insights → the analyzer's question; and what can be said of its ends before anything moves. */
import { publicAddressesOf } from '../../ec2/address.ts'
import { interfacesOfInstance, type NetworkInterface } from '../../ec2/network-interface.ts'
import type { Explanation, PathAsked, PathEnd } from '../../ec2/network-insights-analyst.ts'
import type { State } from '../../ec2/state.ts'
import { activeBlocks } from '../../ec2/vpc.ts'
import { isActive } from '../../ec2/vpc-peering-connection.ts'
import type { Ip } from '../../ip/address.ts'
import { contains, hostPrefix, isPrivate, lengthOf, PRIVATE_PREFIXES } from '../../ip/prefix.ts'
import type { PortRange } from '../../network/match.ts'
import { OWN } from '../codes.ts'
import type { End, Question } from '../question.ts'
import { componentOf } from './component.ts'
import { addressRestriction } from './context.ts'
import { NUMBERS } from './filters.ts'

export function questionOf(state: State, asked: PathAsked): Question {
  const { atSource, atDestination, protocol } = asked
  const destinationPorts = overlap(atSource.destinationPorts, atDestination.destinationPorts)
  const destination = aimedAt(state, asked)
  return {
    from: endOf(asked.source),
    to: asked.destination ? endOf(asked.destination) : { kind: 'address', address: destination as Ip },
    traffic: {
      protocol: NUMBERS[protocol],
      ...(destinationPorts && { destinationPorts }),
      ...(atSource.sourcePorts && { sourcePorts: atSource.sourcePorts }),
    },
    ...(atSource.sourceAddress && { source: hostPrefix(atSource.sourceAddress) }),
    ...(destination && { destination }),
  }
}

const endOf = ({ type, id }: PathEnd): End => ({ kind: type, id })

/** Ranges that exclude each other are left to the filters: then the first is asked about. */
function overlap(a: PortRange | undefined, b: PortRange | undefined): PortRange | undefined {
  if (!a || !b) return a ?? b
  const both = { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) }
  return both.from <= both.to ? both : a
}

/** The address to write on packets: as they leave, or as they would have to leave to arrive as asked. */
function aimedAt(state: State, { source, destination, atSource, atDestination }: PathAsked): Ip | undefined {
  const arriving = atDestination.destinationAddress
  if (atSource.destinationAddress || !arriving) return atSource.destinationAddress
  if (source.type !== 'internet-gateway' || !destination) return arriving
  const outside = interfacesOf(state, destination)
    .flatMap((eni) => publicAddressesOf(state, eni))
    .find(({ privateIpAddress }) => privateIpAddress === arriving)
  return outside?.publicIp
}

/** The interfaces of an instance, or the one that is named. */
export function interfacesOf(state: State, { type, id }: PathEnd): readonly NetworkInterface[] {
  if (type === 'instance') return interfacesOfInstance(state, id)
  const eni = type === 'network-interface' ? state.get('network-interface', id) : undefined
  return eni ? [eni] : []
}

/** Why there can be no path at all; empty where there may be one. */
export function configurationProblems(state: State, asked: PathAsked): Explanation[] {
  const ends = [asked.source, ...(asked.destination ? [asked.destination] : [])]
  if (isNowhere(asked)) return [{ ExplanationCode: 'NO_PATH' }]
  return [...ends.flatMap((end) => problemOf(state, end)), ...addressProblems(state, asked)]
}

/** From the internet to the internet nothing goes through a VPC; and an edge is no way to itself. */
const isNowhere = ({ source, destination }: PathAsked): boolean =>
  source.type === 'internet-gateway'
    ? destination?.type === 'internet-gateway'
    : source.type === 'vpc-peering-connection' && destination?.id === source.id

function problemOf(state: State, end: PathEnd): Explanation[] {
  const { type, id } = end
  if (!state.get(type, id)) return [{ ExplanationCode: 'NO_SOURCE_OR_DESTINATION', MissingComponent: id }]
  const Component = componentOf(state, id)
  const unassociated = { ExplanationCode: 'UNASSOCIATED_COMPONENT', Component }
  if (type === 'internet-gateway')
    return state.get(type, id)?.vpcId === undefined ? [{ ...unassociated, InternetGateway: Component }] : []
  if (type === 'vpc-peering-connection') return peeringProblem(state, id)
  if (interfacesOf(state, end).length === 0) return [unassociated]
  return type === 'network-interface' ? attachmentProblem(state, id) : []
}

function peeringProblem(state: State, id: string): Explanation[] {
  const pcx = state.get('vpc-peering-connection', id)
  if (!pcx || isActive(pcx)) return []
  const VpcPeeringConnection = componentOf(state, id)
  return [{ ExplanationCode: 'BAD_STATE', Component: VpcPeeringConnection, VpcPeeringConnection, State: pcx.state }]
}

/** An interface that is attached to nothing, or to an instance that does not run. */
function attachmentProblem(state: State, id: string): Explanation[] {
  const eni = state.get('network-interface', id)
  if (!eni || eni.requester) return []
  const NetworkInterface = componentOf(state, id)
  const instance = eni.attachment && state.get('instance', eni.attachment.instanceId)
  if (!instance) return [{ ExplanationCode: 'UNASSOCIATED_COMPONENT', Component: NetworkInterface, NetworkInterface }]
  if (instance.state === 'running' || instance.state === 'pending') return []
  const fields = {
    Component: componentOf(state, instance.id),
    AttachedTo: componentOf(state, instance.id),
    NetworkInterface,
    State: instance.state,
  }
  return [
    { ExplanationCode: 'BAD_STATE_ATTACHMENT', ...fields },
    { ExplanationCode: OWN.notRunning, ...fields },
  ]
}

/** Addresses that filters ask for and that no packet of these ends can have. */
function addressProblems(state: State, { source, destination, atSource, atDestination }: PathAsked): Explanation[] {
  const arriving = atDestination.destinationAddress
  return [
    ...(destination ? otherVpc(state, source, destination) : []),
    ...restricted('FILTER_AT_SOURCE_SOURCE_ADDRESS', atSource.sourceAddress, (a) => [
      ...foreign(state, source, 'source', a),
      ...(source.type === 'internet-gateway' ? privateSource(state, source, a) : []),
    ]),
    ...restricted('FILTER_AT_SOURCE_DESTINATION_ADDRESS', atSource.destinationAddress, (a) => [
      ...(source.type === 'internet-gateway' ? expectsPublic(state, source, a) : []),
      ...(destination && !isOf(state, destination, a) ? foreign(state, destination, 'destination', a) : []),
    ]),
    ...(destination
      ? restricted('FILTER_AT_DESTINATION_DESTINATION_ADDRESS', arriving, (a) =>
          foreign(state, destination, 'destination', a),
        )
      : []),
  ]
}

/** The filter that leaves no path, and why. */
function restricted(code: string, address: Ip | undefined, why: (address: Ip) => Explanation[]): Explanation[] {
  const reasons = address === undefined ? [] : why(address)
  return reasons.length === 0 ? [] : [{ ExplanationCode: code, Addresses: [address as Ip] }, ...reasons]
}

/** An end that has addresses of its own, and not this one; or a gateway, on whose far side all are public. */
function foreign(state: State, end: PathEnd, field: 'source' | 'destination', address: Ip): Explanation[] {
  if (end.type === 'internet-gateway') return expectsPublic(state, end, address)
  const all = interfacesOf(state, end)
  const takes = all.some((eni) => !eni.sourceDestCheck || eni.privateIpAddresses.includes(address))
  return takes ? [] : all.slice(0, 1).flatMap((eni) => addressRestriction(state, eni.id, field, address))
}

/** Whether an end has the address, as its own or as the public one that stands for it. */
const isOf = (state: State, end: PathEnd, address: Ip): boolean =>
  interfacesOf(state, end).some((eni) => publicAddressesOf(state, eni).some(({ publicIp }) => publicIp === address))

function expectsPublic(state: State, { id }: PathEnd, address: Ip): Explanation[] {
  if (!isPrivate(address)) return []
  const InternetGateway = componentOf(state, id)
  return [
    { ExplanationCode: 'IGW_EXPECTS_PUBLIC_ADDRESS', Component: InternetGateway, InternetGateway, Address: address },
  ]
}

/** G2: nobody outside sends from a private or shared address. */
const privateSource = (state: State, { id }: PathEnd, address: Ip): Explanation[] =>
  PRIVATE_PREFIXES.filter((prefix) => contains(prefix, address)).map((prefix) => ({
    ExplanationCode: `IGW_SOURCE_ADDRESS_NOT_IN_${lengthOf(prefix) === 10 ? 'RFC6598' : 'RFC1918'}_INGRESS`,
    Direction: 'ingress',
    InternetGateway: componentOf(state, id),
    PacketField: 'source-address',
    Addresses: [address],
    Cidrs: [prefix],
  }))

/** G2: what comes in by a gateway is for its own VPC. */
function otherVpc(state: State, source: PathEnd, destination: PathEnd): Explanation[] {
  const vpc = state.get('vpc', state.get('internet-gateway', source.id)?.vpcId ?? '')
  const far = interfacesOf(state, destination)[0]?.vpcId
  if (!vpc || far === undefined || far === vpc.id) return []
  return [
    {
      ExplanationCode: 'IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS',
      InternetGateway: componentOf(state, source.id),
      Vpc: componentOf(state, vpc.id),
      DestinationVpc: componentOf(state, far),
      Cidrs: activeBlocks(vpc),
      PacketField: 'destination-address',
    },
  ]
}
