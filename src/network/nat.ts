/**
 * What a nat node does with packets, and the facts behind its silence. Read by every engine.
 *
 * It has one interface on a subnet, which no rule set filters. What comes there from the blocks it serves goes on from
 * the same interface with the interface's address as its source; what answers that goes back to where it came from
 * (A4).
 */
import { ICMP, type Match, type PortRange, TCP, UDP } from './match.ts'
import type { Interface, Network, Node } from './network.ts'
import type { Origin } from './origin.ts'

/** A source port of this range is kept (A3); all others become one of `REMAPPED`, which one nobody can know. */
export const KEPT_PORTS: PortRange = { from: 1024, to: 65535 }
export const REMAPPED_PORTS: PortRange = { from: 1024, to: 2047 }

/** What it translates (A3): TCP, UDP, and ICMP echo. A reply comes as TCP only to a flow that it knows. */
export const TRANSLATED = [
  { protocol: TCP },
  { protocol: UDP },
  { protocol: ICMP, icmp: { type: 8 } },
] as const satisfies readonly Omit<Match, 'remote'>[]

/** Whether the node is at the end of a wire of a subnet: it has addresses there that a router knows. */
export const isOnSubnet = (node: Node | undefined): boolean => node?.kind === 'host' || node?.kind === 'nat'

/** Whether no rule set filters what enters and leaves the interface. */
export const isUnfiltered = ({ nodes }: Network, { node }: Interface): boolean => nodes.get(node)?.kind === 'nat'

/** It has sent a packet on in its own name. */
export const natForwards = ({ id }: Node): Origin => ({
  resource: id,
  rule: 'source',
  code: 'NGW_SOURCE_ADDRESS_REASSIGN',
})

/** It has sent a packet on in its own name, from a port that it chose. */
export const natRemaps = (node: Node): Origin => ({ ...natForwards(node), code: 'REMAP_EPHEMERAL_PORT' })

/** It has handed an answer back. */
export const natRestores = ({ id }: Node): Origin => ({ resource: id, rule: 'answer' })

/** The sender is in none of the blocks it serves. */
export const natForStranger = ({ id }: Node): Origin => ({
  resource: id,
  rule: 'source-vpc',
  code: 'NGW_REQUIRES_SOURCE_IN_VPC',
})

/** It translates neither this protocol nor this ICMP type. */
export const natCannotTranslate = ({ id }: Node): Origin => ({
  resource: id,
  rule: 'protocol',
  code: 'ISTHMUS_NGW_PROTOCOL',
})

/** Nobody has asked for it: it is for the gateway itself, or goes on with a flow that it does not know. */
export const natUnasked = ({ id }: Node): Origin => ({ resource: id, rule: 'unasked', code: 'ISTHMUS_NGW_UNASKED' })

/** Its own packet has come back to it: its subnet's route leads to itself (A5). */
export const natToItself = ({ id }: Node): Origin => ({ resource: id, rule: 'loop', code: 'ISTHMUS_NGW_LOOP' })

/** Gateways beside one router send a packet round and round; which of them ends it, the packet's life decides. */
export const natCircle = (router: string): Origin => ({ resource: router, rule: 'nat-loop', code: 'ISTHMUS_NGW_LOOP' })
