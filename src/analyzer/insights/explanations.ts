/** Blocker → AWS's explanation: the code, and in AWS's fields where, by what, and of what header (2.1). */
import type { Explanation } from '../../ec2/network-insights-analyst.ts'
import { rulesOf, type SecurityGroupRule } from '../../ec2/security-group-rule.ts'
import type { State } from '../../ec2/state.ts'
import { activeBlocks } from '../../ec2/vpc.ts'
import { contains, PRIVATE_PREFIXES } from '../../ip/prefix.ts'
import type { Flow, Stage } from '../../network/flow.ts'
import type { Origin } from '../../network/origin.ts'
import type { Blocker } from '../answer.ts'
import { componentOf, protocolName } from './component.ts'
import type { Site } from './components.ts'
import { aclRuleOf, tableRouteOf } from './rules.ts'

type Fields = Omit<Explanation, 'ExplanationCode'>

/** Its own code first, then one for each code of ours that says more. */
export function explanationsOf(site: Site, blocker: Blocker): Explanation[] {
  const { code, also } = blocker
  const fields = fieldsOf(site, blocker)
  const more = EXTRA[code]?.(site, blocker) ?? {}
  return [{ ...fields, ...more, ExplanationCode: code }, ...also.map((own) => ({ ...fields, ExplanationCode: own }))]
}

/** Where it happened, and by which resource. */
const fieldsOf = (site: Site, blocker: Blocker): Fields => ({
  ...directionOf(blocker.stage),
  ...placeOf(site, blocker.at),
  ...causeOf(site.state, blocker.origin),
})

const DIRECTIONS: Readonly<Partial<Record<Stage, 'egress' | 'ingress'>>> = {
  'source-check': 'egress',
  'egress-rules': 'egress',
  'segment-egress': 'egress',
  'translate-source': 'egress',
  'translate-destination': 'ingress',
  'segment-ingress': 'ingress',
  'ingress-rules': 'ingress',
  'destination-check': 'ingress',
}

const directionOf = (stage: Stage): Fields => {
  const Direction = DIRECTIONS[stage]
  return Direction ? { Direction } : {}
}

/** A host's interface, or one of a router: on a subnet, a peering, or towards the internet. */
function placeOf({ state, network }: Site, at: string): Fields {
  const eni = state.get('network-interface', at)
  if (eni) return { NetworkInterface: componentOf(state, at), ...within(state, eni.subnetId, eni.vpcId) }
  const near = network.interfaces.get(at)
  const segment = network.segments.get(near?.segment ?? '')
  switch (segment?.kind) {
    case 'subnet':
      return within(state, segment.id, near?.node)
    case 'peering':
      return { VpcPeeringConnection: componentOf(state, segment.id), ...within(state, undefined, near?.node) }
    case 'uplink':
      return { InternetGateway: componentOf(state, segment.id), ...within(state, undefined, near?.node) }
    default:
      return {}
  }
}

function within(state: State, subnetId: string | undefined, vpcId: string | undefined): Fields {
  const [Subnet, Vpc] = [componentOf(state, subnetId), componentOf(state, vpcId)]
  return { ...(Subnet && { Subnet }), ...(Vpc && { Vpc }) }
}

/** The resource that decided, in the field that AWS has for its kind. */
function causeOf(state: State, origin: Origin): Fields {
  const [first = ''] = origin.resource.split(',')
  const component = componentOf(state, first)
  if (!component) return {}
  const kind = first.slice(0, first.indexOf('-'))
  switch (kind) {
    case 'sg':
      return { SecurityGroups: origin.resource.split(',').flatMap((id) => componentOf(state, id) ?? []) }
    case 'acl':
      return { Acl: component, AclRule: aclRuleOf(state, origin) }
    case 'rtb':
      return { RouteTable: component, ...routeFields(state, origin) }
    case 'igw':
      return { InternetGateway: component }
    case 'pcx':
      return { VpcPeeringConnection: component }
    case 'nat':
      return { NatGateway: component }
    case 'eni':
      return { NetworkInterface: component }
    case 'subnet':
      return { Subnet: component }
    case 'vpc':
      return { Vpc: component }
    default:
      return { Component: component }
  }
}

function routeFields(state: State, origin: Origin): Fields {
  const route = tableRouteOf(state, origin)
  return route ? { RouteTableRoute: route, State: route.State } : {}
}

