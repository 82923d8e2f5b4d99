import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { bench } from '../../scenarios/bench.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { type Ending, type Fate, fates } from '../../src/forward/forward.ts'
import { type AddressField, type Cases, type HeaderDomain, packetDomain, type Test } from '../../src/forward/headers.ts'
import {
  currentFlow,
  current,
  initialHeaders,
  sampleOf,
  setDomain,
  type SymbolicHeaders,
  symbolic,
} from '../../src/forward/set-domain.ts'
import { topologyOf } from '../../src/forward/topology.ts'
import { where } from '../../src/headers/condition.ts'
import {
  EVERYTHING,
  type HeaderSet,
  includes,
  intersect,
  isEmpty,
  NOTHING,
  union,
} from '../../src/headers/header-set.ts'
import { samples } from '../../src/headers/samples.ts'
import { familyOf, type Ip } from '../../src/ip/address.ts'
import type { Flow } from '../../src/network/flow.ts'
import type { Network } from '../../src/network/network.ts'
import { originKey } from '../../src/network/origin.ts'
import { build } from '../differential/build.ts'
import { randomPlan } from '../differential/plan.ts'
import { random } from '../differential/random.ts'
import { addressesOfTests, flows, matches, prefixes, seeded, sets } from '../headers/arbitrary.ts'

const field = fc.constantFrom<AddressField>('source', 'destination')
const tests: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ field, prefix: prefixes }),
  fc.record({ field, addresses: addressesOfTests }),
  fc.record({ rule: matches, remote: field }).map(({ rule, remote }) => ({ ...rule, remote })),
  fc.constantFrom(0, 1499, 1500, 9001).map((unfragmentableAbove) => ({ unfragmentableAbove })),
)
const cases: fc.Arbitrary<Cases<string>> = fc
  .array(fc.tuple(tests, fc.nat(2)), { maxLength: 6 })
  .map((all) => ({ tests: all.map(([one]) => one), outcomes: all.map(([, i]) => i), values: ['a', 'b', 'c'] }))
const tables: fc.Arbitrary<ReadonlyMap<Ip, string>> = fc
  .tuple(addressesOfTests, fc.nat(3))
  .map(([all, mod]) => new Map([...all].map((address, i) => [address, `value ${i % (mod + 1)}`])))

/** One thing that a stage does to headers, in whichever domain: the parts that it makes, each with a name. */
type Act = <H>(domain: HeaderDomain<H>, headers: H, sample: Flow) => [string, H][]
const parts = <H>(...all: [string, H | undefined][]): [string, H][] =>
  all.flatMap(([name, part]) => (part === undefined ? [] : [[name, part]]))

const acts: fc.Arbitrary<Act> = fc.oneof(
  tests.map(
    (one): Act =>
      (domain, headers) => {
        const { yes, no } = domain.split(headers, one)
        return parts(['yes', yes], ['no', no])
      },
  ),
  cases.map(
    (list): Act =>
      (domain, headers) => {
        const { hits, rest } = domain.classify(headers, list)
        return parts(...hits.map(([part, name]): [string, typeof part] => [name, part]), ['rest', rest])
      },
  ),
  fc.tuple(field, tables).map(
    ([at, table]): Act =>
      (domain, headers) => {
        const { hits, rest } = domain.select(headers, at, table)
        return parts(...hits.map(([part, name]): [string, typeof part] => [name, part]), ['rest', rest])
      },
  ),
  fc.tuple(field, flows, flows).map(
    ([at, a, b]): Act =>
      (domain, headers, { source }) => {
        const to = [a.source, b.source].find((address) => familyOf(address) === familyOf(source)) ?? source
        return [['rewritten', domain.rewrite(headers, at, to)]]
      },
  ),
  fc.constant<Act>((domain, headers) => [['answer', domain.reply(headers)]]),
  flows.map(
    (other): Act =>
      (domain, headers, { source }) => {
        const to = familyOf(other.source) === familyOf(source) ? other.source : source
        return domain.masquerade(headers, to).map(({ after, remapped }) => [remapped ? 'remapped' : 'kept', after])
      },
  ),
  fc.tuple(flows, fc.option(acts2(), { nil: undefined })).map(
    ([other, between]): Act =>
      (domain, headers, sample) => {
        const to = familyOf(other.source) === familyOf(sample.source) ? other.source : sample.source
        return domain.masquerade(headers, to).flatMap((binding) => {
          const sent = between ? between(domain, binding.after, sample) : parts(['sent', binding.after])
          return sent.flatMap(([name, part]) => {
            const { yes, no } = domain.restore(domain.reply(part), binding)
            return parts([`${name} back`, yes], [`${name} lost`, no])
          })
        })
      },
  ),
)

/** What a packet may meet between a nat node and its answer. */
function acts2(): fc.Arbitrary<Act> {
  return fc.oneof(
    fc.tuple(field, flows).map(
      ([at, { source: other }]): Act =>
        (domain, headers, { source }) => [
          ['rewritten', domain.rewrite(headers, at, familyOf(other) === familyOf(source) ? other : source)],
        ],
    ),
    tests.map(
      (one): Act =>
        (domain, headers) => {
          const { yes, no } = domain.split(headers, one)
          return parts(['yes', yes], ['no', no])
        },
    ),
  )
}

