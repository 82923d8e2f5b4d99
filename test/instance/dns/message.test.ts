/** DNS messages: what is answered to which bytes. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type OptAnswer, RECURSION_AVAILABLE, RECURSION_DESIRED } from 'dns-packet'
import fc from 'fast-check'
import { dnsAnswer } from '../../../src/instance/dns/dns.ts'
import { must } from '../../ec2/place.ts'
import { namedPlace, query, read } from './asking.ts'

const p = namedPlace()
const NAME = 'ip-10-0-1-77.ec2.internal'
const say = (bytes: Uint8Array) => dnsAnswer(p.records, p.vpcId, bytes)
const answer = (bytes: Uint8Array) => read(must(say(bytes)))
const opt = (ednsVersion = 0): OptAnswer => {
  const flags = { flags: 0x8000, flag_do: true }
  return { type: 'OPT', name: '.', udpPayloadSize: 4096, extendedRcode: 0, ednsVersion, ...flags, options: [] }
}

/** A query with one of its header's 16-bit words changed. */
function withWord(offset: number, word: number, bytes = query(NAME, 'A')): Buffer {
  bytes.writeUInt16BE(word, offset)
  return bytes
}

describe('queries', () => {
  test('the answer has the query’s id, its recursion bit, and offers recursion', () => {
    const { id, flags } = answer(query(NAME, 'A', { id: 4711 }))
    assert.equal(id, 4711)
    assert.equal(flags & (RECURSION_AVAILABLE | RECURSION_DESIRED), RECURSION_AVAILABLE | RECURSION_DESIRED)
  })

  test('the question comes back as it was written, the case of its letters included', () => {
    const asked = query('iP-10-0-1-77.eC2.inTernal', 'A')
    assert.deepEqual(Buffer.from(must(say(asked))).subarray(12, asked.length), asked.subarray(12))
    assert.deepEqual(
      answer(asked).answers.map((a) => a.name),
      ['iP-10-0-1-77.eC2.inTernal'],
    )
  })

  test('ANY gives all there is', () => {
    assert.deepEqual(answer(query(NAME, 'ANY' as 'A')).data, ['10.0.1.77'])
    assert.equal(answer(query('ec2.internal', 'ANY' as 'A')).data.length, 2)
  })

  test('a dot within a label is not one between two', () => {
    const labels = ['ip-10-0-1-77.ec2', 'internal'].flatMap((l) => [l.length, ...Buffer.from(l)])
    const bytes = Buffer.from([...query('.', 'A').subarray(0, 12), ...labels, 0, 0, 1, 0, 1])
    assert.equal(answer(bytes).rcode, 'NXDOMAIN')
  })
})

describe('what is no plain query', () => {
  test('an answer is not answered, nor is what is shorter than a header', () => {
    assert.equal(say(withWord(2, 0x8180)), undefined)
    assert.equal(say(query(NAME, 'A').subarray(0, 11)), undefined)
    assert.equal(say(new Uint8Array()), undefined)
  })

  test('another operation is not implemented', () => {
    for (const opcode of [1, 2, 4, 5]) assert.equal(answer(withWord(2, opcode << 11)).rcode, 'NOTIMP')
  })

  test('no question, several, and half of one are malformed', () => {
    assert.equal(answer(withWord(4, 0)).rcode, 'FORMERR')
    const { questions } = {
      questions: [
        { name: NAME, type: 'A' },
        { name: NAME, type: 'AAAA' },
      ] as const,
    }
    assert.equal(answer(query(NAME, 'A', { questions: [...questions] })).rcode, 'FORMERR')
    assert.equal(answer(query(NAME, 'A').subarray(0, 20)).rcode, 'FORMERR')
    assert.equal(answer(withWord(12, 0xc00c)).rcode, 'FORMERR')
  })

  test('transfers and other classes are refused', () => {
    assert.equal(answer(query(NAME, 'AXFR')).rcode, 'REFUSED')
    const bytes = query(NAME, 'A')
    assert.equal(answer(withWord(bytes.length - 2, 3, bytes)).rcode, 'REFUSED')
  })
})

describe('EDNS0 (RFC 6891)', () => {
  const optOf = (bytes: Uint8Array) => answer(bytes).additionals[0]

  test('who speaks it is answered in it, with the DO bit as it came', () => {
    const record = optOf(query(NAME, 'A', { additionals: [opt()] }))
    assert.equal(record?.type === 'OPT' && record.flag_do && record.ednsVersion === 0, true)
    assert.equal(optOf(query(NAME, 'A')), undefined)
  })

  test('another version is BADVERS, two records are malformed', () => {
    const record = optOf(query(NAME, 'A', { additionals: [opt(1)] }))
    assert.equal(record?.type === 'OPT' && record.extendedRcode, 1)
    const twice = [opt(), opt()]
    assert.equal(answer(query(NAME, 'A', { additionals: twice })).rcode, 'FORMERR')
  })
})

describe('whatever arrives', () => {
  const small = (bytes: Uint8Array) => {
    const said = say(bytes)
    assert.ok(said === undefined || (said.length >= 12 && said.length <= 512), `${said?.length} bytes`)
    if (said) assert.equal(Buffer.from(said).readUInt16BE(0), Buffer.from(bytes).readUInt16BE(0))
  }

  test('any bytes are answered within 512 bytes or with silence, never with a crash', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), small), { numRuns: 2000 })
  })

  test('so are queries with bytes changed', () => {
    const change = fc.tuple(fc.nat({ max: 70 }), fc.nat({ max: 255 }))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        const bytes = query(NAME, 'A', { additionals: [opt()] })
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        small(bytes)
      }),
      { numRuns: 3000 },
    )
  })

  test('so are the longest names', () => {
    for (const type of ['A', 'ANY', 'SOA'] as const) {
      const name = `${`${'x'.repeat(62)}.`.repeat(3)}${'y'.repeat(50)}.ec2.internal`
      small(query(name, type as 'A', { additionals: [opt()] }))
      assert.equal(answer(query(name, type as 'A')).rcode, 'NXDOMAIN')
    }
  })
})
