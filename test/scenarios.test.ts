import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { bench } from '../scenarios/bench.ts'
import { type Scenario, stage } from '../scenarios/scenario.ts'
import type { Engine, Services } from '../src/engines/engine.ts'
import { linuxEngine } from '../src/engines/linux/linux.ts'
import { simulator } from '../src/engines/simulator/simulator.ts'
import { noKernel } from './kernel.ts'

const scenarios = await Promise.all(
  globSync('scenarios/[dgs][0-9]*.ts')
    .toSorted()
    .map(async (file) => ((await import(`../${file}`)) as { default: Scenario }).default),
)

async function play(scenario: Scenario, make: (services: Services) => Engine): Promise<void> {
  const played = stage(bench(make))
  try {
    await scenario.play(played)
  } finally {
    await played.bench.close()
  }
}

describe('on the simulator', () => {
  for (const scenario of scenarios)
    test(`${scenario.id}: ${scenario.title}`, () => play(scenario, (services) => simulator({ services })))
})

describe('on Linux', { concurrency: 1 }, () => {
  for (const scenario of scenarios) {
    test(`${scenario.id}: ${scenario.title}`, { skip: noKernel }, async () => {
      const stateDir = mkdtempSync(join(tmpdir(), 'isthmus-scenario-'))
      try {
        const tag = `isthmus-s${process.pid}${scenario.id.toLowerCase()}`
        await play(scenario, (services) => linuxEngine({ tag, stateDir, driftEvery: 0, services }))
      } finally {
        rmSync(stateDir, { recursive: true, force: true })
      }
    })
  }
})
