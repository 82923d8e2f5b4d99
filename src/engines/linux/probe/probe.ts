/**
 * Sends real packets and tells what became of them and of their answers, from what the kernel says: its trace of
 * rules, arrivals at raw sockets, route tables. Nothing here asks `forward`.
 */
import { type Flow, type Leg, replyTo, type Trace } from '../../../network/flow.ts'
import { ICMP, TCP } from '../../../network/match.ts'
import type { Network } from '../../../network/network.ts'
import { clearUp } from './clear-up.ts'
import { legOf } from './ending.ts'
import { emptyRecord, type Instruments, openInstruments, packetKey, type Record } from './instruments.ts'
import { type Labels, readLabels } from './labels.ts'
import { type Walk, walk } from './leg.ts'
import { explain } from './lost.ts'
import { packetOf, type Marks, type Seen } from './packet.ts'
import { type Probe, rounds, type Sessions } from './sessions.ts'

export interface Prober {
  /** One trace a probe, in order. Flows of one batch do not meet: the same addresses and ports go in turn. */
  probeAll(probes: readonly Probe[]): Promise<Trace[]>
  close(): void
}

/** How many packets are under way at once. */
const ROUND = 256
/** Milliseconds between two looks, and how many looks are taken for a packet that nothing explains. */
const PAUSE = 1
const PATIENCE = 200
/** How often a round is sent, and the milliseconds between. */
const ATTEMPTS = 3
const ACTIVATION = 300

interface Context {
  readonly network: Network
  readonly tag: string
  /** Rule comments that had to be shortened, and what they stand for. */
  readonly comments: ReadonlyMap<string, string>
  readonly sessions: Sessions
  readonly labels: Map<string, Labels>
}

/** A packet that has been sent; `error` is what the sender's kernel said to it, 0 for nothing. */
interface Sent {
  readonly flow: Flow
  readonly from: string
  readonly marks: Marks
  readonly error: number
}

/** Valid as long as `network` is in force unchanged: its sockets and labels are of the namespaces as they are. */
export function prober(given: Omit<Context, 'labels'>): Prober {
  const context: Context = { ...given, labels: new Map() }
  let instruments: Instruments | undefined
  return {
    async probeAll(probes) {
      instruments ??= openInstruments(context.network, context.tag)
      const traces = new Map<Probe, Trace>()
      const each = probes.map((probe) => ({ ...probe }))
      for (const round of rounds(context.network, each, ROUND)) {
        const found = await patiently(context, instruments, round)
        round.forEach((probe, i) => {
          traces.set(probe, found[i] as Trace)
        })
      }
      return each.map((probe) => traces.get(probe) as Trace)
    },
    close: () => instruments?.close(),
  }
}

/** A packet was lost and nothing says why. */
class Vanished extends Error {}

/**
 * A link that has just come up drops what reaches it before the kernel's link watch has activated it, a moment after
 * `ip link set up` has returned: a round in which that happened is sent again.
 */
async function patiently(context: Context, instruments: Instruments, probes: readonly Probe[]): Promise<Trace[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await oneRound(context, instruments, probes)
    } catch (error) {
      if (!(error instanceof Vanished) || attempt === ATTEMPTS) throw error
      await new Promise((resolve) => setTimeout(resolve, ACTIVATION))
    }
  }
}

async function oneRound(context: Context, instruments: Instruments, probes: readonly Probe[]): Promise<Trace[]> {
  instruments.drain(emptyRecord())
  const record = emptyRecord()
  const requests = probes.map((probe) => send(instruments, record, probe, context.sessions.marksFor(probe)))
  const legs = await legsOf(context, instruments, record, requests, 'request')
  const answers = requests.map((request, i) => answer(instruments, record, request, legs[i] as Leg))
  const asked = answers.filter((a) => a !== undefined)
  const replies = new Map((await legsOf(context, instruments, record, asked, 'reply')).map((leg, i) => [asked[i], leg]))
  await clearUp(context.tag, [...context.labels.keys()], [...legs, ...replies.values()])
  return legs.map((request, i) => {
    const reply = answers[i] && replies.get(answers[i])
    return { request, ...(reply && { reply }) }
  })
}