/** Every flow is, in the set's domain, in the part of the name that it gets as a packet, and has become the same. */
function follow(all: readonly Act[], headers: SymbolicHeaders, began: readonly Flow[]): void {
  type Moving = { headers: SymbolicHeaders; flows: readonly (readonly [initial: Flow, now: Flow])[] }
  let moving: Moving[] = [{ headers, flows: began.map((flow) => [flow, flow]) }]
  for (const act of all) {
    moving = moving.flatMap((one): Moving[] => {
      const sample = sampleOf(one.headers)
      if (!sample) return []
      const made = act(setDomain, one.headers, sample)
      const ways = one.flows.map(([initial, now]) => [initial, act(packetDomain, now, sample)] as const)
      for (const [initial, way] of ways) {
        assert.equal(way.length, 1)
        const holding = made.filter(([, part]) => includes(initialHeaders(part), initial)).map(([name]) => name)
        assert.deepEqual(holding, [way[0]?.[0]])
      }
      return made.map(([name, part]) => ({
        headers: part,
        flows: ways.flatMap(([initial, way]) =>
          way[0]?.[0] === name && includes(initialHeaders(part), initial) ? [[initial, way[0][1]] as const] : [],
        ),
      }))
    })
    for (const one of moving) {
      assert.ok(!isEmpty(initialHeaders(one.headers)), 'a part that is empty')
      for (const [initial, now] of one.flows) {
        assert.deepEqual(normal(currentFlow(one.headers, initial)), normal(now))
        assert.ok(includes(current(one.headers), now))
      }
    }
  }
}

/** What says the same of a packet, in one way. */
const normal = ({ length, dontFragment, ...flow }: Flow): Flow =>
  length && dontFragment ? { ...flow, length, dontFragment } : flow

describe('sets of headers on their way', () => {
  test('every header of a set takes the way that it takes as a packet, and becomes the same', () => {
    const families = fc.constantFrom<4 | 6>(4, 6)
    fc.assert(
      fc.property(sets, families, fc.array(acts, { maxLength: 5 }), fc.nat(), ({ set }, family, all, seed) => {
        const ours = intersect(set, where({ family }))
        follow(all, symbolic(ours), samples(ours, 12, seeded(seed)))
      }),
      { numRuns: 1_500 },
    )
  })

  test('what they are now is what its headers have become, and no more', () => {
    fc.assert(
      fc.property(sets, flows, fc.nat(), ({ set }, { source }, seed) => {
        const ours = symbolic(intersect(set, where({ family: familyOf(source) })))
        const now = setDomain.reply(setDomain.rewrite(ours, 'source', source))
        for (const flow of samples(current(now), 10, seeded(seed))) {
          assert.equal(flow.destination, source)
          const asked = intersect(initialHeaders(now), where({ destination: new Set([flow.source]) }))
          assert.ok(!isEmpty(asked), 'nobody asked for it')
        }
      }),
      { numRuns: 300 },
    )
  })

  test('headers of another family are never rewritten', () => {
    assert.throws(() => setDomain.rewrite(symbolic(where({ family: 6 })), 'source', '10.0.0.1' as Ip), /family/)
  })
})

const plain = ({ disposition, packet: { steps, path } }: Ending<unknown>) => ({
  disposition,
  path,
  steps: steps.map(({ node, stage, outcome, origin }) => `${node} ${stage} ${outcome} ${originKey(origin)}`),
})
const fateOf = ({ request, reply }: Fate<unknown>) => ({
  request: plain(request),
  ...(reply && { reply: plain(reply) }),
})
const initialOf = ({ request, reply }: Fate<SymbolicHeaders>): HeaderSet =>
  initialHeaders((reply ?? request).packet.headers)

/** Sends all headers from a node at once, and single ones of each fate as packets; the number of those. */
function compare(network: Network, from: string, headers: HeaderSet, seed: number): number {
  const topology = topologyOf(network)
  let all = NOTHING
  let compared = 0
  for (const fate of fates({ domain: setDomain, topology }, symbolic(headers), from)) {
    const set = initialOf(fate)
    assert.ok(!isEmpty(set) && isEmpty(intersect(all, set)), 'two fates of one header')
    all = union(all, set)
    for (const flow of samples(set, 2, seeded(seed))) {
      const alone = fates({ domain: packetDomain, topology }, flow, from)
      assert.deepEqual(alone.map(fateOf), [fateOf(fate)], JSON.stringify(flow))
      compared++
    }
  }
  assert.equal(all, headers)
  return compared
}

describe('round trips of sets', () => {
  test('over random networks: fates share nothing, leave nothing out, and are the fates of each packet', async () => {
    const rng = random(4)
    let compared = 0
    for (let i = 0; i < 100; i++) {
      const stage = bench(() => simulator())
      const built = await build(stage, randomPlan(rng, 0))
      const network = await stage.catchUp()
      const hosts = [...built.ids].flatMap(([name, id]) => (/^instance\d+$/.test(name) ? id : []))
      for (const from of ['internet', rng.pick(hosts)]) compared += compare(network, from, EVERYTHING, i)
      await stage.close()
    }
    assert.ok(compared > 5_000, `${compared} packets`)
  })
})
