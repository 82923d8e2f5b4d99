/** Pings among captured packets: requests, their replies, and those that get none. Nothing here needs a browser. */

/** What a captured packet tells of itself. */
export interface Seen {
  /** Microseconds since 1970. */
  readonly at: number
  readonly from: string
  readonly to: string
  readonly info: string
  /** What stopped it, where something did. */
  readonly cause?: object
}

/** What became of a request: answered after so many milliseconds, or lost. */
export type Fate =
  | { readonly sequence: number; readonly ms: number }
  | { readonly sequence: number; readonly lost: true }

export interface Pairing {
  /** Takes packets in, in the order in which they passed; answers what has become of requests. */
  seen(packets: readonly Seen[]): Fate[]
  /** Those that have waited too long at that time, in milliseconds since the epoch. */
  late(now: number): Fate[]
}

const ECHO = /^echo (request|reply), id (\d+), seq (\d+)/
/** As long as ping itself waits with the next. */
const PATIENCE_MS = 1000

/** Of the pings from one address to another. */
export function pairing(from: string, to: string): Pairing {
  const waiting = new Map<string, { readonly sequence: number; readonly at: number }>()
  function fateOf(packet: Seen): Fate | undefined {
    const [, kind, id, number] = ECHO.exec(packet.info) ?? []
    if (!kind) return undefined
    const key = `${id} ${number}`
    const sequence = Number(number)
    const isRequest = kind === 'request' && packet.from === from && packet.to === to
    const isReply = kind === 'reply' && packet.from === to && packet.to === from
    if (isRequest && packet.cause) return { sequence, lost: true }
    if (isRequest) waiting.set(key, { sequence, at: packet.at })
    const request = waiting.get(key)
    if (!isReply || !request) return undefined
    waiting.delete(key)
    return packet.cause ? { sequence, lost: true } : { sequence, ms: (packet.at - request.at) / 1000 }
  }
  return {
    seen: (packets) => packets.flatMap((packet) => fateOf(packet) ?? []),
    late(now) {
      const over = [...waiting].filter(([, { at }]) => now - at / 1000 > PATIENCE_MS)
      for (const [key] of over) waiting.delete(key)
      return over.map(([, { sequence }]): Fate => ({ sequence, lost: true }))
    },
  }
}
