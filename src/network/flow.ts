/** A packet's header before it has moved, and the record of how it moved. */
import type { Ip } from '../ip/address.ts'
import { ICMP } from './match.ts'
import type { Origin } from './origin.ts'

/** Ports are present for TCP and UDP, `icmp` for ICMP and ICMPv6. */
export interface Flow {
  /** IANA protocol number. */
  readonly protocol: number
  readonly source: Ip
  readonly destination: Ip
  readonly sourcePort?: number
  readonly destinationPort?: number
  readonly icmp?: { readonly type: number; readonly code: number }
  /** Bytes of the whole IP packet; absent means small enough for any segment. */
  readonly length?: number
  /** Whether routers may not fragment it. */
  readonly dontFragment?: boolean
}

/** Where a packet is stopped. Names are of the mechanism, in the order a packet meets them. */
export const STAGES = [
  'source-check',
  'service',
  'egress-rules',
  'segment-egress',
  'route',
  'mtu',
  'translate-source',
  'internet',
  'translate-destination',
  'segment-ingress',
  'neighbor',
  'ingress-rules',
  'destination-check',
  'translate-port',
  'deliver',
] as const
export type Stage = (typeof STAGES)[number]

/**
 * How a leg ended. `accepted`: a host that owns the destination took it, or a router's service. The others name the
 * kind of loss: `denied` by a filter, check or gateway, `no-route`, `blackholed` by a route without a working target,
 * `too-big`, `no-host` (nobody has the address), `not-forwarded` (a host that is not the destination).
 */
export type Disposition = 'accepted' | 'denied' | 'no-route' | 'blackholed' | 'too-big' | 'no-host' | 'not-forwarded'

/** One thing that happened to the packet: where, at which stage, and the fact that decided. */
export interface Step {
  readonly node: string
  readonly stage: Stage
  readonly outcome: 'pass' | 'stop'
  readonly origin: Origin
}

/** One direction of a flow, from its sender to where it ended. */
export interface Leg {
  readonly flow: Flow
  readonly disposition: Disposition
  readonly steps: readonly Step[]
  /** Node ids in the order visited. */
  readonly path: readonly string[]
}

/** A request and, where it arrives, the reply of the host that took it. */
export interface Trace {
  readonly request: Leg
  readonly reply?: Leg
}

/** Both legs arrived, the reply at the sender itself (X8: it may reach a host with the same address elsewhere). */
export const answered = ({ request, reply }: Trace): boolean =>
  reply?.disposition === 'accepted' && reply.path.at(-1) === request.path[0]

/** The step that stopped a leg; undefined where it was accepted. */
export const stopOf = (leg: Leg): Step | undefined => leg.steps.findLast((step) => step.outcome === 'stop')

/** The header of the answer that a host gives to `received`, as it saw it arrive. An answer may be fragmented. */
export function replyTo(received: Flow): Flow {
  const { protocol, source, destination, sourcePort, destinationPort, icmp } = received
  return {
    protocol,
    source: destination,
    destination: source,
    ...(sourcePort !== undefined && { destinationPort: sourcePort }),
    ...(destinationPort !== undefined && { sourcePort: destinationPort }),
    ...(icmp && { icmp: echoReply(protocol) }),
  }
}

const echoReply = (protocol: number) => ({ type: protocol === ICMP ? 0 : 129, code: 0 })
