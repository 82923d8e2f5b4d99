/** The passages of probes through routers, collected while they happen. */
import type { Seen } from './packet.ts'

/** One chain's or rule's word on a packet. */
export interface TraceEvent {
  readonly chain: string
  /** Absent where the chain's policy spoke. */
  readonly handle?: bigint
  readonly verdict: 'drop' | 'accept' | 'other'
}

/** A packet's passage through one router, in by one port. */
export interface Visit {
  readonly namespace: string
  readonly seen: Seen
  /** Interface indexes; `oif` once the packet has been routed. */
  readonly iif: number
  oif?: number
  mark: number
  readonly events: TraceEvent[]
}

export interface VisitBook {
  /** The passage that a packet belongs to; one begins where there is none. Later hooks do not name the port (0). */
  at(namespace: string, seen: Seen, iif: number): Visit
  of(number: number, way: Seen['way']): readonly Visit[]
}

export function visitBook(): VisitBook {
  const byPacket = new Map<string, Visit[]>()
  const keyOf = (number: number, way: Seen['way']) => `${way}${number}`
  return {
    at(namespace, seen, iif) {
      const key = keyOf(seen.number, seen.way)
      const all = byPacket.get(key) ?? []
      byPacket.set(key, all)
      const known = all.findLast((v) => v.namespace === namespace && (iif === 0 || v.iif === iif))
      if (known) return known
      const visit: Visit = { namespace, seen, iif, mark: 0, events: [] }
      all.push(visit)
      return visit
    },
    of: (number, way) => byPacket.get(keyOf(number, way)) ?? [],
  }
}