function send(instruments: Instruments, record: Record, { flow, from }: Probe, marks: Marks): Sent {
  const error = instruments.tap(from).send(packetOf(flow, marks), flow.destination)
  instruments.drain(record)
  return { flow, from, marks, error }
}

/** The answer to a request that arrived, as its receiver saw it. A kernel answers echo and TCP; the probe, all else. */
function answer(instruments: Instruments, record: Record, { flow, from, marks }: Sent, leg: Leg): Sent | undefined {
  if (leg.disposition !== 'accepted') return undefined
  const at = leg.path.at(-1) ?? from
  const seen = record.arrivals.get(packetKey(marks.number, 'request'))?.get(at)
  const { source = flow.source, destination = flow.destination, sourcePort = flow.sourcePort } = seen ?? {}
  const reply = replyTo({ ...flow, source, destination, ...(sourcePort !== undefined && { sourcePort }) })
  const marked = { ...marks, answer: true }
  return answersItself(flow, marks)
    ? { flow: reply, from: at, marks: marked, error: 0 }
    : send(instruments, record, { flow: reply, from: at }, marked)
}

const answersItself = ({ protocol, icmp }: Flow, { played }: Marks): boolean =>
  (protocol === TCP && !played) || (protocol === ICMP && icmp?.type === 8)

/** Follows packets until each has arrived, or something explains why not. */
async function legsOf(
  context: Context,
  instruments: Instruments,
  record: Record,
  sent: readonly Sent[],
  way: Seen['way'],
): Promise<Leg[]> {
  for (let patience = PATIENCE; ; patience--) {
    await quiet(instruments, record)
    await readMissingLabels(context, record, sent, way)
    const walks = sent.map((packet) => follow(context, record, packet, way))
    const lost = sent.flatMap((packet, i) => {
      const found = walks[i] as Walk
      return found.fate.kind === 'routed-away' || found.fate.kind === 'unsent' ? [{ ...packet, walk: found }] : []
    })
    const stops = await explain(context.network, context.tag, lost)
    const byPacket = new Map(lost.map(({ marks }, i) => [marks, stops[i]]))
    const open = lost.find((_, i) => stops[i] === undefined)
    if (!open)
      return sent.map(({ flow, marks }, i) => legOf(context.network, flow, walks[i] as Walk, byPacket.get(marks)))
    if (patience === 0)
      throw new Vanished(
        `a probe's ${way} from ${open.from} to ${open.flow.destination} vanished after ${open.walk.path.join(', ')}`,
      )
  }
}

/** The kernel moves a packet all the way at once; it is quiet when twice in a row nothing new has come. */
async function quiet(instruments: Instruments, record: Record): Promise<void> {
  for (let silent = 0; silent < 2; ) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
    silent = instruments.drain(record) ? 0 : silent + 1
  }
}

async function readMissingLabels(
  { labels }: Context,
  record: Record,
  sent: readonly Sent[],
  way: Seen['way'],
): Promise<void> {
  const visited = new Set(sent.flatMap(({ marks }) => record.visits.of(marks.number, way).map((v) => v.namespace)))
  await Promise.all(
    [...visited]
      .filter((n) => !labels.has(n))
      .map(async (namespace) => void labels.set(namespace, await readLabels(namespace))),
  )
}

function follow(
  { network, tag, comments, labels }: Context,
  record: Record,
  { from, marks }: Sent,
  way: Seen['way'],
): Walk {
  const visits = record.visits.of(marks.number, way)
  const arrivals = record.arrivals.get(packetKey(marks.number, way)) ?? new Map<string, Seen>()
  return walk({ network, tag, visits, arrivals, labels, comments }, from)
}
