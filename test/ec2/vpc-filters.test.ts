/** Every documented filter of VPCs, subnets and DHCP options: a value that finds the one meant, and one that does not. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ensureDefaults } from '../../src/ec2/default-vpc.ts'
import { must } from './place.ts'
import { refused, US, world } from './world.ts'

const Tags = [{ Key: 'Team', Value: 'A' }]

/** Two VPCs, each with a subnet, that differ in all that a filter can ask; and the default VPC beside them. */
function laid() {
  const w = world()
  w.transaction(US, ensureDefaults)
  const { call } = w
  const one = must(
    call('CreateVpc', {
      CidrBlock: '10.1.0.0/16',
      AmazonProvidedIpv6CidrBlock: true,
      TagSpecifications: [{ ResourceType: 'vpc', Tags }],
    }).Vpc,
  )
  const VpcId = must(one.VpcId)
  const two = must(call('CreateVpc', { CidrBlock: '10.2.0.0/16' }).Vpc)
  call('AssociateVpcCidrBlock', { VpcId, CidrBlock: '100.64.0.0/24' })
  const options = must(
    call('CreateDhcpOptions', {
      DhcpConfigurations: [{ Key: 'ntp-servers', Values: ['10.1.0.9'] }],
      TagSpecifications: [{ ResourceType: 'dhcp-options', Tags }],
    }).DhcpOptions,
  )
  call('AssociateDhcpOptions', { VpcId, DhcpOptionsId: must(options.DhcpOptionsId) })
  const Ipv6CidrBlock = must(one.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock).replace('/56', '/64')
  const SubnetId = must(
    call('CreateSubnet', {
      VpcId,
      CidrBlock: '10.1.1.0/28',
      Ipv6CidrBlock,
      AvailabilityZone: 'us-east-1b',
      TagSpecifications: [{ ResourceType: 'subnet', Tags }],
    }).Subnet?.SubnetId,
  )
  call('CreateSubnet', { VpcId: must(two.VpcId), CidrBlock: '10.2.1.0/24', AvailabilityZone: 'us-east-1a' })
  for (const change of [
    { MapPublicIpOnLaunch: { Value: true } },
    { EnableDns64: { Value: true } },
    { PrivateDnsHostnameTypeOnLaunch: 'resource-name' as const },
    { EnableResourceNameDnsARecordOnLaunch: { Value: true } },
    { EnableResourceNameDnsAAAARecordOnLaunch: { Value: true } },
  ])
    call('ModifySubnetAttribute', { SubnetId, ...change })
  const vpc = must(call('DescribeVpcs', { VpcIds: [VpcId] }).Vpcs?.[0])
  const subnet = must(call('DescribeSubnets', { SubnetIds: [SubnetId] }).Subnets?.[0])
  return { ...w, vpc, two, subnet, options }
}

const w = laid()
const { vpc, subnet, options } = w
const [ipv6] = must(vpc.Ipv6CidrBlockAssociationSet)
const [subnetIpv6] = must(subnet.Ipv6CidrBlockAssociationSet)

/** Filter → a value that the one meant has, and one that it has not. */
type Cases = Readonly<Record<string, readonly [yes: unknown, no: string]>>

const tags: Cases = { 'tag:Team': ['A', 'a'], 'tag-key': ['Team', 'A'], 'tag-value': ['A', 'Team'] }

const ofVpcs: Cases = {
  ...tags,
  cidr: ['10.1.0.0/16', '100.64.0.0/24'],
  'cidr-block': ['10.1.0.0/16', '100.64.0.0/24'],
  'cidr-block-association.cidr-block': ['100.64.0.0/24', '10.2.0.0/16'],
  'cidr-block-association.association-id': [vpc.CidrBlockAssociationSet?.[1]?.AssociationId, 'vpc-cidr-assoc-1'],
  'cidr-block-association.state': ['associated', 'associating'],
  'dhcp-options-id': [options.DhcpOptionsId, 'default'],
  'ipv6-cidr-block-association.ipv6-cidr-block': [ipv6?.Ipv6CidrBlock, '2001:db8::/32'],
  'ipv6-cidr-block-association.ipv6-pool': ['Amazon', 'ipv6pool-ec2-1'],
  'ipv6-cidr-block-association.association-id': [ipv6?.AssociationId, 'vpc-cidr-assoc-1'],
  'ipv6-cidr-block-association.state': ['associated', 'disassociated'],
  'is-default': ['false', 'true'],
  'owner-id': [US.account, '210987654321'],
  state: ['available', 'pending'],
  'vpc-id': [vpc.VpcId, w.two.VpcId as string],
}

