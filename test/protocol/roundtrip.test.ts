/** What the official client writes is decoded, what is encoded the official client reads: for every action. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from '@aws-sdk/client-ec2'
import fc from 'fast-check'
import { decode } from '../../src/protocol/decode.ts'
import { encode } from '../../src/protocol/encode.ts'
import {
  actionNames,
  type Member,
  type Operation,
  operationOf,
  type ScalarType,
  type Shape,
} from '../../src/protocol/model.ts'

const runs = { numRuns: 10, seed: 20161115 }

interface Serializer {
  write(schema: unknown, value: unknown): void
  flush(): string
}
interface Deserializer {
  read(schema: unknown, bytes: Uint8Array): unknown
}
const protocol = (await new client.EC2Client({ region: 'us-east-1' }).config.protocol) as unknown as {
  serializer: Serializer
  deserializer: Deserializer
}
type Schema = readonly [kind: number, space: string, name: string, traits: unknown, input: unknown, output: unknown]
const isOperation = (value: unknown): value is Schema => Array.isArray(value) && value[0] === 9
const exported: Record<string, unknown> = { ...client }
const schemas = new Map(
  Object.values(exported)
    .filter(isOperation)
    .map((schema) => [schema[2], schema]),
)

// The client's parser trims text and takes an empty element for nothing; both are its own affair.
const unit = fc.constantFrom(...'aZ9 .&<>"\'é/+=%-_\n#🛰')
const text = fc.string({ unit, minLength: 1, maxLength: 12 }).map((inner) => `x${inner}x`)
const scalars: Record<Exclude<ScalarType, 'enum'>, fc.Arbitrary<unknown>> = {
  string: text,
  integer: fc.integer({ min: -1, max: 2 ** 40 }),
  decimal: fc.integer({ min: 0, max: 4000 }).map((n) => n / 8),
  boolean: fc.boolean(),
  timestamp: fc.integer({ min: 0, max: 4e9 }).map((s) => new Date(s * 1000)),
  blob: fc.uint8Array({ minLength: 1, maxLength: 8 }),
}

function arbitrary(shape: Shape, depth: number): fc.Arbitrary<unknown> {
  if (shape.type === 'list') return fc.array(arbitrary(shape.of, depth), { minLength: 1, maxLength: 3 })
  if (shape.type === 'enum') return fc.constantFrom(...shape.values)
  if (shape.type !== 'structure') return scalars[shape.type]
  const usable = shape.members.filter((member) => !isEmpty(member.shape))
  const shallow = usable.filter((member) => member.required || depth > 0 || isScalar(member))
  const members = shallow.length ? shallow : usable.slice(0, 1)
  const required = members.filter((member) => member.required)
  const always = (required.length ? required : members.slice(0, 1)).map(({ name }) => name)
  const fields = members.map((member) => [member.name, arbitrary(member.shape, depth - 1)] as const)
  return fc.record(Object.fromEntries(fields), { requiredKeys: always })
}
const isEmpty = (shape: Shape): boolean =>
  shape.type === 'list' ? isEmpty(shape.of) : shape.type === 'structure' && shape.members.length === 0
const isScalar = ({ shape }: Member): boolean => shape.type !== 'list' && shape.type !== 'structure'

const operations = actionNames().map((name) => operationOf(name) as Operation)
const schemaOf = ({ action }: Operation): Schema => schemas.get(action) as Schema
const plain = (value: unknown): unknown => structuredClone(value)

/** The client fills a client token by itself where the input has none. */
function withoutFilledTokens(read: Record<string, unknown>, written: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(read).filter(([name]) => name in written || !name.endsWith('Token')))
}

test('the model has every action of the official client, and no other', () => {
  assert.deepEqual([...actionNames()].sort(), [...schemas.keys()].sort())
  assert.equal(operations.length, 823)
})

test('every action decodes what the official client writes', () => {
  for (const operation of operations) {
    const [, , , , schema] = schemaOf(operation)
    const property = fc.property(arbitrary(operation.input, 3), (input) => {
      protocol.serializer.write(schema, input)
      const read = decode(operation, new URLSearchParams(protocol.serializer.flush())) as Record<string, unknown>
      assert.deepEqual(withoutFilledTokens(read, input as object), plain(input), operation.action)
    })
    fc.assert(property, runs)
  }
})

test('every action encodes what the official client reads', () => {
  for (const operation of operations) {
    const { output } = operation
    if (!output) continue
    const [, , , , , schema] = schemaOf(operation)
    const property = fc.property(arbitrary(output, 3), (value) => {
      const read = protocol.deserializer.read(schema, Buffer.from(encode(operation, 'id', value)))
      assert.deepEqual(plain(read), plain(value), operation.action)
    })
    fc.assert(property, runs)
  }
})
