/** Words of a lab's text that stand for things of the network. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { filled, onMap, partsOf } from '../../src/console/labs/mentions.ts'

const VPC = 'vpc-0123456789abcdef0'
const WEB = 'i-0123456789abcdef1'
/** As a lab's text has it. */
const BRACED = ['$', '{web2.privateIp}'].join('')
const NAMES = {
  vpc1: { id: VPC, called: ['VPC 1'], attributes: { cidr: ['10.1.0.0/16'] } },
  web2: {
    id: WEB,
    called: ['instance 2'],
    attributes: { privateIp: ['10.1.0.4'], vpc: [VPC], subnet: ['subnet-0a'], sg: ['sg-0b'] },
  },
}
const found = (text: string) =>
  partsOf(text, NAMES).flatMap(({ text: word, thing }) => (thing ? [[word, thing.id]] : []))

describe('words that stand for things', () => {
  test('are blocks, addresses, ids, variables, and what people call them', () => {
    assert.deepEqual(found('Ping 10.1.0.4 from 10.1.0.0/16.'), [
      ['10.1.0.4', WEB],
      ['10.1.0.0/16', VPC],
    ])
    assert.deepEqual(found(`Instance 2 is in vpc 1: "$vpc1", ${BRACED}`), [
      ['Instance 2', WEB],
      ['vpc 1', VPC],
      ['$vpc1', VPC],
      [BRACED, WEB],
    ])
    assert.deepEqual(found('igw-0123456789abcdef2 leads out'), [['igw-0123456789abcdef2', 'igw-0123456789abcdef2']])
  })

  test('are whole words, and names alone where they are the whole text', () => {
    assert.deepEqual(found('10.1.0.40 110.1.0.4 10.1.0.4/32 10.1.0.4.5 instance 22 $nobody web2 and vpc1'), [])
    assert.deepEqual(found('web2'), [['web2', WEB]])
    assert.deepEqual(found('constructor'), [])
  })

  test('leave the text as it is', () => {
    const text = 'A $vpc1, "10.1.0.4" and instance 2.'
    assert.equal(
      partsOf(text, NAMES)
        .map((part) => part.text)
        .join(''),
      text,
    )
  })

  test('stand on the map with what they are in, or by it', () => {
    assert.deepEqual(onMap(NAMES.web2), [WEB, 'subnet-0a', VPC])
    assert.deepEqual(onMap({ id: 'sg-0b', attributes: { vpc: [VPC], instance: [WEB] } }), [WEB])
  })
})

test('a command has the values of its names, as far as they are known', () => {
  assert.equal(
    filled(`aws ec2 x --vpc-id "$vpc1" --ip ${BRACED} $web2_privateIp $table`, NAMES),
    `aws ec2 x --vpc-id "${VPC}" --ip 10.1.0.4 10.1.0.4 $table`,
  )
})
