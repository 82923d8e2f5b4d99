/**
 * The nft table of a router: one gate after another, in the order of `forward`'s stages.
 *
 * Each gate is a base chain of its own, so that an accept in one never skips the next. What belongs to the
 * sender's side is judged before routing, what belongs to the receiver's side after it.
 */
import { isUnfiltered } from '../../network/nat.ts'
import type { Network, Node, Service } from '../../network/network.ts'
import { anyOf, quoted, type TableBuilder, tableBuilder, VERDICT } from './chains.ts'
import { type Comments, drop } from './comments.ts'
import { statefulChain, statelessChain } from './filters.ts'
import { translateDestination, translateSource, untranslateElsewhere, uplinkGates } from './gates.ts'
import { idleChain } from './idle-timeouts.ts'
import { addresses4, type Port, services4 } from './layout.ts'
import { named, PROBE_DSCP, PROBE_ZONE, SAME_SUBNET } from './names.ts'
import type { NftTable } from './nft.ts'
import { answersOfServices, PAST_FOR_SERVICE, takenByServices, toServices } from './service-gates.ts'

export function routerTable(network: Network, router: Node, ports: readonly Port[], comments: Comments): NftTable {
  const build = tableBuilder()
  const services = services4(network, router.id)
  const uplinks = ports.filter((p) => p.segment.kind === 'uplink')
  for (const map of [
    'arrive',
    'egress',
    'segment-egress',
    'uplink-in',
    'uplink-out',
    'segment-ingress',
    'ingress',
    'destination-check',
  ]) {
    build.emptyMap(map, VERDICT)
  }
  baseChains(build, router, uplinks, services, comments)
  for (const port of ports) {
    if (port.host) hostPort(build, network, port, services, comments)
    else edgePort(build, network, port)
  }
  for (const port of uplinks) uplinkGates(build, network, port, comments)
  return build.table
}

/** Marks probes for tracing; fresh ones get a conntrack zone of their own. */
export const TRACE_RULES = [
  `ip dscp ${PROBE_DSCP.fresh} meta nftrace set 1`,
  `ip dscp ${PROBE_DSCP.session} meta nftrace set 1`,
  `ip dscp ${PROBE_DSCP.fresh} ct zone set ${PROBE_ZONE}`,
]

function baseChains(
  build: TableBuilder,
  router: Node,
  uplinks: readonly Port[],
  services: readonly Service[],
  comments: Comments,
): void {
  const unknown = drop({ resource: router.id, rule: 'unknown-port' }, comments)
  const sameSubnet = `meta mark ${SAME_SUBNET} accept`
  build.base('trace', 'prerouting', -340, TRACE_RULES)
  build.base('arriving', 'prerouting', -310, ['iifname vmap @arrive', unknown])
  build.base('egress-rules', 'prerouting', -150, [PAST_FOR_SERVICE, 'iifname vmap @egress'])
  build.base('segment-egress', 'prerouting', -140, [sameSubnet, PAST_FOR_SERVICE, 'iifname vmap @segment-egress'])
  build.base('uplink-ingress', 'prerouting', -130, ['iifname vmap @uplink-in'])
  build.base('translate-destination', 'prerouting', -100, translateDestination(uplinks), 'nat')
  build.base('uplink-egress', 'forward', 0, ['oifname vmap @uplink-out'])
  build.base('segment-ingress', 'forward', 10, [sameSubnet, 'oifname vmap @segment-ingress'])
  build.base('ingress-rules', 'forward', 20, ['oifname vmap @ingress', unknown])
  build.base('destination-check', 'forward', 30, ['oifname vmap @destination-check'])
  build.base('translate-source', 'postrouting', 100, translateSource(uplinks), 'nat')
  build.base('elsewhere', 'postrouting', 110, untranslateElsewhere(uplinks))
  build.base('input', 'input', 0, [
    ...takenByServices(build, services, comments),
    drop({ resource: router.id, rule: 'no-host', code: 'NO_POSSIBLE_DESTINATION' }, comments),
  ])
  // Before connection tracking, which answers of services have no part in.
  build.base('output', 'output', -310, [
    'icmp type destination-unreachable icmp code frag-needed accept',
    ...answersOfServices(services),
    'counter drop comment "silence"',
  ])
}

