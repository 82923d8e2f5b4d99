/** The marks of a probe's packets, and which probes may be under way together. */
import type { Ip } from '../../../ip/address.ts'
import type { Network } from '../../../network/network.ts'
import type { Flow } from '../../../network/flow.ts'
import { ICMP } from '../../../network/match.ts'
import { PROBE_DSCP } from '../names.ts'
import type { Marks } from './packet.ts'

export interface Probe {
  readonly flow: Flow
  readonly from: string
  /** Continues the flow of an earlier probe of the same name, with the connection tracking of then (D16). */
  readonly session?: string
}

export interface Sessions {
  marksFor(probe: Probe): Marks
}

const LARGEST = 0x7fff
/** Echo ids of sessions are above those of fresh probes: they never share a flow. */
const FIRST_SESSION = 0x8000

export function probeSessions(): Sessions {
  const ids = new Map<string, number>()
  const opened = new Set<string>()
  let last = 0
  return {
    marksFor({ flow, session }) {
      last = last >= LARGEST ? 1 : last + 1
      if (session === undefined)
        return { number: last, dscp: PROBE_DSCP.fresh, echoId: last, continues: false, played: false }
      if (!ids.has(session)) ids.set(session, FIRST_SESSION + (ids.size % FIRST_SESSION))
      const key = `${session} ${conflictKey(flow, new Map())}`
      const continues = opened.has(key)
      opened.add(key)
      return { number: last, dscp: PROBE_DSCP.session, echoId: ids.get(session) ?? 0, continues, played: true }
    },
  }
}

/**
 * Splits probes into rounds of at most `size`, in which no two are the same flow in either direction, on either side
 * of a translation; the same flow again comes in a later round.
 */
export function rounds<T extends Probe>(network: Network, probes: readonly T[], size: number): T[][] {
  const inside = new Map<Ip, Ip>(network.translations.map((t) => [t.outside, t.inside]))
  const all: { probes: T[]; keys: Set<string> }[] = []
  for (const probe of probes) {
    const key = conflictKey(probe.flow, inside)
    const isDistinct = probe.flow.protocol === ICMP && probe.session === undefined
    const open = all.find((r) => r.probes.length < size && (isDistinct || !r.keys.has(key)))
    const round = open ?? { probes: [], keys: new Set<string>() }
    if (!open) all.push(round)
    round.probes.push(probe)
    if (!isDistinct) round.keys.add(key)
  }
  return all.map((r) => r.probes)
}

const conflictKey = (
  { protocol, source, destination, sourcePort, destinationPort }: Flow,
  inside: ReadonlyMap<Ip, Ip>,
): string =>
  [
    protocol,
    ...[
      `${inside.get(source) ?? source} ${sourcePort}`,
      `${inside.get(destination) ?? destination} ${destinationPort}`,
    ].sort(),
  ].join(' ')
