/** Who can be an end of an access scope's path: host interfaces, and internet gateways for all that is outside. */
import type { ScopeStatement, ScopeThrough } from '../../ec2/network-insights-analyst.ts'
import { type Position, start } from '../../forward/forward.ts'
import type { SymbolicHeaders } from '../../forward/set-domain.ts'
import { topologyOf } from '../../forward/topology.ts'
import type { Packet, World } from '../../forward/walk.ts'
import { where } from '../../headers/condition.ts'
import type { HeaderSet } from '../../headers/header-set.ts'
import type { Interface } from '../../network/network.ts'
import type { Site } from './components.ts'

export interface Party {
  /** Of the interface, or of the gateway. */
  readonly id: string
  readonly account: string
  readonly region: string
  /** All ids that a statement may name it by: its own, its instance's, groups', subnet's and VPC's. */
  readonly names: ReadonlySet<string>
  readonly types: ReadonlySet<string>
  /** Where it sends from. */
  readonly from: Interface
  /** The headers that it sends at most. */
  readonly sends: HeaderSet
}

const HOST_TYPES = ['Instance', 'NetworkInterface', 'SecurityGroup', 'Subnet', 'VPC'].map((t) => `AWS::EC2::${t}`)
const GATEWAY_TYPES = ['AWS::EC2::InternetGateway']

/** Every party of a Region, whoever owns it. */
export function partiesOf(site: Site, region: string): Party[] {
  const { state, network } = site
  const hosts = [...state.all('network-interface')].flatMap((eni): Party[] => {
    const from = network.interfaces.get(eni.id)
    if (!from || eni.region !== region || network.nodes.get(from.node)?.kind !== 'host') return []
    const owner = eni.attachment?.instanceId ?? eni.requester?.node
    const names = [eni.id, owner, eni.subnetId, eni.vpcId, ...eni.groupIds].filter((id) => id !== undefined)
    const sends = where({ family: 4, source: new Set(eni.privateIpAddresses) })
    return [
      { id: eni.id, account: eni.account, region, names: new Set(names), types: new Set(HOST_TYPES), from, sends },
    ]
  })
  return [...hosts, ...gatewaysOf(site, region)]
}

/** What comes in by a gateway is for the public addresses behind it. */
function gatewaysOf({ state, network }: Site, region: string): Party[] {
  const outside = [...(topologyOf(network).interfacesOf.get('internet') ?? [])]
  return [...state.all('internet-gateway')].flatMap((gateway): Party[] => {
    const from = outside.find(({ segment }) => segment === gateway.id)
    if (!from || gateway.region !== region || gateway.vpcId === undefined) return []
    const known = network.translations.filter((t) => t.interface === `${gateway.vpcId}/${gateway.id}`)
    const sends = where({ family: 4, destination: new Set(known.map((t) => t.outside)) })
    const { id, account } = gateway
    return [{ id, account, region, names: new Set([id]), types: new Set(GATEWAY_TYPES), from, sends }]
  })
}

/** The headers of a party before their first stage. */
export const leaving = (
  world: World<SymbolicHeaders>,
  { from }: Party,
  headers: SymbolicHeaders,
): Position<SymbolicHeaders> => start(world.topology.network, headers, from, { leg: 'request', tracked: new Set() })

/** The party that a request arrived at; undefined where it is none: a service of the router, the sender itself. */
export function receiverOf(
  parties: ReadonlyMap<string, Party>,
  { at, path, leg }: Packet<unknown>,
  uplinks: ReadonlyMap<string, string>,
): Party | undefined {
  if (leg !== 'request' || path.length < 2) return undefined
  const router = path.at(-2)
  return parties.get(at.node === 'internet' ? (uplinks.get(router ?? '') ?? '') : at.id)
}

/** Types of what a path goes through, by the prefix of their ids. */
const LINKS: Readonly<Record<string, string>> = {
  'AWS::EC2::VPCPeeringConnection': 'pcx-',
  'AWS::EC2::NatGateway': 'nat-',
}

/** Whether a path met one of these resources, or one of these types. */
export const isMet = ({ resources = [], resourceTypes = [] }: ScopeThrough, links: ReadonlySet<string>): boolean =>
  resources.some((id) => links.has(id)) ||
  resourceTypes.some((type) => [...links].some((id) => id.startsWith(LINKS[type] ?? '?')))

/** Whether a statement is about a party, or about a link on the path: a path over a peering ends at it as well. */
export const isNamed = (statement: ScopeStatement, party: Party, links: ReadonlySet<string>): boolean =>
  mayBeNamed({ ...statement, ...NO_LINKS(statement) }, party) || isMet(statement, links)

const NO_LINKS = ({ resources, resourceTypes }: ScopeStatement): ScopeThrough => ({
  ...(resources && { resources: resources.filter((id) => !isPeering(id)) }),
  ...(resourceTypes && { resourceTypes: resourceTypes.filter((type) => LINKS[type] === undefined) }),
})

const isPeering = (id: string): boolean => id.startsWith('pcx-')

/** Whether a statement names a link, which nobody has at an end. */
export const namesLink = ({ resources = [], resourceTypes = [] }: ScopeStatement): boolean =>
  resources.some(isPeering) || resourceTypes.some((type) => LINKS[type] !== undefined)

/** Whether a statement can be about a party, whatever path there is. */
export function mayBeNamed(statement: ScopeStatement | undefined, { names, types }: Party): boolean {
  if (!statement) return true
  const { resources, resourceTypes } = statement
  if (namesLink(statement) || (!resources && !resourceTypes)) return true
  return (resources ?? []).some((id) => names.has(id)) || (resourceTypes ?? []).some((type) => types.has(type))
}
