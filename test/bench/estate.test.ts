import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { isStaleRule } from '../../src/ec2/security-group-rule.ts'
import { quota } from '../../src/ec2/quotas.ts'
import { roundTrip } from '../../src/forward/forward.ts'
import { answered } from '../../src/network/flow.ts'
import { random } from '../differential/random.ts'
import { estate } from './estate.ts'

const between = (value: number, low: number, high: number, what: string) =>
  assert.ok(value >= low && value <= high, `${what}: ${value}, not ${low} to ${high}`)

test('an estate has the shares of a real account, and its faults', () => {
  const state = estate({ instances: 1000, seed: 1 })
  const count = (type: Parameters<typeof state.all>[0]) => [...state.all(type)].length
  assert.equal(count('instance'), 1000)
  between(count('vpc'), 10, 20, 'VPCs')
  between(count('subnet') / count('vpc'), 3, 6, 'subnets of a VPC')
  between(count('internet-gateway') / count('vpc'), 0.4, 0.6, 'VPCs with a gateway')
  between(count('security-group-rule') / count('instance'), 8, 14, 'rules for each instance')
  const rules = [...state.all('security-group-rule')]
  for (const [group, all] of Map.groupBy(rules, (r) => r.groupId))
    between(all.length, 1, quota('rulesPerSecurityGroup') + 1, group)
  between(rules.filter((r) => r.referencedGroupId).length / rules.length, 0.05, 0.3, 'rules that name a group')
  between(count('elastic-ip'), 5, 100, 'Elastic IPs')
  const { routes } = compile(state)
  assert.ok(routes.some((r) => r.nextHop.kind === 'blackhole' && r.origin.code === 'BAD_STATE_ROUTE'))
  assert.ok(rules.some((r) => isStaleRule(state, r)))
})

test('the same seed gives the same estate, another one gives another', () => {
  const network = (seed: number) => compile(estate({ instances: 60, seed }))
  assert.deepEqual(network(3), network(3))
  assert.notDeepEqual(network(3), network(4))
})

test('it compiles in every size, and some of its hosts reach each other, some do not', () => {
  for (const instances of [1, 10, 300]) {
    const network = compile(estate({ instances, seed: 2 }))
    const hosts = [...network.interfaces.values()].filter(({ node }) => network.nodes.get(node)?.kind === 'host')
    assert.ok(hosts.length > 0)
    if (instances < 300) continue
    const choice = random(5)
    const flows = Array.from({ length: 400 }, () => {
      const [from, to] = [choice.pick(hosts), choice.pick(hosts)]
      const ends = { source: from.addresses[0] as never, destination: to.addresses[0] as never }
      return answered(
        roundTrip(network, { ...ends, protocol: 6, sourcePort: 40000, destinationPort: 443 }, from.node).trace,
      )
    })
    between(flows.filter((arrived) => arrived).length / flows.length, 0.02, 0.6, 'flows that are answered')
  }
})
