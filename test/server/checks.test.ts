/** Assertions on the owner's socket: who watches has them stand, so that little is looked at after a change. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { POOL } from '../../scenarios/bench.ts'
import type { Step } from '../../src/analyzer/concern.ts'
import type { Assertion } from '../../src/check/assertion.ts'
import { readAssertions } from '../../src/check/file.ts'
import { type Checks, checks } from '../../src/server/checks.ts'
import { StepLog } from '../../src/server/step-log.ts'
import { type Lab, lab } from '../check/lab.ts'

let l: Lab
let served: Checks
beforeEach(async () => {
  l = await lab()
  await l.b.catchUp()
  served = checks(l.b.plane, POOL)
})
afterEach(() => l.b.close())

function assertions(...lines: string[]): readonly Assertion[] {
  const read = readAssertions(lines.map((line) => `- ${line}`).join('\n'))
  assert.ok('assertions' in read)
  return read.assertions
}
const both = () =>
  assertions('{from: web, to: db, expect: unreachable}', '{from: db, to: web, port: 22, expect: unreachable}')

describe('who watches', () => {
  const look = (name = 'me', some = both()) => {
    const { results, looked, revision } = served.check(some, {}, name)
    assert.equal(revision, l.b.plane.revision)
    assert.deepEqual(results, served.check(some, {}).results)
    return [results.map(({ status }) => status).join(), looked]
  }

  test('has everything looked at first, and then what a change concerns', () => {
    assert.deepEqual(look(), ['holds,holds', 2])
    assert.deepEqual(look(), ['holds,holds', 0])
    l.b.call('CreateVpc', { CidrBlock: '10.7.0.0/16' })
    assert.deepEqual(look(), ['holds,holds', 0])
    l.s.allow(l.v2.defaultGroup, 'icmp 8 10.1.0.0/16')
    assert.deepEqual(look()[0], 'fails,holds')
  })

  test('has everything looked at again who was away for too long, asks something else, or is one of very many', () => {
    look()
    for (let i = 0; i < 300; i++) {
      l.b.call('CreateTags', { Resources: [l.v1.id], Tags: [{ Key: 'n', Value: `${i}` }] })
      served.subject()
    }
    assert.deepEqual(look(), ['holds,holds', 2])
    assert.deepEqual(look('me', both().slice(1)), ['holds', 1])
    for (let i = 0; i < 16; i++) look(`other ${i}`)
    assert.deepEqual(look('other 15')[1], 0)
    assert.deepEqual(look('me', both().slice(1))[1], 1)
  })

  test('is told fixes that are tried with what the server has', () => {
    const [only] = served.check(assertions('{from: internet, to: web, port: 22, expect: reachable}'), {}).results
    assert.ok((only?.failures[0]?.explanation.fixes.length ?? 0) > 0)
    assert.equal(served.subject().setting?.publicPool, POOL)
  })
})

describe('what has become of a network', () => {
  const step = (...ids: string[]): Step => ({
    difference: { removed: [], added: [] },
    changes: ids.map((id) => ({ type: 'vpc', id })),
  })
  const ids = (found: Step | undefined) => found?.changes.map(({ id }) => id)

  test('is known since each revision at which somebody had it', () => {
    const log = new StepLog(3)
    log.add(4, step('a'))
    log.add(7, step('b', 'c'))
    assert.deepEqual(
      [3, 4, 7].map((revision) => ids(log.since(revision))),
      [['a', 'b', 'c'], ['b', 'c'], []],
    )
    assert.deepEqual(
      [2, 5, 8].map((revision) => log.since(revision)),
      [undefined, undefined, undefined],
    )
  })

  test('is forgotten where it is long ago, or much', () => {
    const log = new StepLog(0)
    for (let i = 1; i <= 300; i++) log.add(i, step(`${i}`))
    assert.equal(log.since(43), undefined)
    assert.equal(ids(log.since(44))?.length, 256)
    log.add(301, step(...Array.from({ length: 20_001 }, (_, i) => `${i}`)))
    assert.equal(log.since(300), undefined)
    log.add(302, step('last'))
    assert.deepEqual(ids(log.since(301)), ['last'])
  })
})
