/** A network with something in it that is not there yet, to see what else is in the way. Never shown as a fact. */
import { INTERNET } from '../compile/internet.ts'
import { type Ip, ip } from '../ip/address.ts'
import type { Prefix } from '../ip/prefix.ts'
import { groupsOf } from '../network/groups.ts'
import type { Fact, Interface, Network } from '../network/network.ts'
import { patched } from '../network/patch.ts'

/** Of TEST-NET-1 (RFC 5737): no pool gives it away, no host has it. */
const PLACEHOLDER = ip('192.0.2.1')

/** The private address `inside` has a public one at this interface of an uplink. */
export function withPublicAddress(network: Network, uplink: string, inside: Ip): { network: Network; outside: Ip } {
  const translation = { interface: uplink, inside, outside: PLACEHOLDER, origin: { resource: 'eipalloc-supposed' } }
  return { network: withFacts(network, [{ translation }]), outside: PLACEHOLDER }
}

/** The two VPCs (routers) are peered; `links` are the routers' interfaces, by VPC. */
export function withPeering(
  network: Network,
  a: string,
  b: string,
): { network: Network; links: Record<string, string> } {
  const id = `pcx-supposed/${a}/${b}`
  const code = 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR'
  const facts: Fact[] = [
    { segment: { id, kind: 'peering', mtu: 9001, origin: { resource: id } } },
    ...[a, b].flatMap((router) => edge(network, router, id, code)),
  ]
  return { network: withFacts(network, facts), links: { [a]: edgeOf(a, id), [b]: edgeOf(b, id) } }
}

/** The VPC has an internet gateway; `link` is the router's interface to it. */
export function withGateway(network: Network, vpc: string): { network: Network; link: string } {
  const id = `igw-supposed/${vpc}`
  const facts: Fact[] = [
    { segment: { id, kind: 'uplink', mtu: 1500, origin: { resource: id } } },
    { interface: { ...port(INTERNET, id), id: `${INTERNET}/${id}` } },
    ...edge(network, vpc, id, 'IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS'),
  ]
  return { network: withFacts(network, facts), link: edgeOf(vpc, id) }
}

const withFacts = (network: Network, added: readonly Fact[]): Network => patched(network, { removed: [], added })

/** Whether the interface is on a link that is not there. */
export const isSupposed = ({ segment }: Interface): boolean => /^(igw|pcx)-supposed\//.test(segment)

const edgeOf = (router: string, segment: string): string => `${router}/${segment}`

/** The router's interface on a link, whose table knows that VPC's own blocks only (X6). */
function edge(network: Network, router: string, segment: string, code: string): Fact[] {
  const id = edgeOf(router, segment)
  const origin = { resource: segment, code }
  return [
    { table: { id, node: router, number: 0, origin } },
    { interface: { ...port(router, segment), id, table: id } },
    ...[...blocksOf(network, router)].map((prefix) => ({
      route: { table: id, prefix, nextHop: { kind: 'connected' as const }, origin: { ...origin, rule: prefix } },
    })),
  ]
}

const port = (node: string, segment: string): Omit<Interface, 'id'> => ({
  node,
  segment,
  addresses: [],
  sourceDestCheck: false,
  placement: 'local',
  origin: { resource: segment },
})

/** The blocks of a VPC: what its router is connected to, as the tables of its interfaces say. */
export function blocksOf(network: Network, router: string): ReadonlySet<Prefix> {
  const { interfacesOf, routes } = groupsOf(network)
  const tables = new Set((interfacesOf.get(router) ?? []).map(({ table = '' }) => table))
  const own = [...tables].flatMap((table) => routes.get(table) ?? []).filter((r) => r.nextHop.kind === 'connected')
  return new Set(own.map(({ prefix }) => prefix))
}
