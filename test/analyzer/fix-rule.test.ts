/** Fixes by rules of groups and entries of network ACLs: no wider than asked, and what else they open. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Vpc } from '../../scenarios/builder.ts'
import { type FixBench, firstOf, OPEN, ping, tcp, withBench } from './fix-bench.ts'

/** Two hosts that groups let talk, the second in a subnet of its own. */
async function beside(s: FixBench) {
  const a = s.vpc('10.1.0.0/16')
  const groups = [s.group(a, OPEN)]
  const guarded = s.subnet(a, '10.1.16.0/20')
  const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups })
  return { guarded, one, two: await s.instance(guarded, { groups }) }
}

/** Two hosts in one subnet, each in a group of its own. */
async function together(s: FixBench, groupsIn: (vpc: Vpc) => readonly [string, string]) {
  const a = s.vpc('10.1.0.0/16')
  const subnet = s.subnet(a, '10.1.0.0/20')
  const [from, to] = groupsIn(a)
  const one = await s.instance(subnet, { groups: [from] })
  return { subnet, from, to, one, two: await s.instance(subnet, { groups: [to] }) }
}

test('D14: an entry of the source block and the asked ports comes before the denial, for the answer its ephemeral ports', () =>
  withBench(async (s) => {
    const { guarded, one, two } = await beside(s)
    const acl = s.acl(guarded, ['in 100 deny tcp 22 0.0.0.0/0', 'out 100 allow tcp 22 0.0.0.0/0'])
    const asked = await s.ask(one, two, tcp(22))
    const entry = (rest: string) => `aws ec2 create-network-acl-entry --network-acl-id ACL ${rest}`
    assert.deepEqual(asked.commands({ ACL: acl })[0], [
      entry(
        '--ingress --rule-number 90 --rule-action allow --protocol 6 --cidr-block 10.1.0.0/16 --port-range From=22,To=22',
      ),
      entry(
        '--egress --rule-number 110 --rule-action allow --protocol 6 --cidr-block 10.1.0.0/16 ' +
          '--port-range From=32768,To=60999',
      ),
    ])
    await asked.applyFirst()
  }))

test('N1: an entry that denies exactly what is asked may also be turned', () =>
  withBench(async (s) => {
    const { guarded, one, two } = await beside(s)
    const acl = s.acl(guarded, [
      'in 1 deny icmp 8 10.1.0.0/16',
      'in 2 allow all 0.0.0.0/0',
      'out 1 allow all 0.0.0.0/0',
    ])
    const asked = await s.ask(one, two, ping)
    // No number is free before 1.
    assert.deepEqual(asked.commands({ ACL: acl }), [
      [
        'aws ec2 replace-network-acl-entry --network-acl-id ACL --ingress --rule-number 1 --rule-action allow ' +
          '--protocol 1 --cidr-block 10.1.0.0/16 --icmp-type-code Type=8,Code=-1',
      ],
    ])
    await asked.applyFirst()
  }))

test('D15: an instance whose egress was emptied may send to the block of the VPC, on the asked port', () =>
  withBench(async (s) => {
    const { from, one, two } = await together(s, (a) => [s.group(a, [], []), s.group(a, OPEN)])
    const asked = await s.ask(one, two, tcp(443))
    assert.deepEqual(asked.commands({ SG: from })[0], [
      "aws ec2 authorize-security-group-egress --group-id SG --ip-permissions 'IpProtocol=tcp,FromPort=443,ToPort=443," +
        "IpRanges=[{CidrIp=10.1.0.0/16}]'",
    ])
    await asked.applyFirst()
  }))

test('D29: a ping gets echo requests from the block of the source VPC, on the group of the target only', () =>
  withBench(async (s) => {
    const { from, to, one, two } = await together(s, (a) => [s.group(a, []), s.group(a, ['tcp 22 0.0.0.0/0'])])
    const asked = await s.ask(one, two, ping)
    const rule = (peer: string) =>
      `aws ec2 authorize-security-group-ingress --group-id TO --ip-permissions 'IpProtocol=icmp,FromPort=8,ToPort=-1,${peer}'`
    assert.deepEqual(asked.commands({ TO: to, FROM: from }), [
      [rule('IpRanges=[{CidrIp=10.1.0.0/16}]')],
      [rule('UserIdGroupPairs=[{GroupId=FROM}]')],
    ])
    assert.deepEqual(asked.commands({ TO: to, FROM: from }, { narrow: true })[0], [
      rule(`IpRanges=[{CidrIp=${one.ip}/32}]`),
    ])
    await asked.apply(firstOf(asked.fixes().slice(1)))
  }))

test('of several groups the one that fewest interfaces have gets the rule, never the default group', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const subnet = s.subnet(a, '10.1.0.0/20')
    const [shared, own] = [s.group(a, []), s.group(a, [])]
    const other = await s.instance(subnet, { groups: [shared] })
    const two = await s.instance(subnet, { groups: [a.defaultGroup, shared, own] })
    const [call] = firstOf((await s.ask(other, two, ping)).fixes()).calls
    assert.equal(call?.input.GroupId, own)
    assert.match(call?.comment ?? '', /its own alone/)
  }))

test('what a rule opens beside what was asked is said: who, whom, with what', () =>
  withBench(async (s) => {
    const { subnet, to, one, two } = await together(s, (a) => [s.group(a, []), s.group(a, [])])
    const alone = firstOf((await s.ask(one, two, ping)).fixes())
    assert.deepEqual(alone.opens, [])
    const three = await s.instance(subnet, { groups: [to] })
    const [byBlock, byGroup] = (await s.ask(one, two, ping)).fixes()
    assert.deepEqual(
      byGroup?.opens.map(({ text }) => text),
      [`${one.id} may ping ${three.id}.`],
    )
    assert.deepEqual(new Set(byBlock?.opens.flatMap((o) => o.from)), new Set([one, two, three].map((i) => i.interface)))
    assert.ok(byBlock?.opens.every(({ traffic, to: ids }) => traffic.join() === 'ping' && !ids.includes(one.interface)))
    const narrow = firstOf((await s.ask(one, two, ping)).fixes({ narrow: true }))
    assert.deepEqual(
      narrow.opens.map(({ text }) => text),
      [`${one.id} may ping ${three.id}.`],
    )
  }))
