/** Prefix lists in answers and fixes: a route of one's own is enough, and a list's rule is one rule. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explain } from '../../src/analyzer/explain.ts'
import { told } from '../../src/analyzer/words.ts'
import { type FixBench, ping, withBench } from './fix-bench.ts'

const listOf = (s: FixBench, ...cidrs: string[]): string => {
  const Entries = cidrs.map((Cidr) => ({ Cidr }))
  const wish = { PrefixListName: 'peers', AddressFamily: 'IPv4', MaxEntries: 5, Entries }
  return s.bench.call('CreateManagedPrefixList', wish).PrefixList?.PrefixListId ?? ''
}

test('R5: where a prefix list leads astray, a route of its own for the peer’s block is the fix', () =>
  withBench(async (s) => {
    const { a, b, one, two } = await s.openPair()
    const pcx = s.peer(a, b)
    const wrong = s.peer(a, s.vpc('10.3.0.0/16'))
    s.route(b.mainTable, '10.1.0.0/16', pcx)
    const list = listOf(s, '10.2.0.0/16', '10.3.0.0/16')
    const listed = { RouteTableId: a.mainTable, DestinationPrefixListId: list }
    s.bench.call('CreateRoute', { ...listed, VpcPeeringConnectionId: wrong })
    const asked = await s.ask(one, two, ping)
    assert.equal(asked.answer.verdict, 'unreachable')
    const route = (to: string) =>
      `aws ec2 create-route --route-table-id TA --destination-cidr-block ${to} --vpc-peering-connection-id PCX`
    const names = { TA: a.mainTable, PCX: pcx }
    assert.deepEqual(asked.commands(names)[0], [route('10.2.0.0/16')])
    assert.deepEqual(asked.commands(names, { narrow: true })[0], [route(`${two.ip}/32`)])
    const [fix] = asked.fixes()
    assert.ok(fix)
    await asked.apply(fix)
  }))

test('L1: a blackhole of a prefix list is named with its list, and mended beside it', () =>
  withBench(async (s) => {
    const { a, b, one, two } = await s.openPair()
    const gone = s.peer(a, b)
    const list = listOf(s, '10.2.0.0/16')
    const listed = { RouteTableId: a.mainTable, DestinationPrefixListId: list }
    s.bench.call('CreateRoute', { ...listed, VpcPeeringConnectionId: gone })
    s.bench.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: gone })
    const pcx = s.peer(a, b)
    s.route(b.mainTable, '10.1.0.0/16', pcx)
    const asked = await s.ask(one, two, ping)
    const [blocker] = asked.answer.way.blockers
    assert.equal(blocker?.origin.rule, `${list} 10.2.0.0/16`)
    const [fix] = asked.fixes()
    assert.ok(fix)
    await asked.apply(fix)
  }))

test('L1: the rule of a prefix list is told by its list, once', () =>
  withBench(async (s) => {
    const { a, b, two } = await s.openPair()
    const list = listOf(s, '10.7.0.0/16', '10.1.0.0/16')
    const GroupId = s.group(b, [])
    const lists = [{ PrefixListId: list }]
    s.bench.call('AuthorizeSecurityGroupIngress', {
      GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: lists }],
    })
    s.bench.call('ModifyInstanceAttribute', { InstanceId: two.id, Groups: [GroupId] })
    const pcx = s.peer(a, b)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(b.mainTable, '10.1.0.0/16', pcx)
    const one = await s.instance(s.subnet(a, '10.1.16.0/20'))
    const asked = await s.ask(one, two, ping)
    const { state } = s.bench.plane
    const answer = explain(state, s.bench.plane.network(), asked.question)
    const [blocker] = told(state, s.bench.plane.network(), answer).way.blockers
    assert.match(blocker?.sentence ?? '', new RegExp(`It lets in only: TCP port 22 from the prefix list ${list}\\.`))
  }))
