/** A ping that runs inside an instance, as the page has started it or found it: what became of each packet. */
import { signal } from '@preact/signals'
import { readEvents } from '../api/events.ts'
import { fly, ground } from '../map/dots.tsx'
import { type Fate, pairing, type Seen } from './pairing.ts'

/** One packet; without `ms` it was not answered within a second. `stop`: what was known to stop it then. */
export interface Pinged {
  readonly sequence: number
  readonly ms?: number
  readonly stop: string
}

type Event = Fate | { readonly ended: string }

export interface Pinging {
  readonly isRunning: boolean
  /** The newest last. */
  readonly packets: readonly Pinged[]
  readonly sent: number
  readonly answered: number
  /** Why it has ended by itself. */
  readonly problem: string
}

const NONE: Pinging = { isRunning: false, packets: [], sent: 0, answered: 0, problem: '' }
export const pinging = signal(NONE)

let stop = new AbortController()

/** Between whom: the sender's id, its address and the receiver's; and what stops a packet now, if it is known. */
export interface Pair {
  readonly from: string
  readonly source: string
  readonly address: string
  stopNow(): string
}

/** Begins anew, with what `read` hears; `problem` is said where it ends by itself. */
function begin(stopNow: Pair['stopNow'], read: (hear: (event: Event) => void, stop: AbortSignal) => Promise<string>) {
  stop.abort()
  const own = new AbortController()
  stop = own
  pinging.value = { ...NONE, isRunning: true }
  const hear = (event: Event) => {
    if (stop !== own) return
    pinging.value = heard(pinging.value, event, stopNow())
    if ('sequence' in event) fly('ms' in event)
  }
  const end = (problem: string) => {
    if (stop === own && pinging.value.isRunning) pinging.value = { ...pinging.value, isRunning: false, problem }
  }
  read(hear, own.signal).then(end, () => end('The server does not answer.'))
}

/** Runs ping inside the sender, an instance or the internet. */
export const startPing = ({ from, address, stopNow }: Pair): void =>
  begin(stopNow, async (hear, over) => {
    await readEvents<Event>(`/_isthmus/ping?${new URLSearchParams({ from, to: address })}`, hear, { stop: over })
    return ''
  })

type Captured = { readonly rows: readonly Seen[] } | { readonly error: string } | { readonly begin: string }

const LOOK_MS = 250

/** Follows the pings that run elsewhere, in a terminal, by a capture at the sender. */
export const followPings = ({ from, source, address, stopNow }: Pair): void =>
  begin(stopNow, async (hear, over) => {
    const pairs = pairing(source, address)
    const timer = setInterval(() => pairs.late(Date.now()).forEach(hear), LOOK_MS)
    const take = (event: Captured) => {
      if ('rows' in event) pairs.seen(event.rows).forEach(hear)
      if ('error' in event) hear({ ended: event.error })
    }
    try {
      await readEvents<Captured>(`/_isthmus/capture?where=${from}`, take, { stop: over })
    } finally {
      clearInterval(timer)
    }
    return ''
  })

export function stopPing(): void {
  stop.abort()
  pinging.value = { ...pinging.value, isRunning: false }
}

/** As before it has begun; nothing moves any more. */
export function clearPing(): void {
  stopPing()
  ground()
  pinging.value = NONE
}

/** So many packets are shown. */
const SHOWN = 10

/** A ping after one more event of the server. A packet that was given up may be answered after all. */
function heard(before: Pinging, event: Event, stop: string): Pinging {
  if ('ended' in event) return { ...before, isRunning: false, problem: event.ended }
  const { sequence } = event
  const isAnswered = 'ms' in event
  const packet = isAnswered ? { sequence, ms: event.ms, stop: '' } : { sequence, stop }
  const others = before.packets.filter((one) => one.sequence !== sequence)
  return {
    ...before,
    packets: [...others, packet].slice(-SHOWN),
    sent: before.sent + (others.length === before.packets.length ? 1 : 0),
    answered: before.answered + (isAnswered ? 1 : 0),
  }
}
