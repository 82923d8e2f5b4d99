/** Fixes that join two VPCs: a peering accepted, asked for, or made again, and routed both ways. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { builder } from '../../scenarios/builder.ts'
import { OPEN, firstOf, ping, tcp, withBench } from './fix-bench.ts'

test('D04: a pending peering is accepted, by one call for both directions', () =>
  withBench(async (s) => {
    const { a, b, one, two } = await s.openPair()
    const pcx = s.peer(a, b, { accept: false })
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(b.mainTable, '10.1.0.0/16', pcx)
    const asked = await s.ask(one, two, ping)
    assert.deepEqual(asked.commands({ PCX: pcx }), [
      ['aws ec2 accept-vpc-peering-connection --vpc-peering-connection-id PCX'],
    ])
    await asked.applyFirst()
  }))

test('D05: after a peering was deleted a new one is asked for, accepted, and takes the place of the old in both tables', () =>
  withBench(async (s) => {
    const { a, b, one, two } = await s.openPair()
    const pcx = s.peer(a, b)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(b.mainTable, '10.1.0.0/16', pcx)
    s.bench.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: pcx })
    const asked = await s.ask(one, two, ping)
    assert.deepEqual(asked.commands({ A: a.id, B: b.id, TA: a.mainTable, TB: b.mainTable })[0], [
      'VPC_PEERING_CONNECTION_ID=$(aws ec2 create-vpc-peering-connection --vpc-id A --peer-vpc-id B ' +
        '--query VpcPeeringConnection.VpcPeeringConnectionId --output text)',
      'aws ec2 accept-vpc-peering-connection --vpc-peering-connection-id "$VPC_PEERING_CONNECTION_ID"',
      'aws ec2 replace-route --route-table-id TA --destination-cidr-block 10.2.0.0/16 ' +
        '--vpc-peering-connection-id "$VPC_PEERING_CONNECTION_ID"',
      'aws ec2 replace-route --route-table-id TB --destination-cidr-block 10.1.0.0/16 ' +
        '--vpc-peering-connection-id "$VPC_PEERING_CONNECTION_ID"',
    ])
    await asked.applyFirst()
  }))

test('D06: a blackhole before a default route is led over a peering again, the default route stays', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const b = s.vpc('10.2.0.0/16')
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups: [s.group(a, OPEN)] })
    const two = await s.instance(s.subnet(b, '10.2.0.0/20'), { groups: [s.group(b, OPEN)] })
    s.route(a.mainTable, '0.0.0.0/0', a.gateway as string)
    const pcx = s.peer(a, b)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(b.mainTable, '10.1.0.0/16', pcx)
    s.bench.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: pcx })
    const asked = await s.ask(one, two, tcp(22))
    const fix = firstOf(asked.fixes())
    assert.deepEqual(
      fix.calls.map((c) => [c.action, c.input.DestinationCidrBlock]),
      [
        ['CreateVpcPeeringConnection', undefined],
        ['AcceptVpcPeeringConnection', undefined],
        ['ReplaceRoute', '10.2.0.0/16'],
        ['ReplaceRoute', '10.1.0.0/16'],
      ],
    )
    await asked.apply(fix)
    assert.equal(s.routeState(a.mainTable, '0.0.0.0/0'), 'active')
  }))

test('D09: two VPCs that have a peer in common are peered themselves, and routed', () =>
  withBench(async (s) => {
    const { a, b, one } = await s.openPair()
    const c = s.vpc('10.3.0.0/16')
    const inC = await s.instance(s.subnet(c, '10.3.0.0/20'), { groups: [s.group(c, OPEN)] })
    const [ab, bc] = [s.peer(a, b), s.peer(b, c)]
    s.route(a.mainTable, '10.3.0.0/16', ab)
    s.route(c.mainTable, '10.1.0.0/16', bc)
    s.route(b.mainTable, '10.1.0.0/16', ab)
    s.route(b.mainTable, '10.3.0.0/16', bc)
    const asked = await s.ask(one, inC, ping)
    const fix = firstOf(asked.fixes())
    // The routes over the peer in common carry nothing, so they are replaced.
    assert.deepEqual(
      fix.calls.map(({ action, input }) => [action, input.RouteTableId, input.DestinationCidrBlock]),
      [
        ['CreateVpcPeeringConnection', undefined, undefined],
        ['AcceptVpcPeeringConnection', undefined, undefined],
        ['ReplaceRoute', a.mainTable, '10.3.0.0/16'],
        ['ReplaceRoute', c.mainTable, '10.1.0.0/16'],
      ],
    )
    await asked.apply(fix)
  }))

test('D18, X11: peered again, a stale reference means its members again, so no rule is added', () =>
  withBench(async (s) => {
    const [a, b] = [s.vpc('10.1.0.0/16'), s.vpc('10.2.0.0/16')]
    const groupA = s.group(a, [])
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups: [groupA] })
    const groupB = s.group(b, [])
    const two = await s.instance(s.subnet(b, '10.2.0.0/20'), { groups: [groupB] })
    const pcx = s.peer(a, b)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.route(b.mainTable, '10.1.0.0/16', pcx)
    s.allow(groupB, `icmp ${groupA}`)
    s.bench.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: pcx })
    const asked = await s.ask(one, two, ping)
    const actions = asked.fixes().map((fix) => fix.calls.map((call) => call.action))
    assert.deepEqual(actions, [
      ['CreateVpcPeeringConnection', 'AcceptVpcPeeringConnection', 'ReplaceRoute', 'ReplaceRoute'],
    ])
    await asked.applyFirst()
  }))

test('a peer of another account and Region is asked in the name of one owner, and answered in that of the other', () =>
  withBench(async (s) => {
    const other = { account: '999988887777', region: 'eu-west-1', requestId: 'test' }
    const theirs = builder(s.bench, other)
    const [a, b] = [s.vpc('10.1.0.0/16'), theirs.vpc('10.2.0.0/16')]
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups: [s.group(a, OPEN)] })
    const two = await theirs.instance(theirs.subnet(b, '10.2.0.0/20'), { groups: [theirs.group(b, [])] })
    const asked = await s.ask(one, two, ping)
    const commands = asked.commands({ A: a.id, B: b.id, TA: a.mainTable, TB: b.mainTable })
    // A group of another Region can not be named, so there is the rule by address only (X10).
    assert.equal(commands.length, 1)
    const theirName = '--region eu-west-1 --profile 999988887777'
    assert.deepEqual(commands[0]?.slice(0, 4), [
      'VPC_PEERING_CONNECTION_ID=$(aws ec2 create-vpc-peering-connection --vpc-id A --peer-vpc-id B ' +
        '--peer-owner-id 999988887777 --peer-region eu-west-1 ' +
        '--query VpcPeeringConnection.VpcPeeringConnectionId --output text)',
      `aws ec2 accept-vpc-peering-connection --vpc-peering-connection-id "$VPC_PEERING_CONNECTION_ID" ${theirName}`,
      'aws ec2 create-route --route-table-id TA --destination-cidr-block 10.2.0.0/16 ' +
        '--vpc-peering-connection-id "$VPC_PEERING_CONNECTION_ID"',
      'aws ec2 create-route --route-table-id TB --destination-cidr-block 10.1.0.0/16 ' +
        `--vpc-peering-connection-id "$VPC_PEERING_CONNECTION_ID" ${theirName}`,
    ])
    await asked.applyFirst()
  }))

test('D01: VPCs whose blocks overlap are never peered', () =>
  withBench(async (s) => {
    const [a, b] = [s.vpc('10.1.0.0/16'), s.vpc('10.1.128.0/17')]
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups: [s.group(a, OPEN)] })
    const two = await s.instance(s.subnet(b, '10.1.128.0/20'), { groups: [s.group(b, OPEN)] })
    const asked = await s.ask(one, two, ping)
    assert.deepEqual(asked.fixes(), [])
    assert.equal(asked.why().length, 1)
  }))
