import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { place } from './place.ts'
import { refused, US, world } from './world.ts'

function vpcOf(w: ReturnType<typeof world>, CidrBlock = '10.1.0.0/16'): string {
  return w.call('CreateVpc', { CidrBlock }).Vpc?.VpcId ?? ''
}

describe('subnet', () => {
  test('C2: host bits of a subnet block are cleared', () => {
    const w = world()
    const { Subnet } = w.call('CreateSubnet', { VpcId: vpcOf(w), CidrBlock: '10.1.3.7/24' })
    assert.equal(Subnet?.CidrBlock, '10.1.3.0/24')
  })

  test('C1: a subnet is /16 to /28', () => {
    const w = world()
    const VpcId = vpcOf(w)
    refused(
      'InvalidSubnet.Range',
      () => w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.0.0/29' }),
      "The CIDR '10.1.0.0/29' is invalid.",
    )
    assert.equal(w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.0.0/16' }).Subnet?.CidrBlock, '10.1.0.0/16')
  })

  test('C3: a subnet lies in one block of its VPC', () => {
    const w = world()
    refused(
      'InvalidSubnet.Range',
      () => w.call('CreateSubnet', { VpcId: vpcOf(w), CidrBlock: '10.2.0.0/24' }),
      "The CIDR '10.2.0.0/24' is invalid.",
    )
  })

  test('C3: subnets of one VPC never overlap, those of two VPCs may', () => {
    const w = world()
    const VpcId = vpcOf(w)
    w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.0.0/20' })
    refused(
      'InvalidSubnet.Conflict',
      () => w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.15.0/24' }),
      "The CIDR '10.1.15.0/24' conflicts with another subnet",
    )
    assert.ok(w.call('CreateSubnet', { VpcId: vpcOf(w), CidrBlock: '10.1.15.0/24' }).Subnet)
  })

  test('a text that is no CIDR block is an invalid parameter', () => {
    const w = world()
    const VpcId = vpcOf(w)
    const message = 'Value (10.1.0.0) for parameter cidrBlock is invalid. This is not a valid CIDR block.'
    refused('InvalidParameterValue', () => w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.0.0' }), message)
    refused(
      'MissingParameter',
      () => w.call('CreateSubnet', { VpcId }),
      'The request must contain the parameter cidrBlock',
    )
    refused('UnsupportedOperation', () => w.call('CreateSubnet', { VpcId, Ipv6Native: true }))
  })

  test('C4: five addresses of a subnet are reserved: a /24 has 251 free', () => {
    const w = world()
    const { Subnet } = w.call('CreateSubnet', { VpcId: vpcOf(w), CidrBlock: '10.1.1.0/24' })
    assert.equal(Subnet?.AvailableIpAddressCount, 251)
  })

  test('C4, C5: an address given to an interface is not free, and reserved ones are never given', () => {
    const w = world()
    const { Subnet } = w.call('CreateSubnet', { VpcId: vpcOf(w), CidrBlock: '10.1.1.0/28' })
    const SubnetId = Subnet?.SubnetId ?? ''
    const given = Array.from(
      { length: 11 },
      () => w.call('CreateNetworkInterface', { SubnetId }).NetworkInterface?.PrivateIpAddress,
    )
    assert.deepEqual(
      given.toSorted(byLastOctet),
      Array.from({ length: 11 }, (_, i) => `10.1.1.${i + 4}`),
    )
    assert.equal(w.call('DescribeSubnets', { SubnetIds: [SubnetId] }).Subnets?.[0]?.AvailableIpAddressCount, 0)
    refused('InsufficientFreeAddressesInSubnet', () => w.call('CreateNetworkInterface', { SubnetId }))
  })

  test('a subnet is pending when it is made and available at the next look', () => {
    const w = world()
    const { Subnet } = w.call('CreateSubnet', { VpcId: vpcOf(w), CidrBlock: '10.1.1.0/24' })
    assert.equal(Subnet?.State, 'pending')
    assert.equal(w.call('DescribeSubnets', {}).Subnets?.[0]?.State, 'available')
  })

  test('a zone is named by name or id, and an unknown one is refused with the zones there are', () => {
    const w = world()
    const VpcId = vpcOf(w)
    const byId = w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.1.0/24', AvailabilityZoneId: 'use1-az2' }).Subnet
    assert.equal(byId?.AvailabilityZone, 'us-east-1b')
    const byName = w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.2.0/24', AvailabilityZone: 'us-east-1c' }).Subnet
    assert.equal(byName?.AvailabilityZoneId, 'use1-az3')
    refused(
      'InvalidParameterValue',
      () => w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.3.0/24', AvailabilityZone: 'us-east-1z' }),
      /^Value \(us-east-1z\) for parameter availabilityZone is invalid\. Subnets can currently only be created in .*us-east-1a, us-east-1b/,
    )
  })

  test('subnets are found by the filters that clients send', () => {
    const w = world()
    const VpcId = vpcOf(w)
    w.call('CreateSubnet', {
      VpcId,
      CidrBlock: '10.1.1.0/24',
      TagSpecifications: [{ ResourceType: 'subnet', Tags: [{ Key: 'Name', Value: 'one' }] }],
    })
    w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.2.0/24', AvailabilityZone: 'us-east-1b' })
    const found = (Name: string, ...Values: string[]) =>
      w.call('DescribeSubnets', { Filters: [{ Name, Values }] }).Subnets?.map((s) => s.CidrBlock)
    assert.deepEqual(found('vpc-id', VpcId), ['10.1.1.0/24', '10.1.2.0/24'])
    assert.deepEqual(found('cidr-block', '10.1.2.0/24'), ['10.1.2.0/24'])
    assert.deepEqual(found('tag:Name', 'o*'), ['10.1.1.0/24'])
    assert.deepEqual(found('availability-zone', 'us-east-1b'), ['10.1.2.0/24'])
    assert.deepEqual(found('ipv6-cidr-block-association.ipv6-cidr-block', '*'), [])
    refused('InvalidParameterValue', () => found('colour', 'red'), "The filter 'colour' is invalid")
  })

  test('each attribute that can be set is shown again, one in a call', () => {
    const w = world()
    const SubnetId = w.call('CreateSubnet', { VpcId: vpcOf(w), CidrBlock: '10.1.1.0/24' }).Subnet?.SubnetId ?? ''
    w.call('ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value: true } })
    w.call('ModifySubnetAttribute', { SubnetId, EnableDns64: { Value: true } })
    w.call('ModifySubnetAttribute', { SubnetId, PrivateDnsHostnameTypeOnLaunch: 'resource-name' })
    w.call('ModifySubnetAttribute', { SubnetId, EnableResourceNameDnsARecordOnLaunch: { Value: true } })
    w.call('ModifySubnetAttribute', { SubnetId, AssignIpv6AddressOnCreation: { Value: false } })
    const shown = w.call('DescribeSubnets', {}).Subnets?.[0]
    assert.equal(shown?.MapPublicIpOnLaunch, true)
    assert.equal(shown?.EnableDns64, true)
    assert.deepEqual(shown?.PrivateDnsNameOptionsOnLaunch, {
      HostnameType: 'resource-name',
      EnableResourceNameDnsARecord: true,
      EnableResourceNameDnsAAAARecord: false,
    })
    refused('UnsupportedOperation', () =>
      w.call('ModifySubnetAttribute', { SubnetId, AssignIpv6AddressOnCreation: { Value: true } }),
    )
    refused('InvalidParameterCombination', () =>
      w.call('ModifySubnetAttribute', { SubnetId, EnableDns64: { Value: true }, MapPublicIpOnLaunch: { Value: true } }),
    )
  })

  test('a subnet with an interface can not be deleted, and a VPC with a subnet neither', () => {
    const w = world()
    const VpcId = vpcOf(w)
    const SubnetId = w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.1.0/24' }).Subnet?.SubnetId ?? ''
    const NetworkInterfaceId = w.call('CreateNetworkInterface', { SubnetId }).NetworkInterface?.NetworkInterfaceId ?? ''
    refused(
      'DependencyViolation',
      () => w.call('DeleteSubnet', { SubnetId }),
      `The subnet '${SubnetId}' has dependencies and cannot be deleted.`,
    )
    w.call('DeleteNetworkInterface', { NetworkInterfaceId })
    refused(
      'DependencyViolation',
      () => w.call('DeleteVpc', { VpcId }),
      `The vpc '${VpcId}' has dependencies and cannot be deleted.`,
    )
    w.call('DeleteSubnet', { SubnetId })
    w.call('DeleteVpc', { VpcId })
    refused(
      'InvalidSubnetID.NotFound',
      () => w.call('DeleteSubnet', { SubnetId }),
      `The subnet ID '${SubnetId}' does not exist`,
    )
  })

  test('of several attributes in a call, of none, and of what only Outposts have nothing is set', () => {
    const w = world()
    const SubnetId = w.call('CreateSubnet', { VpcId: vpcOf(w), CidrBlock: '10.1.1.0/24' }).Subnet?.SubnetId ?? ''
    const modify = (wish: object) => () => w.call('ModifySubnetAttribute', { SubnetId, ...wish })
    const seen = () => w.call('DescribeSubnets', {}).Subnets
    const before = seen()
    refused('MissingParameter', modify({}))
    refused('MissingParameter', modify({ MapPublicIpOnLaunch: {} }))
    refused('UnsupportedOperation', modify({ MapCustomerOwnedIpOnLaunch: { Value: true } }))
    refused('UnsupportedOperation', modify({ CustomerOwnedIpv4Pool: 'ipv4pool-coip-1' }))
    refused('UnsupportedOperation', modify({ EnableLniAtDeviceIndex: 1 }))
    refused(
      'UnsupportedOperation',
      modify({ MapCustomerOwnedIpOnLaunch: { Value: true }, CustomerOwnedIpv4Pool: 'ipv4pool-coip-1' }),
    )
    assert.deepEqual(seen(), before)
    modify({ EnableResourceNameDnsAAAARecordOnLaunch: { Value: true } })()
    assert.equal(seen()?.[0]?.PrivateDnsNameOptionsOnLaunch?.EnableResourceNameDnsAAAARecord, true)
    modify({ MapCustomerOwnedIpOnLaunch: { Value: false } })()
    modify({ DisableLniAtDeviceIndex: { Value: true } })()
  })

  test('1.12, C14: a VPC has 200 subnets', () => {
    const w = world()
    const VpcId = vpcOf(w)
    const make = (n: number) =>
      w.call('CreateSubnet', { VpcId, CidrBlock: `10.1.${n >> 4}.${(n & 15) * 16}/28` }).Subnet?.SubnetId ?? ''
    const made = Array.from({ length: 200 }, (_, n) => make(n))
    refused('SubnetLimitExceeded', () => make(200), 'The maximum number of subnets has been reached.')
    w.call('DeleteSubnet', { SubnetId: made[0] ?? '' })
    make(200)
  })

  test('pools and Outposts are refused, and no subnet is made', () => {
    const w = world()
    const VpcId = vpcOf(w)
    for (const wish of [
      { Ipv4IpamPoolId: 'ipam-pool-1' },
      { Ipv4NetmaskLength: 24 },
      { Ipv6IpamPoolId: 'ipam-pool-1' },
      { Ipv6NetmaskLength: 64 },
      { OutpostArn: 'arn:aws:outposts:us-east-1:123456789012:outpost/op-1' },
    ])
      refused('UnsupportedOperation', () => w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.1.0/24', ...wish }))
    const both = { AvailabilityZone: 'us-east-1a', AvailabilityZoneId: 'use1-az1' }
    refused('InvalidParameterCombination', () => w.call('CreateSubnet', { VpcId, CidrBlock: '10.1.1.0/24', ...both }))
    assert.deepEqual(w.call('DescribeSubnets', {}).Subnets, [])
  })

  test('C5: a stopped instance keeps its address, which is given to nobody else', () => {
    const w = place('10.0.0.0/16', '10.0.1.0/28')
    const id = w.running()
    const free = () => w.call('DescribeSubnets', { SubnetIds: [w.subnetId] }).Subnets?.[0]?.AvailableIpAddressCount
    assert.equal(free(), 10)
    w.call('StopInstances', { InstanceIds: [id] })
    w.settled()
    assert.equal(w.see(id).State?.Name, 'stopped')
    assert.equal(free(), 10)
    refused('InvalidIPAddress.InUse', () =>
      w.call('CreateNetworkInterface', { SubnetId: w.subnetId, PrivateIpAddress: w.see(id).PrivateIpAddress ?? '' }),
    )
  })

  test("D35: the five reserved addresses of a subnet are nobody's", () => {
    const w = place('10.0.0.0/16', '10.0.1.0/24')
    for (const last of [0, 1, 2, 3, 255])
      refused('InvalidParameterValue', () =>
        w.call('CreateNetworkInterface', { SubnetId: w.subnetId, PrivateIpAddress: `10.0.1.${last}` }),
      )
    assert.ok(w.call('CreateNetworkInterface', { SubnetId: w.subnetId, PrivateIpAddress: '10.0.1.4' }))
  })

  test("another account's subnet is not there", () => {
    const w = world()
    const SubnetId = w.call('CreateSubnet', { VpcId: vpcOf(w), CidrBlock: '10.1.1.0/24' }).Subnet?.SubnetId ?? ''
    refused('InvalidSubnetID.NotFound', () => w.call('DeleteSubnet', { SubnetId }, { ...US, account: '210987654321' }))
  })
})

const byLastOctet = (a = '', b = ''): number => Number(a.split('.')[3]) - Number(b.split('.')[3])
