/** The namespace of a nat node: one device on a subnet, by which packets come in and, in its own name, go out again. */
import { familyOf, type Ip } from '../../ip/address.ts'
import { ANYWHERE } from '../../ip/prefix.ts'
import { ICMP, TCP, UDP } from '../../network/match.ts'
import {
  KEPT_PORTS,
  natCannotTranslate,
  natCircle,
  natForStranger,
  natForwards,
  natRestores,
  natToItself,
  natUnasked,
  REMAPPED_PORTS,
} from '../../network/nat.ts'
import { keeping } from '../../network/kept.ts'
import type { Node } from '../../network/network.ts'
import { anyOf, partOf, type TableBuilder } from './chains.ts'
import { type Comments, commentFor, drop } from './comments.ts'
import type { Namespace } from './desired.ts'
import { addresses4, type Device } from './layout.ts'
import { named } from './names.ts'
import { KERNEL_RULES, routeEntry } from './routes.ts'
import { ROUTER_SYSCTLS } from './render-router.ts'
import { traceRule } from './wires.ts'

/** A3: what is quiet for 350 seconds is forgotten, and what goes on with a connection then is not taken up again. */
const IDLE = '350'
const NAT_SYSCTLS: readonly (readonly [string, string])[] = [
  ...ROUTER_SYSCTLS.filter(([path]) => path !== 'ipv4/conf/all/accept_local'),
  ['netfilter/nf_conntrack_tcp_loose', '0'],
  ['netfilter/nf_conntrack_tcp_timeout_established', IDLE],
  ['netfilter/nf_conntrack_udp_timeout', IDLE],
  ['netfilter/nf_conntrack_udp_timeout_stream', IDLE],
  ['netfilter/nf_conntrack_icmp_timeout', IDLE],
]

/** Who is beside it: other nat nodes of its router, with which it could go round in circles. */
export interface Beside {
  readonly router: string
  readonly gateways: readonly Ip[]
}

/** All it sends goes to the router, also what stays within the subnet; and it asks nobody for an address. */
export function natNamespace(node: Node, device: Device | undefined, beside: Beside, comments: Comments): Namespace {
  const { router, gateways } = beside
  const made = keepNat(node, [device, router, ...gateways], () => {
    const [own] = device ? addresses4(device.at) : []
    const facts = device && own && device.gateway ? deviceFacts(device, own, device.gateway) : NOTHING
    const part = partOf((build, noted) => fillTable(build, node, own, beside, noted))
    const { id, kind } = node
    const namespace = { node: id, kind, sysctls: new Map(NAT_SYSCTLS), rules: KERNEL_RULES, ...facts, nft: part.table }
    return { namespace, comments: part.comments }
  })
  for (const [key, text] of made.comments) comments.set(key, text)
  return made.namespace
}

const keepNat = keeping<{ readonly namespace: Namespace; readonly comments: ReadonlyMap<string, string> }>()

const NOTHING = { addresses: new Map(), routes: new Map(), neighbors: new Map() }

function deviceFacts({ name, gatewayMac }: Device, own: Ip, gateway: Ip) {
  const address = `${own}/32 dev ${name}`
  return {
    addresses: new Map([[address, address]]),
    routes: new Map([routeEntry(ANYWHERE, `via ${gateway} dev ${name} onlink`, 'main')]),
    neighbors: new Map([[`${gateway} dev ${name}`, `${gateway} lladdr ${gatewayMac} dev ${name} nud permanent`]]),
  }
}

function fillTable(build: TableBuilder, node: Node, own: Ip | undefined, beside: Beside, comments: Comments): void {
  build.base('trace', 'prerouting', -340, [traceRule(build)])
  build.base('arriving', 'prerouting', -310, [`goto ${arriving(build, node, own, beside, comments)}`])
  build.base('forwarding', 'forward', 0, [`goto ${onward(build, node, comments)}`])
  build.base('translate-source', 'postrouting', 100, own ? sources(own) : [], 'nat')
  build.base('input', 'input', 0, [
    `goto ${build.chain(named('translate-port-input', node.id), () => [drop(natUnasked(node), comments)])}`,
  ])
  build.base('output', 'output', 0, [
    'icmp type { destination-unreachable, time-exceeded } accept',
    'tcp flags & rst == rst accept',
    'counter drop comment "silence"',
  ])
}

/** Before any flow is looked for: what the gateway sent itself, and what has gone round until its life was over. */
const arriving = (build: TableBuilder, node: Node, own: Ip | undefined, beside: Beside, comments: Comments): string =>
  build.chain(named('translate-port-arriving', node.id), () => [
    ...(own ? [`ip saddr ${own} ${drop(natToItself(node), comments)}`] : []),
    ...(beside.gateways.length > 0
      ? [`ip saddr ${anyOf(beside.gateways)} ip ttl 1 ${drop(natCircle(beside.router), comments)}`]
      : []),
  ])

/** The forward hook sees the destination that an answer is handed back to, and the source before translation. */
const onward = (build: TableBuilder, node: Node, comments: Comments): string =>
  build.chain(named('translate-port', node.id), () => {
    const serves = (node.serves ?? []).filter((prefix) => familyOf(prefix) === 4)
    const unasked = commentFor(natUnasked(node), comments)
    return [
      `ct direction reply accept ${commentFor(natRestores(node), comments)}`,
      'ct state related accept',
      serves.length > 0
        ? `ip saddr != ${anyOf(serves)} ${drop(natForStranger(node), comments)}`
        : drop(natForStranger(node), comments),
      `meta l4proto != { ${TCP}, ${UDP}, ${ICMP} } ${drop(natCannotTranslate(node), comments)}`,
      `icmp type != echo-request ${drop(natCannotTranslate(node), comments)}`,
      // A3: who goes on with a connection that was forgotten is told so.
      `ct state invalid tcp flags & (syn | rst) == 0x0 counter reject with tcp reset ${unasked}`,
      `ct state invalid counter drop ${unasked}`,
      `accept ${commentFor(natForwards(node), comments)}`,
    ]
  })

const rangeText = ({ from, to }: typeof KEPT_PORTS): string => `${from}-${to}`

/** The kernel keeps a port of the range unless another flow to the same far end has it. */
const sources = (own: Ip): string[] => [
  `meta l4proto { ${TCP}, ${UDP} } th sport ${rangeText(KEPT_PORTS)} snat ip to ${own}:${rangeText(KEPT_PORTS)}`,
  `meta l4proto { ${TCP}, ${UDP} } snat ip to ${own}:${rangeText(REMAPPED_PORTS)}`,
  `meta l4proto ${ICMP} snat ip to ${own}`,
]
