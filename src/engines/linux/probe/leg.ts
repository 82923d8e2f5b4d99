/** Puts together one leg of a probe from what the kernel said: passages through routers, arrivals, and routes. */
import type { Ip } from '../../../ip/address.ts'
import { addresses4, type Layout, layoutOf, otherEnd, type Port, portKey } from '../layout.ts'
import type { Disposition, Stage, Step } from '../../../network/flow.ts'
import type { Network } from '../../../network/network.ts'
import { type Origin, parseOrigin } from '../../../network/origin.ts'
import { KERNEL_STAGES, stageOfChain } from '../kernel-stages.ts'
import { namespaceOf, SAME_SUBNET } from '../names.ts'
import type { Labels } from './labels.ts'
import type { Seen } from './packet.ts'
import type { Visit } from './visits.ts'

/** All that is known of one packet. */
export interface Evidence {
  readonly network: Network
  readonly tag: string
  readonly visits: readonly Visit[]
  /** Nodes at which it arrived, and what it was like then. */
  readonly arrivals: ReadonlyMap<string, Seen>
  readonly labels: ReadonlyMap<string, Labels>
  readonly comments: ReadonlyMap<string, string>
}

/** Where a packet was last seen by a rule, and what happened to it there. */
export type Fate =
  | { readonly kind: 'arrived'; readonly at: string; readonly port: Port | undefined; readonly seen: Seen }
  | { readonly kind: 'stopped'; readonly step: Step; readonly disposition: Disposition }
  /** A service of a router took it. */
  | { readonly kind: 'served'; readonly step: Step; readonly disposition: 'accepted' }
  /** Let pass by all rules before routing, and not seen after it: the route tables know. */
  | { readonly kind: 'routed-away'; readonly router: string; readonly visit: Visit; readonly from: Port | undefined }
  /** Never reached a router. */
  | { readonly kind: 'unsent' }

export interface Walk {
  readonly path: readonly string[]
  readonly steps: readonly Step[]
  readonly fate: Fate
}

/** Follows a packet from `from`, router by router. */
export function walk(evidence: Evidence, from: string): Walk {
  const layout = layoutOf(evidence.network)
  const left = new Set(evidence.visits)
  const path = [from]
  const steps: Step[] = []
  let out: Port | undefined
  for (let here = from; ; ) {
    const found = nextVisit(evidence, layout, left, here, out)
    if (!found) return here === from ? beyondRouters(evidence, layout, from) : { path, steps, fate: { kind: 'unsent' } }
    left.delete(found.visit)
    const passage = pass(evidence, layout, found, here)
    path.push(...passage.path)
    steps.push(...passage.passes)
    if (passage.fate) return { path, steps, fate: passage.fate }
    here = found.port.node
    out = passage.out
  }
}

/** A packet that no router passed on: it stayed with its sender, or is a router's own answer to a host beside it. */
function beyondRouters(evidence: Evidence, layout: Layout, from: string): Walk {
  const out = layout.ports.get(from)?.find(({ host }) => host && evidence.arrivals.has(host.node))
  const at = out?.host?.node ?? from
  return { path: at === from ? [from] : [from, at], steps: [], fate: arrival(evidence, at, out) }
}

interface Passage {
  /** Nodes that it adds to the path. */
  readonly path: readonly string[]
  readonly passes: readonly Step[]
  /** Absent where the packet left for another router, or for a nat node. */
  readonly fate?: Fate
  /** The port it left by. */
  readonly out?: Port
}

