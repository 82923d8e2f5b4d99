/** What a change opens and closes: the difference of what passes before and after, pair by pair. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { classesOf } from '../../src/analyzer/reach/classes.ts'
import { changesBetween, partyKey } from '../../src/analyzer/reach/diff.ts'
import { type Passage, passages } from '../../src/analyzer/reach/passages.ts'
import { INTERNET, type Party } from '../../src/analyzer/reach/parties.ts'
import { changed, exposure, whatCanReach, whoCanReach } from '../../src/analyzer/reach/reach.ts'
import { type HeaderSet, isEmpty, NOTHING, subtract, union } from '../../src/headers/header-set.ts'
import { ip } from '../../src/ip/address.ts'
import type { Network } from '../../src/network/network.ts'
import { random } from '../differential/random.ts'
import { lab, PING_IN_A, PING_IN_B } from '../linux/networks.ts'
import { randomNetwork } from './reach-networks.ts'

const NETWORKS = Number(process.env.NETWORKS ?? 60)

/** By the ids of two interfaces, or the internet. */
type Pairs = Map<string, Pick<Passage, 'answered' | 'unanswered'>>

const idsOf = (party: Party): string[] => (party === INTERNET ? [INTERNET] : party.members.map(({ id }) => id))

/** What an instance sends to itself is no passage. */
const areApart = ({ interfaces }: Network, one: string, other: string): boolean =>
  interfaces.get(one)?.node !== interfaces.get(other)?.node

function pairsOf(network: Network): Pairs {
  const pairs: Pairs = new Map()
  for (const passage of passages(network, classesOf(network)))
    for (const from of idsOf(passage.from))
      for (const to of idsOf(passage.to))
        if (areApart(network, from, to)) pairs.set(`${from} ${to} ${passage.aimedAt}`, passage)
  return pairs
}

function grown(less: Pairs, more: Pairs): Map<string, HeaderSet> {
  const arrived = (p: Pick<Passage, 'answered' | 'unanswered'> | undefined) =>
    p ? union(p.answered, p.unanswered) : NOTHING
  const all = [...more].map(([key, now]) => {
    const answered = subtract(now.answered, less.get(key)?.answered ?? NOTHING)
    return [key, union(answered, subtract(arrived(now), arrived(less.get(key))))] as const
  })
  return new Map(all.filter(([, set]) => !isEmpty(set)))
}

/** The network with some of its rules, routes and interfaces' groups otherwise. */
function altered(network: Network, seed: number): Network {
  const chance = random(seed)
  const groups = [...network.ruleSets.values()].filter(({ stateful }) => stateful).map(({ id }) => id)
  const interfaces = [...network.interfaces].map(([id, at]) =>
    at.ruleSets && chance.chance(0.1)
      ? ([id, { ...at, ruleSets: [chance.pick(groups)] }] as const)
      : ([id, at] as const),
  )
  return {
    ...network,
    interfaces: new Map(interfaces),
    rules: network.rules.filter(() => !chance.chance(0.1)),
    routes: network.routes.filter(({ nextHop }) => nextHop.kind === 'connected' || !chance.chance(0.1)),
  }
}

/** What `changesBetween` says, by the ids of two interfaces. */
function changedPairs(before: Network, after: Network): Record<'opened' | 'closed', Map<string, HeaderSet>> {
  const found = { opened: new Map<string, HeaderSet>(), closed: new Map<string, HeaderSet>() }
  for (const { what, from, to, aimedAt, headers } of changesBetween(before, after))
    for (const one of idsOf(from))
      for (const other of idsOf(to))
        if (areApart(before, one, other)) found[what].set(`${one} ${other} ${aimedAt}`, headers)
  return found
}

