/** What is asked: may this reach that. */
import type { Ip } from '../ip/address.ts'
import type { Prefix } from '../ip/prefix.ts'
import type { PortRange } from '../network/match.ts'

/**
 * One end of a question. An address is whoever holds it: as a destination, where the routes lead; as a source, the
 * interface that has it, or else a host of the internet. The internet is every public address that nobody here has.
 */
export type End =
  | { readonly kind: 'instance'; readonly id: string }
  | { readonly kind: 'network-interface'; readonly id: string }
  | { readonly kind: 'address'; readonly address: Ip }
  | { readonly kind: 'internet'; readonly prefix?: Prefix }
  | { readonly kind: 'internet-gateway'; readonly id: string }
  | { readonly kind: 'vpc-peering-connection'; readonly id: string }

/** What travels. Absent ports and types are those that a client would use, see `usual` in `resolve.ts`. */
export interface Traffic {
  /** IANA number. */
  readonly protocol: number
  readonly destinationPorts?: PortRange
  readonly sourcePorts?: PortRange
  /** Of the request. */
  readonly icmp?: { readonly type: number; readonly code?: number }
  /** Bytes of a whole packet that may not be fragmented. */
  readonly length?: number
}

export interface Question {
  readonly from: End
  readonly to: End
  readonly traffic: Traffic
  /** What the source writes as its address, instead of its primary one: another of its own, or a false one. */
  readonly source?: Prefix
  /** The address to aim at, where the destination has several. */
  readonly destination?: Ip
}
