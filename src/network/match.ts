/** What a rule looks at in a packet's header. */
import type { Prefix } from '../ip/prefix.ts'

/** Inclusive. */
export interface PortRange {
  readonly from: number
  readonly to: number
}

/** IANA protocol numbers that have ports or types. */
export const ICMP = 1
export const TCP = 6
export const UDP = 17
export const ICMPV6 = 58

/** The far side of a packet as a rule names it: the destination of egress, the source of ingress. */
export type Remote = { readonly prefix: Prefix } | { readonly addressSet: string }

/** Every condition that is present must hold. */
export interface Match {
  /** IANA number; absent means any protocol. */
  readonly protocol?: number
  readonly remote: Remote
  /** Destination ports, of TCP and UDP; absent means all. */
  readonly ports?: PortRange
  /** Absent means every type and code; a type without code means every code of it. */
  readonly icmp?: { readonly type: number; readonly code?: number }
}
