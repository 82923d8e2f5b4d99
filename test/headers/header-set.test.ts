import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { packetDomain } from '../../src/forward/headers.ts'
import { ofFlow, ofMatch, where } from '../../src/headers/condition.ts'
import {
  covers,
  EVERYTHING,
  includes,
  intersect,
  isEmpty,
  NOTHING,
  subtract,
  union,
  unionOf,
} from '../../src/headers/header-set.ts'
import { sample, samples } from '../../src/headers/samples.ts'
import { fix, repliedBy, repliesTo, swapped } from '../../src/headers/transform.ts'
import { ip } from '../../src/ip/address.ts'
import { prefix } from '../../src/ip/prefix.ts'
import { type Flow, replyTo } from '../../src/network/flow.ts'
import { conditions, flows, holds, matches, prefixes, seeded, sets } from './arbitrary.ts'

const many = fc.array(flows, { minLength: 20, maxLength: 20 })
const check = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>): void =>
  fc.assert(property, { numRuns: 400 })

describe('a set of headers', () => {
  test('holds what its condition says, and nothing else', () => {
    check(
      fc.property(conditions, many, (condition, all) => {
        for (const flow of all) assert.equal(includes(where(condition), flow), holds(condition, flow))
      }),
    )
  })

  test('union, intersection and difference hold what they say', () => {
    check(
      fc.property(sets, many, (described, all) => {
        for (const flow of all) assert.equal(includes(described.set, flow), described.holds(flow))
      }),
    )
  })

  test('D31: holds what a rule matches: ports mean TCP and UDP only, types ICMP only', () => {
    check(
      fc.property(matches, many, fc.constantFrom('source', 'destination'), ({ match, members }, all, remote) => {
        for (const flow of all) {
          const { yes } = packetDomain.split(flow, { match, remote, members })
          assert.equal(includes(ofMatch(match, remote, members), flow), yes !== undefined)
        }
      }),
    )
  })

  test('is one object with every set that is equal to it', () => {
    check(
      fc.property(sets, sets, ({ set: a }, { set: b }) => {
        assert.equal(union(a, b), union(b, a))
        assert.equal(intersect(a, b), subtract(a, subtract(a, b)))
        assert.equal(subtract(EVERYTHING, subtract(EVERYTHING, a)), a)
        assert.equal(subtract(EVERYTHING, union(a, b)), intersect(subtract(EVERYTHING, a), subtract(EVERYTHING, b)))
        assert.equal(union(subtract(a, b), intersect(a, b)), a)
        assert.equal(unionOf([subtract(a, b), subtract(b, a), intersect(a, b)]), union(a, b))
        assert.equal(swapped(swapped(a)), a)
      }),
    )
  })

  test('covers another exactly when nothing of it is left outside', () => {
    check(
      fc.property(sets, sets, ({ set: a }, { set: b }) => {
        assert.equal(covers(a, b), isEmpty(subtract(b, a)))
        assert.ok(covers(union(a, b), b) && covers(a, intersect(a, b)))
        assert.equal(covers(a, b) && covers(b, a), a === b)
      }),
    )
  })

  test('two prefixes that make up a third are that third', () => {
    const halves = (field: 'source' | 'destination', ...all: string[]) => where({ [field]: all.map(prefix) })
    for (const field of ['source', 'destination'] as const) {
      assert.equal(halves(field, '10.0.0.0/9', '10.128.0.0/9'), halves(field, '10.0.0.0/8'))
      assert.equal(halves(field, '::/1', '8000::/1'), where({ family: 6 }))
      assert.equal(halves(field, '2001:db8::/49', '2001:db8:0:8000::/49'), halves(field, '2001:db8::/48'))
      assert.equal(halves(field, '0.0.0.0/0', '::/0'), EVERYTHING)
    }
    assert.equal(where({ protocols: [{ from: 0, to: 255 }] }), EVERYTHING)
    assert.equal(where({ destinationPorts: [{ from: 0, to: 65535 }] }), where({ protocols: [6, 17] }))
    assert.equal(where({ protocols: [] }), NOTHING)
  })

  test('of one flow holds that flow and no other', () => {
    check(
      fc.property(flows, many, (flow, all) => {
        assert.ok(includes(ofFlow(flow), flow))
        for (const other of all)
          assert.equal(includes(ofFlow(flow), other), JSON.stringify(other) === JSON.stringify(flow))
      }),
    )
  })

  test('knows the answers to its headers, and whose answers its headers are', () => {
    check(
      fc.property(sets, many, ({ set }, all) => {
        for (const flow of all) {
          assert.equal(includes(repliedBy(set), flow), includes(set, replyTo(flow)))
          if (includes(set, flow)) assert.ok(includes(repliesTo(set), replyTo(flow)))
        }
        for (const answer of samples(repliesTo(set), 10, seeded(1))) {
          assert.ok(!isEmpty(intersect(set, repliedBy(ofFlow(answer)))), 'an answer to nothing')
        }
      }),
    )
  })

  test('with an address or port fixed holds what it held with that, whatever it is now', () => {
    check(
      fc.property(sets, many, flows, ({ set }, all, { source, destinationPort }) => {
        const [address, port] = [fix(set, 'source', source), fix(set, 'destinationPort', destinationPort ?? 22)]
        for (const flow of all) {
          const isFamily = flow.source.includes(':') === source.includes(':')
          assert.equal(includes(address, flow), isFamily && includes(set, { ...flow, source }))
          const ported = { ...flow, destinationPort: destinationPort ?? 22 }
          assert.equal(includes(port, flow), flow.destinationPort !== undefined && includes(set, ported))
        }
      }),
    )
  })

  test('its samples are its own, and there is one whenever it holds anything', () => {
    check(
      fc.property(sets, fc.nat(), ({ set }, seed) => {
        const one = sample(set)
        assert.equal(one === undefined, isEmpty(set))
        assert.deepEqual(sample(set), one)
        const all = samples(set, 20, seeded(seed))
        assert.equal(all.length, isEmpty(set) ? 0 : 20)
        for (const flow of one ? [one, ...all] : all) assert.ok(includes(set, flow), JSON.stringify(flow))
      }),
    )
  })

  test('its sample is an ordinary packet where the set allows it', () => {
    const ordinary: Flow = {
      protocol: 6,
      source: ip('10.1.0.1'),
      destination: ip('10.2.0.1'),
      sourcePort: 32768,
      destinationPort: 443,
    }
    const [source, destination] = [[prefix('10.1.0.0/16')], [prefix('10.2.0.0/16')]]
    assert.deepEqual(sample(where({ source, destination })), ordinary)
    assert.deepEqual(sample(where({ source, destination, destinationPorts: [{ from: 0, to: 100 }] })), {
      ...ordinary,
      destinationPort: 80,
    })
    assert.deepEqual(sample(where({ source, destination, protocols: [1] })), {
      protocol: 1,
      source: ip('10.1.0.1'),
      destination: ip('10.2.0.1'),
      icmp: { type: 8, code: 0 },
    })
    const six = sample(where({ family: 6, protocols: [1, 58] }))
    assert.deepEqual([six?.protocol, six?.icmp?.type, six?.source], [58, 128, '2001:db8::1'])
  })

  test('may be wide where it is narrowed: one prefix out of thousands', () => {
    const all = Array.from({ length: 5_000 }, (_, i) => prefix(`10.${i >> 8}.${i & 255}.0/25`))
    const wide = where({ destination: all })
    for (const i of [0, 1, 2_500, 4_999]) {
      const [one] = all.slice(i) as [(typeof all)[0]]
      assert.equal(intersect(wide, where({ destination: [one as never] })), where({ destination: [one as never] }))
    }
    assert.ok(!covers(wide, where({ destination: [prefix('10.0.0.0/24')] })))
    fc.assert(fc.property(prefixes, (p) => covers(where({ source: [p] }), where({ source: [p], protocols: [6] }))))
  })
})