/** One passage through a router. Within a subnet the router is no hop, and does not appear (P4). */
function pass(evidence: Evidence, layout: Layout, { visit, port }: Found, here: string): Passage {
  const router = port.node
  const isSameSubnet = (visit.mark & SAME_SUBNET) !== 0
  const out = visit.oif === undefined ? undefined : portNamed(evidence, layout, router, visit.oif)
  const receiver = out?.host?.node ?? router
  const { passes, stop } = judge(evidence, visit, {
    sender: port.host?.node ?? router,
    router: isSameSubnet ? here : router,
    receiver,
  })
  const hop = isSameSubnet ? [] : [router]
  if (stop) {
    const { node, disposition } = KERNEL_STAGES[stop.stage]
    const reached = { sender: [], router: hop, receiver: [...hop, receiver] }[node]
    return { path: reached, passes, fate: { kind: 'stopped', step: stop, disposition } }
  }
  const isNat = evidence.network.nodes.get(receiver)?.kind === 'nat'
  if (out?.host && !isNat) return { path: [...hop, receiver], passes, fate: arrival(evidence, receiver, out) }
  const last = passes.at(-1)
  if (last?.stage === 'service')
    return { path: hop, passes: passes.slice(0, -1), fate: { kind: 'served', step: last, disposition: 'accepted' } }
  return {
    path: hop,
    passes,
    ...(out && { out }),
    ...(!out && { fate: atHome(evidence, port) ?? { kind: 'routed-away', router, visit, from: port } }),
  }
}

/** The internet takes what is for its own hosts. */
function atHome(evidence: Evidence, port: Port): Fate | undefined {
  const isInternet = evidence.network.nodes.get(port.node)?.kind === 'internet'
  const seen = isInternet ? evidence.arrivals.get(port.node) : undefined
  return seen && isOwn(evidence, port.node, seen.destination)
    ? { kind: 'arrived', at: port.node, port, seen }
    : undefined
}

interface Found {
  readonly visit: Visit
  readonly port: Port
}

/** The passage that began at `here`: its port's far end is there, and is the port `out` where that is known. */
function nextVisit(
  { labels, tag, network }: Evidence,
  layout: Layout,
  left: ReadonlySet<Visit>,
  here: string,
  out: Port | undefined,
): Found | undefined {
  for (const visit of left) {
    const name = labels.get(visit.namespace)?.ports.get(visit.iif)
    const port = [...layout.portOf.values()].find(
      (p) => p.name === name && namespaceOf(tag, p.node) === visit.namespace,
    )
    if (!port || !network.nodes.has(port.node)) continue
    const far = port.host ?? port.far ?? port.router
    if (far?.node === here && (!out || otherEnd(out) === portKey(port))) return { visit, port }
  }
  return undefined
}

const portNamed = ({ labels, tag }: Evidence, layout: Layout, router: string, index: number): Port | undefined => {
  const name = labels.get(namespaceOf(tag, router))?.ports.get(index)
  return layout.ports.get(router)?.find((p) => p.name === name)
}

const arrival = ({ arrivals }: Evidence, at: string, port: Port | undefined): Fate => {
  const seen = arrivals.get(at)
  return seen ? { kind: 'arrived', at, port, seen } : { kind: 'unsent' }
}

export const isOwn = ({ network }: Pick<Evidence, 'network'>, node: string, address: Ip): boolean =>
  [...network.interfaces.values()].some((i) => i.node === node && addresses4(i).includes(address))

interface Judged {
  readonly passes: readonly Step[]
  readonly stop?: Step
}

/** The rules that spoke, in their order; the last one may have stopped it. */
function judge(
  evidence: Evidence,
  visit: Visit,
  nodes: Readonly<Record<'sender' | 'router' | 'receiver', string>>,
): Judged {
  const labels = evidence.labels.get(visit.namespace)
  const passes: Step[] = []
  for (const { chain, handle, verdict } of visit.events) {
    const stage = stageOfChain(chain)
    const comment = handle === undefined ? undefined : labels?.comments.get(handle)
    if (verdict === 'drop') {
      const named = stage ?? 'deliver'
      return {
        passes,
        stop: {
          node: nodes[KERNEL_STAGES[named].node],
          stage: named,
          outcome: 'stop',
          origin: originOf(evidence, comment ?? `${chain}||`),
        },
      }
    }
    if (stage && comment)
      passes.push({
        node: nodes[KERNEL_STAGES[stage].node],
        stage,
        outcome: 'pass',
        origin: originOf(evidence, comment),
      })
  }
  return { passes }
}

const originOf = ({ comments }: Evidence, comment: string): Origin => parseOrigin(comments.get(comment) ?? comment)

export const stopAt = (node: string, stage: Stage, origin: Origin): Step => ({ node, stage, outcome: 'stop', origin })
