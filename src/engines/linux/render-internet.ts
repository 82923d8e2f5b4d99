/** The namespace of everything outside: its own hosts, and the way to each associated public address. */
import { familyOf } from '../../ip/address.ts'
import { ANYWHERE, hostPrefix } from '../../ip/prefix.ts'
import { groupsOf } from '../../network/groups.ts'
import { keeping } from '../../network/kept.ts'
import type { Interface, Network, Node, Translation } from '../../network/network.ts'
import { partOf, quoted, type TableBuilder, type TablePart } from './chains.ts'
import { type Comments, drop } from './comments.ts'
import type { Namespace } from './desired.ts'
import { addresses4, type Port } from './layout.ts'
import type { HostLink } from './render.ts'
import { portSysctls, ROUTER_SYSCTLS } from './render-router.ts'
import { KERNEL_RULES, routeEntry } from './routes.ts'
import { traceRule } from './wires.ts'

/** The internet's end of the link to the host's own namespace. */
export const HOST_PORT = 'host0'

/** It forwards between public addresses only: every other destination is silence. */
export function internetNamespace(
  network: Network,
  node: Node,
  ports: readonly Port[],
  hostLink: HostLink | undefined,
  comments: Comments,
): Namespace {
  const { interfacesOf, translations } = groupsOf(network)
  const own = interfacesOf.get(node.id) ?? NOBODY
  const behind = ports.map(({ far }) => translations.get(far?.id ?? '') ?? NONE)
  const { table, comments: more } = keepTable(node, [hostLink], () =>
    partOf((build, noted) => fillTable(build, node, hostLink, noted)),
  )
  for (const [key, text] of more) comments.set(key, text)
  return {
    ...keepFacts(node, [own, ports, hostLink, ...behind], () => factsOf(node, own, ports, behind, hostLink)),
    nft: table,
  }
}

const NOBODY: readonly Interface[] = []
const NONE: readonly Translation[] = []
const keepTable = keeping<TablePart>()
const keepFacts = keeping<Namespace>()

function factsOf(
  node: Node,
  own: readonly Interface[],
  ports: readonly Port[],
  behind: readonly (readonly Translation[])[],
  hostLink: HostLink | undefined,
): Namespace {
  const addresses = own.flatMap(addresses4).map((a) => `${a}/32 dev lo`)
  const uplinks = ports.flatMap(({ name }, i) =>
    (behind[i] ?? NONE)
      .filter((t) => familyOf(t.outside) === 4)
      .map((t) => routeEntry(hostPrefix(t.outside), `dev ${name}`, 'main')),
  )
  const back = hostLink ? [routeEntry(hostPrefix(hostLink.hostAddress), `dev ${HOST_PORT}`, 'main')] : []
  return {
    node: node.id,
    kind: node.kind,
    sysctls: new Map([...ROUTER_SYSCTLS, ...ports.flatMap(portSysctls)]),
    addresses: new Map(addresses.map((a) => [a, a])),
    rules: KERNEL_RULES,
    routes: new Map([...uplinks, ...back, routeEntry(ANYWHERE, 'blackhole', 'main')]),
    neighbors: new Map(),
  }
}

/** Over the host's link come packets from the host's address, and go replies to it: nothing else. */
function fillTable(build: TableBuilder, node: Node, hostLink: HostLink | undefined, comments: Comments): void {
  const port = quoted(HOST_PORT)
  const closed = drop({ resource: node.id, rule: 'host-link' }, comments)
  build.base('trace', 'prerouting', -340, [traceRule(build)])
  build.base(
    'from-host',
    'prerouting',
    -310,
    hostLink ? [`iifname ${port} ip saddr != ${hostLink.hostAddress} ${closed}`] : [],
  )
  build.base('forwarding', 'forward', 0, [])
  const replies = [`oifname ${port} ct state established,related accept`, `oifname ${port} ${closed}`]
  build.base('to-host', 'postrouting', 0, hostLink ? replies : [])
}
