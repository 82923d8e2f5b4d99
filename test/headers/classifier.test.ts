import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { addressClassifier, classifier } from '../../src/headers/classifier.ts'
import { ofFlow, where } from '../../src/headers/condition.ts'
import { fewAddresses } from '../../src/headers/few-addresses.ts'
import { includes, intersect, isEmpty, NOTHING, unionOf } from '../../src/headers/header-set.ts'
import { addresses } from '../../src/headers/boxes.ts'
import { familyOf, fromInteger4, type Ip } from '../../src/ip/address.ts'
import { hostPrefix, prefix } from '../../src/ip/prefix.ts'
import { flows, sets } from './arbitrary.ts'

const lists = fc.array(sets, { maxLength: 8 })
const many = fc.array(flows, { minLength: 20, maxLength: 20 })

describe('a classifier', () => {
  test('gives each header to the first set that holds it', () => {
    fc.assert(
      fc.property(sets, lists, many, ({ set }, list, all) => {
        const { hits, rest } = classifier(list.map((one) => one.set)).split(set)
        for (const flow of all.filter((one) => includes(set, one))) {
          const first = list.findIndex((one) => one.holds(flow))
          const holders = hits.filter(([part]) => includes(part, flow)).map(([, i]) => i)
          assert.deepEqual(holders, first < 0 ? [] : [first])
          assert.equal(includes(rest ?? NOTHING, flow), first < 0)
        }
        assert.equal(unionOf([...hits.map(([part]) => part), rest ?? NOTHING]), set)
        assert.deepEqual(
          hits.map(([, i]) => i),
          hits.map(([, i]) => i).toSorted((a, b) => a - b),
        )
        assert.ok(hits.every(([part]) => !isEmpty(part)) && rest !== NOTHING)
      }),
      { numRuns: 300 },
    )
  })

  test('makes one part of sets with one label', () => {
    fc.assert(
      fc.property(sets, lists, ({ set }, list) => {
        const all = list.map((one) => one.set)
        const apart = classifier(all).split(set)
        const together = classifier(
          all,
          all.map((_, i) => i % 2),
        ).split(set)
        for (const label of [0, 1]) {
          const parts = apart.hits.filter(([, i]) => i % 2 === label).map(([part]) => part)
          assert.equal(together.hits.find(([, i]) => i === label)?.[0] ?? NOTHING, unionOf(parts))
        }
        assert.equal(together.rest, apart.rest)
      }),
      { numRuns: 200 },
    )
  })

  test('asks about constants instead of addresses that were rewritten', () => {
    fc.assert(
      fc.property(sets, lists, flows, many, ({ set }, list, { source, destination }, all) => {
        const ours = intersect(set, where({ family: familyOf(source) }))
        for (const constants of [{ source }, { destination }, { source, destination }]) {
          const { hits, rest } = classifier(list.map((one) => one.set)).split(ours, constants)
          for (const flow of all.filter((one) => includes(ours, one))) {
            const first = list.findIndex((one) => one.holds({ ...flow, ...constants }))
            const holders = hits.filter(([part]) => includes(part, flow)).map(([, i]) => i)
            assert.deepEqual(holders, first < 0 ? [] : [first])
            assert.equal(includes(rest ?? NOTHING, flow), first < 0)
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  test('finds one address among 10,000 prefixes, and among 100,000 addresses', () => {
    const all = Array.from({ length: 10_000 }, (_, i) => prefix(`10.${i >> 8}.${i & 255}.0/24`))
    const byPrefix = classifier(all.map((p) => where({ destination: [p] })))
    const byAddress = addressClassifier('destination', [...all.keys()].flatMap(tenOf))
    for (const [i, address] of [
      [0, '10.0.0.9'],
      [9_999, '10.39.15.9'],
      [5_000, '10.19.136.9'],
    ] as const) {
      const one = where({ destination: [prefix(`${address}/32`)] })
      assert.deepEqual(byPrefix.split(one), { hits: [[one, i]] })
      assert.deepEqual(byAddress.split(one), { hits: [[one, i]] })
    }
    const beside = where({ destination: [prefix('11.0.0.0/8')] })
    assert.deepEqual(byPrefix.split(beside), { hits: [], rest: beside })
    const [first] = byAddress.split(where({ destination: [prefix('10.0.0.0/23')] })).hits
    assert.equal(first?.[0], where({ destination: tenOf(0).map(([address]) => hostPrefix(address)) }))
  })
})

const tenOf = (i: number): [Ip, number][] =>
  Array.from({ length: 10 }, (_, n) => [fromInteger4(10 * 2 ** 24 + i * 256 + n), i])

describe('the few addresses of a set', () => {
  test('are those that it has, or are not known', () => {
    fc.assert(
      fc.property(sets, ({ set }) => {
        for (const field of ['source', 'destination'] as const) {
          const few = fewAddresses(set, field)
          if (!few) continue
          assert.ok(few.size <= 4)
          assert.equal(where({ [field]: few }), where({ [field]: addresses(set, field) }))
        }
      }),
    )
    fc.assert(
      fc.property(flows, (flow) => {
        assert.deepEqual([...(fewAddresses(ofFlow(flow), 'source') ?? [])], [flow.source])
        assert.deepEqual([...(fewAddresses(ofFlow(flow), 'destination') ?? [])], [flow.destination])
      }),
    )
  })
})