const ofSubnets: Cases = {
  ...tags,
  'availability-zone': ['us-east-1b', 'us-east-1a'],
  'availability-zone-id': ['use1-az2', 'use1-az1'],
  'available-ip-address-count': ['11', '251'],
  'cidr-block': ['10.1.1.0/28', '10.1.1.0/24'],
  'default-for-az': ['false', 'true'],
  'enable-dns64': ['true', 'false'],
  'ipv6-cidr-block-association.ipv6-cidr-block': [subnetIpv6?.Ipv6CidrBlock, ipv6?.Ipv6CidrBlock as string],
  'ipv6-cidr-block-association.association-id': [subnetIpv6?.AssociationId, ipv6?.AssociationId as string],
  'ipv6-cidr-block-association.state': ['associated', 'associating'],
  'ipv6-native': ['false', 'true'],
  'map-customer-owned-ip-on-launch': ['false', 'true'],
  'map-public-ip-on-launch': ['true', 'false'],
  'owner-id': [US.account, '210987654321'],
  'private-dns-name-options-on-launch.hostname-type': ['resource-name', 'ip-name'],
  'private-dns-name-options-on-launch.enable-resource-name-dns-a-record': ['true', 'false'],
  'private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record': ['true', 'false'],
  state: ['available', 'pending'],
  'subnet-arn': [subnet.SubnetArn, `${subnet.SubnetArn}0`],
  'subnet-id': [subnet.SubnetId, 'subnet-1'],
  'vpc-id': [vpc.VpcId, w.two.VpcId as string],
}

const ofDhcpOptions: Cases = {
  ...tags,
  'dhcp-options-id': [options.DhcpOptionsId, 'default'],
  key: ['ntp-servers', 'domain-name'],
  value: ['10.1.0.9', 'AmazonProvidedDNS'],
  'owner-id': [US.account, '210987654321'],
}

type Find = (Filters: { Name: string; Values: string[] }[]) => (string | undefined)[] | undefined

const kinds: Readonly<Record<string, { cases: Cases; meant: string | undefined; find: Find }>> = {
  DescribeVpcs: {
    cases: ofVpcs,
    meant: vpc.VpcId,
    find: (Filters) => w.call('DescribeVpcs', { Filters }).Vpcs?.map((v) => v.VpcId),
  },
  DescribeSubnets: {
    cases: ofSubnets,
    meant: subnet.SubnetId,
    find: (Filters) => w.call('DescribeSubnets', { Filters }).Subnets?.map((s) => s.SubnetId),
  },
  DescribeDhcpOptions: {
    cases: ofDhcpOptions,
    meant: options.DhcpOptionsId,
    find: (Filters) => w.call('DescribeDhcpOptions', { Filters }).DhcpOptions?.map((d) => d.DhcpOptionsId),
  },
}

for (const [action, { cases, meant, find }] of Object.entries(kinds)) {
  describe(action, () => {
    for (const [Name, [yes, no]] of Object.entries(cases)) {
      test(`${Name} finds by ${yes}, and not by ${no}`, () => {
        assert.ok(find([{ Name, Values: [no, String(yes)] }])?.includes(meant))
        assert.ok(!find([{ Name, Values: [no] }])?.includes(meant))
      })
    }

    test('all filters together find the one that has everything', () => {
      const Filters = Object.entries(cases).map(([Name, [yes]]) => ({ Name, Values: [String(yes)] }))
      assert.deepEqual(find(Filters), [meant])
    })

    test('a filter that there is not is refused', () => {
      refused(
        'InvalidParameterValue',
        () => find([{ Name: 'colour', Values: ['red'] }]),
        "The filter 'colour' is invalid",
      )
    })
  })
}

test('what only Outposts have finds no subnet', () => {
  for (const Name of ['customer-owned-ipv4-pool', 'enable-lni-at-device-index', 'outpost-arn'])
    assert.deepEqual(w.call('DescribeSubnets', { Filters: [{ Name, Values: ['*'] }] }).Subnets, [])
})

test('VPCs and subnets come in pages, of which each is part of one question', () => {
  const vpcs = w.call('DescribeVpcs', { MaxResults: 5 })
  assert.deepEqual([vpcs.Vpcs?.length, vpcs.NextToken], [3, undefined])
  const first = w.call('DescribeSubnets', { MaxResults: 5 })
  const NextToken = must(first.NextToken)
  const rest = w.call('DescribeSubnets', { MaxResults: 5, NextToken })
  const ids = [...must(first.Subnets), ...must(rest.Subnets)].map((s) => s.SubnetId)
  assert.deepEqual([new Set(ids).size, rest.NextToken], [8, undefined])
  refused('InvalidNextToken', () => w.call('DescribeVpcs', { NextToken }))
  for (const MaxResults of [4, 1001]) {
    refused('InvalidParameterValue', () => w.call('DescribeVpcs', { MaxResults }))
    refused('InvalidParameterValue', () => w.call('DescribeSubnets', { MaxResults }))
  }
})
