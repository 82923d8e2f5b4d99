import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { ACCOUNT, ask, caughtUp, clientOf, running, suite } from './bench.ts'

describe('what a call leaves behind', () => {
  let endpoint = ''
  let stateDir = ''
  let ec2: Ec2
  const revision = async () => (await ask({ url: endpoint }, 'GET', '/_isthmus/health')).body.revision
  /** The answer or the error's code, and by how much the revision moved; nothing is about to follow by itself. */
  const outcome = async (call: () => Promise<unknown>) => {
    await available()
    await caughtUp(stateDir)
    const first = await revision()
    const said = await call().catch((error: { code: string }) => error.code)
    return { said, moved: Number(await revision()) - Number(first) }
  }
  const available = async (): Promise<void> => {
    const { Vpcs = [] } = await ec2.call('DescribeVpcs', {})
    if (Vpcs.some(({ State }) => State !== 'available')) await available()
  }
  const end = suite()
  before(async () => {
    ;({ endpoint, stateDir } = await running(end))
    ec2 = clientOf(endpoint)
    await ec2.call('DescribeVpcs', {})
  })

  test('DryRun says that it would work and changes nothing', async () => {
    assert.deepEqual(await outcome(() => ec2.call('CreateVpc', { CidrBlock: '10.0.0.0/16', DryRun: true })), {
      said: 'DryRunOperation',
      moved: 0,
    })
    const { Vpcs = [] } = await ec2.call('DescribeVpcs', {})
    assert.deepEqual(
      Vpcs.map((v) => v.IsDefault),
      [true],
    )
  })

  test('DryRun of a call that would be refused says how, and changes nothing', async () => {
    assert.deepEqual(await outcome(() => ec2.call('CreateVpc', { CidrBlock: '10.0.0.0/8', DryRun: true })), {
      said: 'InvalidVpc.Range',
      moved: 0,
    })
    const gone = { VpcId: 'vpc-0123456789abcdef0', DryRun: true }
    assert.deepEqual(await outcome(() => ec2.call('DeleteVpc', gone)), { said: 'InvalidVpcID.NotFound', moved: 0 })
  })

  test('a call that is refused half way leaves nothing of its first half', async () => {
    const [subnet] = (await ec2.call('DescribeSubnets', {})).Subnets ?? []
    const SecurityGroupIds = ['sg-0123456789abcdef0']
    const [{ ImageId } = {}] = (await ec2.call('DescribeImages', { Owners: ['amazon'] })).Images ?? []
    const run = { ImageId, InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 2, SubnetId: subnet?.SubnetId }
    const { said, moved } = await outcome(() => ec2.call('RunInstances', { ...run, SecurityGroupIds }))
    assert.deepEqual({ said, moved }, { said: 'InvalidGroup.NotFound', moved: 0 })
    assert.deepEqual((await ec2.call('DescribeInstances', {})).Reservations, [])
    assert.deepEqual((await ec2.call('DescribeNetworkInterfaces', {})).NetworkInterfaces, [])
  })

  test('describing changes nothing', async () => {
    assert.equal((await outcome(() => ec2.call('DescribeSecurityGroups', {}))).moved, 0)
  })

  test('a client token: the same call is answered with the same thing, once made', async () => {
    const call = () => ec2.call('CreateRouteTable', { VpcId: vpc, ClientToken: 'once' })
    const [{ VpcId: vpc = '' } = {}] = (await ec2.call('DescribeVpcs', {})).Vpcs ?? []
    const first = await call()
    assert.deepEqual(await outcome(call), { said: first, moved: 0 })
    assert.equal((await ec2.call('DescribeRouteTables', {})).RouteTables?.length, 2)
  })

  test('a client token with other parameters is refused; another account or Region has its own', async () => {
    const token = { ClientToken: 'mine' }
    const [here, elsewhere, stranger] = [
      ec2,
      clientOf(endpoint, ACCOUNT, 'eu-west-1'),
      clientOf(endpoint, '222222222222'),
    ]
    const vpcOf = async (client: Ec2) => (await client.call('DescribeVpcs', {})).Vpcs?.[0]?.VpcId ?? ''
    const mine = await here.call('CreateRouteTable', { VpcId: await vpcOf(here), ...token })
    const { Vpc } = await here.call('CreateVpc', { CidrBlock: '10.9.0.0/16' })
    assert.deepEqual(await outcome(() => here.call('CreateRouteTable', { VpcId: Vpc?.VpcId ?? '', ...token })), {
      said: 'IdempotentParameterMismatch',
      moved: 0,
    })
    for (const client of [elsewhere, stranger]) {
      const { RouteTable } = await client.call('CreateRouteTable', { VpcId: await vpcOf(client), ...token })
      assert.notEqual(RouteTable?.RouteTableId, mine.RouteTable?.RouteTableId)
    }
  })

  test('a token of a call that was refused, or only tried, is free', async () => {
    const [{ VpcId = '' } = {}] = (await ec2.call('DescribeVpcs', {})).Vpcs ?? []
    const token = { ClientToken: 'again' }
    const refused = ec2.call('CreateRouteTable', { VpcId: 'vpc-0123456789abcdef0', ...token })
    await assert.rejects(refused, { code: 'InvalidVpcID.NotFound' })
    await assert.rejects(ec2.call('CreateRouteTable', { VpcId, ...token, DryRun: true }), { code: 'DryRunOperation' })
    assert.ok((await ec2.call('CreateRouteTable', { VpcId, ...token })).RouteTable?.RouteTableId)
  })
})
