/** What is answered: whether it arrives, by which way, and everything that is in the way. */
import type { Ip } from '../ip/address.ts'
import type { HeaderSet } from '../headers/header-set.ts'
import type { Disposition, Flow, Leg, Stage } from '../network/flow.ts'
import type { NextHop } from '../network/network.ts'
import type { Origin } from '../network/origin.ts'
import type { Question } from './question.ts'

/** reachable: all that was asked arrives and is answered; partly: some of it (`Answer.answered` says what). */
export type Verdict = 'reachable' | 'partly' | 'unreachable'

/** One decision on the way, by one fact, about one packet. */
export type Hop = HopOf<Flow>

/** The same about headers of any domain. */
export interface HopOf<H> {
  readonly leg: 'request' | 'reply'
  readonly stage: Stage
  /** The node and interface where it was taken. */
  readonly node: string
  readonly at: string
  readonly origin: Origin
  /** pass: let through; stop: stopped here, and a `Blocker` says what would have to be otherwise. */
  readonly outcome: 'pass' | 'stop'
  /** The header as it came to this stage, and as it left it (translation). */
  readonly before: H
  readonly after: H
}

/** What would have to be otherwise for the packet to go on. */
export type Remedy =
  /** The rule set of an interface, or of a subnet's edge, would have to let it pass. */
  | { readonly kind: 'allow' }
  /** The interface would have to do without its source/destination check (E1). */
  | { readonly kind: 'no-check' }
  /** A smaller packet, or one that may be fragmented. */
  | { readonly kind: 'smaller'; readonly mtu: number }
  /** The table would have to lead there. `replaces`: its route for this destination leads elsewhere, or nowhere. */
  | { readonly kind: 'route'; readonly table: string; readonly to: RouteTo; readonly replaces?: string }
  /** The host's private address would need a public one. */
  | { readonly kind: 'public-address'; readonly interface: string; readonly inside: Ip }
  /** The two VPCs (node ids) would have to be peered. */
  | { readonly kind: 'peering'; readonly between: readonly [string, string] }
  /** The VPC would need an internet gateway. */
  | { readonly kind: 'internet-gateway'; readonly vpc: string }
  /** The instance would have to run. */
  | { readonly kind: 'start'; readonly instance: string }
  /** Nothing in the network can help (nobody has the address, the port is no service's). */
  | { readonly kind: 'none' }

/** Where a route would have to lead: an interface of the router that there is, or a link that is to be made. */
export type RouteTo = NextHop | { readonly kind: 'peering-with'; readonly vpc: string } | { readonly kind: 'internet' }

/** One setting in the way. */
export interface Blocker {
  readonly leg: 'request' | 'reply'
  readonly stage: Stage
  readonly node: string
  readonly at: string
  readonly origin: Origin
  readonly disposition: Disposition
  /** AWS's explanation code where it has one, else one of ours (`codes.ts`). */
  readonly code: string
  /** Codes of ours that say more: the return leg, ICMP, a stale reference. */
  readonly also: readonly string[]
  /** The header that was stopped. */
  readonly flow: Flow
  readonly remedy: Remedy
}

/** One complete way from the source to the destination and back, past everything that is in the way. */
export interface Way {
  readonly hops: readonly Hop[]
  /** In the order met; empty where nothing is in the way. */
  readonly blockers: readonly Blocker[]
  /** Whether the way leads to the destination and back; false where it ends at the last blocker for good. */
  readonly complete: boolean
}

/** What a person should know though it stops nothing, or though something else stops it: a leak, a public name. */
export interface Notice {
  /** One of ours (`codes.ts`). */
  readonly code: string
  /** What it is about, most telling first. */
  readonly resources: readonly string[]
}

/**
 * The legs that an answer was found by, for `footprintOf`: a change that concerns none of them leaves the verdict as it
 * is. `anything`: where more than single addresses was asked about, or something was supposed.
 */
export type Rests = 'anything' | readonly Pick<Leg, 'flow' | 'path'>[]

export interface Answer {
  readonly question: Question
  readonly verdict: Verdict
  /** The way of an example: of what is blocked if anything is, else of what arrives. */
  readonly way: Way
  /** Other ways with as few blockers, that need other cures. */
  readonly alternatives: readonly Way[]
  readonly notices: readonly Notice[]
  /** What was asked: which requests arrive and are answered, which arrive only, which do not arrive. */
  readonly answered: HeaderSet
  readonly unanswered: HeaderSet
  readonly lost: HeaderSet
  readonly rests: Rests
}
