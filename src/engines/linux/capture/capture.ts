/** One capture: looks at its ports every few milliseconds, and goes on when the network has changed. */
import type { Captured } from '../../engine.ts'
import { layoutOf } from '../layout.ts'
import { type Looks, openLooks, signatureOf } from './looks.ts'
import { type Places, placesOf, type Watched } from './places.ts'
import { type InForce, verdictsOf } from './verdicts.ts'
import { type WaitingPackets, waitingPackets } from './waiting.ts'

/** Milliseconds between two looks. */
const PAUSE = { quiet: 10, busy: 1 } as const
/** How often it is looked before the sockets are closed. */
const LAST_LOOKS = 6

export interface RunningCapture {
  /** What the kernel is to trace for it. */
  readonly watched: readonly Watched[]
  missed(): number
  /** Closes its sockets, after a last look. */
  pause(): Promise<void>
  /** Finds out where it is in the network that is in force now; closes what is no longer there. */
  aim(now: InForce): Promise<void>
  /** Opens what is there, once the kernel traces it. */
  open(): void
}

export interface CaptureOptions {
  readonly where: string
  readonly listener: (packet: Captured) => void
  /** Hears of looks that failed. */
  readonly failed: (error: Error) => void
}

/** It looks at nothing before `aim` and `open`. */
export function newCapture(inForce: InForce, { where, listener, failed }: CaptureOptions): RunningCapture {
  const verdicts = verdictsOf(inForce)
  let places: Places = { taps: [], watched: [] }
  let open: { readonly looks: Looks; readonly packets: WaitingPackets; readonly at: string } | undefined
  let layout = layoutOf(inForce.network)
  let missed = 0
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()

  const look = async (): Promise<boolean> => {
    try {
      missed += open?.looks.missed() ?? 0
      return (await open?.packets.look()) ?? true
    } catch (error) {
      failed(error as Error)
      return true
    }
  }
  /** In steps, between which the server has time for others. */
  const tick = (pause: number) => {
    timer = setTimeout(() => {
      looking = look().then((isAll) => {
        if (timer) tick(isAll ? PAUSE.quiet : PAUSE.busy)
      })
    }, pause)
  }
  const pause = async () => {
    clearTimeout(timer)
    timer = undefined
    await looking
    // What has passed waits for its verdict: it is in the sockets already.
    for (let count = 0; open && count < LAST_LOOKS; ) if (await look()) count++
    open?.packets.flush()
    open?.looks.close()
    open = undefined
  }
  return {
    get watched() {
      return places.watched
    },
    missed: () => missed,
    pause,
    async aim(now) {
      const next = placesOf(now.network, now.tag, where) ?? { taps: [], watched: [] }
      if (open?.at !== signatureOf(next)) await pause()
      verdicts.changed(now)
      places = next
      layout = layoutOf(now.network)
    },
    open() {
      if (open) return
      const looks = openLooks(places, (node) => layout.ports.get(node) ?? [])
      open = { looks, packets: waitingPackets(looks, verdicts, listener), at: signatureOf(places) }
      tick(PAUSE.quiet)
    },
  }
}
