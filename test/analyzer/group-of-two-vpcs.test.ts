/** Answers and fixes about a group that interfaces of two VPCs are in (S6, S7). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matrix } from '../../src/analyzer/reach/matrix.ts'
import { told } from '../../src/analyzer/words.ts'
import { type FixBench, tcp, withBench } from './fix-bench.ts'

/** A group of one VPC whose members may ssh to each other; one of them, and a stranger, in another VPC. */
async function further(s: FixBench) {
  const [home, other] = [s.vpc('10.1.0.0/16'), s.vpc('10.1.0.0/16')]
  const subnet = s.subnet(other, '10.1.0.0/20')
  const group = s.group(home, [])
  s.allow(group, `tcp 22 ${group}`)
  s.bench.call('AssociateSecurityGroupVpc', { GroupId: group, VpcId: other.id })
  const [member, target] = [
    await s.instance(subnet, { groups: [group] }),
    await s.instance(subnet, { groups: [group] }),
  ]
  return { group, member, target, stranger: await s.instance(subnet) }
}

test('S7: its rules are told once, and name the group, not its part in a VPC', () =>
  withBench(async (s) => {
    const { group, target, stranger } = await further(s)
    const { answer } = await s.ask(stranger, target, tcp(22))
    const [blocker] = told(s.bench.plane.state, s.bench.plane.network(), answer).way.blockers
    assert.equal(blocker?.origin.resource, group)
    assert.match(`${blocker?.sentence}`, /It lets in only: TCP port 22 from its own members\./)
  }))

test('S7: a hop names the rule that lets a packet pass', () =>
  withBench(async (s) => {
    const { member, target } = await further(s)
    const { answer } = await s.ask(member, target, tcp(22))
    assert.equal(answer.verdict, 'reachable')
    assert.match(JSON.stringify(told(s.bench.plane.state, s.bench.plane.network(), answer)), /from its own members/)
  }))

test('S7: a rule more is the fix', () =>
  withBench(async (s) => {
    const { target, stranger } = await further(s)
    const asked = await s.ask(stranger, target, tcp(22))
    const [fix] = asked.fixes()
    assert.ok(fix)
    await asked.apply(fix)
  }))

test('S7: the matrix of groups names the group, too', () =>
  withBench(async (s) => {
    const { group } = await further(s)
    const rows = matrix(s.bench.plane.network(), 'group')
    assert.deepEqual(
      rows.filter(({ to }) => to.ids.includes(group)).map(({ from, answered }) => [from.ids, answered]),
      [[[group], ['TCP port 22']]],
    )
  }))
