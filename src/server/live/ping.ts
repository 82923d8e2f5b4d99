/** A ping that a page has started: a packet each second from an instance, and what became of it. */
import type { Host, Running } from '../../engines/engine.ts'
import { ip } from '../../ip/address.ts'
import type { Events } from '../../protocol/console.ts'
import { type Overhearing, overheard } from '../overheard.ts'

/** What is told: a packet was answered after so many milliseconds, or was not within a second; or it has ended. */
export type PingEvent =
  | { readonly sequence: number; readonly ms: number }
  | { readonly sequence: number; readonly lost: true }
  | { readonly ended: string }

/**
 * Pings from the instance, or the internet, to the address that the query names, until the page goes away. It is noted
 * as one on a terminal is.
 */
export const pingEvents =
  ({ spawn }: Pick<Host, 'spawn'>, noted: Pick<Overhearing, 'note' | 'state'>): Events =>
  (send, { query }) => {
    const tell = (event: PingEvent) => send(event)
    const asked = new URLSearchParams(query)
    const from = asked.get('from') ?? ''
    try {
      if (!/^(i-[0-9a-f]+|internet)$/.test(from)) throw new Error('A ping begins at an instance or in the internet.')
      const ping = spawn(from, ['ping', '-n', '-O', `${ip(asked.get('to') ?? '')}`])
      const running = overheard(ping, { ...noted, node: from })
      follow(running, tell)
      return () => running.kill('SIGINT')
    } catch (error) {
      tell({ ended: (error as Error).message })
      return () => {}
    }
  }

function follow(running: Running, tell: (event: PingEvent) => void): void {
  const out = lines((line) => {
    const event = eventIn(line)
    if (event) tell(event)
  })
  let said = ''
  running.onOutput((stream, data) => {
    const text = Buffer.from(data).toString()
    if (stream === 'stdout') out(text)
    else said += text.slice(0, 500)
  })
  running.exit.then(
    () => tell({ ended: said.trim() || 'It has ended.' }),
    (error: Error) => tell({ ended: error.message }),
  )
}

/** What a line of iputils' ping tells. */
export function eventIn(line: string): PingEvent | undefined {
  const answered = /icmp_seq=(\d+) .*time[=<]([\d.]+) ms/.exec(line)
  if (answered) return { sequence: Number(answered[1]), ms: Number(answered[2]) }
  const lost = /^no answer yet for icmp_seq=(\d+)/.exec(line)
  return lost ? { sequence: Number(lost[1]), lost: true } : undefined
}

/** Calls `each` with every whole line of what comes in pieces. */
function lines(each: (line: string) => void): (piece: string) => void {
  let rest = ''
  return (piece) => {
    const parts = (rest + piece).split('\n')
    rest = parts.pop() ?? ''
    parts.forEach(each)
  }
}
