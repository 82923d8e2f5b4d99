/** How rules judge the packets of a flow: what groups remember, and what ACLs never do. The Linux engine's are D14 to D17. */
import { test } from 'node:test'
import { bench } from '../../scenarios/bench.ts'
import { type Stage, stage, tcp, udp } from '../../scenarios/scenario.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'

async function played(play: (s: Stage) => Promise<void>): Promise<void> {
  const s = stage(bench((services) => simulator({ services })))
  try {
    await play(s)
  } finally {
    await s.bench.close()
  }
}

/** Two instances in two subnets, whose groups let everything pass. */
async function twoSubnets(s: Stage) {
  const vpc = s.vpc('10.1.0.0/16')
  const groups = [s.group(vpc, ['all 0.0.0.0/0'])]
  const [first, second] = [s.subnet(vpc, '10.1.0.0/20'), s.subnet(vpc, '10.1.16.0/20')]
  return { first, second, one: await s.instance(first, { groups }), two: await s.instance(second, { groups }) }
}

const ALL = ['in 100 allow all 0.0.0.0/0', 'out 100 allow all 0.0.0.0/0']

test('S11: without its rule a tracked flow goes on, an untracked one ends, and an ACL ends both', () =>
  played(async (s) => {
    const vpc = s.vpc('10.1.0.0/16')
    const [first, second] = [s.subnet(vpc, '10.1.0.0/20'), s.subnet(vpc, '10.1.16.0/20')]
    const one = await s.instance(first, { groups: [s.group(vpc, ['all 0.0.0.0/0'])] })
    const [tracked, untracked] = [`udp 22 ${one.ip}/32`, 'udp 80 0.0.0.0/0']
    const group = s.group(vpc, [tracked, untracked])
    const two = await s.instance(second, { groups: [group] })
    await s.answered(one, two, udp(22, 40_022), { session: 'tracked' })
    await s.answered(one, two, udp(80, 40_080), { session: 'untracked' })
    for (const rule of [tracked, untracked]) s.revoke(group, rule)
    await s.answered(one, two, udp(22, 40_022), { session: 'tracked' })
    await s.silent(one, two, udp(80, 40_080), { resource: group }, { session: 'untracked' })
    s.allow(group, untracked)
    await s.answered(one, two, udp(80, 40_080), { session: 'untracked' })
    const acl = s.acl(second, ['in 100 deny udp 1-65535 0.0.0.0/0', ...ALL.slice(1)])
    const denied = { resource: acl, rule: 'ingress:100' }
    await s.silent(one, two, udp(22, 40_022), denied, { session: 'tracked' })
    await s.silent(one, two, udp(80, 40_080), denied, { session: 'untracked' })
  }))

for (const [side, entries, leg, rule] of [
  ['first', ['out 50 deny all 0.0.0.0/0'], 'request', 'egress:50'],
  ['second', ['in 50 deny all 0.0.0.0/0'], 'request', 'ingress:50'],
  ['second', ['out 50 deny all 0.0.0.0/0'], 'reply', 'egress:50'],
  ['first', ['in 50 deny all 0.0.0.0/0'], 'reply', 'ingress:50'],
] as const)
  test(`N3: between two subnets the ${leg} passes the ${rule.split(':')[0]} rules of the ${side} subnet`, () =>
    played(async (s) => {
      const { one, two, ...subnets } = await twoSubnets(s)
      await s.answered(one, two, tcp(22))
      const resource = s.acl(subnets[side], [...ALL, ...entries])
      await s.silent(one, two, tcp(22), { leg, resource, rule })
    }))

test('N3: within a subnet no ACL is asked', () =>
  played(async (s) => {
    const { first, one } = await twoSubnets(s)
    const neighbor = await s.instance(first, { groups: [s.group(first.vpc, ['all 0.0.0.0/0'])] })
    s.acl(first, ['in 50 deny all 0.0.0.0/0', 'out 50 deny all 0.0.0.0/0'])
    await s.answered(one, neighbor, tcp(22))
  }))

test('N4: an answer passes where the port that the client chose may be reached, and only there', () =>
  played(async (s) => {
    const { second, one, two } = await twoSubnets(s)
    const resource = s.acl(second, ['in 100 allow tcp 22 0.0.0.0/0', 'out 100 allow tcp 32768-61000 0.0.0.0/0'])
    for (const port of [32_768, 45_000, 61_000]) await s.answered(one, two, tcp(22, port))
    const denied = { leg: 'reply', resource, rule: 'egress:*' } as const
    for (const port of [1024, 32_767, 61_001, 65_535]) await s.silent(one, two, tcp(22, port), denied)
  }))
