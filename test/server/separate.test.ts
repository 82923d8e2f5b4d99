import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { clientOf, running, suite } from './bench.ts'

const [MINE, THEIRS] = ['111111111111', '222222222222']
const notFound = { code: /NotFound$/ }

/** One of each kind, and how somebody else would try to use it. */
interface Things {
  readonly vpc: string
  readonly subnet: string
  readonly group: string
  readonly table: string
  readonly gateway: string
  readonly peering: string
  readonly address: string
}

async function things(ec2: Ec2): Promise<Things> {
  const vpc = (await ec2.call('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc?.VpcId ?? ''
  const other = (await ec2.call('CreateVpc', { CidrBlock: '10.1.0.0/16' })).Vpc?.VpcId ?? ''
  const made = await Promise.all([
    ec2.call('CreateSubnet', { VpcId: vpc, CidrBlock: '10.0.0.0/24' }),
    ec2.call('CreateSecurityGroup', { VpcId: vpc, GroupName: 'g', Description: 'g' }),
    ec2.call('CreateRouteTable', { VpcId: vpc }),
    ec2.call('CreateInternetGateway', {}),
    ec2.call('CreateVpcPeeringConnection', { VpcId: vpc, PeerVpcId: other }),
    ec2.call('AllocateAddress', { Domain: 'vpc' }),
  ])
  const [subnet, group, table, gateway, peering, address] = made
  return {
    vpc,
    subnet: subnet.Subnet?.SubnetId ?? '',
    group: group.GroupId ?? '',
    table: table.RouteTable?.RouteTableId ?? '',
    gateway: gateway.InternetGateway?.InternetGatewayId ?? '',
    peering: peering.VpcPeeringConnection?.VpcPeeringConnectionId ?? '',
    address: address.AllocationId ?? '',
  }
}

/** Each would work for the owner. */
const uses = (own: Things, their: Things): Readonly<Record<string, (ec2: Ec2) => Promise<unknown>>> => ({
  'describe a VPC': (ec2) => ec2.call('DescribeVpcs', { VpcIds: [their.vpc] }),
  'describe a subnet': (ec2) => ec2.call('DescribeSubnets', { SubnetIds: [their.subnet] }),
  'describe a group': (ec2) => ec2.call('DescribeSecurityGroups', { GroupIds: [their.group] }),
  'make a subnet in a VPC': (ec2) => ec2.call('CreateSubnet', { VpcId: their.vpc, CidrBlock: '10.0.9.0/24' }),
  'delete a subnet': (ec2) => ec2.call('DeleteSubnet', { SubnetId: their.subnet }),
  'attach a gateway': (ec2) => ec2.call('AttachInternetGateway', { InternetGatewayId: their.gateway, VpcId: own.vpc }),
  'route to a peering': (ec2) =>
    ec2.call('CreateRoute', {
      RouteTableId: own.table,
      DestinationCidrBlock: '10.5.0.0/16',
      VpcPeeringConnectionId: their.peering,
    }),
  'accept a peering': (ec2) => ec2.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: their.peering }),
  'refer to a group': (ec2) =>
    ec2.call('AuthorizeSecurityGroupIngress', {
      GroupId: own.group,
      IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: their.group }] }],
    }),
  'release an address': (ec2) => ec2.call('ReleaseAddress', { AllocationId: their.address }),
  'tag a VPC': (ec2) => ec2.call('CreateTags', { Resources: [their.vpc], Tags: [{ Key: 'a', Value: 'b' }] }),
})

describe('accounts and Regions are apart', () => {
  let mine: Ec2
  let strangers: Readonly<Record<string, Ec2>>
  let theirs: Things
  const end = suite()
  before(async () => {
    const { endpoint } = await running(end)
    mine = clientOf(endpoint, MINE)
    theirs = await things(mine)
    strangers = {
      'another account': clientOf(endpoint, THEIRS),
      'the same account in another Region': clientOf(endpoint, MINE, 'eu-west-1'),
    }
  })

  for (const who of ['another account', 'the same account in another Region']) {
    test(`${who} lists none of them`, async () => {
      const stranger = strangers[who] as Ec2
      const { Vpcs = [] } = await stranger.call('DescribeVpcs', {})
      assert.deepEqual(
        Vpcs.map((v) => v.CidrBlock),
        ['172.31.0.0/16'],
      )
      assert.deepEqual((await stranger.call('DescribeVpcPeeringConnections', {})).VpcPeeringConnections, [])
      assert.deepEqual((await stranger.call('DescribeAddresses', {})).Addresses, [])
    })

    test(`${who} can use none of them, and is told that they do not exist`, async () => {
      const stranger = strangers[who] as Ec2
      const own = await things(stranger)
      for (const [what, use] of Object.entries(uses(own, theirs))) {
        const said = await use(stranger).then(
          () => 'done',
          (error: { code: string }) => error.code,
        )
        assert.match(said, notFound.code, `${who} may not ${what}`)
      }
    })
  }

  test('for the owner they are all there still, and each use works', async () => {
    for (const [what, use] of Object.entries(uses(theirs, theirs))) await assert.doesNotReject(use(mine), what)
  })

  test('two accounts may choose the same names and blocks', async () => {
    for (const client of [mine, ...Object.values(strangers)])
      await client.call('CreateVpc', {
        CidrBlock: '10.66.0.0/16',
        TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'same' }] }],
      })
  })
})
