/** The commands of fixes as a script: run by the real AWS CLI against the API, they make reachable what was asked. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { type Bench, CALLER } from '../../scenarios/bench.ts'
import { explain } from '../../src/analyzer/explain.ts'
import { type Call, commandOf } from '../../src/analyzer/fix.ts'
import { createHttpServer } from '../../src/protocol/http.ts'
import { services } from '../../src/server/api.ts'
import { type Asked, HOST, ping, tcp, withBench } from './fix-bench.ts'

const works = spawnSync('aws', ['--version'], { stdio: 'ignore' }).status === 0
const skip = works ? false : 'the AWS CLI is not installed'
const run = promisify(execFile)

const callOf = (action: Call['action'], input: Call['input'], region = CALLER.region): Call => ({
  action,
  input,
  caller: { account: CALLER.account, region },
})

/** Runs lines of a shell with the AWS CLI pointed at the bench. */
async function withScript(bench: Bench, lines: readonly string[]): Promise<string> {
  const server = createHttpServer(services(bench.plane))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const env = {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: CALLER.account,
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_DEFAULT_REGION: CALLER.region,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
    }
    return (await run('sh', ['-euc', lines.join('\n')], { env })).stdout
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

/** Runs the commands of the first fix; then all that was asked is answered. */
async function mends(bench: Bench, asked: Asked): Promise<readonly string[]> {
  const [fix] = asked.fixes()
  assert.ok(fix, 'a fix is found')
  await withScript(
    bench,
    fix.calls.map((call) => commandOf(call, CALLER)),
  )
  await bench.catchUp()
  assert.equal(explain(bench.plane.state, bench.plane.network(), asked.question).verdict, 'reachable')
  return fix.calls.map(({ action }) => action)
}

test('the commands for a way to the internet are a script that the AWS CLI runs', { skip }, () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16')
    const subnet = s.subnet(a, '10.1.0.0/20')
    s.acl(subnet, ['in 100 allow tcp 22 0.0.0.0/0', 'out 100 deny all 0.0.0.0/0'])
    const one = await s.instance(subnet, { groups: [s.group(a, [], [])] })
    assert.deepEqual(await mends(s.bench, await s.ask(one, HOST, ping)), [
      'CreateInternetGateway',
      'AttachInternetGateway',
      'AllocateAddress',
      'AssociateAddress',
      'CreateRoute',
      'AuthorizeSecurityGroupEgress',
      'CreateNetworkAclEntry',
      'CreateNetworkAclEntry',
    ])
  }),
)

test('the commands for a peering that was deleted are a script that the AWS CLI runs', { skip }, () =>
  withBench(async (s) => {
    const { a, b, one, two } = await s.openPair()
    const pcx = s.peer(a, b)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    s.bench.call('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: pcx })
    s.revoke(groupOf(s.bench, two.interface), 'all 0.0.0.0/0')
    s.bench.call('StopInstances', { InstanceIds: [two.id] })
    const asked = await s.ask(one, two, tcp(443))
    assert.deepEqual(await mends(s.bench, asked), [
      'StartInstances',
      'CreateVpcPeeringConnection',
      'AcceptVpcPeeringConnection',
      'ReplaceRoute',
      'CreateRoute',
      'AuthorizeSecurityGroupIngress',
    ])
  }),
)

const groupOf = (bench: Bench, interfaceId: string): string =>
  bench.plane.state.get('network-interface', interfaceId)?.groupIds[0] as string

test(
  'an address that an earlier command answers, a reference to a group, and the rest of the forms are the AWS CLI’s own',
  { skip },
  () =>
    withBench(async (s) => {
      const a = s.vpc('10.1.0.0/16')
      const subnet = s.subnet(a, '10.1.0.0/20')
      const [group, other] = [s.group(a, []), s.group(a, [])]
      const one = await s.instance(subnet, { groups: [group] })
      const acl = s.acl(subnet, ['in 100 deny icmp 8 10.1.0.0/16'])
      s.route(a.mainTable, '10.1.0.0/20', one.interface)
      const pair = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs: [{ GroupId: other }] }
      const named = { IpProtocol: '47', IpRanges: [{ CidrIp: '$PublicIp/32' }] }
      const block = { RouteTableId: a.mainTable, DestinationCidrBlock: '10.1.0.0/20' }
      const entry = { NetworkAclId: acl, Egress: false, RuleNumber: 100, RuleAction: 'allow', Protocol: '1' }
      const icmp = { CidrBlock: '10.1.0.0/16', IcmpTypeCode: { Type: 8, Code: -1 } }
      const calls: Call[] = [
        {
          ...callOf('AllocateAddress', { Domain: 'vpc' }),
          answers: { name: '$AllocationId', path: 'AllocationId' },
        },
        {
          ...callOf('DescribeAddresses', { AllocationIds: ['$AllocationId'] }),
          answers: { name: '$PublicIp', path: 'Addresses[0].PublicIp' },
        },
        callOf('AuthorizeSecurityGroupIngress', { GroupId: group, IpPermissions: [pair] }),
        callOf('AuthorizeSecurityGroupIngress', { GroupId: group, IpPermissions: [named] }),
        callOf('DeleteRoute', block),
        callOf('ReplaceNetworkAclEntry', { ...entry, ...icmp }),
        callOf('ModifyNetworkInterfaceAttribute', {
          NetworkInterfaceId: one.interface,
          SourceDestCheck: { Value: false },
        }),
        callOf('CreateInternetGateway', {}, 'eu-west-1'),
      ]
      await withScript(
        s.bench,
        calls.map((call) => commandOf(call, CALLER)),
      )
      const { state } = s.bench.plane
      const [address] = [...state.all('elastic-ip')]
      const rules = state.where('security-group-rule', 'groupId', group).filter((rule) => !rule.egress)
      assert.deepEqual(
        rules.map((rule) => rule.referencedGroupId ?? rule.cidrIpv4),
        [other, `${address?.publicIp}/32`],
      )
      assert.equal(state.get('network-acl', acl)?.entries[0]?.action, 'allow')
      assert.equal(state.get('network-interface', one.interface)?.sourceDestCheck, false)
      assert.deepEqual(state.get('route-table', a.mainTable)?.routes, [])
      assert.ok([...state.all('internet-gateway')].some((g) => g.region === 'eu-west-1' && g.vpcId === undefined))
    }),
)
