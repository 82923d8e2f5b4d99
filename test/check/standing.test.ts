/** Assertions that stand while the network changes: they say what a fresh look says, and look at little for it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bench } from '../../scenarios/bench.ts'
import { explain } from '../../src/analyzer/explain.ts'
import type { Assertion, Expectation } from '../../src/check/assertion.ts'
import { joined, type Step } from '../../src/analyzer/concern.ts'
import { endsOf } from '../../src/check/ends.ts'
import { evaluate, type Result } from '../../src/check/evaluate.ts'
import type { Subject } from '../../src/check/explanation.ts'
import { Standing } from '../../src/check/standing.ts'
import { trafficOf } from '../../src/check/traffic.ts'
import { IncrementalCompile } from '../../src/compile/incremental.ts'
import { settle } from '../../src/ec2/instance.ts'
import type { Change } from '../../src/ec2/state.ts'
import { ip } from '../../src/ip/address.ts'
import type { Fact } from '../../src/network/network.ts'
import { estate } from '../bench/estate.ts'
import { laidOut, type World } from '../compile/laid-out.ts'
import { randomCall } from '../compile/random-calls.ts'
import { build } from '../differential/build.ts'
import { randomPlan } from '../differential/plan.ts'
import { type Random, random as randomOf } from '../differential/random.ts'
import { US, world } from '../ec2/world.ts'

const word = (text: string) => ({ text, line: 1, column: 1 })

function assertion(from: string, to: string, expect: Expectation, protocol = 1, port?: number): Assertion {
  const ports = port === undefined ? {} : { ports: { from: port, to: port } }
  const place = { line: 1, column: 1 }
  const allowed = [{ protocol: 6 }, { protocol: 1 }]
  return { name: 'any', from: [word(from)], to: [word(to)], protocol, ...ports, expect, allowed, ...place }
}

/** A world whose commits are followed, and what has changed since somebody looked. */
function followed(w: World) {
  const compiled = new IncrementalCompile(w.records)
  const steps: Step[] = []
  const accept = w.records.accept.bind(w.records)
  w.records.accept = (changes: readonly Change[]) => {
    accept(changes)
    steps.push({ difference: compiled.update(changes).difference, changes })
  }
  const subject = (): Subject => ({ state: w.records, network: compiled.network, setting: { compiled } })
  return { ...w, subject, taken: () => steps.splice(0) }
}

/** What instances, addresses, groups and blocks can be asked of each other, and as it is now. */
function randomAssertions(subject: Subject, random: Random, count: number): Assertion[] {
  const { state, network } = subject
  const instances = [...state.all('instance')].map(({ id }) => id)
  const hosts = [...network.interfaces.values()].filter(({ node }) => network.nodes.get(node)?.kind !== 'router')
  const addresses = hosts.flatMap((i) => i.addresses)
  const outside = network.translations.map((t) => t.outside)
  const some = [...state.all('security-group')].map(({ id }) => `group ${id}`)
  const wide = [
    'internet',
    '10.1.0.0/16',
    'pcx-',
    'igw-',
    ...some,
    ...[...state.all('vpc')].map(({ id }) => `vpc ${id}`),
  ]
  const words = () =>
    random.weighted<() => string>([
      [12, () => random.pick(instances)],
      [2, () => random.pick([...state.all('network-interface')]).id],
      [4, () => random.pick([...addresses, ...outside, '203.0.113.10', '8.8.8.8'])],
      [1, () => random.pick(wide)],
    ])()
  return Array.from({ length: count }, () => {
    const [protocol, port] = random.pick<readonly [number, number?]>([[1], [6, 22], [6, 80], [6, 443], [17, 53]])
    const asked = assertion(words(), words(), 'unreachable', protocol, port)
    return { ...asked, expect: random.chance(0.1) ? 'only' : verdictOf(subject, asked) }
  })
}

/** Of the first pair. */
function verdictOf({ state, network }: Subject, { from, to, protocol, ports }: Assertion): Expectation {
  try {
    const [[a], [b]] = [from, to].map(([one]) => endsOf(state, one?.text ?? '', {})) as [never[], never[]]
    return a && b ? explain(state, network, { from: a, to: b, traffic: trafficOf(protocol, ports) }).verdict : 'partly'
  } catch {
    return 'unreachable'
  }
}

/** What is the same whoever found it: fixes take long, and are tested elsewhere. */
const told = (results: readonly Result[]) =>
  results.map(({ failures, ...rest }) => ({ ...rest, failures: failures.map(({ from, to }) => `${from} ${to}`) }))

const failing = (results: readonly Result[]): number => results.filter(({ status }) => status === 'fails').length

interface Count {
  changed: number
  looked: number
  pairs: number
  steps: number
}

