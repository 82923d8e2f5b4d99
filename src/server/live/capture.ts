/** A capture, for a page: rows of a table, and with each the bytes that it adds to a pcapng file. */
import type { Captured, Engine } from '../../engines/engine.ts'
import { type Cause, dropText } from '../../pcap/cause.ts'
import { decode } from '../../pcap/decode.ts'
import { growingFile, type GrowingFile } from '../../pcap/growing-file.ts'
import { type Columns, columnsOf } from '../../pcap/line.ts'
import type { Events } from '../../protocol/console.ts'
import { VERSION } from '../version.ts'

/** One packet as it is told. */
export interface CaptureRow extends Columns {
  /** Microseconds since 1970. */
  readonly at: number
  readonly direction: 'in' | 'out'
  /** What stopped it, as a sentence, and the fact; neither where it passed. */
  readonly verdict?: string
  readonly cause?: Cause
  /** Base64 of what it adds to the file. */
  readonly bytes: string
}

/** `begin` comes first, `rows` again and again; an error ends it. */
export type CaptureEvent =
  | { readonly begin: string; readonly simulated: boolean }
  | { readonly rows: readonly CaptureRow[]; readonly missed: number }
  | { readonly error: string }

/** Packets are told together, that a page need not draw each by itself. */
const EVERY_MS = 100
/** Of one time so many packets and bytes; a page can look at no more, and what comes beyond is counted. */
const MOST_ROWS = 300
const MOST_BYTES = 1 << 19

/** Captures at the place that the query names, until the page goes away. */
export const captureEvents =
  ({ name, host }: Pick<Engine, 'name' | 'host'>): Events =>
  (send, { query }) => {
    const tell = (event: CaptureEvent) => send(event)
    const where = new URLSearchParams(query).get('where') ?? ''
    const linkType = name === 'simulator' ? 'raw' : 'ethernet'
    const file = growingFile({ id: where, linkType }, `isthmus ${VERSION}`)
    const rows = together(file, tell)
    tell({ begin: base64(file.begin), simulated: name === 'simulator' })
    const opened = host.capture(where, rows.packet)
    opened.then(
      ({ missed }) => rows.begin(missed),
      (error: Error) => tell({ error: `${error.message}.` }),
    )
    return () => {
      rows.end()
      opened.then(
        (capture) => capture.close(),
        () => {},
      )
    }
  }

/** Collects rows and tells them a few times a second. */
function together(file: GrowingFile, tell: (event: CaptureEvent) => void) {
  let rows: CaptureRow[] = []
  let [bytes, beyond] = [0, 0]
  let missed = () => 0
  let told = 0
  const send = () => {
    const sum = beyond + missed()
    if (rows.length === 0 && sum === told) return
    tell({ rows, missed: sum })
    told = sum
    rows = []
    bytes = 0
  }
  const timer = setInterval(send, EVERY_MS).unref()
  return {
    packet(packet: Captured) {
      if (rows.length >= MOST_ROWS || bytes > MOST_BYTES) return void beyond++
      const row = rowOf(packet, file)
      bytes += row.bytes.length
      rows.push(row)
    },
    begin(count: () => number) {
      missed = count
    },
    end: () => clearInterval(timer),
  }
}

function rowOf(packet: Captured, file: GrowingFile): CaptureRow {
  const { at, direction, dropped, comment, data, linkType } = packet
  const verdict = dropped ? dropText(dropped) : comment
  return {
    at,
    direction,
    ...columnsOf(decode(data, linkType)),
    ...(verdict && { verdict }),
    ...(dropped && { cause: { resource: dropped.resource, ...(dropped.rule && { rule: dropped.rule }) } }),
    bytes: base64(file.packet(packet)),
  }
}

const base64 = (data: Buffer): string => data.toString('base64')
