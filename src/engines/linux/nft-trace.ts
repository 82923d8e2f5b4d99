/** nft's trace of one namespace, as the kernel tells it: which rule or chain said what of which packet. */
import { attributesOf, messagesOf, NETLINK_NETFILTER, openNetlink } from './netlink.ts'

/** One rule's or chain's word on a packet. */
export interface TraceMessage {
  /** The kernel's id of the packet while it is in this namespace; used again for later ones. */
  readonly id: number
  readonly table: string
  readonly chain: string
  /** Absent where the chain's policy spoke. */
  readonly handle?: bigint
  readonly verdict: 'drop' | 'accept' | 'other'
  /** Its IP header and the first 20 bytes above: told once a base chain. */
  readonly header?: Buffer
  readonly transport?: Buffer
  /** Interface indexes; `oif` once it has been routed. */
  readonly iif?: number
  readonly oif?: number
  readonly mark?: number
}

export interface NftTrace {
  /** Passes on what has happened since the last call, `most` datagrams at a time; answers how many messages. */
  drain(take: (message: TraceMessage) => void, most?: number): number
  close(): void
}

const TRACE = (10 << 8) | 17
const GROUP_TRACE = 1 << 8
const BUFFER = 32 << 20
/** Attributes of a trace message (nf_tables.h). */
const A = {
  table: 1,
  chain: 2,
  handle: 3,
  verdict: 5,
  id: 6,
  header: 8,
  transport: 9,
  iif: 10,
  oif: 12,
  mark: 14,
  policy: 16,
} as const

/** `lost` is called where more happened than fits the socket; it may throw. */
export function openNftTrace(path: string, lost: () => void): NftTrace {
  const socket = openNetlink(path, NETLINK_NETFILTER, GROUP_TRACE, BUFFER)
  return {
    drain(take, most = Number.POSITIVE_INFINITY) {
      let count = 0
      for (let left = most; left > 0; left--) {
        const datagram = socket.read()
        if (datagram === undefined) return count
        if (datagram === 'lost') {
          lost()
          count++
          continue
        }
        for (const { type, body } of messagesOf(datagram)) {
          if (type !== TRACE) continue
          count++
          take(messageOf(new Map([...attributesOf(body.subarray(4))].map((a) => [a.type, a.data]))))
        }
      }
      return count
    },
    close: () => socket.close(),
  }
}

function messageOf(fields: ReadonlyMap<number, Buffer>): TraceMessage {
  const header = fields.get(A.header)
  const transport = fields.get(A.transport)
  const handle = fields.get(A.handle)?.readBigUInt64BE()
  const iif = fields.get(A.iif)?.readUInt32BE()
  const oif = fields.get(A.oif)?.readUInt32BE()
  const mark = fields.get(A.mark)?.readUInt32BE()
  return {
    id: fields.get(A.id)?.readUInt32BE() ?? 0,
    table: textOf(fields.get(A.table)),
    chain: textOf(fields.get(A.chain)),
    verdict: verdictOf(fields),
    ...(handle !== undefined && { handle }),
    ...(header && { header }),
    ...(transport && { transport }),
    ...(iif !== undefined && { iif }),
    ...(oif !== undefined && { oif }),
    ...(mark !== undefined && { mark }),
  }
}

function verdictOf(fields: ReadonlyMap<number, Buffer>): TraceMessage['verdict'] {
  const nested = fields.get(A.verdict)
  const code = nested
    ? [...attributesOf(nested)].find((a) => a.type === 1)?.data.readInt32BE()
    : fields.get(A.policy)?.readInt32BE()
  return code === 0 ? 'drop' : code === 1 ? 'accept' : 'other'
}

const textOf = (data: Buffer | undefined): string => (data ? data.toString('latin1').replace(/\0+$/, '') : '')
