/** Counters of rules: what passes and what is dropped, told alike by both engines. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Counter } from '../../src/engines/counting.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { noKernel } from '../kernel.ts'
import { withEngine } from './bench.ts'
import { lab, PING_IN_B } from './networks.ts'

type WithEngine = (work: (engine: Engine) => Promise<void>) => Promise<void>

async function onSimulator(work: (engine: Engine) => Promise<void>): Promise<void> {
  const engine = simulator()
  await work(engine)
  await engine.close()
}

const ENGINES: readonly (readonly [name: string, withOne: WithEngine, skip: string | false])[] = [
  ['simulator', onSimulator, false],
  ['Linux engine', withEngine, noKernel],
]

/** Two packets of one flow. */
async function pingTwice({ host }: Engine): Promise<void> {
  await host.spawn('i-a', ['ping', '-c', '2', '-i', '0.2', '-W', '1', '10.2.11.172']).exit
}

const counts = (counters: readonly Counter[]): Record<string, readonly [passed: number, dropped: number]> =>
  Object.fromEntries(
    counters
      .filter(({ passed, dropped }) => passed + dropped > 0)
      .map(({ rule = '', passed, dropped }) => [rule, [passed, dropped]]),
  )

for (const [name, withOne, skip] of ENGINES)
  describe(`counters of the ${name}`, { skip, timeout: 60_000 }, () => {
    test('count each packet that a closed group drops, and those that the ACL lets pass before', () =>
      withOne(async (engine) => {
        await engine.apply(lab(), 1)
        await pingTwice(engine)
        assert.deepEqual(counts(await engine.counters('sg-b')), { ingress: [0, 2] })
        assert.deepEqual(counts(await engine.counters('acl')), { '100-in': [2, 0], '100-out': [2, 0] })
        assert.deepEqual(counts(await engine.counters('sg-0')), {})
      }))

    test('count a tracked flow once at the rule that lets it in, and its packets both ways at the ACL', () =>
      withOne(async (engine) => {
        await engine.apply(lab(PING_IN_B), 1)
        await pingTwice(engine)
        const counters = await engine.counters('sg-b')
        assert.deepEqual(counts(counters), { ping: [1, 0] })
        assert.ok((counters.find(({ rule }) => rule === 'ping')?.bytes ?? 0) >= 84)
        assert.deepEqual(counts(await engine.counters('acl')), { '100-in': [4, 0], '100-out': [4, 0] })
      }))

    test('go on, once they have been read, when the rules beside them change', () =>
      withOne(async (engine) => {
        await engine.apply(lab(), 1)
        await pingTwice(engine)
        assert.deepEqual(counts(await engine.counters('sg-b')), { ingress: [0, 2] })
        await engine.apply(lab(PING_IN_B), 2)
        await pingTwice(engine)
        assert.deepEqual(counts(await engine.counters('sg-b')), { ingress: [0, 2], ping: [1, 0] })
        await engine.apply(lab(), 3)
        await pingTwice(engine)
        assert.deepEqual(counts(await engine.counters('sg-b')).ingress, [0, 4])
      }))
  })
