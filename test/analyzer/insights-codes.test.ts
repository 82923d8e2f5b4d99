/** Every explanation code that can arise here: one small network for each, asked through the EC2 API. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { OWN } from '../../src/analyzer/codes.ts'
import { NETWORK_CASES } from './insights-cases.ts'
import { codesOf, insightsLab } from './insights-lab.ts'
import { PATH_CASES } from './insights-path-cases.ts'

const CASES = [...NETWORK_CASES, ...PATH_CASES]

for (const { code, when, analysis } of CASES) {
  test(`2.3: ${code} when ${when}`, () => {
    const found = analysis(insightsLab())
    assert.equal(found.Status, 'succeeded')
    assert.equal(found.NetworkPathFound, false)
    assert.ok(codesOf(found).includes(code), `${code} is not among ${codesOf(found).join(' ')}`)
  })
}

test('2.3: no code is said of a path that is found', () => {
  const { a, peer, analyzed } = insightsLab()
  const found = analyzed({ Source: a, Destination: peer().instance, DestinationPort: 22 })
  assert.equal(found.NetworkPathFound, true)
  assert.equal(found.Explanations, undefined)
})

/** Code → what the page of codes says becomes of it here. */
const page = new Map(
  [...readFileSync('docs/explanation-codes.md', 'utf8').matchAll(/^\| `([A-Z0-9_]+)` \| (\S+) \|/gm)].map(
    ([, code = '', here = '']) => [code, here] as const,
  ),
)

test('2.3: the page of codes has all 89 of AWS, and says "yes" of those that a test here brings about', () => {
  const aws = [...page].filter(([code]) => !code.startsWith('ISTHMUS_'))
  assert.equal(aws.length, 89)
  const tested = new Set(CASES.map(({ code }) => code).filter((code) => !code.startsWith('ISTHMUS_')))
  assert.deepEqual(aws.flatMap(([code, here]) => (here === 'yes' ? [code] : [])).toSorted(), [...tested].toSorted())
})

test('2.3: the page of codes has every code of our own', () => {
  const missing = Object.values(OWN).filter((code) => !page.has(code))
  assert.deepEqual(missing, [])
})
