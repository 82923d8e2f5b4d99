/**
 * The vendor-neutral network: what every engine realizes, and all that it knows.
 *
 * Invariants: plain readonly data; a set of facts, whose order never matters; every fact has an `Origin`;
 * every id that a fact names is there (checked by `assemble`).
 */
import type { Ip } from '../ip/address.ts'
import type { Prefix } from '../ip/prefix.ts'
import type { IdleTimeouts } from './idle.ts'
import type { Match } from './match.ts'
import type { Origin } from './origin.ts'

/**
 * A thing packets pass through: an instance, the router of a VPC, everything outside, or a gateway on a subnet that
 * sends in its own name for hosts which others cannot reach (`nat`, see `nat.ts`).
 */
export interface Node {
  readonly id: string
  readonly kind: 'host' | 'router' | 'internet' | 'nat'
  /** On nat nodes: the blocks for whose hosts they send (A4). */
  readonly serves?: readonly Prefix[]
  readonly origin: Origin
}

/**
 * What interfaces are attached to. A `subnet` joins one router, hosts and nat nodes; a `peering` joins two routers;
 * an `uplink` joins a router and the internet. `ruleSet` guards a subnet's edge (never traffic within it).
 */
export interface Segment {
  readonly id: string
  readonly kind: 'subnet' | 'peering' | 'uplink'
  /** A subnet's address block; absent on links. */
  readonly prefix?: Prefix
  /** Bytes of the largest packet that leaves a router onto this segment. */
  readonly mtu: number
  readonly ruleSet?: string
  readonly origin: Origin
}

export interface Interface {
  readonly id: string
  readonly node: string
  readonly segment: string
  /** A host's private addresses, primary first; a router's gateway address on a subnet; hosts of the internet. */
  readonly addresses: readonly Ip[]
  /** Absent on routers and the internet. */
  readonly mac?: string
  /** On routers: the table that routes what arrives here. */
  readonly table?: string
  /** On hosts: refuse what is neither from nor for an address of this interface (E1). */
  readonly sourceDestCheck: boolean
  /** On hosts: rule sets that are united; a packet passes when one of them allows it. None means closed. */
  readonly ruleSets?: readonly string[]
  /** On hosts and nat nodes: nothing from or for its addresses passes an uplink, and this is why (see `uplinks.ts`). */
  readonly noUplink?: Origin
  /** On hosts: for how long rule sets remember a flow, where that is not the default (S12). */
  readonly idleTimeouts?: IdleTimeouts
  /** On hosts: 0 is the interface that holds the default route. */
  readonly deviceIndex?: number
  /** Which machine it is placed on. One today. */
  readonly placement: string
  readonly origin: Origin
}

/** A routing table of one router. Its origin explains a packet that no route matches. */
export interface Table {
  readonly id: string
  readonly node: string
  /** Its number in the kernel: stored with the resource, 1..2^24-1, unique on its node. */
  readonly number: number
  readonly origin: Origin
}

/**
 * connected: deliver to whoever owns the destination on a subnet of this router.
 * link: out of this router interface, to the far end of its peering or uplink.
 * interface: to this host interface, whatever the destination (a route to an ENI).
 */
export type NextHop =
  | { readonly kind: 'connected' }
  | { readonly kind: 'link'; readonly interface: string }
  | { readonly kind: 'interface'; readonly interface: string }
  | { readonly kind: 'blackhole' }

/** The longest prefix wins; a table has a prefix once at most. */
export interface Route {
  readonly table: string
  readonly prefix: Prefix
  readonly nextHop: NextHop
  readonly origin: Origin
}

/** An ordered list of rules that guards interfaces (stateful) or a subnet's edge (stateless). */
export interface RuleSet {
  readonly id: string
  /** Stateful: allows are united, replies of tracked flows pass. Stateless: each packet alone, first match wins. */
  readonly stateful: boolean
  /** Explains a packet that no rule matches: `ingress` and `egress` deny by default. */
  readonly origin: Origin
}

/** Egress means away from the instance. Of one rule set and direction the lowest priority that matches decides. */
export interface Rule {
  readonly ruleSet: string
  readonly direction: 'ingress' | 'egress'
  /** Ascending in a stateless set; 0 in a stateful one, whose rules are all allows. */
  readonly priority: number
  readonly action: 'allow' | 'deny'
  readonly match: Match
  readonly origin: Origin
}

/** Addresses that rules name together: the private addresses of a security group's members (S7). */
export interface AddressSet {
  readonly id: string
  readonly addresses: readonly Ip[]
  readonly origin: Origin
}

/** One-to-one translation at a router's uplink: `inside` leaves as `outside`, `outside` arrives as `inside` (G1). */
export interface Translation {
  /** The router's interface on the uplink. */
  readonly interface: string
  readonly inside: Ip
  readonly outside: Ip
  readonly origin: Origin
}

/**
 * An address at which a router itself serves the hosts on its subnets: metadata, or names (P6). No rule set filters
 * what goes to it or comes from it, and no route leads it elsewhere (P5).
 */
export interface Service {
  /** The router. */
  readonly node: string
  readonly kind: 'metadata' | 'dns'
  readonly address: Ip
  readonly origin: Origin
}

export interface Network {
  readonly nodes: ReadonlyMap<string, Node>
  readonly segments: ReadonlyMap<string, Segment>
  readonly interfaces: ReadonlyMap<string, Interface>
  readonly tables: ReadonlyMap<string, Table>
  readonly ruleSets: ReadonlyMap<string, RuleSet>
  readonly addressSets: ReadonlyMap<string, AddressSet>
  readonly routes: readonly Route[]
  readonly rules: readonly Rule[]
  readonly translations: readonly Translation[]
  readonly services: readonly Service[]
}

/** What one resource adds to the network. */
export type Fact =
  | { readonly node: Node }
  | { readonly segment: Segment }
  | { readonly interface: Interface }
  | { readonly table: Table }
  | { readonly ruleSet: RuleSet }
  | { readonly addressSet: AddressSet }
  | { readonly route: Route }
  | { readonly rule: Rule }
  | { readonly translation: Translation }
  | { readonly service: Service }

/** What became of a network by a change: facts that are gone, the very same objects; and facts that are new. */
export interface Difference {
  readonly removed: readonly Fact[]
  readonly added: readonly Fact[]
}
