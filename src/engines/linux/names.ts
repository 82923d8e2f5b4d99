/** How things are called in the kernel: namespaces, links, chains, marks and tables. */
import { createHash } from 'node:crypto'

/** A short, stable word for an id of any length: the first hex digits of its hash. */
export const shortHash = (text: string, digits = 12): string =>
  createHash('sha256').update(text).digest('hex').slice(0, digits)

/** Only what a file name, an altname and an nft identifier all accept. */
const plain = (id: string): string => id.replace(/[^A-Za-z0-9_.-]/g, '_')

/** The namespace of a node. All of one server's begin with its tag, and nothing else is ever touched. */
export const namespaceOf = (tag: string, node: string): string => `${tag}-${plain(node)}`
export const belongsTo = (tag: string, namespace: string): boolean => namespace.startsWith(`${tag}-`)
export const pathOf = (namespace: string): string => `/run/netns/${namespace}`

/** IFNAMSIZ leaves 15 bytes; the whole id is the link's altname. */
export const portName = (interfaceId: string): string => `p${shortHash(interfaceId)}`
export const altName = (interfaceId: string): string => `${plain(interfaceId).slice(0, 120)}`
export const deviceName = (index: number): string => `eth${index}`

/** The router's port that a sysctl belongs to, if it belongs to one. */
export const linkOfSysctl = (path: string): string | undefined =>
  /^ipv4\/(?:conf|neigh)\/(p[0-9a-f]+)\//.exec(path)?.[1]

/** A locally administered unicast address derived from an id. */
export function macOf(id: string): string {
  const digits = shortHash(id, 10)
  return `02:${(digits.match(/../g) ?? []).join(':')}`
}

/** Names of nft chains, sets and maps: what they are for, and a hash of whose they are. */
export const named = (purpose: string, id: string): string => `${purpose}-${shortHash(id)}`

/** A table's number is its mark; in the kernel it is moved out of the way of the numbers 253-255. */
export const kernelTable = (number: number): number => 0x1000000 + number
/** Routes to every host interface of a router: what `throw` falls to. */
export const LOCAL_TABLE = 0x2000000
/** Marks a packet that stays within its subnet: it skips the route table and the segment's rules (P4). */
export const SAME_SUBNET = 0x1000000
/** Marks a packet for a service of the router itself: no route table, no rule has a say in it (P5). */
export const FOR_SERVICE = 0x2000000

/** DSCP values (experimental pool) that probes carry: a fresh flow, tracked apart, and one of a session. */
export const PROBE_DSCP = { fresh: 43, session: 47 } as const
/** The conntrack zone of fresh probes: they neither meet nor disturb the flows of instances. */
export const PROBE_ZONE = 1

/**
 * Bits of the conntrack mark: tracked at the interface of the flow's initiator, of its responder. `foreign`: at the
 * initiator's, which wrote an address that is not its own: whoever has that address has asked for nothing.
 */
export const TRACKED = { initiator: 1, responder: 2, foreign: 4 } as const
