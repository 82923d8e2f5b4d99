/** What a VPC is created with, what can be changed of it, and how many there are. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ensureDefaults } from '../../src/ec2/default-vpc.ts'
import type { Input } from '../../src/protocol/types.ts'
import { must } from './place.ts'
import { refused, US, world } from './world.ts'

type Attribute = Input<'DescribeVpcAttribute'>['Attribute']
type Change = Omit<Input<'ModifyVpcAttribute'>, 'VpcId'>

function laid(wish: Partial<Input<'CreateVpc'>> = {}) {
  const w = world()
  const VpcId = must(w.call('CreateVpc', { CidrBlock: '10.0.0.0/16', ...wish }).Vpc?.VpcId)
  return {
    ...w,
    VpcId,
    see: () => must(w.call('DescribeVpcs', { VpcIds: [VpcId] }).Vpcs?.[0]),
    attribute: (Attribute: Attribute) => w.call('DescribeVpcAttribute', { VpcId, Attribute }),
    change: (change: Change) => w.call('ModifyVpcAttribute', { VpcId, ...change }),
    tenancy: (InstanceTenancy: string) =>
      w.call('ModifyVpcTenancy', { VpcId, InstanceTenancy: InstanceTenancy as 'default' }),
  }
}

describe('a VPC', () => {
  test('is pending when it is made and available at the next look, with all that was asked for', () => {
    const w = world()
    const Tags = [{ Key: 'Name', Value: 'lab' }]
    const made = w.call('CreateVpc', {
      CidrBlock: '10.0.0.0/16',
      InstanceTenancy: 'dedicated',
      TagSpecifications: [{ ResourceType: 'vpc', Tags }],
    }).Vpc
    assert.equal(made?.State, 'pending')
    const seen = must(w.call('DescribeVpcs', {}).Vpcs?.[0])
    assert.deepEqual(seen, { ...made, State: 'available' })
    assert.deepEqual([seen.InstanceTenancy, seen.IsDefault, seen.Tags], ['dedicated', false, Tags])
    assert.deepEqual(
      seen.CidrBlockAssociationSet?.map((b) => [b.CidrBlock, b.CidrBlockState?.State]),
      [['10.0.0.0/16', 'associated']],
    )
  })

  test('C1: is /16 to /28', () => {
    const { call } = world()
    const make = (CidrBlock: string) => call('CreateVpc', { CidrBlock }).Vpc?.CidrBlock
    refused('InvalidVpc.Range', () => make('10.0.0.0/8'), "The CIDR '10.0.0.0/8' is invalid.")
    refused('InvalidVpc.Range', () => make('10.0.0.0/15'))
    refused('InvalidVpc.Range', () => make('10.0.0.0/29'))
    refused('InvalidParameterValue', () => make('10.0.0.0'))
    refused('InvalidParameterValue', () => make('2001:db8::/56'))
    assert.equal(make('10.0.0.0/16'), '10.0.0.0/16')
    assert.equal(make('10.0.0.5/28'), '10.0.0.0/28')
  })

  test('needs a block', () => {
    refused('MissingParameter', () => world().call('CreateVpc', {}))
  })

  test('1.12, C14: there are five in a Region, the default VPC among them', () => {
    const { call, transaction } = world()
    transaction(US, ensureDefaults)
    const make = (caller = US) => call('CreateVpc', { CidrBlock: '10.0.0.0/16' }, caller).Vpc?.VpcId
    const made = [make(), make(), make(), make()]
    refused('VpcLimitExceeded', make, 'The maximum number of VPCs has been reached.')
    assert.equal(call('DescribeVpcs', {}).Vpcs?.length, 5)
    make({ ...US, region: 'eu-west-1' })
    make({ ...US, account: '210987654321' })
    call('DeleteVpc', { VpcId: must(made[0]) })
    make()
  })

  const beyond: Readonly<Record<string, Partial<Input<'CreateVpc'>>>> = {
    'an IPv4 pool': { Ipv4IpamPoolId: 'ipam-pool-0123456789abcdef0', Ipv4NetmaskLength: 24 },
    'a netmask length alone': { Ipv4NetmaskLength: 24 },
    'an IPv6 pool': { Ipv6IpamPoolId: 'ipam-pool-0123456789abcdef0' },
    'an IPv6 block of its own': { Ipv6CidrBlock: '2001:db8::/56', Ipv6Pool: 'ipv6pool-ec2-1' },
    'control of encryption': { VpcEncryptionControl: { Mode: 'monitor' } },
  }
  for (const [what, wish] of Object.entries(beyond)) {
    test(`with ${what} is refused, and none is made`, () => {
      const { call } = world()
      refused('UnsupportedOperation', () => call('CreateVpc', { CidrBlock: '10.0.0.0/16', ...wish }))
      assert.deepEqual(call('DescribeVpcs', {}).Vpcs, [])
    })
  }

  test('C11: tells where its IPv6 block comes from', () => {
    const [block] = must(laid({ AmazonProvidedIpv6CidrBlock: true }).see().Ipv6CidrBlockAssociationSet)
    assert.deepEqual([block?.Ipv6AddressAttribute, block?.IpSource], ['public', 'amazon'])
  })

  test("1.13: another account's, or one that never was, is not there", () => {
    const w = laid()
    const ask = (VpcId: string, caller = US) => w.call('DescribeVpcs', { VpcIds: [VpcId] }, caller)
    const words = `The vpc ID '${w.VpcId}' does not exist`
    refused('InvalidVpcID.NotFound', () => ask(w.VpcId, { ...US, account: '210987654321' }), words)
    refused('InvalidVpcID.NotFound', () => ask('vpc-0123456789abcdef0'))
    refused('InvalidVpcID.Malformed', () => ask('vpc-xyz'))
  })
})

describe('the attributes of a VPC', () => {
  test('are read one by one', () => {
    const { VpcId, attribute } = laid()
    assert.deepEqual(attribute('enableDnsSupport'), { VpcId, EnableDnsSupport: { Value: true } })
    assert.deepEqual(attribute('enableDnsHostnames'), { VpcId, EnableDnsHostnames: { Value: false } })
    assert.deepEqual(attribute('enableNetworkAddressUsageMetrics'), {
      VpcId,
      EnableNetworkAddressUsageMetrics: { Value: false },
    })
    refused('InvalidParameterValue', () => attribute('constructor' as Attribute))
  })

  test('C15: are changed one in a call, and shown', () => {
    const { attribute, change } = laid()
    change({ EnableDnsHostnames: { Value: true } })
    change({ EnableNetworkAddressUsageMetrics: { Value: true } })
    assert.equal(attribute('enableDnsHostnames').EnableDnsHostnames?.Value, true)
    assert.equal(attribute('enableNetworkAddressUsageMetrics').EnableNetworkAddressUsageMetrics?.Value, true)
    refused('InvalidParameterCombination', () =>
      change({ EnableDnsHostnames: { Value: false }, EnableDnsSupport: { Value: false } }),
    )
    refused('MissingParameter', () => change({}))
    refused('MissingParameter', () => change({ EnableDnsSupport: {} }))
    assert.equal(attribute('enableDnsHostnames').EnableDnsHostnames?.Value, true)
  })

  test('C15: have no DNS host names without DNS support', () => {
    const { attribute, change } = laid()
    change({ EnableDnsSupport: { Value: false } })
    refused('InvalidParameterCombination', () => change({ EnableDnsHostnames: { Value: true } }))
    assert.equal(attribute('enableDnsHostnames').EnableDnsHostnames?.Value, false)
  })
})

describe('the tenancy of a VPC', () => {
  test('C15: changes from dedicated to default, and never back', () => {
    const { see, tenancy } = laid({ InstanceTenancy: 'dedicated' })
    assert.deepEqual(tenancy('default'), { ReturnValue: true })
    assert.equal(see().InstanceTenancy, 'default')
    assert.deepEqual(tenancy('default'), { ReturnValue: true })
    refused('InvalidTenancy', () => tenancy('dedicated'))
    assert.equal(see().InstanceTenancy, 'default')
  })

  test('is never host', () => {
    refused('InvalidTenancy', () => laid({ InstanceTenancy: 'host' }))
  })
})

describe('ClassicLink', () => {
  test('C15: is off for every VPC', () => {
    const { call, VpcId } = laid({ TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Team', Value: 'A' }] }] })
    const Tags = [{ Key: 'Team', Value: 'A' }]
    assert.deepEqual(call('DescribeVpcClassicLink', {}).Vpcs, [{ VpcId, ClassicLinkEnabled: false, Tags }])
    assert.deepEqual(call('DescribeVpcClassicLinkDnsSupport', { VpcIds: [VpcId] }).Vpcs, [
      { VpcId, ClassicLinkDnsSupported: false },
    ])
    const unknown = { VpcIds: ['vpc-0123456789abcdef0'] }
    refused('InvalidVpcID.NotFound', () => call('DescribeVpcClassicLink', unknown))
    refused('InvalidVpcID.NotFound', () => call('DescribeVpcClassicLinkDnsSupport', unknown))
  })

  test('is described by the filters it has, and in pages', () => {
    const { call } = laid({ TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Team', Value: 'A' }] }] })
    for (let i = 1; i < 5; i++) call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
    call('CreateVpc', { CidrBlock: '10.0.0.0/16' }, { ...US, region: 'eu-west-1' })
    const found = (Name: string, value: string) =>
      call('DescribeVpcClassicLink', { Filters: [{ Name, Values: [value] }] }).Vpcs?.length
    assert.deepEqual([found('is-classic-link-enabled', 'false'), found('is-classic-link-enabled', 'true')], [5, 0])
    assert.deepEqual([found('tag:Team', 'A'), found('tag:Team', 'B')], [1, 0])
    assert.deepEqual([found('tag-key', 'Team'), found('tag-key', 'team')], [1, 0])
    refused('InvalidParameterValue', () => found('vpc-id', 'vpc-1'))
    assert.equal(call('DescribeVpcClassicLinkDnsSupport', { MaxResults: 5 }).NextToken, undefined)
    refused('InvalidParameterValue', () => call('DescribeVpcClassicLinkDnsSupport', { MaxResults: 256 }))
  })

  test('is not switched on or off', () => {
    const { call, VpcId } = laid()
    for (const action of [
      'EnableVpcClassicLink',
      'DisableVpcClassicLink',
      'EnableVpcClassicLinkDnsSupport',
      'DisableVpcClassicLinkDnsSupport',
    ] as const) {
      refused('UnsupportedOperation', () => call(action, { VpcId }))
      refused('InvalidVpcID.NotFound', () => call(action, { VpcId: 'vpc-0123456789abcdef0' }))
    }
  })
})
