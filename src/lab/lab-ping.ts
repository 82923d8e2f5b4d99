/** One ping process, watched while the network changes around it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { pingCommand } from '../cli/ping.ts'
import type { Exit } from '../client/exec.ts'
import { expect } from './narrator.ts'
import { type Stage, start } from './stage.ts'

/** Seconds between two packets. */
const interval = 0.5
/** How many packets have to stay unanswered to call it silence. */
const silentPackets = 5
/** Milliseconds after which an answer does not come any more. */
const patience = 15_000

/** A reply as ping prints it. */
export interface Reply {
  readonly line: string
  readonly sequence: number
  readonly ttl: number
}

export interface LabPing {
  readonly lines: readonly string[]
  /** Resolves to the next reply. Throws NotSeen where none comes. */
  answered(): Promise<Reply>
  /** Resolves when several packets in a row had no answer. Throws NotSeen where one had. */
  silent(): Promise<void>
  /** Ctrl-C: resolves to how it ended, after its statistics. */
  interrupt(): Promise<Exit>
}

const replyForm = /icmp_seq=(\d+) ttl=(\d+)/

/** Starts it inside an instance. */
export async function labPing(stage: Stage, node: string, address: string): Promise<LabPing> {
  const execution = await start(stage, node, pingCommand(stage.engine, ['-i', String(interval), address]))
  const lines: string[] = []
  let partial = ''
  execution.onOutput((_, data) => {
    const [rest = '', ...whole] = (partial + data.toString()).split('\n').toReversed()
    partial = rest
    lines.push(...whole.toReversed())
  })
  const replies = () => lines.flatMap((line) => replyOf(line) ?? [])
  return {
    lines,
    async answered() {
      const before = replies().length
      const deadline = Date.now() + patience
      while (replies().length === before && Date.now() < deadline) await sleep(50)
      const reply = replies()[before]
      expect(reply !== undefined, `no answer within ${patience / 1000} seconds`)
      return reply
    },
    async silent() {
      // What was on its way when the network changed may still arrive.
      await sleep(interval * 1000)
      const before = replies().length
      await sleep(silentPackets * interval * 1000)
      const reply = replies()[before]
      expect(reply === undefined, `an answer came: ${reply?.line}`)
    },
    async interrupt() {
      execution.kill('SIGINT')
      return execution.exit
    },
  }
}

function replyOf(line: string): Reply | undefined {
  const [, sequence, ttl] = replyForm.exec(line) ?? []
  return sequence === undefined ? undefined : { line, sequence: Number(sequence), ttl: Number(ttl) }
}
