/** "VPC and more": names, blocks and order of calls as the console makes them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { settle } from '../../src/ec2/instance.ts'
import { prefix } from '../../src/ip/prefix.ts'
import { deleteVpc, listContents } from '../../src/wizard/delete-vpc.ts'
import { carryOut, planned, reference } from '../../src/wizard/planned-call.ts'
import { subnetBlocks } from '../../src/wizard/subnet-blocks.ts'
import { vpcContents } from '../../src/wizard/vpc-contents.ts'
import { defaults, type VpcAndMore, vpcAndMore, WizardError } from '../../src/wizard/vpc-and-more.ts'
import { refused, US, world } from '../ec2/world.ts'

const lab: VpcAndMore = {
  ...defaults,
  name: 'NextWork-1',
  cidr: '10.1.0.0/16',
  zones: ['us-east-1a'],
  publicSubnets: 1,
  privateSubnets: 0,
}
const wide: VpcAndMore = { ...lab, zones: ['us-east-1a', 'us-east-1b'], publicSubnets: 2, privateSubnets: 4 }

/** A client that speaks to a control plane in memory. */
function connected() {
  const plane = world()
  // As in the client: an action's types are the caller's business.
  const call: unknown = async (action: never, input: never) => plane.call(action, input)
  const client: Ec2 = { endpoint: 'memory', region: 'us-east-1', call: call as Ec2['call'] }
  return { ...plane, client }
}

/** Time passes with each call. */
function slowly(client: Ec2, clock: { advance(ms: number): void }): Ec2 {
  const call = (action: never, input: never) => {
    clock.advance(500)
    return client.call(action, input)
  }
  return { ...client, call: call as Ec2['call'] }
}

const nameOf = ({ input }: { input: object }) =>
  (input as { TagSpecifications?: { Tags: { Value: string }[] }[] }).TagSpecifications?.[0]?.Tags[0]?.Value

test("A1: the lab's VPC gets the console's parts, names and order of calls", () => {
  const calls = vpcAndMore(lab)
  assert.deepEqual(
    calls.map((call) => [call.action, nameOf(call)]),
    [
      ['CreateVpc', 'NextWork-1-vpc'],
      ['ModifyVpcAttribute', undefined],
      ['ModifyVpcAttribute', undefined],
      ['CreateSubnet', 'NextWork-1-subnet-public1-us-east-1a'],
      ['CreateInternetGateway', 'NextWork-1-igw'],
      ['AttachInternetGateway', undefined],
      ['CreateRouteTable', 'NextWork-1-rtb-public'],
      ['CreateRoute', undefined],
      ['AssociateRouteTable', undefined],
    ],
  )
  assert.equal((calls[3]?.input as { CidrBlock: string } | undefined)?.CidrBlock, '10.1.0.0/20')
})

test('two zones: subnets are dealt to them in turn, each private one has a table of its own', () => {
  const names = vpcAndMore(wide)
    .map(nameOf)
    .filter((name) => name !== undefined)
  assert.deepEqual(names.slice(1, 7), [
    'NextWork-1-subnet-public1-us-east-1a',
    'NextWork-1-subnet-public2-us-east-1b',
    'NextWork-1-subnet-private1-us-east-1a',
    'NextWork-1-subnet-private2-us-east-1b',
    'NextWork-1-subnet-private3-us-east-1a',
    'NextWork-1-subnet-private4-us-east-1b',
  ])
  assert.deepEqual(names.slice(8), [
    'NextWork-1-rtb-public',
    'NextWork-1-rtb-private1-us-east-1a',
    'NextWork-1-rtb-private2-us-east-1b',
    'NextWork-1-rtb-private3-us-east-1a',
    'NextWork-1-rtb-private4-us-east-1b',
  ])
})

test('without public subnets there is no gateway and no public table', () => {
  const actions = vpcAndMore({ ...lab, publicSubnets: 0, privateSubnets: 1 }).map(({ action }) => action)
  assert.ok(!actions.includes('CreateInternetGateway') && !actions.includes('CreateRoute'))
  assert.equal(actions.filter((action) => action === 'CreateRouteTable').length, 1)
})

test('a /16 is divided in /20s: public from the start, private from the middle', () => {
  assert.deepEqual(subnetBlocks(prefix('10.1.0.0/16'), 2, 2), {
    publicBlocks: ['10.1.0.0/20', '10.1.16.0/20'],
    privateBlocks: ['10.1.128.0/20', '10.1.144.0/20'],
  })
})

