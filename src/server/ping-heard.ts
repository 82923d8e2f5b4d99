/** Pings in what a terminal shows: when the first answer came, how it ended, and the text, within bounds. */
import { randomUUID } from 'node:crypto'
import type { PingSeen } from '../client/control.ts'

/** A ping and when it began, in milliseconds since the epoch. */
export type PingTold = (ping: PingSeen, at: number) => void

export interface PingListener {
  hear(data: Uint8Array): void
  /** The terminal is closed. */
  end(): void
}

const BEGINNING = 'PING '
const HEAD = /^PING (\S+) \(\S+\).* bytes of data\.$/
const REPLY = /^(?:\^C)?\d+ bytes from .*icmp_seq=(\d+) .*time[=<][\d.]+ ms/
const STATISTICS = /^(\d+) packets transmitted, (\d+) received/
const ROUND_TRIP = /^rtt min\/avg\/max\/mdev = ([\d./]+) ms/
/** What else a ping prints. */
const OTHER = /^(?:From .*icmp_seq=|--- .* ping statistics ---|\^C|$)/

/** Of a line so much is kept, and of one that is not yet at its end. */
const LONGEST = 200
/** What terminals do with colours and the cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are full of them.
const CONTROL = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007]*\u0007)|[\r\u0007]/g

/** `told` hears of each at its first answer and at its end. */
export function pingListener(told: PingTold): PingListener {
  let open = ''
  let ping: Ping | undefined
  const end = () => {
    if (ping && !ping.isOver) ping.tell()
    ping = undefined
  }
  const line = (text: string) => {
    const to = HEAD.exec(text)?.[1]
    if (to !== undefined) {
      end()
      ping = new Ping(to, told)
    }
    ping?.line(text)
  }
  return {
    hear(data) {
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      // Most of what terminals show is no ping, and there may be very much of it.
      if (!ping && !bytes.includes(BEGINNING) && !(open + bytes.toString('latin1', 0, 8)).includes(BEGINNING)) {
        open = lastLine(open, bytes)
        return
      }
      const lines = (open + bytes.toString()).split('\n')
      open = (lines.pop() ?? '').slice(0, LONGEST)
      for (const one of lines) line(one.replace(CONTROL, '').slice(0, LONGEST))
    },
    end,
  }
}

/** What has no end yet: of a long line its beginning. */
function lastLine(open: string, bytes: Buffer): string {
  const end = bytes.lastIndexOf('\n')
  const text = bytes.toString('utf8', end + 1, end + 1 + LONGEST)
  return (end < 0 ? open + text : text).slice(0, LONGEST)
}

class Ping {
  /** Its statistics have been said. */
  isOver = false
  readonly #id = randomUUID()
  readonly #at = Date.now()
  readonly #to: string
  readonly #told: PingTold
  readonly #text = new Excerpt()
  #first: number | undefined
  #received = 0
  #sent: number | undefined
  #rtt: string | undefined

  constructor(to: string, told: PingTold) {
    this.#to = to
    this.#told = told
  }

  line(text: string): void {
    const reply = REPLY.exec(text)
    const statistics = STATISTICS.exec(text)
    const rtt = ROUND_TRIP.exec(text)
    if (this.isOver && !rtt) return
    if (reply || statistics || rtt || HEAD.test(text) || OTHER.test(text)) this.#text.add(text, reply !== null)
    if (reply) this.#answer(Number(reply[1]))
    if (statistics) this.#end(Number(statistics[1]), Number(statistics[2]))
    if (!rtt) return
    this.#rtt = rtt[1]
    this.tell()
  }

  #answer(sequence: number): void {
    this.#received++
    if (this.#first !== undefined) return
    this.#first = sequence
    this.tell()
  }

  #end(sent: number, received: number): void {
    this.isOver = true
    this.#sent = sent
    this.#received = received
    this.tell()
  }

  tell(): void {
    const [first, sent, rtt] = [this.#first, this.#sent, this.#rtt]
    const known = {
      ...(first !== undefined && { first }),
      ...(sent !== undefined && { sent }),
      ...(rtt !== undefined && { rtt }),
    }
    this.#told({ id: this.#id, to: this.#to, received: this.#received, ...known, text: this.#text.text() }, this.#at)
  }
}

/** The beginning of a text, its first answers, and its end. */
class Excerpt {
  static readonly #BEGINNING = 3
  static readonly #ANSWERS = 2
  static readonly #END = 7
  readonly #lines = new Map<number, string>()
  #count = 0
  #answersFrom = Number.POSITIVE_INFINITY

  add(line: string, isAnswer: boolean): void {
    if (isAnswer) this.#answersFrom = Math.min(this.#answersFrom, this.#count)
    this.#lines.set(this.#count++, line)
    const past = this.#count - 1 - Excerpt.#END
    const isAmongFirst = past >= this.#answersFrom && past < this.#answersFrom + Excerpt.#ANSWERS
    if (past >= Excerpt.#BEGINNING && !isAmongFirst) this.#lines.delete(past)
  }

  text(): string {
    let last = -1
    const lines: string[] = []
    for (const [number, line] of this.#lines) {
      if (number > last + 1) lines.push('...')
      lines.push(line)
      last = number
    }
    return lines.join('\n')
  }
}
