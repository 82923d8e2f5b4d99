/** The namespace of everything outside: its own hosts, and the way to each associated public address. */
import { familyOf } from '../../ip/address.ts'
import { ANYWHERE, hostPrefix } from '../../ip/prefix.ts'
import type { Network, Node } from '../../network/network.ts'
import { quoted, tableBuilder } from './chains.ts'
import { type Comments, drop } from './comments.ts'
import type { Namespace } from './desired.ts'
import { addresses4, type Layout, type Port } from './layout.ts'
import type { NftTable } from './nft.ts'
import type { HostLink } from './render.ts'
import { portSysctls, ROUTER_SYSCTLS } from './render-router.ts'
import { KERNEL_RULES, routeEntry } from './routes.ts'
import { TRACE_RULES } from './router-table.ts'

/** The internet's end of the link to the host's own namespace. */
export const HOST_PORT = 'host0'

/** It forwards between public addresses only: every other destination is silence. */
export function internetNamespace(
  network: Network,
  layout: Layout,
  node: Node,
  ports: readonly Port[],
  hostLink: HostLink | undefined,
  comments: Comments,
): Namespace {
  const own = [...network.interfaces.values()].filter((i) => i.node === node.id).flatMap(addresses4)
  const uplinks = network.translations
    .filter((t) => familyOf(t.outside) === 4)
    .flatMap((t) => {
      const port = layout.portOf.get(layout.portOf.get(t.interface)?.far?.id ?? '')
      return port?.node === node.id ? [routeEntry(hostPrefix(t.outside), `dev ${port.name}`, 'main')] : []
    })
  const back = hostLink ? [routeEntry(hostPrefix(hostLink.hostAddress), `dev ${HOST_PORT}`, 'main')] : []
  return {
    node: node.id,
    kind: node.kind,
    sysctls: new Map([...ROUTER_SYSCTLS, ...ports.flatMap(portSysctls)]),
    addresses: new Map(own.map((a) => [`${a}/32 dev lo`, `${a}/32 dev lo`])),
    rules: KERNEL_RULES,
    routes: new Map([...uplinks, ...back, routeEntry(ANYWHERE, 'blackhole', 'main')]),
    neighbors: new Map(),
    nft: internetTable(node, hostLink, comments),
  }
}

/** Over the host's link come packets from the host's address, and go replies to it: nothing else. */
function internetTable(node: Node, hostLink: HostLink | undefined, comments: Comments): NftTable {
  const build = tableBuilder()
  const port = quoted(HOST_PORT)
  const closed = drop({ resource: node.id, rule: 'host-link' }, comments)
  build.base('trace', 'prerouting', -340, TRACE_RULES)
  build.base(
    'from-host',
    'prerouting',
    -310,
    hostLink ? [`iifname ${port} ip saddr != ${hostLink.hostAddress} ${closed}`] : [],
  )
  build.base('forwarding', 'forward', 0, [])
  const replies = [`oifname ${port} ct state established,related accept`, `oifname ${port} ${closed}`]
  build.base('to-host', 'postrouting', 0, hostLink ? replies : [])
  return build.table
}
