/**
 * What of a router's nft table follows from its wires: the gates, and which chain of rules each port goes to.
 *
 * Each gate is a base chain of its own, so that an accept in one never skips the next. What belongs to the
 * sender's side is judged before routing, what belongs to the receiver's side after it.
 */
import { groupsOf } from '../../network/groups.ts'
import { keeping, keepingList } from '../../network/kept.ts'
import { isUnfiltered } from '../../network/nat.ts'
import type { Interface, Network, Node, Service } from '../../network/network.ts'
import type { Direction } from '../../network/rules.ts'
import { partOf, type TableBuilder, type TablePart, VERDICT } from './chains.ts'
import { type Comments, drop } from './comments.ts'
import { statefulName, statelessName } from './filters.ts'
import { translateDestination, translateSource, untranslateElsewhere } from './gates.ts'
import { type Port, services4 } from './layout.ts'
import { PROBE_DSCP, PROBE_ZONE, SAME_SUBNET } from './names.ts'
import { edgePort, hostPort, uplinkPort } from './port-gates.ts'
import { answersOfServices, PAST_FOR_SERVICE, takenByServices } from './service-gates.ts'

/** The wires as a part of the table, and the chains of rules that they lead to, each once. */
export interface Wires {
  readonly part: TablePart
  readonly stateful: readonly { readonly at: Interface; readonly direction: Direction }[]
  readonly stateless: readonly { readonly ruleSet: string; readonly direction: Direction }[]
}

const keepWires = keeping<Wires>()
const keepServices = keepingList<Service>()
const MAPS = ['arrive', 'egress', 'segment-egress', 'segment-ingress', 'ingress', 'destination-check']

/** No rule, route or translation has a part in it. */
export function wiresOf(network: Network, router: Node, ports: readonly Port[]): Wires {
  const services = keepServices(router, services4(network, router.id))
  const tables = groupsOf(network).tablesOf.get(router.id) ?? []
  return keepWires(router, [ports, services, tables], () => {
    const isOpen = ({ host }: Port) => host !== undefined && isUnfiltered(network, host)
    const numbers = new Map(tables.map(({ id, number }) => [id, number]))
    return {
      part: partOf((build, comments) => {
        const uplinks = ports.filter((p) => p.segment.kind === 'uplink')
        for (const map of MAPS) build.emptyMap(map, VERDICT)
        baseChains(build, router, uplinks, services, comments)
        for (const port of ports) {
          if (port.host) hostPort(build, port, { isOpen: isOpen(port), numbers, services, comments })
          else edgePort(build, port, numbers)
        }
        for (const port of uplinks) uplinkPort(build, port)
      }),
      ...chainsBehind(ports, isOpen),
    }
  })
}

/** Of ports that share a chain one is enough. */
function chainsBehind(ports: readonly Port[], isOpen: (port: Port) => boolean): Omit<Wires, 'part'> {
  const stateful = new Map<string, Wires['stateful'][number]>()
  const stateless = new Map<string, Wires['stateless'][number]>()
  for (const port of ports) {
    const { host, segment } = port
    if (!host) continue
    for (const direction of ['egress', 'ingress'] as const) {
      const { ruleSet } = segment
      const name = statefulName(host, direction)
      if (!isOpen(port) && !stateful.has(name)) stateful.set(name, { at: host, direction })
      if (ruleSet !== undefined) stateless.set(statelessName(ruleSet, direction), { ruleSet, direction })
    }
  }
  return { stateful: [...stateful.values()], stateless: [...stateless.values()] }
}

/** Marks probes for tracing; fresh ones get a conntrack zone of their own. One rule, as all other packets meet it. */
export function traceRule(build: TableBuilder): string {
  const trace = 'meta nftrace set 1'
  const session = build.chain('probe-session', () => [trace])
  const fresh = build.chain('probe-fresh', () => [trace, `ct zone set ${PROBE_ZONE}`])
  return `ip dscp vmap { ${PROBE_DSCP.fresh} : jump ${fresh}, ${PROBE_DSCP.session} : jump ${session} }`
}

/** Each costs every packet: what has nothing to do is left out, and what asks the same is asked together. */
function baseChains(
  build: TableBuilder,
  router: Node,
  uplinks: readonly Port[],
  services: readonly Service[],
  comments: Comments,
): void {
  const unknown = drop({ resource: router.id, rule: 'unknown-port' }, comments)
  const sameSubnet = `meta mark ${SAME_SUBNET} accept`
  build.base('arriving', 'prerouting', -310, [traceRule(build), 'iifname vmap @arrive', unknown])
  build.base('egress-rules', 'prerouting', -150, [PAST_FOR_SERVICE, 'iifname vmap @egress'])
  build.base('segment-egress', 'prerouting', -140, [sameSubnet, PAST_FOR_SERVICE, 'iifname vmap @segment-egress'])
  build.base('segment-ingress', 'forward', 10, [sameSubnet, 'oifname vmap @segment-ingress'])
  build.base('ingress-rules', 'forward', 20, ['oifname vmap @ingress', unknown])
  build.base('destination-check', 'forward', 30, ['oifname vmap @destination-check'])
  if (uplinks.length > 0) {
    build.base('translate-destination', 'prerouting', -100, translateDestination(uplinks), 'nat')
    build.base('translate-source', 'postrouting', 100, translateSource(uplinks), 'nat')
    build.base('elsewhere', 'postrouting', 110, untranslateElsewhere(uplinks))
  }
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
