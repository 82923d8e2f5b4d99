/** Whatever is sent, the decoder answers with an input or an ApiError, and never with anything else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ApiError } from '../../src/ec2/errors.ts'
import { decode } from '../../src/protocol/decode.ts'
import { ec2ErrorXml } from '../../src/protocol/error-xml.ts'
import { actionNames, type Operation, operationOf, type Structure } from '../../src/protocol/model.ts'

const seed = 20161115

/** Parts of names that mean something to the action, so that what is sent goes deep before it goes wrong. */
function namesWithin(structure: Structure, names = new Set<string>()): Set<string> {
  for (const { query, shape } of structure.members) {
    names.add(query)
    const inner = shape.type === 'list' ? shape.of : shape
    if (inner.type === 'structure') namesWithin(inner, names)
  }
  return names
}
const odd = ['', '1', '2', '0', '-1', '01', '999999999999', '__proto__', 'constructor', 'toString', 'ÿ', '\0', ' ']
const value = fc.oneof(
  fc.constantFrom(
    '',
    'true',
    'TRUE',
    '1',
    '-0',
    '1e999',
    'NaN',
    '0x10',
    '2026-02-31',
    '9999-99-99T99:99:99Z',
    '====',
    '\0',
    '\ud800',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const actions = [
  'CreateVpc',
  'RunInstances',
  'AuthorizeSecurityGroupIngress',
  'DescribeVpcs',
  'CreateFleet',
  'ImportKeyPair',
]

function outcome(operation: Operation, parameters: Iterable<readonly [string, string]>): 'read' | 'refused' {
  try {
    decode(operation, parameters)
    return 'read'
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error))
    assert.equal(error.status, 400)
    assert.doesNotMatch(ec2ErrorXml(error, 'id'), /[^\t\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u)
    return 'refused'
  }
}

for (const action of actions) {
  test(`${action} takes hostile parameters or refuses them with an ApiError`, () => {
    const operation = operationOf(action) as Operation
    const part = fc.oneof(fc.constantFrom(...namesWithin(operation.input)), fc.constantFrom(...odd))
    const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('.'))
    const seen = { read: 0, refused: 0 }
    const property = fc.property(fc.array(fc.tuple(name, value), { maxLength: 4 }), (parameters) => {
      seen[outcome(operation, parameters)] += 1
    })
    fc.assert(property, { numRuns: 1000, seed })
    assert.ok(seen.refused > 100, JSON.stringify(seen))
  })
}

test('no parameter at all is an input or a MissingParameter for every action', () => {
  for (const action of actionNames()) outcome(operationOf(action) as Operation, [])
})

test('what a client names never reaches the prototype of an object', () => {
  const parameters = [['TagSpecification.1.__proto__.polluted', 'yes']] as const
  assert.equal(outcome(operationOf('CreateVpc') as Operation, parameters), 'refused')
  assert.equal(({} as { polluted?: string }).polluted, undefined)
})