test('a smaller VPC has smaller subnets, none beyond /28 (C1), and too many are refused', () => {
  const blocks = (cidr: string, publicCount: number, privateCount: number) => {
    const found = subnetBlocks(prefix(cidr), publicCount, privateCount)
    return found && [...found.publicBlocks, ...found.privateBlocks]
  }
  assert.deepEqual(blocks('10.1.0.0/22', 1, 1), ['10.1.0.0/26', '10.1.2.0/26'])
  assert.deepEqual(blocks('10.1.0.0/26', 2, 2), ['10.1.0.0/28', '10.1.0.16/28', '10.1.0.32/28', '10.1.0.48/28'])
  assert.deepEqual(blocks('10.1.0.0/28', 1, 0), ['10.1.0.0/28'])
  assert.deepEqual(blocks('10.1.0.0/28', 0, 1), ['10.1.0.0/28'])
  assert.equal(blocks('10.1.0.0/28', 1, 1), undefined)
  assert.equal(blocks('10.1.0.0/16', 9, 1), undefined)
})

test('what can not be made is refused in a sentence before any call', () => {
  const refusals: [Partial<VpcAndMore>, RegExp][] = [
    [{ natGateways: 'in-1-az', publicSubnets: 0, privateSubnets: 1 }, /NAT gateways are in public subnets/],
    [{ s3Endpoint: 's3' }, /S3 endpoints/],
    [{ name: ' ' }, /a name/],
    [{ zones: [] }, /zones/],
    [{ cidr: '10.1.0.0' }, /CIDR/],
    [{ cidr: 'fd00::/56' }, /IPv4/],
    [{ cidr: '10.1.0.0/28', publicSubnets: 2 }, /too small/],
  ]
  for (const [change, words] of refusals) {
    assert.throws(
      () => vpcAndMore({ ...lab, ...change }),
      (error: unknown) => error instanceof WizardError && words.test(error.message),
      JSON.stringify(change),
    )
  }
})

test('references become the ids of what was made', async () => {
  const sent: object[] = []
  const call = async (_: string, input: object) => {
    sent.push(input)
    return { Vpc: { VpcId: 'vpc-7' } }
  }
  const client = { endpoint: '', region: '', call: call as unknown as Ec2['call'] }
  const made = await carryOut(client, [
    planned('', 'CreateVpc', { CidrBlock: '10.0.0.0/16' }, { name: 'vpc', id: ['Vpc', 'VpcId'] }),
    planned('', 'DescribeVpcs', { VpcIds: [reference('vpc'), '<other>'] }),
  ])
  assert.deepEqual(sent[1], { VpcIds: ['vpc-7', '<other>'] })
  assert.equal(made.get('vpc'), 'vpc-7')
})

test('A1: carried out, there are two route tables, one associated, with a route to the gateway', async () => {
  const { client, call } = connected()
  const made = await carryOut(client, vpcAndMore(lab))
  const vpcId = made.get('vpc') as string
  const filters = { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }
  const { RouteTables = [] } = call('DescribeRouteTables', filters)
  assert.equal(RouteTables.length, 2)
  const table = RouteTables.find(({ RouteTableId }) => RouteTableId === made.get('rtb-public'))
  assert.deepEqual(
    table?.Associations?.map(({ SubnetId }) => SubnetId),
    [made.get('subnet-public1-us-east-1a')],
  )
  assert.deepEqual(
    table?.Routes?.map(({ DestinationCidrBlock, GatewayId }) => [DestinationCidrBlock, GatewayId]),
    [
      ['10.1.0.0/16', 'local'],
      ['0.0.0.0/0', made.get('igw')],
    ],
  )
  const { EnableDnsHostnames } = call('DescribeVpcAttribute', { VpcId: vpcId, Attribute: 'enableDnsHostnames' })
  assert.equal(EnableDnsHostnames?.Value, true)
})

test('private subnets get a NAT gateway for all, or one for each zone, and routes to them', async () => {
  const gatewaysOf = (natGateways: VpcAndMore['natGateways']) =>
    vpcAndMore({ ...wide, natGateways })
      .filter(({ action }) => action === 'CreateNatGateway')
      .map(nameOf)
  assert.deepEqual(gatewaysOf('in-1-az'), ['NextWork-1-nat-public1-us-east-1a'])
  assert.deepEqual(gatewaysOf('per-az'), ['NextWork-1-nat-public1-us-east-1a', 'NextWork-1-nat-public2-us-east-1b'])
  const { client, call, clock } = connected()
  const made = await carryOut(client, vpcAndMore({ ...wide, natGateways: 'per-az' }))
  clock.advance(1000)
  const table = (label: string) =>
    call('DescribeRouteTables', { RouteTableIds: [made.get(`rtb-${label}`) as string] })
      .RouteTables?.[0]?.Routes?.filter(({ NatGatewayId }) => NatGatewayId)
      .map(({ NatGatewayId, State }) => [NatGatewayId, State])
  assert.deepEqual(table('private1-us-east-1a'), [[made.get('nat-public1-us-east-1a'), 'active']])
  assert.deepEqual(table('private4-us-east-1b'), [[made.get('nat-public2-us-east-1b'), 'active']])
})

