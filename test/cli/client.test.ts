/** The client's codec against the server's, for every action; its signature against the verifier; its XML reader. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAnswer, readError } from '../../src/client/read-answer.ts'
import { signedHeaders } from '../../src/client/sign.ts'
import { writeQuery } from '../../src/client/write-query.ts'
import { parseXml } from '../../src/client/xml.ts'
import { ApiError } from '../../src/ec2/errors.ts'
import { decode } from '../../src/protocol/decode.ts'
import { encode } from '../../src/protocol/encode.ts'
import { ec2ErrorXml } from '../../src/protocol/error-xml.ts'
import { actionNames, type Operation, operationOf, type ScalarType, type Shape } from '../../src/protocol/model.ts'
import { refusalOf } from '../../src/protocol/signature.ts'

const scalars: Record<Exclude<ScalarType, 'enum'>, unknown> = {
  string: 'a <b> & "c" é\n1',
  integer: 42,
  decimal: 0.5,
  boolean: true,
  timestamp: new Date('2026-01-02T03:04:05.678Z'),
  blob: new Uint8Array([0, 1, 255]),
}

/** A value of the shape with every member, as deep as `depth`; undefined where nothing is left to fill. */
function example(shape: Shape, depth: number): unknown {
  if (shape.type === 'enum') return [...shape.values][0]
  if (shape.type === 'list') {
    const item = example(shape.of, depth)
    return item === undefined ? undefined : [item, item]
  }
  if (shape.type !== 'structure') return scalars[shape.type]
  const members = shape.members
    .filter((member) => member.required || depth > 0)
    .flatMap((member) => {
      const value = example(member.shape, depth - 1)
      return value === undefined ? [] : [[member.name, value] as const]
    })
  return members.length > 0 ? Object.fromEntries(members) : undefined
}

const operations = actionNames().map((name) => operationOf(name) as Operation)

test('the server reads what the client writes, for every action', () => {
  for (const operation of operations) {
    const input = (example(operation.input, 3) ?? {}) as object
    assert.deepEqual(decode(operation, writeQuery(operation, input)), input, operation.action)
  }
})

test('the client reads what the server writes, for every action', () => {
  for (const operation of operations) {
    const output = operation.output ? (example(operation.output, 3) ?? {}) : {}
    assert.deepEqual(readAnswer(operation, encode(operation, 'r-1', output)), output, operation.action)
  }
})

test('a member that the action does not have is a mistake, not left out', () => {
  const operation = operationOf('CreateVpc') as Operation
  assert.throws(() => writeQuery(operation, { Cidr: '10.0.0.0/16' }), /no member Cidr/)
})

test('an undefined member is not sent', () => {
  const operation = operationOf('CreateVpc') as Operation
  const written = writeQuery(operation, { CidrBlock: '10.0.0.0/16', InstanceTenancy: undefined })
  assert.equal(written.get('InstanceTenancy'), null)
  assert.equal(written.get('CidrBlock'), '10.0.0.0/16')
})

test("an error answer gives AWS's code and words", () => {
  const error = new ApiError('InvalidVpcID.NotFound', "The vpc ID '<vpc>' does not exist")
  const { code, message } = error
  assert.deepEqual(readError(ec2ErrorXml(error, 'r-1')), { code, message })
  assert.equal(readError('<html><body>gateway</body></html>'), undefined)
  assert.equal(readError('not XML'), undefined)
})

test("the verifier takes the client's signature, and no other secret's or Region's", () => {
  const body = 'Action=DescribeVpcs&Version=2016-11-15'
  const now = new Date('2026-01-01T00:00:00Z')
  const identity = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' }
  const headers = signedHeaders({ host: '127.0.0.1:4566', region: 'eu-west-1', service: 'ec2', body }, identity, now)
  const request = { method: 'POST', query: '', headers, body: Buffer.from(body) }
  const known = (secret: string) => new Map([['AKIDEXAMPLE', { secret, sessionToken: 'token' }]])
  assert.equal(refusalOf(request, known('secret'), now.getTime()), undefined)
  assert.equal(refusalOf(request, known('other'), now.getTime()), 'mismatch')
  const authorization = headers.authorization?.replace('eu-west-1', 'us-east-1')
  const elsewhere = { ...request, headers: { ...headers, authorization } }
  assert.equal(refusalOf(elsewhere, known('secret'), now.getTime()), 'mismatch')
})

test('the XML reader knows entities, empty elements and declarations, and refuses what is not closed', () => {
  const root = parseXml('<?xml version="1.0"?>\n<a xmlns="urn:x"><b>1 &lt; &#x41;&amp;#65;</b><c/><d x="1"></d></a>')
  assert.deepEqual(
    root.children.map(({ name, text }) => [name, text]),
    [
      ['b', '1 < A&#65;'],
      ['c', ''],
      ['d', ''],
    ],
  )
  for (const broken of ['<a>', '<a></b>', '</a>', '<a></a></a>', '']) {
    assert.throws(() => parseXml(broken), Error, broken)
  }
})
