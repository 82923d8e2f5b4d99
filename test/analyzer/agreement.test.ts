/** The analyzer against the packet walk, over random networks: the same verdict, and the fact that decided. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bench } from '../../scenarios/bench.ts'
import { analyzerDisagreement } from '../../scenarios/explained.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { roundTrip } from '../../src/forward/forward.ts'
import { answered } from '../../src/network/flow.ts'
import { build, flowOf } from '../differential/build.ts'
import { randomPlan } from '../differential/plan.ts'
import { random } from '../differential/random.ts'

const NETWORKS = Number(process.env.NETWORKS ?? 60)
const FLOWS = 40

/** Sentences on what the analyzer says otherwise than the walk of one packet; and how many flows were answered. */
async function compared(rng: ReturnType<typeof random>): Promise<{ found: string[]; flows: number; arrived: number }> {
  const stage = bench((services) => simulator({ services }))
  try {
    const plan = randomPlan(rng, FLOWS)
    const built = await build(stage, plan)
    const network = await stage.catchUp()
    const flows = plan.flows.flatMap((planned, i) => flowOf(built, planned, i) ?? [])
    const traces = flows.map(({ flow, from }) => roundTrip(network, flow, from).trace)
    const found = flows.flatMap((sent, i) => {
      const sentence = analyzerDisagreement(stage.plane.state, network, sent, traces[i] as (typeof traces)[number])
      return sentence === undefined ? [] : [`${sentence}: ${JSON.stringify(sent)} ${JSON.stringify(plan.steps)}`]
    })
    return { found, flows: flows.length, arrived: traces.filter(answered).length }
  } finally {
    await stage.close()
  }
}

describe('analyzer and packet walk', () => {
  test('say the same of random flows in random networks, and name the fact that decides', async () => {
    const seed = Number(process.env.SEED ?? 20261123)
    const rng = random(seed)
    const sum = { flows: 0, arrived: 0 }
    for (let i = 0; i < NETWORKS; i++) {
      const { found, flows, arrived } = await compared(rng)
      assert.deepEqual(found, [], `seed ${seed}, network ${i}`)
      sum.flows += flows
      sum.arrived += arrived
    }
    assert.ok(sum.flows > NETWORKS * FLOWS * 0.8, `${sum.flows} flows`)
    assert.ok(sum.arrived > sum.flows * 0.15 && sum.arrived < sum.flows * 0.85, `${sum.arrived} of them answered`)
  })
})
