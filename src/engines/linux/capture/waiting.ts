/**
 * Packets of a capture that wait to be reported.
 *
 * A packet and its fate come from different sockets of the kernel, so that nothing is said of a packet before a few
 * looks have brought nothing new.
 */
import type { Captured } from '../../engine.ts'
import { frameFor, keyOf } from './frames.ts'
import type { Looks, Stopped } from './looks.ts'
import type { Frame } from './packet-socket.ts'
import type { Place, Tap } from './places.ts'
import type { Verdict, Verdicts } from './verdicts.ts'

/** Looks until a packet is judged; until one that was stopped is told without a frame; until it is reported. */
const LOOKS = { judged: 2, stopped: 4, reported: 6 } as const
/** Packets that may wait; with more than that the first are reported unjudged. */
const MOST = 20_000

interface Waiting {
  packet: Captured
  age: number
  /** Its key and where it entered, until it has been judged. */
  followed?: { readonly key: string; readonly start: Place } | undefined
}

export interface WaitingPackets {
  /**
   * Looks for what is new, judges what has waited long enough, and reports what has waited longer. Answers whether it
   * has seen all that there was.
   */
  look(): Promise<boolean>
  /** Reports all that wait. */
  flush(): void
}

export function waitingPackets(looks: Looks, verdicts: Verdicts, listener: (packet: Captured) => void): WaitingPackets {
  let waiting: Waiting[] = []
  const report = (isReady: (one: Waiting) => boolean) => {
    const ready = waiting.filter(isReady)
    waiting = waiting.filter((one) => !isReady(one))
    for (const { packet } of ready.toSorted((a, b) => a.packet.at - b.packet.at)) listener(packet)
  }
  return {
    async look() {
      waiting.push(...looks.frames().map((frame) => waitingFor(looks, frame)))
      const isAll = looks.drain()
      for (const one of waiting) if (isAll) one.age++
      for (const one of waiting.filter((w) => w.followed && w.age >= LOOKS.judged)) await judge(looks, verdicts, one)
      for (const stopped of looks.stopped(LOOKS.stopped)) waiting.push(await told(verdicts, stopped))
      const over = new Set(waiting.slice(0, Math.max(0, waiting.length - MOST)))
      report((one) => one.age >= LOOKS.reported || over.has(one))
      return isAll
    },
    flush: () => report(() => true),
  }
}

function waitingFor(looks: Looks, { tap, at, data, originalLength, outgoing }: Frame & { readonly tap: Tap }): Waiting {
  const direction = outgoing ? (tap.entering === 'in' ? 'out' : 'in') : tap.entering
  const start = outgoing ? looks.far(tap) : tap
  const key = start && keyOf(data)
  return {
    age: 0,
    packet: { at, interface: tap.interface, direction, linkType: 'ethernet', data, originalLength },
    ...(start && key !== undefined && { followed: { key, start } }),
  }
}

async function judge(looks: Looks, verdicts: Verdicts, one: Waiting): Promise<void> {
  if (!one.followed) return
  const { key, start } = one.followed
  one.followed = undefined
  const fate = looks.follow(key, start)
  const unknown: Verdict = fate.kind === 'unseen' ? { comment: UNKNOWN } : {}
  const verdict =
    fate.kind === 'ruled'
      ? await verdicts.ruled(fate.at.namespace, fate.passage)
      : fate.kind === 'away'
        ? await verdicts.away(fate.at.port, fate.passage)
        : unknown
  one.packet = { ...one.packet, ...verdict }
}

const UNKNOWN = 'not judged: too much went by at once'

async function told(verdicts: Verdicts, { passage, place, ...of }: Stopped): Promise<Waiting> {
  const verdict = await verdicts.ruled(place.namespace, passage)
  const frame = frameFor(place.port, passage.header)
  return { age: LOOKS.stopped, packet: { at: passage.at, ...of, linkType: 'ethernet', ...frame, ...verdict } }
}
