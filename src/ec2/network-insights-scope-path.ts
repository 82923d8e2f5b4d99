/** The paths that an access scope matches or excludes: read from the wire once, and shown as they came (2.4). */
import { hostPrefix, parsePrefix } from '../ip/prefix.ts'
import { familyOf, parseIp } from '../ip/address.ts'
import type { PortRange } from '../network/match.ts'
import type { Input } from '../protocol/types.ts'
import { ApiError, invalidCombination, invalidParameter, missingParameter, unsupported } from './errors.ts'
import { isVisible, kindOfId } from './lookup.ts'
import type { ScopePath, ScopeStatement, ScopeThrough } from './network-insights-analyst.ts'
import { parseArn } from './network-insights-end.ts'
import { protocolOf } from './network-insights-path.ts'
import type { Context, ResourceType } from './resource.ts'

export type WirePath = NonNullable<Input<'CreateNetworkInsightsAccessScope'>['MatchPaths']>[number]
type WireStatement = NonNullable<WirePath['Source']>
type WireHeaders = NonNullable<WireStatement['PacketHeaderStatement']>
type WireResources = NonNullable<WireStatement['ResourceStatement']>
/** Where in a path a resource may be named: at an end, or on the way. */
type Place = 'end' | 'through'

/** What may be named by id, and where; what AWS knows beyond that Isthmus does not have. */
const RESOURCES: Readonly<Partial<Record<ResourceType, readonly Place[]>>> = {
  instance: ['end'],
  'network-interface': ['end'],
  'internet-gateway': ['end'],
  'security-group': ['end'],
  subnet: ['end'],
  vpc: ['end'],
  'vpc-peering-connection': ['end', 'through'],
  natgateway: ['through'],
}

/** What may be named by its type. Of those that Isthmus does not have there is none, so that no path meets them. */
const TYPES: Readonly<Record<string, readonly Place[]>> = {
  'AWS::EC2::Instance': ['end'],
  'AWS::EC2::InternetGateway': ['end'],
  'AWS::EC2::NetworkInterface': ['end'],
  'AWS::EC2::SecurityGroup': ['end'],
  'AWS::EC2::Subnet': ['end'],
  'AWS::EC2::VPC': ['end'],
  'AWS::EC2::VPCPeeringConnection': ['end', 'through'],
  'AWS::EC2::NatGateway': ['through'],
  'AWS::EC2::TransitGatewayAttachment': ['end', 'through'],
  'AWS::EC2::VPCEndpoint': ['end', 'through'],
  'AWS::EC2::VPCEndpointService': ['end', 'through'],
  'AWS::EC2::VPNGateway': ['end'],
  'AWS::ElasticLoadBalancing::LoadBalancer': ['through'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['through'],
  'AWS::NetworkFirewall::NetworkFirewall': ['through'],
}

/** Throws InvalidParameterValue and its like; a resource must be there. */
export function parseScopePath(context: Context, wire: WirePath): ScopePath {
  const { Source, Destination, ThroughResources = [] } = wire
  if (!Source && !Destination) throw missingParameter('Source')
  return {
    ...(Source && { source: statementOf(context, Source) }),
    ...(Destination && { destination: statementOf(context, Destination) }),
    through: ThroughResources.map(({ ResourceStatement: s = {} }) => resourcesOf(context, s, 'through')),
  }
}

const statementOf = (context: Context, wire: WireStatement): ScopeStatement => ({
  ...(wire.PacketHeaderStatement && headersOf(wire.PacketHeaderStatement)),
  ...(wire.ResourceStatement && resourcesOf(context, wire.ResourceStatement, 'end')),
})

function headersOf(wire: WireHeaders): ScopeStatement {
  const { SourceAddresses, DestinationAddresses, SourcePorts, DestinationPorts, Protocols } = wire
  if (wire.SourcePrefixLists?.length || wire.DestinationPrefixLists?.length)
    throw unsupported('Prefix lists in access scopes are not supported yet.')
  return {
    ...(SourceAddresses?.length && { sourceAddresses: SourceAddresses.map(blockOf('SourceAddresses')) }),
    ...(DestinationAddresses?.length && {
      destinationAddresses: DestinationAddresses.map(blockOf('DestinationAddresses')),
    }),
    ...(SourcePorts?.length && { sourcePorts: SourcePorts.map(portsOf('SourcePorts')) }),
    ...(DestinationPorts?.length && { destinationPorts: DestinationPorts.map(portsOf('DestinationPorts')) }),
    ...(Protocols?.length && { protocols: Protocols.map(protocolOf) }),
  }
}

/** An address, or a block of them. */
const blockOf =
  (parameter: string) =>
  (text: string): string => {
    const address = parseIp(text)
    const block = address ? hostPrefix(address) : parsePrefix(text)
    if (!block) throw invalidParameter(text, parameter, 'It must be an address or a CIDR block.')
    if (familyOf(block) === 6) throw unsupported('IPv6 addresses in access scopes are not supported yet.')
    return block
  }

/** A port, or a range such as `1024-65535`. */
const portsOf =
  (parameter: string) =>
  (text: string): PortRange => {
    const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? []
    const range = { from: Number(first), to: Number(last) }
    if (first !== undefined && range.from <= range.to && range.to <= 65535) return range
    throw invalidParameter(text, parameter, 'It must be a port or a range of ports.')
  }

function resourcesOf(context: Context, wire: WireResources, place: Place): ScopeThrough {
  const { Resources = [], ResourceTypes = [] } = wire
  if (Resources.length > 0 && ResourceTypes.length > 0)
    throw invalidCombination('A resource statement names resources or resource types, not both')
  if (Resources.length === 0 && ResourceTypes.length === 0) throw missingParameter('ResourceStatement.Resource')
  for (const type of ResourceTypes)
    if (!TYPES[type]?.includes(place)) throw invalidParameter(type, 'ResourceTypes', misplaced(place))
  if (ResourceTypes.length > 0) return { resourceTypes: ResourceTypes }
  return { resources: Resources.map((text) => resourceOf(context, text, place)) }
}

function resourceOf(context: Context, text: string, place: Place): string {
  const id = parseArn(text)?.id ?? text
  const type = kindOfId(id)
  if (!type || !RESOURCES[type]?.includes(place)) throw invalidParameter(text, 'Resources', misplaced(place))
  const record = context.state.get(type, id)
  // unverified: AWS's code.
  if (!record || !isVisible(type, record, context))
    throw new ApiError('InvalidParameterValue', `The resource '${text}' does not exist`)
  return id
}

const misplaced = (place: Place): string =>
  place === 'end' ? 'No path begins or ends at it.' : 'It cannot be a resource that a path goes through.'
