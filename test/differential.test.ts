import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { STAGES } from '../src/network/flow.ts'
import { runDifferential } from './differential/run.ts'
import { noKernel } from './kernel.ts'

const FLOWS = 2000

describe('random networks, simulator against kernel', { skip: noKernel }, () => {
  // Another seed each day: all runs of a day look at the same networks, so that a failure can be run again.
  const seed = Number(process.env.ISTHMUS_SEED ?? Math.floor(Date.now() / 86_400_000))

  test(`${FLOWS} random flows (seed ${seed}) meet the same fate in the model and on the wire`, async () => {
    console.log(`differential seed ${seed}`)
    const report = await runDifferential({ flows: FLOWS, perNetwork: 40, seed })
    assert.equal(report.disagreement, undefined)
    assert.ok(report.answered >= 0.3 * report.flows, `only ${report.answered} of ${report.flows} were answered`)
    // 50,000 flows give each stage 1 % and more; flows of one network go together, so 2,000 of them scatter.
    const idle = STAGES.filter((stage) => (report.decided.get(stage) ?? 0) < 0.005 * report.flows)
    assert.deepEqual(idle, [], 'stages that decided next to nothing')
  })
})
