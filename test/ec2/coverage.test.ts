import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { ApiError } from '../../src/ec2/errors.ts'
import { actions, coverageOf } from '../../src/ec2/registry.ts'
import { actionNames } from '../../src/protocol/model.ts'
import { actionsOf, answer } from '../../src/protocol/query.ts'
import { place } from './place.ts'
import { US } from './world.ts'

const page = readFileSync('docs/coverage.md', 'utf8')

/** Of the page's sections, by heading: the actions named there. */
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((text) => [
      text.split('\n', 1)[0],
      [...text.matchAll(/\b[A-Z][A-Za-z0-9]+\b(?=[^|]*\|$)/gm)].map(([name]) => name),
    ]),
)

describe('docs/coverage.md', () => {
  test('names every action of the EC2 API once, under what it is', () => {
    const heading = { packets: 'Carries packets', record: 'Record', refused: 'Refused' } as const
    for (const action of actionNames()) {
      const under = [...sections].filter(([, names]) => names.includes(action)).map(([name]) => name)
      assert.deepEqual(under, [heading[coverageOf(action)]], action)
    }
  })

  test('an action without a handler is answered with UnsupportedOperation and 400', async () => {
    const without = actionNames().filter((action) => !Object.hasOwn(actions, action))
    assert.ok(without.length > 500)
    for (const Action of without)
      await assert.rejects(
        answer(
          new URLSearchParams({ Action, Version: '2016-11-15' }),
          US,
          actionsOf({}, () => ({})),
        ),
        (error) => error instanceof ApiError && error.code === 'UnsupportedOperation' && error.status === 400,
        Action,
      )
  })

  test('an action with a handler that counts as refused refuses what is right in every other way', () => {
    const p = place()
    const input = everything(p)
    const refusing = actionNames().filter((a) => Object.hasOwn(actions, a) && coverageOf(a) === 'refused')
    assert.ok(refusing.length > 5)
    for (const action of refusing) assert.throws(() => p.call(action as 'CreateVpc', input as never), ApiError, action)
  })
})

/** Parameters by which each of those actions finds what it is for. */
function everything(p: ReturnType<typeof place>): Readonly<Record<string, unknown>> {
  const { PublicIp } = p.addressOf(p.elastic())
  const [GroupName, OptInStatus] = ['us-east-1-zg-1', 'opted-in']
  return { VpcId: p.vpcId, InstanceId: p.running(), PublicIp, GroupName, OptInStatus }
}
