/** The namespace of an instance: its addresses, and the gateway of its first interface. */
import { lengthOf } from '../../ip/prefix.ts'
import type { Node } from '../../network/network.ts'
import type { Namespace } from './desired.ts'
import { addresses4, type Device } from './layout.ts'

/** `ip_default_ttl` as Amazon Linux sends; replies carry the TOS of what they answer, also from listening sockets. */
const SYSCTLS: readonly (readonly [string, string])[] = [
  ['ipv4/ip_forward', '0'],
  ['ipv4/ip_default_ttl', '127'],
  ['ipv4/tcp_reflect_tos', '1'],
  ['ipv4/conf/all/rp_filter', '0'],
  ['ipv4/conf/default/rp_filter', '0'],
  ['ipv6/conf/default/disable_ipv6', '1'],
]

/** `groups` may ping. */
export function hostNamespace(node: Node, devices: readonly Device[], groups = '0 2147483647'): Namespace {
  const addresses = devices.flatMap(({ name, at, segment }) =>
    addresses4(at).map((address) => `${address}/${segment.prefix ? lengthOf(segment.prefix) : 32} dev ${name}`),
  )
  const first = devices[0]
  const routes = first?.gateway ? [`default via ${first.gateway} dev ${first.name} table main`] : []
  return {
    node: node.id,
    kind: node.kind,
    sysctls: new Map([...SYSCTLS, ['ipv4/ping_group_range', groups]]),
    addresses: new Map(addresses.map((a) => [a, a])),
    rules: new Map(),
    routes: new Map(routes.map((r) => ['default table main', r])),
    neighbors: new Map(),
  }
}
