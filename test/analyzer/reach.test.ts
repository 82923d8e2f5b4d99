/** Questions about sets: what is said of classes holds of each member, and what is said of a set of each header. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { classesOf, type InterfaceClass } from '../../src/analyzer/reach/classes.ts'
import { type Aim, type Passage, passages } from '../../src/analyzer/reach/passages.ts'
import { fromInternet, INTERNET, type Party } from '../../src/analyzer/reach/parties.ts'
import { fates, roundTrip } from '../../src/forward/forward.ts'
import { setDomain, symbolic } from '../../src/forward/set-domain.ts'
import { topologyOf } from '../../src/forward/topology.ts'
import type { World } from '../../src/forward/walk.ts'
import { boxes } from '../../src/headers/boxes.ts'
import { where } from '../../src/headers/condition.ts'
import {
  EVERYTHING,
  type HeaderSet,
  includes,
  intersect,
  NOTHING,
  subtract,
  union,
} from '../../src/headers/header-set.ts'
import { freed, levelsOf } from '../../src/headers/transform.ts'
import { ip, type Ip } from '../../src/ip/address.ts'
import { prefix } from '../../src/ip/prefix.ts'
import { answered, type Flow } from '../../src/network/flow.ts'
import type { Interface, Network } from '../../src/network/network.ts'
import { type Random, random } from '../differential/random.ts'
import { host, network, route, rule, ruleSet, subnet, vpc } from '../linux/networks.ts'
import { randomNetwork } from './reach-networks.ts'

const ADDRESSES = [...levelsOf('source'), ...levelsOf('destination')]
const FITTING = where({ sizes: [{ from: 0, to: 0 }] })
const NETWORKS = Number(process.env.NETWORKS ?? 100)
const SEED = fc.nat({ max: 99_999 })
const OUTSIDE = ip('203.0.113.10')

const hostsOf = (network: Network): Interface[] =>
  [...network.interfaces.values()].filter(({ node }) => network.nodes.get(node)?.kind === 'host')

/** The public addresses of an interface. */
const publicOf = (network: Network, at: Interface): Ip[] => {
  const router = topologyOf(network)
    .attachedTo.get(at.segment)
    ?.find(({ node }) => network.nodes.get(node)?.kind === 'router')
  return network.translations
    .filter((t) => network.interfaces.get(t.interface)?.node === router?.node && at.addresses.includes(t.inside))
    .map(({ outside }) => outside)
}

/** What arrives at an interface, and what is answered, of what a node sends. */
function walked(network: Network, node: string, headers: HeaderSet, at: (at: Interface) => boolean) {
  const world: World<ReturnType<typeof symbolic>> = {
    domain: setDomain,
    topology: topologyOf(network),
    merging: true,
    worldwide: true,
  }
  let [arrived, answered] = [NOTHING, NOTHING]
  for (const { request, reply } of fates(world, symbolic(headers), node)) {
    if (request.disposition !== 'accepted' || !at(request.packet.at)) continue
    arrived = union(arrived, request.packet.headers.initial)
    if (reply?.disposition === 'accepted' && reply.packet.path.at(-1) === node)
      answered = union(answered, reply.packet.headers.initial)
  }
  return { answered, unanswered: subtract(arrived, answered) }
}

const nameOf = (party: Party): string => (party === INTERNET ? INTERNET : party.id)
const classOf = (network: Network): ((at: Interface) => InterfaceClass) => {
  const of = new Map(classesOf(network).flatMap((one) => one.members.map(({ id }) => [id, one] as const)))
  return (at) => of.get(at.id) as InterfaceClass
}

function passagesBy(
  network: Network,
): (from: Party, to: Party, aimedAt: Aim) => Pick<Passage, 'answered' | 'unanswered'> {
  const all = new Map(
    [...passages(network, classesOf(network))].map((p) => [`${nameOf(p.from)} ${nameOf(p.to)} ${p.aimedAt}`, p]),
  )
  const none = { answered: NOTHING, unanswered: NOTHING }
  return (from, to, aimedAt) => all.get(`${nameOf(from)} ${nameOf(to)} ${aimedAt}`) ?? none
}

/** Sets that are equal are one object; a failure shows them as people read them. */
function same(actual: HeaderSet, expected: HeaderSet, what: string): void {
  const [more, less] = [boxes(subtract(actual, expected), 3), boxes(subtract(expected, actual), 3)]
  assert.equal(actual === expected, true, `${what}: ${JSON.stringify({ more, less })}`)
}

