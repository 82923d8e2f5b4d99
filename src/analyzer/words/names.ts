/** What things are called in sentences: the Name first, as people know them, and the id beside it. */
import type { ResourceType, ResourceTypes } from '../../ec2/resource.ts'
import type { State } from '../../ec2/state.ts'
import type { Ip } from '../../ip/address.ts'
import type { Network } from '../../network/network.ts'
import { isSupposed } from '../suppose.ts'

/** Beginning of an id → its kind, and what people call such a thing. */
const KINDS: Readonly<Record<string, readonly [ResourceType, noun: string]>> = {
  i: ['instance', 'instance'],
  eni: ['network-interface', 'network interface'],
  sg: ['security-group', 'security group'],
  rtb: ['route-table', 'route table'],
  pcx: ['vpc-peering-connection', 'peering connection'],
  igw: ['internet-gateway', 'internet gateway'],
  acl: ['network-acl', 'network ACL'],
  subnet: ['subnet', 'subnet'],
  vpc: ['vpc', 'VPC'],
  eipalloc: ['elastic-ip', 'Elastic IP'],
  nat: ['natgateway', 'NAT gateway'],
  eice: ['instance-connect-endpoint', 'Instance Connect Endpoint'],
  pl: ['prefix-list', 'prefix list'],
}

const kindOf = (id: string) => KINDS[id.slice(0, id.lastIndexOf('-'))]

const recordOf = (state: State, id: string): ResourceTypes[ResourceType] | undefined => {
  const kind = kindOf(id)
  return kind && state.get(kind[0], id)
}

/** The Name tag; of a security group without one, the name of the group. Undefined where it has none. */
export function nameOf(state: State, id: string): string | undefined {
  const record = recordOf(state, id)
  if (!record) return undefined
  const tag = 'tags' in record ? record.tags.Name : undefined
  return tag || ('groupName' in record ? record.groupName : undefined) || undefined
}

/** `web`, or the id of what has no Name. */
export const short = (state: State, id: string): string => {
  const name = nameOf(state, id)
  return name === undefined ? id : `\`${name}\``
}

/** `` `default` (sg-0a1) ``, or the id. */
export const label = (state: State, id: string): string => {
  const name = nameOf(state, id)
  return name === undefined ? id : `\`${name}\` (${id})`
}

/** `` the security group `default` (sg-0a1) ``; what an answer only supposes is `a new internet gateway`. */
export function the(state: State, id: string): string {
  if (id === 'internet') return 'the internet'
  const [kind, noun] = kindOf(id.split('/')[0] ?? '') ?? [undefined, 'resource']
  if (isSupposed(id)) return `a new ${noun}`
  return `the ${kind === 'route-table' ? adjective(state, id) : ''}${noun} ${label(state, id)}`
}

/** A request for a peering of two VPCs that nobody has answered yet: its id. */
export const requestBetween = (state: State, a: string, b: string): string | undefined =>
  [a, b]
    .flatMap((vpc) => state.where('vpc-peering-connection', 'requesterVpcId', vpc))
    .find((pcx) => pcx.state === 'pending-acceptance' && [a, b].includes(pcx.accepterVpcId))?.id

/** The main route table of a VPC seldom has a name; which it is, its role says. */
function adjective(state: State, id: string): string {
  const table = state.get('route-table', id)
  return table?.associations.some(({ main }) => main) && nameOf(state, id) === undefined ? 'main ' : ''
}

/** Several of one kind: `` the security groups `a` (sg-1) and `b` (sg-2) ``. */
export function theAll(state: State, ids: readonly string[]): string {
  const [first = '', ...others] = ids
  if (others.length === 0) return the(state, first)
  return `the ${kindOf(first)?.[1] ?? 'resource'}s ${listed(ids.map((id) => label(state, id)))}`
}

/** The host of an interface or a node: `web`, an id, or the internet. */
export function hostName(state: State, network: Network, id: string): string {
  const node = network.interfaces.get(id)?.node ?? attachedTo(state, id) ?? id
  return node === 'internet' ? 'the internet' : short(state, node)
}

const attachedTo = (state: State, id: string): string | undefined =>
  id.startsWith('eni-') ? state.get('network-interface', id)?.attachment?.instanceId : undefined

/** Whose private or public address it is here, as `web`; undefined where it is nobody's. */
export function ownerOf(state: State, network: Network, address: Ip): string | undefined {
  const inside = network.translations.find(({ outside }) => outside === address)?.inside ?? address
  for (const eni of state.where('network-interface', 'privateIpAddresses', inside))
    if (nameOf(state, eni.attachment?.instanceId ?? eni.id)) return hostName(state, network, eni.id)
  return undefined
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[], conjunction = 'and'): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`
}

/** With a capital at the beginning, as a sentence has it; an id stays as it is. */
export const sentence = (text: string): string =>
  /^[a-z]+-[0-9a-f]{8,}\b/.test(text) ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`
