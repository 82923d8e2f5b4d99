/** What a person should know of a way beside what stops it. */
import { interfacesOfInstance } from '../ec2/network-interface.ts'
import { publicAddressesOf } from '../ec2/address.ts'
import type { State } from '../ec2/state.ts'
import { isActive, joins, sidesOf } from '../ec2/vpc-peering-connection.ts'
import { isPrivate } from '../ip/prefix.ts'
import type { Network } from '../network/network.ts'
import type { Notice, Way } from './answer.ts'
import { OWN } from './codes.ts'
import type { End, Question } from './question.ts'

export function noticesOf(state: State, network: Network, question: Question, way: Way): Notice[] {
  return [...leaks(network, way), ...publicNames(state, question)]
}

/** Traffic for a private address that leaves through an internet gateway, or would. */
function leaks({ interfaces, segments }: Network, { blockers }: Way): Notice[] {
  return blockers.flatMap(({ stage, flow, at }) => {
    const segment = interfaces.get(at)?.segment ?? ''
    const leaves = stage === 'translate-source' && segments.get(segment)?.kind === 'uplink'
    return leaves && isPrivate(flow.destination) ? [{ code: OWN.leak, resources: [segment, flow.destination] }] : []
  })
}

/** X12: the public name of an instance in a peer VPC means its public address, until the peering says otherwise. */
function publicNames(state: State, { from, to }: Question): Notice[] {
  const [a, b] = [vpcOf(state, from), vpcOf(state, to)]
  if (!a || !b || a === b || to.kind !== 'instance') return []
  const pcx = [...state.all('vpc-peering-connection')].find((p) => isActive(p) && joins(p, a) && joins(p, b))
  const target = pcx && sidesOf(pcx).find(({ vpcId }) => vpcId === b)
  if (!target || target.allowDnsResolution || !hasPublicName(state, to.id, b)) return []
  return [{ code: OWN.publicName, resources: [pcx.id, to.id] }]
}

const hasPublicName = (state: State, instanceId: string, vpcId: string): boolean =>
  state.get('vpc', vpcId)?.enableDnsHostnames === true &&
  interfacesOfInstance(state, instanceId).some((eni) => publicAddressesOf(state, eni).length > 0)

function vpcOf(state: State, end: End): string | undefined {
  if (end.kind === 'instance') return state.get('instance', end.id)?.vpcId
  return end.kind === 'network-interface' ? state.get('network-interface', end.id)?.vpcId : undefined
}