/** What a code says beyond the place and the cause. */
const EXTRA: Readonly<Record<string, (site: Site, blocker: Blocker) => Fields>> = {
  BAD_STATE: ({ state }, { origin }) => ({ Component: componentOf(state, origin.resource), State: origin.rule }),
  NO_ROUTE_TO_DESTINATION: (site, blocker) => ({ ...towards(site, blocker), ...address('destination', blocker.flow) }),
  NO_POSSIBLE_DESTINATION: (_, { flow }) => address('destination', flow),
  BAD_STATE_ROUTE: (_, { flow }) => address('destination', flow),
  ENI_SG_RULES_MISMATCH: ({ state }, blocker) => mismatch(state, blocker),
  SUBNET_ACL_RESTRICTION: (_, blocker) => header(blocker),
  ENI_SOURCE_DEST_CHECK_RESTRICTION: (_, { stage, flow }) =>
    address(stage === 'source-check' ? 'source' : 'destination', flow),
  GATEWAY_REJECTS_SPOOFED_TRAFFIC: (_, { flow }) => address('source', flow),
  NGW_REQUIRES_SOURCE_IN_VPC: (_, { flow }) => address('source', flow),
  IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS: (_, { flow }) => address('source', flow),
  IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS: (_, { flow }) => address('destination', flow),
  IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS: (_, { flow }) => privateRange('destination', flow),
  IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS: (_, { flow }) => privateRange('destination', flow),
  IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS: (_, { flow }) => privateRange('source', flow),
  IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS: (_, { flow }) => privateRange('source', flow),
  IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS: ({ state }, { node, flow }) => blocksAt(state, node, flow),
  PCX_REQUIRES_ADDRESS_IN_VPC_CIDR: ({ state }, { node, flow }) => blocksAt(state, node, flow),
  DISCONNECTED_VPCS: ({ state }, { remedy }) =>
    remedy.kind === 'peering'
      ? { SourceVpc: componentOf(state, remedy.between[0]), DestinationVpc: componentOf(state, remedy.between[1]) }
      : {},
}

const address = (field: 'source' | 'destination', flow: Flow): Fields => ({
  PacketField: `${field}-address`,
  Addresses: [flow[field]],
})

const privateRange = (field: 'source' | 'destination', flow: Flow): Fields => ({
  ...address(field, flow),
  Cidrs: PRIVATE_PREFIXES.filter((prefix) => contains(prefix, flow[field])),
})

/** The VPC that takes only what is for its own blocks (X6). */
function blocksAt(state: State, vpcId: string, flow: Flow): Fields {
  const vpc = state.get('vpc', vpcId)
  return {
    ...address('destination', flow),
    ...(vpc && { DestinationVpc: componentOf(state, vpcId), Cidrs: activeBlocks(vpc) }),
  }
}

/** What a route would have to lead to. */
function towards({ state, network }: Site, { remedy }: Blocker): Fields {
  if (remedy.kind !== 'route') return {}
  const { to } = remedy
  const id = 'interface' in to ? (network.interfaces.get(to.interface)?.segment ?? to.interface) : undefined
  const Destination = componentOf(state, to.kind === 'peering-with' ? to.vpc : id)
  return Destination ? { Destination } : {}
}

const header = ({ flow }: Blocker): Fields => ({
  Protocols: [protocolName(`${flow.protocol}`)],
  ...(flow.destinationPort !== undefined && {
    Port: flow.destinationPort,
    PortRanges: [{ From: flow.destinationPort, To: flow.destinationPort }],
  }),
})

/** Which field of the header no rule has: the port where a rule has the peer, the peer where one has the port. */
function mismatch(state: State, blocker: Blocker): Fields {
  const { origin, flow } = blocker
  const egress = origin.rule === 'egress'
  const rules = origin.resource
    .split(',')
    .flatMap((id) => rulesOf(state, id))
    .filter((r) => r.egress === egress)
  const far = egress ? 'destination' : 'source'
  const fits = rules.filter((r) => isOfProtocol(r, flow))
  const field = fits.some((r) => hasPort(r, flow))
    ? `${far}-address`
    : fits.length > 0
      ? 'destination-port'
      : 'protocol'
  return { PacketField: field, Addresses: [flow[far]], ...header(blocker) }
}

export const isOfProtocol = ({ protocol }: SecurityGroupRule, flow: Flow): boolean =>
  protocol === '-1' || protocolName(protocol) === protocolName(`${flow.protocol}`)

/** ICMP has types in the place of ports. */
export function hasPort({ protocol, fromPort, toPort }: SecurityGroupRule, { destinationPort, icmp }: Flow): boolean {
  if (protocol === '-1') return true
  if (icmp) return fromPort === -1 || (fromPort === icmp.type && (toPort === -1 || toPort === icmp.code))
  return destinationPort === undefined || (fromPort <= destinationPort && destinationPort <= toPort)
}
