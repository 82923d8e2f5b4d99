/** Assertions that stand: the time from one API change to their results, on an estate of some size. */
import type { Assertion } from '../../src/check/assertion.ts'
import { evaluate } from '../../src/check/evaluate.ts'
import type { Subject } from '../../src/check/explanation.ts'
import { Standing } from '../../src/check/standing.ts'
import { IncrementalCompile } from '../../src/compile/incremental.ts'
import { explain } from '../../src/analyzer/explain.ts'
import { trafficOf } from '../../src/check/traffic.ts'
import type { SecurityGroupRule } from '../../src/ec2/security-group-rule.ts'
import type { Change, Records } from '../../src/ec2/state.ts'
import { type Random, random } from '../differential/random.ts'
import { estate } from './estate.ts'
import { type Figure, median, percentile, repeated, timed } from './measure.ts'

const PAIRS = 1000
const PORTS = [22, 443, 5432]

/** A rule of a random group comes or goes; the network follows, and what it can concern is looked at again. */
export function recheck(instances: number, times: number): Figure {
  const state = estate({ instances, seed: 1 })
  const compiled = new IncrementalCompile(state)
  const subject = (): Subject => ({ state, network: compiled.network, setting: { compiled } })
  const chance = random(3)
  const assertions = passing(subject(), chance)
  const whole = timed(() => evaluate(subject(), assertions, {}))
  const standing = new Standing(assertions, {})
  standing.update(subject())
  const looked: number[] = []
  let failing = 0
  const all = changesOf(state, chance, times)
  const again = repeated(times, (i) => {
    const changes = all[i] as Change[]
    state.accept(changes)
    const { difference } = compiled.update(changes)
    const look = standing.update(subject(), { difference, changes })
    looked.push(look.looked)
    failing = look.results.filter(({ status }) => status !== 'holds').length
    return look
  })
  // Those before do not count.
  const counted = looked.slice(-times)
  const met = again.filter((_, i) => counted[i] !== 0)
  return {
    what: 're-check after one API change',
    size: `${instances} instances`,
    median: median(again),
    p99: percentile(again, 0.99),
    peer: 'a check of all pairs',
    ratio: median(again) / whole.ms,
    more: {
      pairs: PAIRS,
      rules: [...state.all('security-group-rule')].length,
      'looked at on average': Math.round((10 * counted.reduce((sum, n) => sum + n, 0)) / times) / 10,
      'ms in the median where any was': Math.round(100 * median(met)) / 100,
      'failing at the end': failing,
    },
  }
}

/** Of random instances that run, each pair with what is so now. */
function passing({ state, network }: Subject, chance: Random): Assertion[] {
  const running = [...state.all('instance')].filter(({ state: s }) => s === 'running').map(({ id }) => id)
  const place = { line: 1, column: 1 }
  return Array.from({ length: PAIRS }, (_, i): Assertion => {
    const [from, port] = [chance.pick(running), chance.pick(PORTS)]
    const to = chance.pick(running.filter((id) => id !== from))
    const ports = { from: port, to: port }
    const ends = { from: { kind: 'instance', id: from }, to: { kind: 'instance', id: to } } as const
    const { verdict } = explain(state, network, { ...ends, traffic: trafficOf(6, ports) })
    const words = { from: [{ text: from, ...place }], to: [{ text: to, ...place }] }
    return { name: `pair ${i}`, ...words, protocol: 6, ports, expect: verdict, allowed: [], ...place }
  })
}

/** A rule more for a group, and the next time one less: for a block that no estate has, so that all still hold. */
function changesOf(state: Records, chance: Random, times: number): Change[][] {
  const groups = [...state.all('security-group')].map(({ id }) => id)
  const [some] = state.all('security-group-rule')
  if (!some) throw new Error('an estate has rules')
  const { referencedGroupId: _, referenced: __, cidrIpv4: ___, ...rest } = some
  return Array.from({ length: times }, (_, i): Change[] => {
    const id = `sgr-${(0xdef0000 + (i >> 1)).toString(16).padStart(17, '0')}`
    if (i % 2 === 1) return [{ type: 'security-group-rule', id }]
    const wish = { groupId: chance.pick(groups), egress: false, protocol: 'tcp', fromPort: 1, toPort: 8000 } as const
    const record: SecurityGroupRule = { ...rest, id, ...wish, cidrIpv4: '192.0.2.0/24' as never }
    return [{ type: 'security-group-rule', id, record }]
  })
}
