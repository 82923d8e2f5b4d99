/** Where the kernel realizes each stage of `forward`; read backwards, which stage a chain that stops a packet is. */
import type { Disposition, Stage } from '../../network/flow.ts'

interface Realization {
  /** What does it. */
  readonly by: 'chain' | 'routing' | 'arrival'
  /** How the names of its chains begin. */
  readonly chains: readonly string[]
  /** Who the step is attributed to: the host whose interface it is, or the router. */
  readonly node: 'sender' | 'receiver' | 'router'
  readonly disposition: Disposition
}

const chain = (node: Realization['node'], disposition: Disposition, ...chains: string[]): Realization => ({
  by: 'chain',
  chains,
  node,
  disposition,
})
const routing = (disposition: Disposition): Realization => ({ by: 'routing', chains: [], node: 'router', disposition })

/**
 * `service`: who asks is judged where a packet arrives, what is asked where it is taken. `translate-*`: the gates; the
 * translation itself is conntrack's. `translate-port`: all in the namespace of a nat node. `neighbor`: no route to a
 * host, or the router's own address.
 */
export const KERNEL_STAGES = {
  'source-check': chain('sender', 'denied', 'source-check-'),
  service: chain('router', 'denied', 'service', 'service-source'),
  'egress-rules': chain('sender', 'denied', 'sg-egress-'),
  'segment-egress': chain('router', 'denied', 'acl-egress-', 'uplink-shut-out-'),
  route: routing('no-route'),
  mtu: routing('too-big'),
  'translate-source': chain('router', 'denied', 'uplink-out-'),
  internet: routing('no-host'),
  'translate-destination': chain('router', 'denied', 'uplink-in-'),
  'segment-ingress': chain('router', 'denied', 'acl-ingress-', 'uplink-shut-in-'),
  neighbor: chain('router', 'no-host', 'input'),
  'ingress-rules': chain('receiver', 'denied', 'sg-ingress-'),
  'destination-check': chain('receiver', 'denied', 'destination-check-'),
  'translate-port': chain('router', 'denied', 'translate-port-'),
  deliver: { by: 'arrival', chains: [], node: 'receiver', disposition: 'not-forwarded' },
} as const satisfies Record<Stage, Realization>

/** The stage that a chain belongs to; undefined for chains that judge nothing. */
export function stageOfChain(name: string): Stage | undefined {
  const entries = Object.entries(KERNEL_STAGES) as [Stage, Realization][]
  return entries.find(([, { chains }]) =>
    chains.some((c) => name === c || (c.endsWith('-') && name.startsWith(c))),
  )?.[0]
}
