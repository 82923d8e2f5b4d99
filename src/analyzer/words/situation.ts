/** A blocker with all that a sentence about it may name: whose interface, which subnet, which route led there. */
import type { State } from '../../ec2/state.ts'
import type { Network } from '../../network/network.ts'
import type { Blocker, Way } from '../answer.ts'
import { hostName, nameOf, ownerOf, the } from './names.ts'
import { packetText } from './traffic.ts'

export interface Situation {
  readonly state: State
  readonly network: Network
  readonly blocker: Blocker
  readonly way: Way
  /** Of the blocker's origin. */
  readonly resource: string
  readonly rule: string
  /** `ping (ICMP echo request)`. */
  readonly what: string
  /** `` 10.1.7.162 (`web`) ``: the addresses of the packet that was stopped, and whose they are. */
  readonly source: string
  readonly destination: string
  /** The host at whose interface it was stopped. */
  readonly host: string
}

export function situationOf(state: State, network: Network, way: Way, blocker: Blocker): Situation {
  const { flow, origin, at, leg } = blocker
  const address = (ip: typeof flow.source) => {
    const owner = ownerOf(state, network, ip)
    return owner ? `${ip} (${owner})` : ip
  }
  return {
    state,
    network,
    blocker,
    way,
    resource: origin.resource,
    rule: origin.rule ?? '',
    what: packetText(flow, leg),
    source: address(flow.source),
    destination: address(flow.destination),
    host: hostName(state, network, at),
  }
}

/** The route that led to the blocker: `` route 0.0.0.0/0 in the route table `a` (rtb-1) ``. */
export function routeBefore({ state, way, blocker: { leg, remedy } }: Situation): string | undefined {
  if (remedy.kind === 'route' && remedy.replaces !== undefined)
    return `route ${remedy.replaces} in ${the(state, remedy.table)}`
  const hop = way.hops.findLast((one) => {
    return one.leg === leg && one.stage === 'route' && one.origin.resource.startsWith('rtb-')
  })
  return hop && `route ${hop.origin.rule} in ${the(state, hop.origin.resource)}`
}

/** The subnet of an interface: its name and id. */
export function subnetOf({ state, network, blocker }: Situation): string {
  const segment = network.interfaces.get(blocker.at)?.segment ?? blocker.at
  return the(state, segment)
}

/** `` the default network ACL acl-1 ``: a VPC's own has no name as a rule. */
export function aclText({ state, resource }: Situation): string {
  const isDefault = state.get('network-acl', resource)?.isDefault && nameOf(state, resource) === undefined
  return isDefault ? `the default network ACL ${resource}` : the(state, resource)
}

/** The VPC whose router the blocker was met at. */
export const vpcOf = ({ state, network, blocker }: Situation): string => {
  const record = state.get('vpc', blocker.node)
  if (record) return the(state, blocker.node)
  const eni = network.interfaces.get(blocker.at)
  const subnet = eni && state.get('subnet', eni.segment)
  return subnet ? the(state, subnet.vpcId) : 'the VPC'
}
