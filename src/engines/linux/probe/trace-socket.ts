/** nft's trace of probes in one router: which rules and chains a packet met. */
import { PROBE_DSCP } from '../names.ts'
import { openNftTrace, type TraceMessage } from '../nft-trace.ts'
import { recognize } from './packet.ts'
import type { Visit, VisitBook } from './visits.ts'

export interface TraceSocket {
  /** Enters what has happened since the last call into the book; answers how many events there were. */
  drain(visits: VisitBook): number
  close(): void
}

export function openTrace(namespace: string, path: string): TraceSocket {
  const trace = openNftTrace(path, () => {
    throw new Error(`the kernel's trace in ${namespace} overflowed`)
  })
  /** By the kernel's id of the packet; a header says anew whose id it is. */
  const current = new Map<number, Visit | undefined>()
  return {
    drain: (visits) => trace.drain((message) => take(namespace, message, current, visits)),
    close: () => trace.close(),
  }
}

function take(
  namespace: string,
  { id, header, transport, iif, oif, mark, chain, handle, verdict }: TraceMessage,
  current: Map<number, Visit | undefined>,
  visits: VisitBook,
): void {
  if (header) {
    const seen = isProbe(header) ? recognize(header, transport ?? Buffer.alloc(0)) : undefined
    current.set(id, seen && visits.at(namespace, seen, iif ?? 0))
  }
  const visit = current.get(id)
  if (!visit) return
  visit.mark = mark ?? visit.mark
  if (oif !== undefined) visit.oif = oif
  visit.events.push({ chain, ...(handle !== undefined && { handle }), verdict })
}

/** Others may be traced as well: those of a capture. */
function isProbe(header: Buffer): boolean {
  const dscp = (header[1] ?? 0) >> 2
  return dscp === PROBE_DSCP.fresh || dscp === PROBE_DSCP.session
}
