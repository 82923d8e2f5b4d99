/** A capture as a table: each packet, and what became of it. */
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { CheckField } from '../parts/fields.tsx'
import { type Capturing, capturing, fileOf, MOST, type Row, startCapture, stopCapture, timeText } from './capture.ts'
import { labelAt } from './places.ts'
import { estate, openCard } from '../state.ts'
import './capture.css'

/** `about`: where to capture; without it the one that runs is shown. */
export function CaptureView({ about }: { about?: string }) {
  useEffect(() => {
    if (about && (capturing.value.where !== about || !capturing.value.isRunning)) startCapture(about)
  }, [about])
  const { where, isRunning, simulated, rows, missed, problem } = capturing.value
  const droppedOnly = useSignal(false)
  const shown = droppedOnly.value ? rows.filter(({ cause }) => cause) : rows
  const dropped = rows.filter(({ cause }) => cause).length
  return (
    <div class="capture">
      <p class="hint">
        Packets as they pass <b>{labelAt(estate.value, where)}</b>
        {simulated && ', made up: they are simulated'}. It looks from outside, and goes on while you look elsewhere.
      </p>
      <div class="row">
        {isRunning ? (
          <button type="button" class="primary" onClick={stopCapture}>
            Stop
          </button>
        ) : (
          <button type="button" class="primary" disabled={where === ''} onClick={() => startCapture(where)}>
            Start again
          </button>
        )}
        <button type="button" disabled={rows.length === 0} onClick={() => download(capturing.value)}>
          Download pcapng
        </button>
        <span class="capture-count" role="status">
          {counted(rows.length, dropped, missed)}
        </span>
      </div>
      <CheckField label="Dropped only" value={droppedOnly} />
      {rows.length >= MOST && <p class="hint">It has stopped after {MOST.toLocaleString('en')} packets.</p>}
      {problem && (
        <p class="refusal" role="alert">
          {problem}
        </p>
      )}
      <Table rows={shown.slice(-NEWEST)} isRunning={isRunning} />
    </div>
  )
}

/** So many rows are in the page; the file has all. */
const NEWEST = 200

function counted(packets: number, dropped: number, missed: number): string {
  const lost = missed > 0 ? `, ${missed} missed: they came too fast` : ''
  return `${packets} ${packets === 1 ? 'packet' : 'packets'}, ${dropped} dropped${lost}`
}

function Table({ rows, isRunning }: { rows: readonly Row[]; isRunning: boolean }) {
  const frame = useRef<HTMLElement>(null)
  const isAtEnd = useRef(true)
  useEffect(() => {
    if (frame.current && isAtEnd.current) frame.current.scrollTop = frame.current.scrollHeight
  }, [rows])
  if (rows.length === 0)
    return <p class="hint">{isRunning ? 'No packet has passed yet. Send one: a ping, a login.' : 'No packets.'}</p>
  return (
    <section
      ref={frame}
      class="packets"
      // It scrolls by the keyboard, too.
      tabindex={0}
      aria-label="Packets"
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        isAtEnd.current = scrollTop + clientHeight > scrollHeight - 8
      }}
    >
      <table class="rows">
        <thead>
          <tr>
            {['Time', 'From', 'To', 'Protocol', 'Info', 'Verdict'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <RowView key={`${row.at} ${i}`} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** What has a reason tells it in a row of its own: it is a sentence. */
function RowView({ row: { at, direction, from, to, protocol, info, verdict, cause } }: { row: Row }) {
  return (
    <>
      <tr class={cause ? 'dropped' : ''}>
        <td>{timeText(at)}</td>
        <td>{from}</td>
        <td>{to}</td>
        <td>{protocol}</td>
        <td>{info}</td>
        <td>{cause ? 'dropped' : `passed ${direction}`}</td>
      </tr>
      {verdict && (
        <tr class={cause ? 'why dropped' : 'why'}>
          <td colSpan={6}>
            {cause ? (
              <button type="button" class="link" onClick={() => openCard(cause.resource.split(',')[0] ?? '')}>
                {verdict}
              </button>
            ) : (
              <span>{verdict}</span>
            )}
          </td>
        </tr>
      )}
    </>
  )
}

function download(captured: Capturing): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(fileOf(captured))
  link.download = `${captured.where}.pcapng`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}
