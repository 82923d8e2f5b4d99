/** The differential test: builds random networks twice, in the simulator and in the kernel, and compares each flow. */
import { bench } from '../../scenarios/bench.ts'
import { analyzerDisagreement } from '../../scenarios/explained.ts'
import { linuxEngine } from '../../src/engines/linux/linux.ts'
import { roundTrip } from '../../src/forward/forward.ts'
import { answered, type Stage, STAGES, stopOf, type Trace } from '../../src/network/flow.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Built, flowOf } from './build.ts'
import { disagreement } from './compare.ts'
import { mend } from './mended.ts'
import { type Plan, randomPlan } from './plan.ts'
import { random } from './random.ts'
import { shrink } from './shrink.ts'

export interface Report {
  readonly flows: number
  readonly networks: number
  readonly answered: number
  /** Fixes made for real, after each of which the wire answered. */
  readonly fixes: number
  /** How many flows each stage decided: the one that stopped them, or that took the answer. */
  readonly decided: ReadonlyMap<Stage, number>
  /** The smallest network found that shows a disagreement, and the disagreement. */
  readonly disagreement?: string
}

export interface Run {
  readonly flows: number
  readonly perNetwork: number
  readonly seed: number
  /** How many lost flows of each network are mended by what the analyzer proposes. */
  readonly fixesEach?: number
  /** Whether a disagreement is made small before it is reported. */
  readonly shrinks?: boolean
  readonly progress?: (done: number) => void
}

/** Stops at the first disagreement, and shrinks it. Needs the Linux engine. */
export async function runDifferential({
  flows,
  perNetwork,
  seed,
  shrinks = true,
  fixesEach = 2,
  progress = () => {},
}: Run): Promise<Report> {
  const decided = new Map<Stage, number>(STAGES.map((stage) => [stage, 0]))
  const total = { flows: 0, networks: 0, answered: 0, fixes: 0 }
  const rng = random(seed)
  while (total.flows < flows) {
    const plan = randomPlan(rng, perNetwork)
    const { traces, fixes, found } = await compare(plan, fixesEach)
    total.networks++
    total.fixes += fixes
    for (const trace of traces) {
      total.flows++
      if (answered(trace)) total.answered++
      const stage = decidedBy(trace)
      decided.set(stage, (decided.get(stage) ?? 0) + 1)
    }
    progress(total.flows)
    if (found) return { ...total, decided, disagreement: shrinks ? await explain(plan, fixesEach) : found }
  }
  return { ...total, decided }
}

const decidedBy = ({ request, reply }: Trace): Stage =>
  ((reply && stopOf(reply)) ?? stopOf(request) ?? (reply ?? request).steps.at(-1))?.stage ?? 'deliver'

interface Comparison {
  /** The model's. */
  readonly traces: readonly Trace[]
  readonly fixes: number
  /** Sentences. */
  readonly found: string | undefined
}

let networks = 0

async function compare(plan: Plan, fixesEach: number): Promise<Comparison> {
  const stateDir = mkdtempSync(join(tmpdir(), 'isthmus-differential-'))
  const engine = linuxEngine({ tag: `isthmus-d${process.pid}n${++networks % 1000}`, stateDir, driftEvery: 0 })
  const stage = bench(() => engine)
  try {
    const built = await build(stage, plan)
    const network = await stage.catchUp()
    const flows = plan.flows.flatMap((planned, i) => flowOf(built, planned, i) ?? [])
    const wire = await engine.probeAll(flows)
    const traces = flows.map(({ flow, from }) => roundTrip(network, flow, from).trace)
    const found = flows
      .flatMap((sent, i) => [
        disagreement(network, sent.flow, sent.from, wire[i] as Trace) ?? [],
        analyzerDisagreement(stage.plane.state, network, sent, traces[i] as Trace) ?? [],
      ])
      .flat()[0]
    if (found !== undefined) return { traces, fixes: 0, found: named(built, found) }
    const lost = flows.filter((_, i) => !answered(traces[i] as Trace))
    const mended = await mend(stage, lost, fixesEach, random(plan.steps.length * 1000 + plan.flows.length))
    return { traces, fixes: mended.fixes, found: named(built, mended.found) }
  } finally {
    await stage.close()
    rmSync(stateDir, { recursive: true, force: true })
  }
}

async function explain(plan: Plan, fixesEach: number): Promise<string> {
  const small = await shrink(plan, async (candidate) => (await compare(candidate, fixesEach)).found !== undefined)
  const { found } = await compare(small, fixesEach)
  const steps = small.steps.map((step) => `  ${JSON.stringify(step)}`).join('\n')
  const flows = small.flows.map((flow) => `  ${JSON.stringify(flow)}`).join('\n')
  return `DISAGREEMENT: ${found ?? '(it did not show again)'}\nnetwork:\n${steps}\nflows:\n${flows}`
}

/** Ids back to the names of the plan, so that a person can read it. */
function named(built: Built, sentence: string | undefined): string | undefined {
  return (
    sentence &&
    [...built.ids]
      .filter(([, id]) => /-[0-9a-f]{17}$/.test(id))
      .reduce((text, [name, id]) => text.replaceAll(id, name), sentence)
  )
}
