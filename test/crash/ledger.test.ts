import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Fact, fact, ledger, locks, remove, set } from './ledger.ts'

const seen = (...facts: readonly Fact[]) => new Map(facts.map((each) => [each.key, each]))

describe('the ledger of what was acknowledged', () => {
  test('names what was acknowledged and is not there, is otherwise, or should be gone', () => {
    const told = ledger()
    told.acknowledge([set(fact('vpc-1', '10.1.0.0/16')), set(fact('vpc-2', '10.2.0.0/16')), remove('vpc-3')])
    assert.deepEqual(told.compare(seen(fact('vpc-2', '10.9.0.0/16'), fact('vpc-3', '10.3.0.0/16'))), [
      'vpc-1 was acknowledged as "10.1.0.0/16" and is not there',
      'vpc-2 was acknowledged as "10.2.0.0/16" and is "10.9.0.0/16"',
      'vpc-3 was acknowledged as removed and is "10.3.0.0/16"',
    ])
  })

  test('expects what it has seen, until something is acknowledged about it', () => {
    const told = ledger()
    const vpc = fact('vpc-1', '10.1.0.0/16')
    assert.deepEqual(told.compare(seen(vpc)), [])
    assert.equal(told.compare(seen()).length, 1)
    assert.deepEqual(told.compare(seen()), [])
  })

  test('lets a thing fall with what it belongs to, and does not miss that', () => {
    const told = ledger()
    told.acknowledge([
      set(fact('i-1', 'up')),
      set(fact('eni-1', 'x', ['i-1'])),
      set(fact('groups eni-1', 'g', ['eni-1'])),
    ])
    told.acknowledge([remove('i-1')])
    assert.deepEqual(told.compare(seen()), [])
    assert.deepEqual(ledgerWithout('i-1').compare(seen()).length, 1, 'the owner itself is missed')
  })

  test('takes a call without an answer as done or as not done, but not as half done', () => {
    const [a, b] = [fact('tag vpc-1 a', '1', ['vpc-1']), fact('tag vpc-1 b', '2', ['vpc-1'])]
    const vpc = fact('vpc-1', '10.1.0.0/16')
    const found = [[], [a, b], [a]].map((there) => {
      const told = ledger()
      told.acknowledge([set(vpc)])
      told.doubt('CreateTags', [set(a), set(b)])
      return told.compare(seen(vpc, ...there)).length
    })
    assert.deepEqual(found, [0, 0, 1])
  })

  test('an unanswered deletion takes its things with it or leaves them', () => {
    const subnet = fact('subnet-1', 'x')
    const tag = fact('tag subnet-1 a', '1', ['subnet-1'])
    const found = [[], [subnet, tag], [subnet]].map((there) => {
      const told = ledger()
      told.acknowledge([set(subnet), set(tag)])
      told.doubt('DeleteSubnet', [remove('subnet-1')])
      return told.compare(seen(...there)).length
    })
    assert.deepEqual(found, [0, 0, 1])
  })
})

function ledgerWithout(key: string) {
  const told = ledger()
  told.acknowledge([set(fact(key, 'up'))])
  return told
}

test('who changes a thing has it alone, who only names it shares it', () => {
  const held = locks()
  const reading = held.take([], ['vpc-1'])
  assert.ok(reading)
  assert.ok(held.take(['subnet-1'], ['vpc-1']))
  assert.equal(held.take(['vpc-1'], []), undefined)
  assert.equal(held.take([], ['subnet-1']), undefined)
  reading()
  assert.equal(held.take(['vpc-1'], []), undefined, 'one still names it')
})
