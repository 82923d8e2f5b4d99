import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { encode, RECURSION_DESIRED } from 'dns-packet'
import { fitting, isQuery, serverFailure, udpLimit } from '../../src/engines/linux/services/dns-message.ts'

const question = { type: 'A', name: 'ip-10-1-0-10.ec2.internal' } as const
const query = (udpPayloadSize?: number): Uint8Array =>
  encode({
    type: 'query',
    id: 77,
    flags: RECURSION_DESIRED,
    questions: [question],
    ...(udpPayloadSize !== undefined && {
      additionals: [
        {
          type: 'OPT',
          name: '.',
          udpPayloadSize,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [],
        },
      ],
    }),
  })
const answer = (count: number): Uint8Array =>
  encode({
    type: 'response',
    id: 77,
    questions: [question],
    answers: Array.from({ length: count }, (_, i) => ({ ...question, data: `10.1.0.${i}` })),
  })

test('an answer by UDP has 512 bytes, or what the query takes, 4,096 at most', () => {
  assert.equal(udpLimit(query()), 512)
  assert.equal(udpLimit(query(1232)), 1232)
  assert.equal(udpLimit(query(100)), 512)
  assert.equal(udpLimit(query(65_000)), 4096)
})

test('an answer that is too long keeps its question and says that it was cut', () => {
  const long = answer(100)
  assert.equal(fitting(long, 65_535), long)
  const short = Buffer.from(fitting(long, 512))
  assert.equal(short.length, Buffer.from(query()).length)
  assert.equal((short[2] ?? 0) & 0x82, 0x82)
  assert.deepEqual(
    [4, 6, 8, 10].map((at) => short.readUInt16BE(at)),
    [1, 0, 0, 0],
  )
})

test('a failure is the query given back', () => {
  const failed = Buffer.from(serverFailure(query()))
  assert.deepEqual([failed.readUInt16BE(0), (failed[2] ?? 0) >> 7, (failed[3] ?? 0) & 15], [77, 1, 2])
  assert.equal(isQuery(failed), false)
  assert.equal(isQuery(query()), true)
})

test('whatever the bytes, nothing throws', () => {
  for (let i = 0; i < 3000; i++) {
    const bytes = randomBytes(i % 80)
    if (!isQuery(bytes)) continue
    const limit = udpLimit(bytes)
    assert.ok(limit >= 512 && limit <= 4096)
    assert.ok(fitting(bytes, 12).length <= Math.max(12, bytes.length))
    serverFailure(bytes)
  }
})
