import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { noKernel } from '../kernel.ts'
import { alone } from '../server/machine.ts'

const program = fileURLToPath(new URL('run.ts', import.meta.url))

/** What a run found: see run.ts. */
interface Found {
  readonly kills: number
  readonly acknowledged: number
  readonly unanswered: number
  readonly looked: Readonly<Record<string, number>>
  readonly problems: readonly string[]
}

describe('a server on the Linux engine that is killed with -9 again and again', { skip: noKernel }, () => {
  test('20 kills under random calls: nothing acknowledged is lost, nothing is half there, the kernel is the state', async () => {
    const found = (await alone(program, '20', '7')) as Found
    assert.deepEqual(found.problems, [], 'npm run crash -- --kills 20 --seed 7')
    assert.ok(found.kills >= 20)
    assert.ok(found.acknowledged > 0 && found.unanswered > 0)
    for (const what of ['namespaces', 'addresses', 'rules']) assert.ok(Number(found.looked[what]) > 0, what)
  })
})
