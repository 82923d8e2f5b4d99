/**
 * The nft table that lets the kernel trace what captures look at. It is beside the router's own, judges nothing, and
 * is there only while a capture runs.
 */
import { anyOf, quoted } from '../chains.ts'
import type { Watched } from './places.ts'

const TABLE = 'inet isthmus_capture'
/** Its chains, by what a packet is doing when they meet it. */
export const CHAINS = { table: 'isthmus_capture', entering: 'entering', leaving: 'leaving', home: 'home' } as const

/** After conntrack has put fragments together, and before all that judges. */
const FIRST = -399

/** The table for what is watched in one namespace, written anew in one transaction. */
export const captureTable = (watched: readonly Watched[]): string[] => [
  `add table ${TABLE}`,
  `delete table ${TABLE}`,
  `add table ${TABLE}`,
  ...chain(CHAINS.entering, 'prerouting', [...new Set(watched.map(enteringRule))]),
  ...chain(CHAINS.leaving, 'forward', [...new Set(watched.flatMap(leavingRule))]),
  // Its policy's word tells that the router itself took a packet.
  ...chain(CHAINS.home, 'input', []),
]

/** Takes it away, whether it is there or not. */
export const noCaptureTable = (): string[] => [`add table ${TABLE}`, `delete table ${TABLE}`]

const chain = (name: string, hook: string, rules: readonly string[]): string[] => [
  `add chain ${TABLE} ${name} { type filter hook ${hook} priority ${FIRST}; policy accept; }`,
  ...rules.map((rule) => `add rule ${TABLE} ${name} ${rule}`),
]

/**
 * Packets a second that are traced: each is told in a score of messages, and who reads them also serves the network.
 * More of those that come over a link, so that none is lost there of which the beginning is known.
 */
const MOST = { near: 500, far: 1000 } as const
const traced = (most: number): string => `limit rate ${most}/second burst ${most} packets meta nftrace set 1`

const enteringRule = ({ port, from, leaving }: Watched): string => {
  const whose = from ? ` ip saddr ${anyOf(from)}` : ''
  return `iifname ${quoted(port.name)}${whose} ${traced(leaving ? MOST.near : MOST.far)}`
}

const leavingRule = ({ port, leaving }: Watched): string[] =>
  leaving ? [`oifname ${quoted(port.name)} ${traced(MOST.near)}`] : []
