/** Fixes made for real: what the analyzer proposes for a lost flow is called, and then the wire must answer it. */
import type { Bench } from '../../scenarios/bench.ts'
import { questionOf } from '../../scenarios/explained.ts'
import { explain } from '../../src/analyzer/explain.ts'
import { fixesOf, makeCalls } from '../../src/analyzer/fix.ts'
import { answered, type Flow } from '../../src/network/flow.ts'
import type { Random } from './random.ts'

interface Sent {
  readonly flow: Flow
  readonly from: string
}

export interface Mended {
  /** Flows that a fix was made for. */
  readonly fixes: number
  /** A sentence, where the wire stays silent after a fix. */
  readonly found?: string
}

/** Looks for fixes of flows in their order, and makes `most` of them, each on top of those before it. */
export async function mend(stage: Bench, flows: readonly Sent[], most: number, rng: Random): Promise<Mended> {
  let fixes = 0
  for (const sent of flows) {
    if (fixes >= most) break
    const fix = rng.pick(proposed(stage, sent))
    if (!fix) continue
    fixes++
    await makeCalls(fix.calls, ({ action, input, caller }) =>
      stage.call(action as 'CreateVpc', input as never, { ...caller, requestId: 'fix' }),
    )
    const trace = await stage.probe(sent.flow, sent.from)
    if (!answered(trace))
      return { fixes, found: `${JSON.stringify(fix.calls)} does not let ${JSON.stringify(sent)} pass on the wire` }
  }
  return { fixes }
}

function proposed(stage: Bench, { flow, from }: Sent) {
  const { state } = stage.plane
  const question = questionOf(flow, from)
  const answer = explain(state, stage.plane.network(), question)
  if (answer.verdict === 'reachable') return []
  return [...fixesOf(state, question, answer), ...fixesOf(state, question, answer, { narrow: true })]
}