describe('classes of interfaces', () => {
  test('what passes between two classes passes between each two of their members, and nothing else does', () => {
    let [pairs, shared] = [0, 0]
    const check = (network: Network, said: ReturnType<typeof passagesBy>, from: Interface, to: Interface) => {
      const of = classOf(network)
      for (const [aimedAt, aims] of [
        ['private', to.addresses],
        ['public', publicOf(network, to)],
      ] as const) {
        if (aims.length === 0) continue
        const ends = where({ source: new Set(from.addresses), destination: new Set(aims) })
        const found = walked(network, from.node, intersect(FITTING, ends), (at) => at.id === to.id)
        const { answered, unanswered } = said(of(from), of(to), aimedAt)
        const what = `${from.id} ${to.id} ${aimedAt}`
        same(freed(found.answered, ADDRESSES), answered, `${what} answered`)
        same(subtract(freed(union(found.answered, found.unanswered), ADDRESSES), answered), unanswered, what)
        pairs++
        if (of(from).members.length > 1) shared++
      }
    }
    fc.assert(
      fc.property(SEED, (seed) => {
        const network = randomNetwork(seed)
        const said = passagesBy(network)
        const hosts = hostsOf(network)
        for (const from of hosts) for (const to of hosts) if (from.node !== to.node) check(network, said, from, to)
      }),
      { numRuns: NETWORKS },
    )
    assert.ok(shared > pairs / 25, `${shared} of ${pairs} pairs have a sender that stands for others`)
  })

  test('what passes from the internet, and to it, does for each member', () => {
    fc.assert(
      fc.property(SEED, (seed) => {
        const network = randomNetwork(seed)
        const [of, said] = [classOf(network), passagesBy(network)]
        const outside = fromInternet(network)
        const nobodys = subtract(
          EVERYTHING,
          where({ destination: new Set(network.translations.map((t) => t.outside)) }),
        )
        for (const at of hostsOf(network)) {
          const inward = walked(network, 'internet', intersect(FITTING, outside), ({ id }) => id === at.id)
          const arriving = said(INTERNET, of(at), 'public')
          for (const how of ['answered', 'unanswered'] as const)
            same(freed(inward[how], levelsOf('destination')), intersect(arriving[how], outside), `to ${at.id} ${how}`)
          const sent = intersect(FITTING, where({ source: new Set(at.addresses) }))
          const outward = walked(network, at.node, sent, ({ node }) => node === 'internet')
          const leaving = said(of(at), INTERNET, 'public')
          for (const how of ['answered', 'unanswered'] as const)
            same(freed(outward[how], levelsOf('source')), intersect(leaving[how], nobodys), `from ${at.id} ${how}`)
        }
      }),
      { numRuns: NETWORKS },
    )
  })

  test('members of a class are few in number only where the network tells them apart', () => {
    const twins = Array.from({ length: 50 }, (_, i) => host(`i-${i}`, 'subnet', `10.1.0.${i + 10}`, ['group']))
    const alike = network(
      ruleSet('group', true),
      rule('group', 'ingress', 'some', { remote: { prefix: prefix('10.1.0.16/29') } }),
      vpc('vpc', '10.1.0.0/16'),
      subnet('subnet', 'vpc', '10.1.0.0/24'),
      ...twins,
      route('vpc-rtb', '192.168.0.0/16', { kind: 'interface', interface: 'i-3-eni' }),
    )
    const sizes = classesOf(alike).map(({ members }) => members.length)
    assert.deepEqual(
      sizes.toSorted((a, b) => a - b),
      [1, 8, 41],
    )
  })
})

describe('sets of headers', () => {
  test('a header is in the set that reaches and is answered exactly if a packet with it does and is', () => {
    let [flows, inside] = [0, 0]
    fc.assert(
      fc.property(SEED, (seed) => {
        const [network, chance] = [randomNetwork(seed), random(seed)]
        const [of, said] = [classOf(network), passagesBy(network)]
        for (let i = 0; i < FLOWS; i++) {
          const asked = randomFlow(network, chance)
          const { from, to, aimedAt, flow } = asked
          if (from?.node === to?.node) continue
          const expected = passes(network, asked)
          const { answered: set } = said(partyOf(of, from), partyOf(of, to), aimedAt)
          assert.equal(includes(set, flow), expected, `network ${seed}: ${JSON.stringify(flow)}`)
          flows++
          inside += Number(expected)
        }
      }),
      { numRuns: NETWORKS * 8 },
    )
    assert.ok(inside > flows / 20 && inside < flows / 2, `${inside} of ${flows} are in the set`)
  })
})

const FLOWS = 30

/** A flow of one party to another; absent, it is the internet. `pairs`: the addresses that it may be between. */
interface Asked {
  readonly from?: Interface
  readonly to?: Interface
  readonly aimedAt: Aim
  readonly flow: Flow
  readonly pairs: readonly Pick<Flow, 'source' | 'destination'>[]
}

const partyOf = (of: (at: Interface) => InterfaceClass, at: Interface | undefined): Party => (at ? of(at) : INTERNET)

/** Whether a packet like it is answered between some of the addresses, by the one who is asked. */
const passes = (network: Network, { from, to, flow, pairs }: Asked): boolean =>
  pairs.some((ends) => {
    const { trace, receiver } = roundTrip(network, { ...flow, ...ends }, from?.node ?? INTERNET)
    return answered(trace) && receiver?.node === (to?.node ?? INTERNET)
  })

function randomFlow(network: Network, chance: Random): Asked {
  const hosts = hostsOf(network)
  const from = chance.chance(0.85) ? chance.pick(hosts) : undefined
  const to = !from || chance.chance(0.85) ? chance.pick(hosts) : undefined
  const outside = to ? publicOf(network, to) : [OUTSIDE]
  const aimedAt = outside.length > 0 && (!from || !to || chance.chance(0.3)) ? 'public' : 'private'
  const destinations = aimedAt === 'public' ? outside : (to?.addresses ?? [OUTSIDE])
  const pairs = (from?.addresses ?? [OUTSIDE]).flatMap((source) =>
    destinations.map((destination) => ({ source, destination })),
  )
  const protocol = chance.pick([1, 6, 6, 6, 17, 47])
  const ports = {
    sourcePort: chance.pick([22, 443, 1023, 1024, 40_000]),
    destinationPort: chance.pick([22, 53, 80, 443, 444, 8080]),
  }
  return {
    ...(from && { from }),
    ...(to && { to }),
    aimedAt,
    pairs,
    flow: {
      protocol,
      ...chance.pick(pairs),
      ...((protocol === 6 || protocol === 17) && ports),
      ...(protocol === 1 && { icmp: { type: chance.pick([0, 8, 3]), code: 0 } }),
    },
  }
}