/** The wire of a host: source check, route table, rules both ways, destination check. */
function hostPort(
  build: TableBuilder,
  network: Network,
  port: Port,
  services: readonly Service[],
  comments: Comments,
): void {
  const { name, host, segment } = port
  if (!host) throw new Error(`port ${name} has no host`)
  const key = quoted(name)
  const own = addresses4(host)
  const subnet = subnetChain(build, network, port, toServices(build, services, comments))
  build.set(
    'senders',
    'ifname . ipv4_addr',
    own.map((address) => `${key} . ${address}`),
  )
  build.put(
    'arrive',
    VERDICT,
    key,
    `goto ${host.sourceDestCheck ? checkChain(build, port, 'source', `goto ${subnet}`, comments) : subnet}`,
  )
  for (const direction of ['egress', 'ingress'] as const) {
    const isOpen = isUnfiltered(network, host)
    const judge = () => idleChain(build, host, direction, statefulChain(build, network, host, direction, comments))
    build.put(direction, VERDICT, key, isOpen ? 'accept' : `goto ${judge()}`)
  }
  if (host.sourceDestCheck)
    build.put('destination-check', VERDICT, key, `goto ${checkChain(build, port, 'destination', 'accept', comments)}`)
  if (segment.ruleSet === undefined) return
  build.put(
    'segment-egress',
    VERDICT,
    key,
    `goto ${statelessChain(build, network, segment.ruleSet, 'egress', comments)}`,
  )
  build.put(
    'segment-ingress',
    VERDICT,
    key,
    `goto ${statelessChain(build, network, segment.ruleSet, 'ingress', comments)}`,
  )
}

/** E1: only the interface's own addresses, whichever way. */
function checkChain(
  build: TableBuilder,
  { host }: Port,
  side: 'source' | 'destination',
  pass: string,
  comments: Comments,
): string {
  if (!host) throw new Error('a check needs a host')
  const own = addresses4(host)
  const origin = { ...host.origin, rule: `${side}-check`, code: 'ENI_SOURCE_DEST_CHECK_RESTRICTION' }
  return build.chain(named(`${side}-check`, host.id), () => [
    ...(own.length > 0 ? [`ip ${side === 'source' ? 'saddr' : 'daddr'} ${anyOf(own)} ${pass}`] : []),
    drop(origin, comments),
  ])
}

/** P4: within the subnet neither route table nor segment rules; else the subnet's table. Services come before both. */
function subnetChain(
  build: TableBuilder,
  network: Network,
  { at, segment }: Port,
  toServices: readonly string[],
): string {
  return build.chain(named('subnet', segment.id), () => [
    ...toServices,
    ...(segment.prefix ? [`ip daddr ${segment.prefix} meta mark set ${SAME_SUBNET} accept`] : []),
    `meta mark set ${tableNumber(network, at.table)} accept`,
  ])
}

/** What comes over a peering or uplink has a mark of its own, which leads to the edge's table only (X6, X7). */
function edgePort(build: TableBuilder, network: Network, { name, at }: Port): void {
  const chain = build.chain(named('edge', at.id), () => [`meta mark set ${tableNumber(network, at.table)} accept`])
  build.put('arrive', VERDICT, quoted(name), `goto ${chain}`)
  build.put('ingress', VERDICT, quoted(name), 'accept')
}

function tableNumber(network: Network, id: string | undefined): number {
  const table = network.tables.get(id ?? '')
  if (!table) throw new Error(`a port has no route table (${id})`)
  return table.number
}
