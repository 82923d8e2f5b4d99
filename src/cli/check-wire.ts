/** `isthmus check --wire`: the packets that the model has judged, sent for real. */
import type { Result, Sample } from '../check/evaluate.ts'
import { answered, stopOf, type Trace } from '../network/flow.ts'
import { protocolName } from '../analyzer/words/traffic.ts'
import type { Session } from './session.ts'

/** The results, those failing where what the network did with a packet is not what the model says. */
export async function sendSamples(session: Session, results: readonly Result[]): Promise<Result[]> {
  const checked: Result[] = []
  for (const result of results) {
    const disagreements: string[] = []
    for (const sample of result.samples) disagreements.push(...(await send(session, sample)))
    checked.push(disagreements.length === 0 ? result : { ...result, status: 'fails', disagreements })
  }
  return checked
}

/** A sentence where the two do not agree. */
async function send({ control }: Session, sample: Sample): Promise<string[]> {
  const { from, flow, pair } = sample
  const what = `${protocolName(flow.protocol)} from ${pair}`
  const trace = await control.ask('/probe', { flow, from }).then(
    (seen) => seen as Trace,
    (error: Error) => error,
  )
  if (trace instanceof Error) return [`A packet of ${what} could not be sent: ${trace.message}`]
  if (answered(trace) === sample.answered) return []
  const stop = stopOf(trace.reply ?? trace.request)
  const seen = answered(trace)
    ? 'was answered, though the model says that it is not'
    : `was not answered, though the model says that it is${stop ? ` (it ended at ${stop.stage} of ${stop.node})` : ''}`
  return [`A packet of ${what} was sent and ${seen}.`]
}
