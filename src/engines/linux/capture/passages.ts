/** What became of packets in one router, as nft's trace tells it. */
import type { NftTrace, TraceMessage } from '../nft-trace.ts'
import { CHAINS } from './table.ts'

/** A packet's way through one router. */
export interface Passage {
  /** The packet, by what no router changes of it (`packetKey`). */
  readonly key: string
  /** Its beginning when it was first seen: the IP header and up to 20 bytes above. */
  readonly header: Buffer
  /** Microseconds since 1970, when it was noticed: a trace has no time. */
  readonly at: number
  readonly iif: number
  /** Once it has been routed to a port. */
  oif?: number
  /** The router itself took it. */
  home: boolean
  mark: number
  drop?: Pick<TraceMessage, 'chain' | 'handle'>
  /** Some of what was told of packets was lost while this one was on its way. */
  doubtful: boolean
  /** Somebody has told of it. */
  told: boolean
  /** How many looks ago it was first seen. */
  age: number
}

export interface Passages {
  /** Takes in what has happened; answers whether that is all that has. */
  drain(): boolean
  /** One look later: what is too old is forgotten. */
  grow(): void
  /** The oldest that nobody has told of, of a packet that came in by the port with index `iif`. */
  find(key: string, iif: number): Passage | undefined
  /** Those that were stopped, and that nobody has told of though they are `age` looks old. */
  stopped(age: number): readonly Passage[]
  close(): void
}

/** Looks after which a passage is forgotten, and how much is taken in at a look. */
const FORGOTTEN = 50
const MOST = 1000

/** `open` opens the trace; what it is given hears when some of it was lost. */
export function passagesOf(open: (lost: () => void) => NftTrace): Passages {
  let all: Passage[] = []
  /** Until all has been read that is still there. */
  let hasLost = false
  const trace = open(() => {
    hasLost = true
    for (const passage of all) passage.doubtful = true
  })
  const byKey = new Map<string, Passage[]>()
  const current = new Map<number, Passage>()
  const take = (message: TraceMessage) => {
    const begun = begins(message, current.get(message.id))
    if (begun) {
      begun.doubtful = hasLost
      current.set(message.id, begun)
      all.push(begun)
      byKey.set(begun.key, [...(byKey.get(begun.key) ?? []), begun])
    }
    const passage = begun ?? current.get(message.id)
    if (passage) note(passage, message)
  }
  return {
    drain() {
      const isAll = trace.drain(take, MOST) < MOST
      if (isAll) hasLost = false
      return isAll
    },
    grow() {
      for (const passage of all) passage.age++
      if ((all[0]?.age ?? 0) <= FORGOTTEN) return
      for (const { key, age } of all) if (age > FORGOTTEN) byKey.delete(key)
      all = all.filter((passage) => passage.age <= FORGOTTEN)
      for (const [id, { age }] of current) if (age > FORGOTTEN) current.delete(id)
    },
    find: (key, iif) => byKey.get(key)?.find((passage) => !passage.told && passage.iif === iif),
    close: () => trace.close(),
    stopped: (age) => all.filter((passage) => passage.drop && !passage.told && passage.age >= age),
  }
}

/** The kernel uses ids again: what enters is a new packet, and so is what leaves without having entered. */
function begins(message: TraceMessage, known: Passage | undefined): Passage | undefined {
  const { table, chain, header, transport } = message
  if (table !== CHAINS.table || !header) return undefined
  const key = packetKey(header, transport ?? Buffer.alloc(0))
  const isKnown =
    chain === CHAINS.home || (chain === CHAINS.leaving && known?.oif === undefined && known?.iif === message.iif)
  if (known && isKnown) return undefined
  return {
    key,
    header: Buffer.concat([header, transport ?? Buffer.alloc(0)]),
    at: Date.now() * 1000,
    iif: message.iif ?? 0,
    home: false,
    mark: 0,
    doubtful: false,
    told: false,
    age: 0,
  }
}

function note(passage: Passage, { table, chain, oif, mark, verdict, handle }: TraceMessage): void {
  passage.mark = mark ?? passage.mark
  if (oif !== undefined) passage.oif ??= oif
  if (table === CHAINS.table && chain === CHAINS.home) passage.home = true
  if (verdict === 'drop') passage.drop = { chain, ...(handle !== undefined && { handle }) }
}

/**
 * What a packet is known by on all its way: neither its sender nor its checksums, which translation changes, nor its
 * time to live.
 */
export function packetKey(header: Buffer, above: Buffer): string {
  const transport = Buffer.from(above.subarray(0, 20))
  const checksum = CHECKSUMS[header[9] ?? 0]
  if (checksum !== undefined && transport.length >= checksum + 2) transport.writeUInt16BE(0, checksum)
  return Buffer.concat([header.subarray(2, 8), header.subarray(9, 10), header.subarray(16, 20), transport]).toString(
    'latin1',
  )
}

/** Where the checksum is, by protocol: TCP, UDP. */
const CHECKSUMS: Readonly<Record<number, number>> = { 6: 16, 17: 6 }
