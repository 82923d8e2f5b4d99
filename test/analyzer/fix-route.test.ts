/** Fixes that lead a packet, or its answer, where it should go: the route for it, beside those of others. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OPEN, firstOf, ping, withBench } from './fix-bench.ts'

test('D07: the answer gets the route it lacks, for the block of the source VPC or, narrow, its one address', () =>
  withBench(async (s) => {
    const { a, b, one, two } = await s.openPair()
    const pcx = s.peer(a, b)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    const asked = await s.ask(one, two, ping)
    const names = { TB: b.mainTable, PCX: pcx }
    const route = (to: string) =>
      `aws ec2 create-route --route-table-id TB --destination-cidr-block ${to} --vpc-peering-connection-id PCX`
    assert.deepEqual(asked.commands(names), [[route('10.1.0.0/16')]])
    assert.deepEqual(asked.commands(names, { narrow: true }), [[route(`${one.ip}/32`)]])
    await asked.applyFirst()
  }))

test('D08: an answer that goes astray gets a route of its own, and the other VPC keeps the rest', () =>
  withBench(async (s) => {
    const a = s.vpc('172.16.0.0/16')
    const b = s.vpc('192.168.0.0/16')
    const c = s.vpc('192.168.0.0/16')
    const one = await s.instance(s.subnet(a, '172.16.0.0/24'), { groups: [s.group(a, OPEN)] })
    const launch = { ip: '192.168.1.5' }
    await s.instance(s.subnet(b, '192.168.1.0/24'), { ...launch, groups: [s.group(b, OPEN)] })
    const inC = await s.instance(s.subnet(c, '192.168.1.0/24'), { ...launch, groups: [s.group(c, OPEN)] })
    s.route(a.mainTable, '192.168.1.0/24', s.peer(a, b))
    const pcx = s.peer(a, c)
    s.route(c.mainTable, '172.16.0.0/16', pcx)
    const asked = await s.ask(inC, one, ping)
    assert.deepEqual(asked.commands({ TA: a.mainTable, PCX: pcx })[0], [
      'aws ec2 create-route --route-table-id TA --destination-cidr-block 192.168.1.5/32 --vpc-peering-connection-id PCX',
    ])
    await asked.applyFirst()
  }))

test('D12: a host that one /32 leads to gets the way back for its peer', () =>
  withBench(async (s) => {
    const [a, b, c] = [s.vpc('10.1.0.0/16'), s.vpc('10.2.0.0/16'), s.vpc('10.2.0.0/16')]
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups: [s.group(a, OPEN)] })
    const inC = await s.instance(s.subnet(c, '10.2.0.0/20'), { ip: '10.2.0.7', groups: [s.group(c, OPEN)] })
    const [ab, ac] = [s.peer(a, b), s.peer(a, c)]
    s.route(a.mainTable, '10.2.0.0/16', ab)
    const asked = await s.ask(one, inC, ping)
    assert.deepEqual(asked.commands({ TA: a.mainTable, TC: c.mainTable, PCX: ac })[0], [
      'aws ec2 create-route --route-table-id TA --destination-cidr-block 10.2.0.7/32 --vpc-peering-connection-id PCX',
      'aws ec2 create-route --route-table-id TC --destination-cidr-block 10.1.0.0/16 --vpc-peering-connection-id PCX',
    ])
    await asked.applyFirst()
  }))

test('D13: a subnet that was routed to an appliance is reached directly again', () =>
  withBench(async (s) => {
    const a = s.vpc('10.0.0.0/16')
    const first = s.subnet(a, '10.0.0.0/24', { table: true })
    const groups = [s.group(a, OPEN)]
    const one = await s.instance(first, { groups })
    const two = await s.instance(s.subnet(a, '10.0.1.0/24'), { groups })
    const appliance = await s.instance(first, { groups, sourceDestCheck: false })
    s.route(first.table, '10.0.1.0/24', appliance.interface)
    const asked = await s.ask(one, two, ping)
    assert.deepEqual(asked.commands({ T: first.table })[0], [
      'aws ec2 delete-route --route-table-id T --destination-cidr-block 10.0.1.0/24',
    ])
    await asked.applyFirst()
  }))

test('what a route takes away from others is said', () =>
  withBench(async (s) => {
    const [a, b, c] = [s.vpc('172.16.0.0/16'), s.vpc('192.168.0.0/16'), s.vpc('192.168.0.0/16')]
    const one = await s.instance(s.subnet(a, '172.16.0.0/24'), { groups: [s.group(a, OPEN)] })
    const launch = { ip: '192.168.1.5' }
    const inB = await s.instance(s.subnet(b, '192.168.1.0/24'), { ...launch, groups: [s.group(b, OPEN)] })
    const inC = await s.instance(s.subnet(c, '192.168.1.0/24'), { ...launch, groups: [s.group(c, OPEN)] })
    const [ab, ac] = [s.peer(a, b), s.peer(a, c)]
    s.route(a.mainTable, '192.168.0.0/16', ab)
    s.route(b.mainTable, '172.16.0.0/16', ab)
    s.route(c.mainTable, '172.16.0.0/16', ac)
    const { closes } = firstOf((await s.ask(inC, one, ping)).fixes())
    assert.deepEqual(
      closes.map(({ text }) => text).sort(),
      [`${inB.id} may reach ${one.id} with everything.`, `${one.id} may reach ${inB.id} with everything.`].sort(),
    )
  }))