/** Random calls, and after each a look at what stands and a fresh one. */
function compare(w: World, random: Random, calls: number, count: Count): void {
  const f = followed(w)
  let assertions: readonly Assertion[] = []
  let standing = new Standing(assertions, {})
  let before: readonly Result[] = []
  const begin = () => {
    assertions = randomAssertions(f.subject(), random, 40)
    standing = new Standing(assertions, {})
    before = standing.update(f.subject()).results
    f.taken()
  }
  begin()
  for (let i = 0; i < calls; i++) {
    randomCall(f, random)
    // Now and then the changes of several calls come at once.
    if (random.chance(0.2)) continue
    const steps = f.taken()
    const { results, looked } = standing.update(f.subject(), joined(steps))
    assert.deepEqual(told(results), told(evaluate(f.subject(), assertions, {})), JSON.stringify(steps))
    count.steps++
    count.looked += looked
    count.pairs += results.reduce((sum, { pairs }) => sum + pairs, 0)
    count.changed += results.filter(({ status }, n) => status !== before[n]?.status).length
    before = results
    if (failing(results) > 4) begin()
  }
}

/** A random plan, carried out without an engine. */
async function planned(random: Random): Promise<World> {
  const w = world()
  const catchUp = async () => w.transaction(US, (context) => settle(context, () => true))
  await build({ call: w.call, catchUp, clock: w.clock } as unknown as Bench, randomPlan(random, 0))
  return w
}

test('after random calls what stands says what a fresh look says, and most pairs were left alone', async () => {
  const count: Count = { changed: 0, looked: 0, pairs: 0, steps: 0 }
  for (let seed = 1; seed <= 6; seed++) {
    compare(laidOut(), randomOf(seed), 50, count)
    const random = randomOf(1000 + seed)
    compare(await planned(random), random, 50, count)
  }
  assert.ok(count.steps > 300 && count.changed > 50, `${count.changed} results changed in ${count.steps} steps`)
  assert.ok(count.looked < count.pairs / 3, `${count.looked} of ${count.pairs} pairs were looked at`)
})

test('an end that does not run is asked about its record: nothing of the network says that it goes for good', () => {
  const f = followed(laidOut())
  const [one, other] = [...f.records.all('instance')].map(({ id }) => id)
  assert.ok(one && other)
  const settled = () => f.transaction(US, (context) => settle(context, () => true))
  const standing = new Standing([assertion(one, other, 'unreachable')], {})
  const statusNow = () => standing.update(f.subject(), joined(f.taken())).results[0]?.status
  assert.equal(standing.update(f.subject()).results[0]?.status, 'fails')
  f.call('StopInstances', { InstanceIds: [one] })
  settled()
  assert.equal(statusNow(), 'holds')
  f.call('TerminateInstances', { InstanceIds: [one] })
  assert.deepEqual([statusNow(), f.records.get('instance', one)?.state], ['error', 'shutting-down'])
})

test('a rule of one group of an estate has a small part of the pairs looked at again', () => {
  const state = estate({ instances: 1000, seed: 1 })
  const compiled = new IncrementalCompile(state)
  const random = randomOf(3)
  const running = [...state.all('instance')].filter((i) => i.state === 'running').map(({ id }) => id)
  const subject = (): Subject => ({ state, network: compiled.network, setting: { compiled } })
  const assertions = Array.from({ length: 2000 }, () => {
    const asked = assertion(random.pick(running), random.pick(running), 'unreachable', 6, random.pick([22, 443, 5432]))
    return { ...asked, expect: verdictOf(subject(), asked) }
  })
  const standing = new Standing(assertions, {})
  const first = standing.update(subject())
  const pairs = first.results.filter(({ status }) => status === 'holds').length
  assert.ok(pairs > 1900 && first.looked >= pairs, `${pairs} pairs hold`)
  const groups = [...state.all('security-group')]
  for (let i = 0; i < 20; i++) {
    const [rule] = state.where('security-group-rule', 'groupId', random.pick(groups).id)
    assert.ok(rule)
    const record = { ...rule, description: `changed ${i}`, fromPort: 1, toPort: 1 + i }
    const changes: Change[] = [{ type: 'security-group-rule', id: rule.id, record }]
    state.accept(changes)
    const { difference } = compiled.update(changes)
    const { results, looked } = standing.update(subject(), { difference, changes })
    assert.ok(looked < 200, `${looked} pairs were looked at`)
    assert.equal(results.length, assertions.length)
  }
  assert.equal(standing.update(subject(), { difference: { removed: [], added: [] }, changes: [] }).looked, 0)
})

test('steps one after the other make one: what came and went again is left out, and what changed twice is once', () => {
  const set = (n: number): Fact => ({
    addressSet: { id: 'sg-1', addresses: [ip(`10.0.0.${n}`)], origin: { resource: 'sg-1' } },
  })
  const [one, two, three, four] = [set(1), set(2), set(3), set(4)] as const
  const change = (id: string): Change => ({ type: 'vpc', id })
  const step = joined([
    { difference: { removed: [one], added: [two, four] }, changes: [change('a')] },
    { difference: { removed: [two, four], added: [three] }, changes: [change('b')] },
  ])
  assert.deepEqual(step, { difference: { removed: [one], added: [three] }, changes: [change('a'), change('b')] })
})
