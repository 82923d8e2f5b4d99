/** What an account's Region holds before anybody made anything. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { ensureDefaults } from '../../src/ec2/default-vpc.ts'
import { must } from './place.ts'
import { refused, US, world } from './world.ts'

function touched() {
  const w = world()
  w.transaction(US, ensureDefaults)
  const vpcId = must(w.call('DescribeVpcs', {}).Vpcs?.[0]?.VpcId)
  const imageId = must(w.call('DescribeImages', {}).Images?.[0]?.ImageId)
  return { ...w, vpcId, imageId }
}

test('the first touch makes 172.31.0.0/16 with a default subnet in every zone and a way out', () => {
  const { call, vpcId } = touched()
  const seen = must(call('DescribeVpcs', {}).Vpcs?.[0])
  assert.deepEqual([seen.CidrBlock, seen.IsDefault], ['172.31.0.0/16', true])
  const subnets = must(call('DescribeSubnets', {}).Subnets)
  assert.deepEqual(
    subnets.map((s) => s.AvailabilityZone),
    ['us-east-1a', 'us-east-1b', 'us-east-1c', 'us-east-1d', 'us-east-1e', 'us-east-1f'],
  )
  assert.ok(subnets.every((s) => s.DefaultForAz && s.MapPublicIpOnLaunch && s.CidrBlock?.endsWith('/20')))
  const [table] = must(call('DescribeRouteTables', { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }).RouteTables)
  assert.deepEqual(table?.Routes?.map((r) => [r.DestinationCidrBlock, r.State]).sort(), [
    ['0.0.0.0/0', 'active'],
    ['172.31.0.0/16', 'active'],
  ])
  assert.equal(
    call('DescribeVpcAttribute', { VpcId: vpcId, Attribute: 'enableDnsHostnames' }).EnableDnsHostnames?.Value,
    true,
  )
})

test('a second touch makes nothing, another Region and another account have their own', () => {
  const { call, transaction } = touched()
  transaction(US, ensureDefaults)
  assert.equal(call('DescribeVpcs', {}).Vpcs?.length, 1)
  const paris = { ...US, region: 'eu-west-3' }
  assert.deepEqual(call('DescribeVpcs', {}, paris).Vpcs, [])
  transaction(paris, ensureDefaults)
  assert.equal(call('DescribeSubnets', {}, paris).Subnets?.length, 3)
  assert.equal(call('DescribeSubnets', {}).Subnets?.length, 6)
})

test('an instance that names no subnet goes to the default one, with a public address and names', () => {
  const { call, imageId } = touched()
  const launched = must(
    call('RunInstances', { ImageId: imageId, InstanceType: 't2.micro', MinCount: 1, MaxCount: 1 }).Instances?.[0],
  )
  assert.match(must(launched.PrivateIpAddress), /^172\.31\./)
  assert.equal(
    launched.PublicDnsName,
    `ec2-${must(launched.PublicIpAddress).replaceAll('.', '-')}.compute-1.amazonaws.com`,
  )
  const named = call('RunInstances', {
    ImageId: imageId,
    InstanceType: 't2.micro',
    MinCount: 1,
    MaxCount: 1,
    SecurityGroups: ['default'],
  })
  assert.equal(named.Instances?.[0]?.SecurityGroups?.[0]?.GroupName, 'default')
  refused('InvalidGroup.NotFound', () =>
    call('RunInstances', {
      ImageId: imageId,
      InstanceType: 't2.micro',
      MinCount: 1,
      MaxCount: 1,
      SecurityGroups: ['web'],
    }),
  )
  const placed = call('RunInstances', {
    ImageId: imageId,
    InstanceType: 't2.micro',
    MinCount: 1,
    MaxCount: 1,
    Placement: { AvailabilityZone: 'us-east-1c' },
  })
  assert.equal(placed.Instances?.[0]?.Placement?.AvailabilityZone, 'us-east-1c')
})

test('the auto-assigned address of a default-VPC instance is a translation named after its interface', () => {
  const { call, imageId, records } = touched()
  const launched = must(
    call('RunInstances', { ImageId: imageId, InstanceType: 't2.micro', MinCount: 1, MaxCount: 1 }).Instances?.[0],
  )
  const [translation, ...more] = compile(records).translations
  assert.deepEqual(more, [])
  assert.deepEqual([translation?.inside, translation?.outside], [launched.PrivateIpAddress, launched.PublicIpAddress])
  assert.equal(translation?.origin.resource, launched.NetworkInterfaces?.[0]?.NetworkInterfaceId)
})

test('G6: in the default VPC a release ends the association as well', () => {
  const { call, imageId, transaction } = touched()
  const launched = must(
    call('RunInstances', { ImageId: imageId, InstanceType: 't2.micro', MinCount: 1, MaxCount: 1 }).Instances?.[0],
  )
  const id = must(launched.NetworkInterfaces?.[0]?.NetworkInterfaceId)
  const allocation = must(call('AllocateAddress', {}).AllocationId)
  call('AssociateAddress', { AllocationId: allocation, NetworkInterfaceId: id })
  call('ReleaseAddress', { AllocationId: allocation })
  assert.deepEqual(call('DescribeAddresses', {}).Addresses, [])
  transaction(US, () => {})
})

test('a deleted default VPC stays deleted until CreateDefaultVpc, which refuses a second one', () => {
  const { call, transaction, imageId, vpcId } = touched()
  refused(
    'DefaultVpcAlreadyExists',
    () => call('CreateDefaultVpc', {}),
    'A Default VPC already exists for this account in this region.',
  )
  for (const s of call('DescribeSubnets', {}).Subnets ?? []) call('DeleteSubnet', { SubnetId: must(s.SubnetId) })
  refused(
    'MissingInput',
    () => call('RunInstances', { ImageId: imageId, MinCount: 1, MaxCount: 1, InstanceType: 't2.micro' }),
    `No subnets found for the default VPC '${vpcId}'. Please specify a subnet.`,
  )
  const again = must(call('CreateDefaultSubnet', { AvailabilityZone: 'us-east-1b' }).Subnet)
  assert.equal(again.CidrBlock, '172.31.0.0/20')
  refused('DefaultSubnetAlreadyExistsInAvailabilityZone', () =>
    call('CreateDefaultSubnet', { AvailabilityZone: 'us-east-1b' }),
  )
  call('DeleteSubnet', { SubnetId: must(again.SubnetId) })
  const gateway = must(call('DescribeInternetGateways', {}).InternetGateways?.[0]?.InternetGatewayId)
  call('DetachInternetGateway', { InternetGatewayId: gateway, VpcId: vpcId })
  call('DeleteVpc', { VpcId: vpcId })
  transaction(US, ensureDefaults)
  assert.deepEqual(call('DescribeVpcs', {}).Vpcs, [])
  refused('VPCIdNotSpecified', () =>
    call('RunInstances', { ImageId: imageId, MinCount: 1, MaxCount: 1, InstanceType: 't2.micro' }),
  )
  refused('DefaultVpcDoesNotExist', () => call('CreateDefaultSubnet', { AvailabilityZone: 'us-east-1b' }))
  assert.equal(call('CreateDefaultVpc', {}).Vpc?.IsDefault, true)
})

test('a default subnet is made in one zone, named once', () => {
  const { call } = touched()
  const make = (wish: object) => () => call('CreateDefaultSubnet', wish)
  refused('MissingParameter', make({}))
  refused('InvalidParameterCombination', make({ AvailabilityZone: 'us-east-1a', AvailabilityZoneId: 'use1-az1' }))
  refused('UnsupportedOperation', make({ AvailabilityZone: 'us-east-1a', Ipv6Native: true }))
  refused('InvalidParameterValue', make({ AvailabilityZone: 'us-east-1z' }))
  const Filters = [{ Name: 'availability-zone-id', Values: ['use1-az2'] }]
  call('DeleteSubnet', { SubnetId: must(call('DescribeSubnets', { Filters }).Subnets?.[0]?.SubnetId) })
  const again = make({ AvailabilityZoneId: 'use1-az2' })().Subnet
  assert.deepEqual([again?.AvailabilityZone, again?.DefaultForAz], ['us-east-1b', true])
})

test('the account attributes name the default VPC', () => {
  const { call, vpcId } = touched()
  const read = call('DescribeAccountAttributes', {
    AttributeNames: ['default-vpc', 'supported-platforms'],
  }).AccountAttributes
  assert.deepEqual(read?.map((a) => [a.AttributeName, a.AttributeValues?.[0]?.AttributeValue]).sort(), [
    ['default-vpc', vpcId],
    ['supported-platforms', 'VPC'],
  ])
})
