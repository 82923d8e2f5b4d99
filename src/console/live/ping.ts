/** A ping that runs inside an instance, as the page has started it: what became of each packet. */
import { signal } from '@preact/signals'
import { readEvents } from '../api/events.ts'
import { fly, ground } from '../map/dots.tsx'

/** One packet; without `ms` it was not answered within a second. `stop`: what was known to stop it then. */
export interface Pinged {
  readonly sequence: number
  readonly ms?: number
  readonly stop: string
}

type Event =
  | { readonly sequence: number; readonly ms: number }
  | { readonly sequence: number; readonly lost: true }
  | { readonly ended: string }

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

/** Begins anew, from an instance's id or `internet` to an address. `stopNow` names what stops a packet, if known. */
export function startPing(from: string, to: string, stopNow: () => string): void {
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
  readEvents(`/_isthmus/ping?${new URLSearchParams({ from, to })}`, hear, { stop: own.signal }).then(
    () => end(''),
    () => end(own.signal.aborted ? '' : 'The server does not answer.'),
  )
}

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
    sent: Math.max(before.sent, sequence),
    answered: before.answered + (isAnswered ? 1 : 0),
  }
}
