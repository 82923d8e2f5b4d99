/** A ping along the way that is shown: a button that starts it, and what became of each packet, as text. */
import { useEffect } from 'preact/hooks'
import type { ToldWay } from '../../analyzer/words.ts'
import { asked } from '../map/way-view.tsx'
import { partText } from '../packet/legs.tsx'
import { estate } from '../state.ts'
import { clearPing, followPings, type Pinged, pinging, startPing, stopPing } from './ping.ts'
import './ping.css'

/** The internet's own host, as `ping internet` has it. */
const INTERNET_HOST = '203.0.113.10'

/** `from` and `to` are instances' ids, or `internet`. */
export function PingView({ from, to }: { from: string; to: string }) {
  useEffect(() => clearPing, [from, to])
  const address = addressOf(from, to)
  const pair = { from, source: privateOf(from), address, stopNow: () => stopText(asked.value?.way) }
  if (!from || !to || from === to) return null
  const { isRunning, packets, sent, answered, problem } = pinging.value
  return (
    <section class="ping" aria-label="Ping">
      <div class="row">
        {isRunning ? (
          <button type="button" onClick={stopPing}>
            Stop
          </button>
        ) : (
          <>
            <button type="button" disabled={!address} onClick={() => startPing(pair)}>
              Ping {address}
            </button>
            {from !== 'internet' && (
              <button type="button" title="Shows a ping that runs in a terminal" onClick={() => followPings(pair)}>
                Follow pings
              </button>
            )}
          </>
        )}
        <span class="hint" role="status">
          {sent > 0 ? `${sent} sent, ${answered} answered` : isRunning ? 'No packet as yet …' : ''}
        </span>
      </div>
      {!address && <p class="hint">It has no public address: from the internet nobody can name it.</p>}
      {problem && <p class="refusal">{problem}</p>}
      {packets.length > 0 && (
        <ol class="pinged">
          {packets.map((packet) => (
            <Packet key={packet.sequence} packet={packet} />
          ))}
        </ol>
      )}
    </section>
  )
}

const Packet = ({ packet: { sequence, ms, stop } }: { packet: Pinged }) => (
  <li class={ms === undefined ? 'lost' : ''}>
    <span>seq {sequence}</span>
    {ms === undefined ? `no answer${stop}` : `answered after ${ms.toFixed(2)} ms`}
  </li>
)

/** Where the way that is shown stops a packet. */
function stopText(way: ToldWay | undefined): string {
  const there = way?.request.find(({ stops }) => stops)
  const back = way?.reply.find(({ stops }) => stops)
  if (there) return `: stopped at ${partText(there)}`
  return back ? `: the reply is stopped at ${partText(back)}` : ''
}

const privateOf = (id: string): string => estate.value.instances.find((one) => one.id === id)?.privateIp ?? ''

/** From the internet by the public address; empty where there is none. */
function addressOf(from: string, to: string): string {
  if (to === 'internet') return INTERNET_HOST
  const instance = estate.value.instances.find(({ id }) => id === to)
  return (from === 'internet' ? instance?.publicIp : instance?.privateIp) ?? ''
}