test('a VPC is deleted with its NAT gateways, once these are gone, and their Elastic IPs', async () => {
  const { client, call, clock } = connected()
  const made = await carryOut(client, vpcAndMore({ ...wide, natGateways: 'per-az' }))
  clock.advance(1000)
  const vpcId = made.get('vpc') as string
  const contents = await vpcContents(client, vpcId)
  const listed = listContents(contents).filter((line) => /^(NAT gateway|Elastic IP|network interface)/.test(line))
  assert.equal(listed.length, 4)
  await deleteVpc(slowly(client, clock), contents)
  refused('InvalidVpcID.NotFound', () => call('DescribeVpcs', { VpcIds: [vpcId] }))
  assert.deepEqual(call('DescribeAddresses', {}).Addresses, [])
})

test('a VPC is deleted with all that hangs on it: groups that refer to each other, peerings, interfaces', async () => {
  const { client, call } = connected()
  const made = await carryOut(client, vpcAndMore(wide))
  const other = call('CreateVpc', { CidrBlock: '10.9.0.0/16' }).Vpc?.VpcId as string
  const vpcId = made.get('vpc') as string
  const pcx = call('CreateVpcPeeringConnection', { VpcId: vpcId, PeerVpcId: other }).VpcPeeringConnection
  call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: pcx?.VpcPeeringConnectionId as string })
  const [a, b] = ['a', 'b'].map(
    (GroupName) => call('CreateSecurityGroup', { GroupName, Description: 'x', VpcId: vpcId }).GroupId as string,
  ) as [string, string]
  for (const [group, from] of [
    [a, b],
    [b, a],
  ] as const) {
    const permission = { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: from }] }
    call('AuthorizeSecurityGroupIngress', { GroupId: group, IpPermissions: [permission] })
  }
  call('CreateNetworkInterface', { SubnetId: made.get('subnet-public1-us-east-1a') as string, Groups: [a] })
  const contents = await vpcContents(client, vpcId)
  const listed = listContents(contents).filter((line) => /^(security group|network interface|peering)/.test(line))
  assert.equal(listed.length, 4)
  await deleteVpc(client, contents)
  refused('InvalidVpcID.NotFound', () => call('DescribeVpcs', { VpcIds: [vpcId] }))
  assert.equal(call('DescribeVpcs', { VpcIds: [other] }).Vpcs?.length, 1)
})

test('a VPC is deleted with its egress-only gateway, its endpoint, and what other VPCs have of it', async () => {
  const plane = connected()
  const { client, call, clock } = plane
  const made = await carryOut(client, vpcAndMore(lab))
  const [vpcId, SubnetId] = [made.get('vpc') as string, made.get('subnet-public1-us-east-1a') as string]
  const other = await carryOut(client, vpcAndMore({ ...lab, cidr: '10.9.0.0/16' }))
  const far = other.get('vpc') as string
  for (const VpcId of [vpcId, far]) call('CreateEgressOnlyInternetGateway', { VpcId })
  call('CreateInstanceConnectEndpoint', { SubnetId })
  call('CreateSubnetCidrReservation', { SubnetId, Cidr: '10.1.0.16/28', ReservationType: 'explicit' })
  const { GroupId = '' } = call('CreateSecurityGroup', { GroupName: 'a', Description: 'x', VpcId: vpcId })
  call('AssociateSecurityGroupVpc', { GroupId, VpcId: far })
  const NetworkInterfaceId = call('CreateNetworkInterface', { SubnetId }).NetworkInterface?.NetworkInterfaceId ?? ''
  const InstanceId = runIn(plane, other.get('subnet-public1-us-east-1a') as string)
  call('AttachNetworkInterface', { NetworkInterfaceId, InstanceId, DeviceIndex: 1 })
  const contents = await vpcContents(client, vpcId)
  const kinds = listContents(contents).map((line) => line.replace(/ (eigw|eice|eni)-.*/, ''))
  for (const kind of ['egress-only internet gateway', 'Instance Connect Endpoint', 'network interface'])
    assert.equal(kinds.filter((one) => one === kind).length, 1, kind)
  await deleteVpc(slowly(client, clock), contents)
  refused('InvalidVpcID.NotFound', () => call('DescribeVpcs', { VpcIds: [vpcId] }))
  const { EgressOnlyInternetGateways = [] } = call('DescribeEgressOnlyInternetGateways', {})
  assert.deepEqual(
    EgressOnlyInternetGateways.map(({ Attachments }) => Attachments?.[0]?.VpcId),
    [far],
  )
})

function runIn({ call, transaction }: ReturnType<typeof connected>, SubnetId: string): string {
  const { ImageId } = call('DescribeImages', { Owners: ['amazon'] }).Images?.[0] ?? {}
  const wish = { ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId } as const
  const { Instances } = call('RunInstances', wish)
  transaction(US, (context) => settle(context, () => true))
  return Instances?.[0]?.InstanceId ?? ''
}
