/** What goes on, as the page keeps it: without a browser. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chosen, type Entry, latest } from '../../src/console/live/choose.ts'
import { pairing } from '../../src/console/live/pairing.ts'
import { along, courseOf, timeFor } from '../../src/console/map/flight.ts'
import type { Piece, Stop } from '../../src/console/map/way.ts'
import { piecesOf, stopsOf } from '../../src/console/map/way.ts'

const box = (id: string, x: number) => ({ key: id, kind: 'instance' as const, id, x, y: 0, width: 10, height: 10 })
const stop = (id: string, x: number, more: Partial<Stop> = {}): Stop =>
  ({ box: box(id, x), stops: false, beyond: false, ...more }) as Stop
const leg = (...stops: Stop[]) => ({ stops, pieces: piecesOf(stops, [], 0) })
const [a, b, c] = [stop('a', 0), stop('b', 100), stop('c', 200)] as const
const way = (pieces: readonly Piece[]) => pieces.length

describe('the course of a packet', () => {
  const back = leg(c, b, a)

  test('leads there and back where it is answered, whatever the model says', () => {
    const course = courseOf(leg(a, { ...b, stops: true }, { ...c, beyond: true }), back, true)
    assert.deepEqual([way(course.there), way(course.back), course.dies], [2, 2, false])
  })

  test('ends at what stops it on the way there, and nothing comes back', () => {
    const course = courseOf(leg(a, { ...b, stops: true }, { ...c, beyond: true }), back, false)
    assert.deepEqual([way(course.there), way(course.back), course.dies], [1, 0, true])
  })

  test('ends where it begins, where its own side stops it', () => {
    const course = courseOf(leg({ ...a, stops: true }, { ...b, beyond: true }), back, false)
    assert.deepEqual([way(course.there), way(course.back), course.dies], [0, 0, true])
  })

  test('ends on the way back, where only the reply is stopped', () => {
    const course = courseOf(leg(a, b, c), leg(c, { ...b, stops: true }, { ...a, beyond: true }), false)
    assert.deepEqual([way(course.there), way(course.back), course.dies], [2, 1, true])
  })

  test('ends at the destination, where it is lost and nothing is known to stop it', () => {
    const course = courseOf(leg(a, b, c), back, false)
    assert.deepEqual([way(course.there), way(course.back), course.dies], [2, 0, true])
  })
})

test('a packet passes all of its way at one speed', () => {
  const at = along([
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 30 },
  ])
  assert.deepEqual([0, 0.25, 0.5, 1].map(at), [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 10 },
    { x: 10, y: 30 },
  ])
  assert.deepEqual(along([{ x: 4, y: 5 }])(0.5), { x: 4, y: 5 }, 'one that does not move')
  assert.equal(timeFor([{ x: 4, y: 5 }]), 0)
  const far = timeFor([
    { x: 0, y: 0 },
    { x: 9000, y: 0 },
  ])
  assert.ok(far <= 1500, 'the next is not far behind')
})

test('within a subnet a guard is shown at the end that it guards', () => {
  const part = (id: string, kind: 'host' | 'guard', stops = false) => ({ id, name: id, kind, stops })
  const parts = [part('a', 'host'), part('sg-1', 'guard', true), part('b', 'host')]
  const boxes = [box('a', 0), box('b', 100)] as never
  const where = (entering: boolean) => stopsOf(parts, boxes, entering).map(({ stops }) => stops)
  assert.deepEqual(where(true), [false, true])
  assert.deepEqual(where(false), [true, false])
})

describe('the activity list', () => {
  const entry = (number: number, more: Partial<Entry>): Entry => {
    const plain = { at: 0, account: '123456789012', region: 'us-east-1', ms: 1, changed: [] }
    return { number, action: 'CreateVpc', ...plain, ...more }
  }
  const all = [
    entry(3, {
      action: 'CreateRoute',
      error: 'InvalidParameterValue',
      message: 'The destination CIDR block',
      client: 'AWS CLI',
    }),
    entry(2, { changed: ['vpc-0a1b'], client: 'Terraform' }),
    entry(1, { client: 'console' }),
  ]
  const numbers = (words: string, errorsOnly = false) => chosen(all, words, errorsOnly).map(({ number }) => number)

  test('is filtered by words of any part, in any order and case, and all of them count', () => {
    assert.deepEqual(numbers(''), [3, 2, 1])
    assert.deepEqual(numbers('vpc-0a1b'), [2])
    assert.deepEqual(numbers('cli createroute'), [3])
    assert.deepEqual(numbers('terraform createroute'), [])
    assert.deepEqual(numbers('destination cidr'), [3])
  })

  test('tells of a ping once, as it was last told', () => {
    const ping = (received: number) => ({ action: 'Ping', ping: { id: 'p', to: '10.2.11.172', received } })
    const told = latest([entry(9, ping(3)), ...all, entry(0, ping(1))])
    assert.deepEqual(
      told.map(({ number }) => number),
      [9, 3, 2, 1],
    )
    assert.deepEqual(chosen(told, '10.2.11.172', false), told.slice(0, 1))
  })

  test('is of what was refused alone, where that is wanted', () => {
    assert.deepEqual(numbers('', true), [3])
    assert.deepEqual(numbers('console', true), [])
  })
})

describe('pings among captured packets', () => {
  const [a, b] = ['10.1.7.162', '10.2.11.172']
  const echo = (kind: 'request' | 'reply', seq: number, at: number, more: object = {}) => {
    const ends = kind === 'request' ? { from: a, to: b } : { from: b, to: a }
    return { at, ...ends, info: `echo ${kind}, id 7, seq ${seq}, length 64`, ...more }
  }

  test('are answered where the reply comes, and the time between is told', () => {
    const pairs = pairing(a, b)
    assert.deepEqual(pairs.seen([echo('request', 1, 5_000_000)]), [])
    assert.deepEqual(pairs.seen([echo('reply', 1, 5_000_400)]), [{ sequence: 1, ms: 0.4 }])
    assert.deepEqual(pairs.late(60_000), [], 'nothing waits any more')
  })

  test('are lost at once where a rule drops one of both, else after a second', () => {
    const pairs = pairing(a, b)
    const cause = { resource: 'sg-1' }
    assert.deepEqual(pairs.seen([echo('request', 1, 1_000_000, { cause })]), [{ sequence: 1, lost: true }])
    const both = [echo('request', 2, 2_000_000), echo('reply', 2, 2_000_300, { cause })]
    assert.deepEqual(pairs.seen(both), [{ sequence: 2, lost: true }])
    pairs.seen([echo('request', 3, 3_000_000)])
    assert.deepEqual(pairs.late(3_900), [])
    assert.deepEqual(pairs.late(4_001), [{ sequence: 3, lost: true }])
  })

  test('are none of other addresses, nor of other packets', () => {
    const pairs = pairing(a, b)
    const others = [
      { ...echo('request', 1, 1_000_000), to: '10.2.11.173' },
      { ...echo('request', 1, 1_000_000), info: 'Flags [S], seq 1' },
      echo('reply', 9, 1_000_000),
    ]
    assert.deepEqual(pairs.seen(others), [])
    assert.deepEqual(pairs.late(9_000), [])
  })
})
