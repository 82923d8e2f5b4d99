/** Fixes on the way to the internet and from it: gateways, public addresses, and who is let in. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ip } from '../../src/ip/address.ts'
import type { Fix } from '../../src/analyzer/fix.ts'
import { HOST, OPEN, firstOf, ping, tcp, withBench } from './fix-bench.ts'

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
    await asked.applyFirst()
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

test('D20: a peer asked by its public address lets in the one public address of the sender, and no block', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const b = s.vpc('10.2.0.0/16', { gateway: true })
    const one = await s.instance(s.subnet(a, '10.1.0.0/20', { table: true }), { elasticIp: true })
    const group = s.group(b, ['icmp 10.1.0.0/16'])
    const two = await s.instance(s.subnet(b, '10.2.0.0/20', { table: true }), { groups: [group], elasticIp: true })
    const asked = await s.ask(one, two.publicIp as Ip, ping)
    assert.deepEqual(asked.commands({ SG: group }), [
      [
        "aws ec2 authorize-security-group-ingress --group-id SG --ip-permissions 'IpProtocol=icmp,FromPort=8,ToPort=-1," +
          `IpRanges=[{CidrIp=${one.publicIp}/32}]'`,
      ],
    ])
    await asked.applyFirst()
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
    const asked = await s.ask(bare, two.publicIp as Ip, ping)
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
    const asked = await s.ask(one, one.publicIp as Ip, tcp(443))
    assert.deepEqual(asked.commands({ SG: group })[0], [
      "aws ec2 authorize-security-group-ingress --group-id SG --ip-permissions 'IpProtocol=tcp,FromPort=443,ToPort=443," +
        `IpRanges=[{CidrIp=${one.publicIp}/32}]'`,
    ])
    await asked.applyFirst()
  }))

test('D23: a public address in a private subnet gets the default route, narrow the route to the one host', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const subnet = s.subnet(a, '10.1.0.0/20')
    const groups = [s.group(a, ['tcp 22 0.0.0.0/0'])]
    const one = await s.instance(subnet, { groups, elasticIp: true })
    const asked = await s.ask(HOST, one.publicIp as Ip, tcp(22))
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
    await asked.applyFirst()
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

test('a host of the internet gets one address in, the whole internet only where it was asked for', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const group = s.group(a, [])
    const one = await s.instance(s.subnet(a, '10.1.0.0/20', { table: true }), { groups: [group], elasticIp: true })
    const widthOf = (fix: Fix) => JSON.stringify(fix.calls[0]?.input.IpPermissions)
    const host = firstOf((await s.ask(HOST, one.publicIp as Ip, tcp(22))).fixes())
    assert.match(widthOf(host), /"203.0.113.10\/32"/)
    const all = firstOf((await s.ask({ kind: 'internet' }, one, tcp(22))).fixes())
    assert.match(widthOf(all), /"0.0.0.0\/0"/)
    assert.match(all.calls[0]?.comment ?? '', /whole internet/)
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
    const asked = await s.ask(bare, two.publicIp as Ip, tcp(22))
    assert.deepEqual(asked.commands({ SG: group }).at(0)?.slice(-2), [
      'PUBLIC_IP=$(aws ec2 describe-addresses --allocation-ids "$ALLOCATION_ID" ' +
        "--query 'Addresses[0].PublicIp' --output text)",
      'aws ec2 authorize-security-group-ingress --group-id SG ' +
        '--ip-permissions "IpProtocol=tcp,FromPort=22,ToPort=22,IpRanges=[{CidrIp=$PUBLIC_IP/32}]"',
    ])
    await asked.applyFirst()
  }))
