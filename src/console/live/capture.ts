/** The one capture of a page: what has been captured, and where. It goes on while something else is looked at. */
import { signal } from '@preact/signals'
import { readEvents } from '../api/events.ts'

/** A packet as the server tells it. */
export interface Row {
  /** Microseconds since 1970. */
  readonly at: number
  readonly direction: 'in' | 'out'
  readonly from: string
  readonly to: string
  readonly protocol: string
  readonly info: string
  readonly verdict?: string
  readonly cause?: { readonly resource: string; readonly rule?: string }
  /** Base64 of what it adds to a pcapng file. */
  readonly bytes: string
}

type Event =
  | { readonly begin: string; readonly simulated: boolean }
  | { readonly rows: readonly Row[]; readonly missed: number }
  | { readonly error: string }

export interface Capturing {
  readonly where: string
  readonly isRunning: boolean
  readonly simulated: boolean
  /** Base64 of what its file begins with. */
  readonly begin: string
  readonly rows: readonly Row[]
  /** Packets that came too fast, or of which there were too many to keep. */
  readonly missed: number
  readonly problem: string
}

const NONE: Capturing = {
  where: '',
  isRunning: false,
  simulated: false,
  begin: '',
  rows: [],
  missed: 0,
  problem: '',
}
export const capturing = signal(NONE)

/** So many packets are kept; then it stops by itself. */
export const MOST = 10_000
let stop = new AbortController()

/** Begins at an instance, a gateway or a peering; what was captured before is let go. */
export function startCapture(where: string): void {
  stop.abort()
  const own = new AbortController()
  stop = own
  capturing.value = { ...NONE, where, isRunning: true }
  const hear = (event: Event) => {
    if (stop !== own) return
    capturing.value = heard(capturing.value, event)
    if (capturing.value.rows.length >= MOST) stopCapture()
  }
  const end = (problem: string) => {
    if (stop === own && capturing.value.isRunning) capturing.value = { ...capturing.value, isRunning: false, problem }
  }
  readEvents(`/_isthmus/capture?where=${encodeURIComponent(where)}`, hear, { stop: own.signal }).then(
    () => end('The server has ended it.'),
    () => end(own.signal.aborted ? '' : 'The server does not answer.'),
  )
}

/** What has been captured stays. */
export function stopCapture(): void {
  capturing.value = { ...capturing.value, isRunning: false }
  stop.abort()
}

/** A capture after one more event of the server. */
function heard(before: Capturing, event: Event): Capturing {
  if ('error' in event) return { ...before, isRunning: false, problem: event.error }
  if ('begin' in event) return { ...before, ...event }
  return { ...before, rows: [...before.rows, ...event.rows].slice(0, MOST), missed: event.missed }
}

/** All of it as a pcapng file. */
export const fileOf = ({ begin, rows }: Capturing): Blob =>
  new Blob(
    [begin, ...rows.map(({ bytes }) => bytes)].map((text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))),
    {
      type: 'application/x-pcapng',
    },
  )

/** `12:00:01.123456`, in the local time zone. */
export function timeText(at: number): string {
  const date = new Date(Math.floor(at / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${time}.${String(at % 1_000_000).padStart(6, '0')}`
}
