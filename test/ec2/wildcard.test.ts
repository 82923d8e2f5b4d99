/** Wildcards in the values of filters. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { patternOf } from '../../src/ec2/wildcard.ts'

for (const [pattern, fits, fitsNot] of [
  ['web', ['web'], ['we', 'webs', 'Web', '']],
  ['', [''], ['a']],
  ['*', ['', 'a', 'a\nb'], []],
  ['?', ['a', '\n', '*'], ['', 'ab']],
  ['w*b', ['wb', 'web', 'wbb', 'wb b'], ['w', 'webs']],
  ['*a*b', ['ab', 'xaxb', 'aab', 'abab'], ['ba', 'a', 'b']],
  ['a?*', ['ab', 'abc'], ['a']],
  ['10.0.0.0/16', ['10.0.0.0/16'], ['10a0.0.0/16']],
  ['\\*', ['*'], ['a', '\\*']],
  ['\\?', ['?'], ['a']],
  ['\\\\', ['\\'], ['\\\\']],
  ['a\\b', ['a\\b'], ['ab']],
  ['[a-z]+(', ['[a-z]+('], ['a']],
  ['^$', ['^$'], ['']],
] as const) {
  test(`the filter value ${JSON.stringify(pattern)} means what EC2 says of wildcards`, () => {
    const accepts = patternOf([pattern])
    assert.deepEqual([...fits, ...fitsNot].filter(accepts), [...fits])
  })
}

test('of several values one is enough; of none, none', () => {
  assert.equal(patternOf(['a', 'b*'])('bc'), true)
  assert.equal(patternOf([])(''), false)
})

test('a pattern that would keep a regular expression busy for ever is answered', () => {
  assert.equal(patternOf([`${'*a'.repeat(200)}b`])('a'.repeat(255)), false)
  assert.equal(patternOf(['A'.repeat(500_000)])('A'.repeat(255)), false)
})

test('it is the same language as that of the regular expression', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 })
  const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
  const property = fc.property(letters, texts, (pattern, text) => {
    const expression = pattern.replaceAll('*', '[\\s\\S]*').replaceAll('?', '[\\s\\S]')
    assert.equal(patternOf([pattern])(text), new RegExp(`^${expression}$`).test(text))
  })
  fc.assert(property, { numRuns: 2000, seed: 20161115 })
})
