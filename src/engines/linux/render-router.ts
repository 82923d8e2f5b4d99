/** The namespace of a router: gateway addresses, a rule for each table, routes, and who is at the end of each wire. */
import { familyOf } from '../../ip/address.ts'
import { ANYWHERE, baseOf, hostPrefix } from '../../ip/prefix.ts'
import { groupsOf } from '../../network/groups.ts'
import { keeping, keepingList } from '../../network/kept.ts'
import type { Network, Node, Route, Service, Table } from '../../network/network.ts'
import type { Comments } from './comments.ts'
import type { Facts, Namespace } from './desired.ts'
import { IDLE_SYSCTLS } from './idle-timeouts.ts'
import { addresses4, type Layout, type Port, services4 } from './layout.ts'
import { kernelTable, LOCAL_TABLE, macOf } from './names.ts'
import { routerTable } from './router-table.ts'
import { routeEntry } from './routes.ts'

type Entry = readonly [string, string]

/**
 * `forwarding` before the rest, which it resets. `accept_local`: a host without source check may send in the
 * gateway's name. Conntrack is liberal because a router judges reachability, not TCP windows or checksums. Answers of
 * servers in it carry the TOS of what they answer, as an instance's do: probes are known by it.
 */
export const ROUTER_SYSCTLS: readonly Entry[] = [
  ['ipv4/ip_forward', '1'],
  ['ipv4/conf/all/rp_filter', '0'],
  ['ipv4/conf/default/rp_filter', '0'],
  ['ipv4/conf/all/send_redirects', '0'],
  ['ipv4/conf/default/send_redirects', '0'],
  ['ipv4/conf/all/accept_local', '1'],
  ['ipv6/conf/all/disable_ipv6', '1'],
  ['ipv6/conf/default/disable_ipv6', '1'],
  ['netfilter/nf_conntrack_tcp_be_liberal', '1'],
  ['netfilter/nf_conntrack_checksum', '0'],
  ['ipv4/tcp_reflect_tos', '1'],
]

export function routerNamespace(
  network: Network,
  layout: Layout,
  node: Node,
  ports: readonly Port[],
  comments: Comments,
): Namespace {
  const { tablesOf, interfacesOf } = groupsOf(network)
  const tables = tablesOf.get(node.id) ?? []
  const own = interfacesOf.get(node.id) ?? []
  const services = keepServices(node, services4(network, node.id))
  return {
    node: node.id,
    kind: node.kind,
    ...keepWired(node, [ports], () => wiredFacts(ports)),
    ...keepAddresses(node, [own, services], () => ({
      addresses: same([
        ...own.flatMap(addresses4).map((address) => `${address}/32 dev lo`),
        ...services.map(serviceAddress),
      ]),
    })),
    ...keepRules(node, [tables], () => ({
      rules: same([...tables.map(ruleOf), 'pref 30000 lookup local', `pref 30001 lookup ${LOCAL_TABLE}`]),
    })),
    routes: routesOf(network, layout, node, ports, tables),
    nft: routerTable(network, node, ports, comments),
    services,
  }
}

const keepServices = keepingList<Service>()
const keepWired = keeping<Pick<Namespace, 'sysctls' | 'neighbors'>>()
const keepAddresses = keeping<Pick<Namespace, 'addresses'>>()
const keepRules = keeping<Pick<Namespace, 'rules'>>()
const keepRoutes = keeping<Facts>()

const wiredFacts = (ports: readonly Port[]) => ({
  sysctls: new Map([...ROUTER_SYSCTLS, ...IDLE_SYSCTLS, ...ports.flatMap(portSysctls)]),
  neighbors: new Map(ports.flatMap(neighborsOf)),
})

/** The default of 0.8 s before a proxied ARP answer loses first pings. */
export const portSysctls = ({ name, host }: Port): Entry[] => [
  [`ipv4/neigh/${name}/proxy_delay`, '0'],
  [`ipv4/conf/${name}/proxy_arp`, host ? '1' : '0'],
]

/** Scope link: never the source of what the router says in its own name, such as `fragmentation needed`. */
const serviceAddress = ({ address }: Service): string => `${address}/32 dev lo scope link`

const same = (texts: readonly string[]) => new Map(texts.map((t) => [t, t]))
const ruleOf = ({ number }: Table): string => `pref 100 fwmark 0x${number.toString(16)} lookup ${kernelTable(number)}`

function routesOf(
  network: Network,
  layout: Layout,
  node: Node,
  ports: readonly Port[],
  tables: readonly Table[],
): Facts {
  const lists = tables.map(({ id }) => groupsOf(network).routes.get(id) ?? NONE)
  return keepRoutes(
    node,
    [ports, tables, ...lists],
    () =>
      new Map([
        ...localRoutes(ports),
        ...tables.flatMap(({ number }, i) => tableRoutes(layout, number, lists[i] ?? NONE)),
      ]),
  )
}

const NONE: readonly Route[] = []

/** Every host interface of the router; nobody else is there (C4). */
const localRoutes = (ports: readonly Port[]): Entry[] => [
  ...ports.flatMap(({ name, host }) =>
    host ? addresses4(host).map((a) => routeEntry(hostPrefix(a), `dev ${name}`, `${LOCAL_TABLE}`)) : [],
  ),
  routeEntry(ANYWHERE, 'blackhole', `${LOCAL_TABLE}`),
]

/** A table's own routes; what none matches ends here in silence and does not fall to another table. */
function tableRoutes(layout: Layout, number: number, all: readonly Route[]): Entry[] {
  const routes = all.filter((r) => familyOf(baseOf(r.prefix)) === 4)
  const table = `${kernelTable(number)}`
  const covered = routes.some((r) => r.prefix === ANYWHERE)
  return [
    ...routes.map((r) => routeEntry(r.prefix, hopText(layout, r), table)),
    ...(covered ? [] : [routeEntry(ANYWHERE, 'blackhole', table)]),
  ]
}

/** `connected` falls through to the table of host interfaces. */
function hopText(layout: Layout, { nextHop }: Route): string {
  if (nextHop.kind === 'connected') return 'throw'
  if (nextHop.kind === 'blackhole') return 'blackhole'
  const port = layout.portOf.get(nextHop.interface)
  if (!port) return 'blackhole'
  const [address] = port.host ? addresses4(port.host) : []
  return address ? `via ${address} dev ${port.name} onlink` : `dev ${port.name}`
}

/** Permanent, so that the host's neighbour limit does not bind, and no ARP is asked. */
const neighborsOf = ({ name, host }: Port): Entry[] =>
  host
    ? addresses4(host).map(
        (a) => [`${a} dev ${name}`, `${a} lladdr ${host.mac ?? macOf(host.id)} dev ${name} nud permanent`] as const,
      )
    : []