describe('what changed between two networks', () => {
  test('is what passes between two interfaces in one of them and not in the other', () => {
    let some = 0
    fc.assert(
      fc.property(fc.nat({ max: 99_999 }), (seed) => {
        const before = randomNetwork(seed)
        const after = altered(before, seed)
        const [was, is] = [pairsOf(before), pairsOf(after)]
        const expected = { opened: grown(was, is), closed: grown(is, was) }
        const found = changedPairs(before, after)
        for (const what of ['opened', 'closed'] as const) {
          assert.deepEqual([...found[what].keys()].sort(), [...expected[what].keys()].sort(), what)
          for (const [key, set] of found[what]) assert.ok(set === expected[what].get(key), `${what} ${key}`)
          some += found[what].size
        }
      }),
      // The example: there, interfaces with public addresses are of one class in one of the networks only.
      { numRuns: NETWORKS, examples: [[73_376]] },
    )
    assert.ok(some > NETWORKS)
  })

  test('restricted to some interfaces, it is the part of the whole that concerns them', () => {
    fc.assert(
      fc.property(fc.nat({ max: 99_999 }), (seed) => {
        const before = randomNetwork(seed)
        const after = altered(before, seed)
        const only = new Set([...before.interfaces.keys()].filter((_, i) => i % 5 === 0))
        const keyOf = ({ what, from, to, aimedAt }: ReturnType<typeof changesBetween>[number]) =>
          `${what} ${partyKey(from)} ${partyKey(to)} ${aimedAt}`
        const all = changesBetween(before, after).filter(({ from, to }) =>
          [...idsOf(from), ...idsOf(to)].some((id) => only.has(id)),
        )
        const some = changesBetween(before, after, only)
        assert.deepEqual(some.map(keyOf).sort(), all.map(keyOf).sort())
      }),
      { numRuns: NETWORKS / 2 },
    )
  })
})

const BACK = 'vpc-b-rtb 10.1.0.0/16'

describe('rows for people', () => {
  const instance = (id: string) => [{ kind: 'instance', id } as const]

  test('what one rule opens is one row, and its name is that of the traffic', () => {
    const [before, after] = [lab(), lab(PING_IN_B)]
    const rows = changed(before, after)
    const opened = rows.map(({ what, from, to, traffic }) => [what, from.ids.join(), to.ids.join(), traffic.join()])
    assert.deepEqual(opened, [
      ['opened', 'i-a-eni,i-a2-eni', 'i-b-eni', 'ping'],
      ['opened', 'i-a-eni', 'i-b-eni', 'ping'],
      ['opened', '0.0.0.0/0', 'i-b-eni', 'ping'],
    ])
    assert.deepEqual(
      changed(after, before).map(({ what }) => what),
      ['closed', 'closed', 'closed'],
    )
  })

  test('X9: what arrives over a peering without a way back stands in a column of its own', () => {
    const open = lab(PING_IN_B)
    const silent = { ...open, routes: open.routes.filter(({ table, prefix }) => `${table} ${prefix}` !== BACK) }
    const told = (network: Network) =>
      whoCanReach(network, instance('i-b'))
        .filter(({ aimedAt }) => aimedAt === 'private')
        .map(({ from, answered, unanswered }) => [from.ids, answered, unanswered])
    assert.deepEqual(told(open), [[['i-a-eni', 'i-a2-eni'], ['ping'], []]])
    assert.deepEqual(told(silent), [[['i-a-eni', 'i-a2-eni'], [], ['ping']]])
  })

  test('G1: what the internet reaches, and what reaches it', () => {
    const open = lab(PING_IN_A)
    assert.deepEqual(
      exposure(open).map(({ from, to, answered }) => [from.ids, to.ids, answered]),
      [[['0.0.0.0/0'], ['i-a-eni'], ['ping']]],
    )
    const out = whatCanReach(open, instance('i-a')).filter(({ to }) => to.kind === 'internet')
    assert.deepEqual(
      out.map(({ to, answered }) => [to.ids, answered]),
      [[['0.0.0.0/0'], ['everything']]],
    )
    const one = whatCanReach(open, [{ kind: 'address', address: ip('8.8.8.8') }])
    assert.deepEqual(
      one.map(({ from }) => from.ids),
      [['8.8.8.8/32']],
    )
  })

  test('a question about something that is not up is refused', () => {
    assert.throws(() => whoCanReach(lab(), instance('i-none')), /Nobody is up who could be asked about: i-none\./)
    assert.throws(() => whoCanReach(lab(), [{ kind: 'internet-gateway', id: 'igw-a' }]), /is passed, not reached/)
  })
})
