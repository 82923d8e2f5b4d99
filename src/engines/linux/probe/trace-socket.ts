/** nft's trace of probes in one router: which rules and chains a packet met, read from the kernel's own events. */
import { attributesOf, messagesOf, NETLINK_NETFILTER, type NetlinkSocket, openNetlink } from '../netlink.ts'
import { recognize } from './packet.ts'
import type { TraceEvent, Visit, VisitBook } from './visits.ts'

const TRACE = (10 << 8) | 17
const GROUP_TRACE = 1 << 8
const BUFFER = 32 << 20
/** Attributes of a trace message (nf_tables.h). */
const A = {
  chain: 2,
  handle: 3,
  verdict: 5,
  id: 6,
  network: 8,
  transport: 9,
  iif: 10,
  oif: 12,
  mark: 14,
  policy: 16,
} as const

export interface TraceSocket {
  /** Enters what has happened since the last call into the book; answers how many events there were. */
  drain(visits: VisitBook): number
  close(): void
}

export function openTrace(namespace: string, path: string): TraceSocket {
  const socket: NetlinkSocket = openNetlink(path, NETLINK_NETFILTER, GROUP_TRACE, BUFFER)
  /** By the kernel's id of the packet; a header says anew whose id it is. */
  const current = new Map<number, Visit | undefined>()
  return {
    drain(visits) {
      let count = 0
      for (let datagram = socket.read(); datagram !== undefined; datagram = socket.read()) {
        if (datagram === 'lost') throw new Error(`the kernel's trace in ${namespace} overflowed`)
        for (const { type, body } of messagesOf(datagram)) {
          if (type !== TRACE) continue
          count++
          take(namespace, new Map([...attributesOf(body.subarray(4))].map((a) => [a.type, a.data])), current, visits)
        }
      }
      return count
    },
    close: () => socket.close(),
  }
}

function take(
  namespace: string,
  fields: ReadonlyMap<number, Buffer>,
  current: Map<number, Visit | undefined>,
  visits: VisitBook,
): void {
  const id = fields.get(A.id)?.readUInt32BE() ?? 0
  const header = fields.get(A.network)
  if (header) {
    const seen = recognize(header, fields.get(A.transport) ?? Buffer.alloc(0))
    current.set(id, seen && visits.at(namespace, seen, fields.get(A.iif)?.readUInt32BE() ?? 0))
  }
  const visit = current.get(id)
  if (!visit) return
  visit.mark = fields.get(A.mark)?.readUInt32BE() ?? visit.mark
  const oif = fields.get(A.oif)?.readUInt32BE()
  if (oif !== undefined) visit.oif = oif
  const handle = fields.get(A.handle)?.readBigUInt64BE()
  visit.events.push({
    chain: textOf(fields.get(A.chain)),
    ...(handle !== undefined && { handle }),
    verdict: verdictOf(fields),
  })
}

function verdictOf(fields: ReadonlyMap<number, Buffer>): TraceEvent['verdict'] {
  const nested = fields.get(A.verdict)
  const code = nested
    ? [...attributesOf(nested)].find((a) => a.type === 1)?.data.readInt32BE()
    : fields.get(A.policy)?.readInt32BE()
  return code === 0 ? 'drop' : code === 1 ? 'accept' : 'other'
}

const textOf = (data: Buffer | undefined): string => (data ? data.toString('latin1').replace(/\0+$/, '') : '')
