/** The sockets that probes use, one or two in each namespace, opened when first needed. */
import type { Network } from '../../../network/network.ts'
import { namespaceOf, pathOf } from '../names.ts'
import { openTap, type Tap } from './tap.ts'
import { openTrace, type TraceSocket } from './trace-socket.ts'
import type { Seen } from './packet.ts'
import { type VisitBook, visitBook } from './visits.ts'

/** What has been seen of the probes under way. */
export interface Record {
  readonly visits: VisitBook
  /** Who saw a packet arrive, and as what. */
  readonly arrivals: Map<string, Map<string, Seen>>
}

export interface Instruments {
  tap(node: string): Tap
  /** Takes in what has happened so far; answers whether there was anything. */
  drain(record: Record): boolean
  close(): void
}

export const emptyRecord = (): Record => ({ visits: visitBook(), arrivals: new Map() })
export const packetKey = (number: number, way: Seen['way']): string => `${way}${number}`

/**
 * Sockets in every namespace of `network`; a router, which sends nothing but answers of its services, gets a tap when
 * it has one to send. A socket keeps its namespace alive: close them before it is removed.
 */
export function openInstruments(network: Network, tag: string): Instruments {
  const traces: TraceSocket[] = []
  const taps = new Map<string, Tap>()
  for (const { id, kind } of network.nodes.values()) {
    const namespace = namespaceOf(tag, id)
    if (kind !== 'host') traces.push(openTrace(namespace, pathOf(namespace)))
    if (kind === 'host' || kind === 'internet') taps.set(id, openTap(pathOf(namespace)))
  }
  return {
    tap(node) {
      const tap = taps.get(node) ?? openTap(pathOf(namespaceOf(tag, node)))
      taps.set(node, tap)
      return tap
    },
    drain({ visits, arrivals }) {
      let count = 0
      for (const trace of traces) count += trace.drain(visits)
      for (const [node, tap] of taps) {
        count += tap.drain((seen) => {
          const key = packetKey(seen.number, seen.way)
          arrivals.set(key, (arrivals.get(key) ?? new Map<string, Seen>()).set(node, seen))
        })
      }
      return count > 0
    },
    close() {
      for (const socket of [...traces, ...taps.values()]) socket.close()
    },
  }
}
