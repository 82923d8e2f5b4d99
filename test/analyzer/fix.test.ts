/** Fixes of the spec's cases: the calls, no wider than said, and what they are made of is made for real. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { builder } from '../../scenarios/builder.ts'
import type { Fix } from '../../src/analyzer/fix.ts'
import { HOST, ping, tcp, withBench } from './fix-bench.ts'

const OPEN = ['all 0.0.0.0/0']
const firstOf = ([fix]: readonly Fix[]): Fix => {
  assert.ok(fix, 'a fix is found')
  return fix
}

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
    await asked.apply(firstOf(asked.fixes()))
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
    await asked.apply(firstOf(asked.fixes()))
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
    await asked.apply(firstOf(asked.fixes()))
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
    await asked.apply(firstOf(asked.fixes()))
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

test('D10: what is beyond a peer gets a gateway, an address and a route of its own, beside the route to the peer', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const b = s.vpc('10.2.0.0/16')
    const inB = await s.instance(s.subnet(b, '10.2.0.0/20'))
    const pcx = s.peer(a, b)
    s.route(b.mainTable, '0.0.0.0/0', pcx)
    const asked = await s.ask(inB, HOST, ping)
    assert.deepEqual(asked.commands({ TB: b.mainTable, B: b.id, ENI: inB.interface })[0], [
      'INTERNET_GATEWAY_ID=$(aws ec2 create-internet-gateway --query InternetGateway.InternetGatewayId --output text)',
      'aws ec2 attach-internet-gateway --internet-gateway-id "$INTERNET_GATEWAY_ID" --vpc-id B',
      'ALLOCATION_ID=$(aws ec2 allocate-address --domain vpc --query AllocationId --output text)',
      'aws ec2 associate-address --allocation-id "$ALLOCATION_ID" --network-interface-id ENI',
      'aws ec2 create-route --route-table-id TB --destination-cidr-block 203.0.113.10/32 ' +
        '--gateway-id "$INTERNET_GATEWAY_ID"',
    ])
    await asked.apply(firstOf(asked.fixes()))
  }))

test('D11: a NAT instance of the peer is no way to the internet; the VPC gets its own gateway', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const b = s.vpc('10.2.0.0/16')
    const subnet = s.subnet(a, '10.1.0.0/20', { table: true })
    const groups = [s.group(a, OPEN)]
    const nat = await s.instance(subnet, { groups, elasticIp: true, sourceDestCheck: false })
    const inB = await s.instance(s.subnet(b, '10.2.0.0/20'))
    s.route(b.mainTable, '0.0.0.0/0', s.peer(a, b))
    s.route(a.mainTable, '0.0.0.0/0', nat.id)
    const asked = await s.ask(inB, HOST, ping)
    const fix = firstOf(asked.fixes())
    assert.ok(fix.calls.every(({ input }) => input.RouteTableId !== a.mainTable && input.VpcId !== a.id))
    await asked.apply(fix)
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
    await asked.apply(firstOf(asked.fixes()))
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
    await asked.apply(firstOf(asked.fixes()))
  }))

test('D14: an entry of the source block and the asked ports comes before the denial, for the answer its ephemeral ports', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const groups = [s.group(a, OPEN)]
    const guarded = s.subnet(a, '10.1.16.0/20')
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups })
    const two = await s.instance(guarded, { groups })
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
    await asked.apply(firstOf(asked.fixes()))
  }))

test('N1: an entry that denies exactly what is asked may also be turned', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const groups = [s.group(a, OPEN)]
    const guarded = s.subnet(a, '10.1.16.0/20')
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups })
    const two = await s.instance(guarded, { groups })
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
    await asked.apply(firstOf(asked.fixes()))
  }))

test('D15: an instance whose egress was emptied may send to the block of the VPC, on the asked port', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const subnet = s.subnet(a, '10.1.0.0/20')
    const closed = s.group(a, [], [])
    const one = await s.instance(subnet, { groups: [closed] })
    const two = await s.instance(subnet, { groups: [s.group(a, OPEN)] })
    const asked = await s.ask(one, two, tcp(443))
    assert.deepEqual(asked.commands({ SG: closed })[0], [
      "aws ec2 authorize-security-group-egress --group-id SG --ip-permissions 'IpProtocol=tcp,FromPort=443,ToPort=443," +
        "IpRanges=[{CidrIp=10.1.0.0/16}]'",
    ])
    await asked.apply(firstOf(asked.fixes()))
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
    await asked.apply(firstOf(asked.fixes()))
  }))

test('D20: a peer asked by its public address lets in the one public address of the sender, and no block', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const b = s.vpc('10.2.0.0/16', { gateway: true })
    const one = await s.instance(s.subnet(a, '10.1.0.0/20', { table: true }), { elasticIp: true })
    const group = s.group(b, ['icmp 10.1.0.0/16'])
    const two = await s.instance(s.subnet(b, '10.2.0.0/20', { table: true }), { groups: [group], elasticIp: true })
    const asked = await s.ask(one, two.publicIp as typeof HOST, ping)
    assert.deepEqual(asked.commands({ SG: group }), [
      [
        "aws ec2 authorize-security-group-ingress --group-id SG --ip-permissions 'IpProtocol=icmp,FromPort=8,ToPort=-1," +
          `IpRanges=[{CidrIp=${one.publicIp}/32}]'`,
      ],
    ])
    await asked.apply(firstOf(asked.fixes()))
  }))

test('D20: a sender without a public address gets one, and its peer lets that in', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const b = s.vpc('10.2.0.0/16', { gateway: true })
    const bare = await s.instance(s.subnet(a, '10.1.0.0/20', { table: true }))
    const two = await s.instance(s.subnet(b, '10.2.0.0/20', { table: true }), {
      groups: [s.group(b, ['icmp 0.0.0.0/0'])],
      elasticIp: true,
    })
    const asked = await s.ask(bare, two.publicIp as typeof HOST, ping)
    const fix = firstOf(asked.fixes())
    assert.deepEqual(
      fix.calls.map((call) => call.action),
      ['AllocateAddress', 'AssociateAddress'],
    )
    await asked.apply(fix)
  }))

test('D21: a hairpin lets in its own public address', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const group = s.group(a, [])
    const one = await s.instance(s.subnet(a, '10.1.0.0/20', { table: true }), { groups: [group], elasticIp: true })
    const asked = await s.ask(one, one.publicIp as typeof HOST, tcp(443))
    assert.deepEqual(asked.commands({ SG: group })[0], [
      "aws ec2 authorize-security-group-ingress --group-id SG --ip-permissions 'IpProtocol=tcp,FromPort=443,ToPort=443," +
        `IpRanges=[{CidrIp=${one.publicIp}/32}]'`,
    ])
    await asked.apply(firstOf(asked.fixes()))
  }))

test('D23: a public address in a private subnet gets the default route, narrow the route to the one host', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const subnet = s.subnet(a, '10.1.0.0/20')
    const groups = [s.group(a, ['tcp 22 0.0.0.0/0'])]
    const one = await s.instance(subnet, { groups, elasticIp: true })
    const asked = await s.ask(HOST, one.publicIp as typeof HOST, tcp(22))
    const names = { T: subnet.table, IGW: a.gateway as string }
    const route = (to: string) =>
      `aws ec2 create-route --route-table-id T --destination-cidr-block ${to} --gateway-id IGW`
    assert.deepEqual(asked.commands(names), [[route('0.0.0.0/0')]])
    assert.deepEqual(asked.commands(names, { narrow: true }), [[route('203.0.113.10/32')]])
    await asked.apply(firstOf(asked.fixes({ narrow: true })))
  }))

test('D24: a detached gateway that routes still name is attached again', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const gateway = a.gateway as string
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'))
    s.route(a.mainTable, '0.0.0.0/0', gateway)
    s.bench.call('DetachInternetGateway', { VpcId: a.id, InternetGatewayId: gateway })
    const asked = await s.ask(one, HOST, ping)
    assert.deepEqual(asked.commands({ IGW: gateway, A: a.id, ENI: one.interface })[0], [
      'aws ec2 attach-internet-gateway --internet-gateway-id IGW --vpc-id A',
      'ALLOCATION_ID=$(aws ec2 allocate-address --domain vpc --query AllocationId --output text)',
      'aws ec2 associate-address --allocation-id "$ALLOCATION_ID" --network-interface-id ENI',
    ])
    await asked.apply(firstOf(asked.fixes()))
  }))

test('D25: a route through a host that forwards nothing is no way to the internet; its own gateway is', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const subnet = s.subnet(a, '10.1.0.0/20', { table: true })
    const groups = [s.group(a, OPEN)]
    const one = await s.instance(s.subnet(a, '10.1.16.0/20'), { groups })
    const appliance = await s.instance(subnet, { groups, elasticIp: true })
    s.route(a.mainTable, '0.0.0.0/0', appliance.id)
    const asked = await s.ask(one, HOST, ping)
    const fix = firstOf(asked.fixes())
    assert.ok(!fix.calls.some((call) => call.action === 'ModifyNetworkInterfaceAttribute'))
    await asked.apply(fix)
  }))

test('D29: a ping gets echo requests from the block of the source VPC, on the group of the target only', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const subnet = s.subnet(a, '10.1.0.0/20')
    const [from, to] = [s.group(a, []), s.group(a, ['tcp 22 0.0.0.0/0'])]
    const one = await s.instance(subnet, { groups: [from] })
    const two = await s.instance(subnet, { groups: [to] })
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

test('a host of the internet gets one address in, the whole internet only where it was asked for', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const group = s.group(a, [])
    const one = await s.instance(s.subnet(a, '10.1.0.0/20', { table: true }), { groups: [group], elasticIp: true })
    const widthOf = (fix: Fix) => JSON.stringify(fix.calls[0]?.input.IpPermissions)
    const host = firstOf((await s.ask(HOST, one.publicIp as typeof HOST, tcp(22))).fixes())
    assert.match(widthOf(host), /"203.0.113.10\/32"/)
    const all = firstOf((await s.ask({ kind: 'internet' }, one, tcp(22))).fixes())
    assert.match(widthOf(all), /"0.0.0.0\/0"/)
    assert.match(all.calls[0]?.comment ?? '', /whole internet/)
  }))

test('a stopped instance is started, and what else is in the way is mended with it', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const subnet = s.subnet(a, '10.1.0.0/20')
    const one = await s.instance(subnet)
    const two = await s.instance(subnet, { groups: [s.group(a, [])] })
    s.bench.call('StopInstances', { InstanceIds: [two.id] })
    const asked = await s.ask(one, two, ping)
    const fix = firstOf(asked.fixes())
    assert.deepEqual(
      fix.calls.map((call) => call.action),
      ['StartInstances', 'AuthorizeSecurityGroupIngress'],
    )
    await asked.apply(fix)
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
    await asked.apply(firstOf(asked.fixes()))
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

test('G5: an address that is allocated already may be given instead of a new one', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const one = await s.instance(s.subnet(a, '10.1.0.0/20', { table: true }))
    const { AllocationId } = s.bench.call('AllocateAddress', { Domain: 'vpc' })
    const asked = await s.ask(one, HOST, ping)
    const actions = asked.fixes().map((fix) => fix.calls.map((call) => call.action))
    assert.deepEqual(actions, [['AllocateAddress', 'AssociateAddress'], ['AssociateAddress']])
    assert.equal(asked.fixes()[1]?.calls[0]?.input.AllocationId, AllocationId)
    await asked.apply(firstOf(asked.fixes().slice(1)))
  }))

test('a rule for an address that is only allocated by the fix names it by what the call answers', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const b = s.vpc('10.2.0.0/16', { gateway: true })
    const bare = await s.instance(s.subnet(a, '10.1.0.0/20', { table: true }))
    const group = s.group(b, [])
    const two = await s.instance(s.subnet(b, '10.2.0.0/20', { table: true }), { groups: [group], elasticIp: true })
    const asked = await s.ask(bare, two.publicIp as typeof HOST, tcp(22))
    assert.deepEqual(asked.commands({ SG: group }).at(0)?.slice(-2), [
      'PUBLIC_IP=$(aws ec2 describe-addresses --allocation-ids "$ALLOCATION_ID" ' +
        "--query 'Addresses[0].PublicIp' --output text)",
      'aws ec2 authorize-security-group-ingress --group-id SG ' +
        '--ip-permissions "IpProtocol=tcp,FromPort=22,ToPort=22,IpRanges=[{CidrIp=$PUBLIC_IP/32}]"',
    ])
    await asked.apply(firstOf(asked.fixes()))
  }))

test('what a rule opens beside what was asked is said: who, whom, with what', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const subnet = s.subnet(a, '10.1.0.0/20')
    const [from, to] = [s.group(a, []), s.group(a, [])]
    const one = await s.instance(subnet, { groups: [from] })
    const two = await s.instance(subnet, { groups: [to] })
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

test('where nothing in the network can help there is no fix, and a reason', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'))
    const asked = await s.ask(one, '10.1.0.200' as typeof HOST, ping)
    assert.deepEqual(asked.fixes(), [])
    assert.equal(asked.why().length, 1)
  }))

test('nothing is mended where nothing is blocked', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const subnet = s.subnet(a, '10.1.0.0/20')
    const groups = [s.group(a, OPEN)]
    const [one, two] = [await s.instance(subnet, { groups }), await s.instance(subnet, { groups })]
    assert.deepEqual((await s.ask(one, two, ping)).fixes(), [])
  }))
