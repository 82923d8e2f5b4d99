/** Every documented filter over what is the same for everybody, met and not met; and what else can be asked of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Input } from '../../src/protocol/types.ts'
import { must } from './place.ts'
import { refused, US, world } from './world.ts'

type Ask = (name: string, value: string) => number | undefined

function judge(found: Ask, met: Readonly<Record<string, string>>, unmet: readonly string[]): void {
  for (const [name, value] of Object.entries(met)) {
    assert.ok((found(name, value) ?? 0) > 0, `${name}=${value}`)
    assert.equal(found(name, 'nothing'), 0, `${name}=nothing`)
  }
  for (const name of unmet) assert.equal(found(name, '*'), 0, name)
  refused('InvalidParameterValue', () => found('colour', 'red'), "The filter 'colour' is invalid")
}

test('DescribeRegions has every documented filter', () => {
  const { call } = world()
  const found: Ask = (Name, value) => call('DescribeRegions', { Filters: [{ Name, Values: [value] }] }).Regions?.length
  judge(found, { endpoint: 'ec2.us-east-1.*', 'opt-in-status': 'opt-in-not-required', 'region-name': 'us-east-1' }, [])
  assert.equal(
    call('DescribeRegions', { AllRegions: true }).Regions?.length,
    call('DescribeRegions', {}).Regions?.length,
  )
})

test('DescribeAvailabilityZones has every documented filter, and groups that need no opt-in', () => {
  const { call } = world()
  const found: Ask = (Name, value) =>
    call('DescribeAvailabilityZones', { Filters: [{ Name, Values: [value] }] }).AvailabilityZones?.length
  const met = {
    'group-name': 'us-east-1-zg-1',
    'group-long-name': 'us-east-1 1',
    'opt-in-status': 'opt-in-not-required',
    'region-name': 'us-east-1',
    state: 'available',
    'zone-id': 'use1-az2',
    'zone-name': 'us-east-1b',
    'zone-type': 'availability-zone',
  }
  judge(found, met, ['message', 'parent-zone-id', 'parent-zone-name'])
  const zones = (input: Input<'DescribeAvailabilityZones'>) =>
    call('DescribeAvailabilityZones', input).AvailabilityZones
  assert.equal(zones({ AllAvailabilityZones: true })?.length, 6)
  assert.deepEqual(
    zones({ ZoneIds: ['use1-az3'] })?.map((z) => z.ZoneName),
    ['us-east-1c'],
  )
  refused('InvalidParameterValue', () => zones({ ZoneIds: ['use1-az9'] }), 'Invalid availability zone-id: [use1-az9]')
  for (const GroupName of ['us-east-1-zg-1', 'mars'])
    refused('InvalidParameterValue', () => call('ModifyAvailabilityZoneGroup', { GroupName, OptInStatus: 'opted-in' }))
})

test('DescribeImages has every documented filter', () => {
  const { call } = world()
  const found: Ask = (Name, value) => call('DescribeImages', { Filters: [{ Name, Values: [value] }] }).Images?.length
  const [image] = must(call('DescribeImages', {}).Images)
  const met = {
    architecture: 'arm64',
    'block-device-mapping.delete-on-termination': 'true',
    'block-device-mapping.device-name': '/dev/xvda',
    'block-device-mapping.snapshot-id': 'snap-*',
    'block-device-mapping.volume-size': '8',
    'block-device-mapping.volume-type': 'gp2',
    'block-device-mapping.encrypted': 'false',
    'creation-date': '2025-*',
    description: 'Amazon Linux 2023*',
    'ena-support': 'true',
    'free-tier-eligible': 'true',
    hypervisor: 'xen',
    'image-allowed': 'true',
    'image-id': must(image?.ImageId),
    'image-type': 'machine',
    'is-public': 'true',
    'manifest-location': 'amazon/*',
    name: 'al2023-ami-*',
    'owner-alias': 'amazon',
    'owner-id': '137112412989',
    'root-device-name': '/dev/sda1',
    'root-device-type': 'ebs',
    state: 'available',
    'sriov-net-support': 'simple',
    'virtualization-type': 'hvm',
  }
  judge(found, met, [
    ...['kernel-id', 'platform', 'product-code', 'product-code.type', 'ramdisk-id', 'source-image-id'],
    ...['source-image-region', 'source-instance-id', 'state-reason-code', 'state-reason-message', 'tag:a', 'tag-key'],
  ])
})

test('images are those of the owners asked for, come in pages, and are named where they are not there', () => {
  const { call } = world()
  const images = (input: Input<'DescribeImages'>) => must(call('DescribeImages', input).Images)
  const ids = images({}).map((i) => must(i.ImageId))
  assert.equal(images({ Owners: ['amazon', '099720109477'] }).length, 8)
  assert.deepEqual(images({ Owners: ['aws-marketplace'] }), [])
  assert.deepEqual(
    [images({ ExecutableUsers: ['self'] }), images({ ExecutableUsers: ['all'] }).length],
    [[], ids.length],
  )
  refused('InvalidUserID.Malformed', () => images({ Owners: ['me'] }), 'Invalid user id: "me"')
  refused('InvalidUserID.Malformed', () => images({ ExecutableUsers: ['amazon'] }))
  const first = call('DescribeImages', { MaxResults: 3 })
  const second = call('DescribeImages', { MaxResults: 3, NextToken: must(first.NextToken) })
  assert.deepEqual(
    [...must(first.Images), ...must(second.Images)].map((i) => i.ImageId),
    ids.slice(0, 6),
  )
  const [a, b] = ['ami-0123456789abcdef0', 'ami-0123456789abcdef1']
  refused(
    'InvalidAMIID.NotFound',
    () => images({ ImageIds: [must(ids[0]), a, b] }),
    `The image ids '[${a}, ${b}]' do not exist`,
  )
})

test("an image shows its attributes one by one, and what is its owner's alone not at all", () => {
  const { call } = world()
  const ImageId = must(call('DescribeImages', {}).Images?.[0]?.ImageId)
  const read = (Attribute: Input<'DescribeImageAttribute'>['Attribute']) =>
    call('DescribeImageAttribute', { ImageId, Attribute })
  assert.match(must(read('description').Description?.Value), /^Amazon Linux 2023/)
  assert.deepEqual(read('bootMode'), { ImageId, BootMode: { Value: 'uefi-preferred' } })
  assert.deepEqual(read('imdsSupport').ImdsSupport, { Value: 'v2.0' })
  assert.deepEqual(read('sriovNetSupport').SriovNetSupport, { Value: 'simple' })
  assert.deepEqual([read('kernel').KernelId, read('productCodes').ProductCodes], [{}, []])
  for (const name of ['launchPermission', 'blockDeviceMapping', 'uefiData', 'lastLaunchedTime'] as const)
    refused('AuthFailure', () => read(name))
  refused('InvalidParameterValue', () => read('colour' as 'kernel'))
})

test('DescribeInstanceTypes has every documented filter', () => {
  const { call } = world()
  const found: Ask = (Name, value) =>
    call('DescribeInstanceTypes', { Filters: [{ Name, Values: [value] }] }).InstanceTypes?.length
  const met = {
    'auto-recovery-supported': 'true',
    'bare-metal': 'false',
    'burstable-performance-supported': 'true',
    'current-generation': 'false',
    'dedicated-hosts-supported': 'false',
    'ebs-info.ebs-optimized-support': 'default',
    'ebs-info.encryption-support': 'supported',
    'ebs-info.nvme-support': 'required',
    'free-tier-eligible': 'true',
    'hibernation-supported': 'false',
    hypervisor: 'nitro',
    'instance-storage-supported': 'false',
    'instance-type': 'm5.*',
    'memory-info.size-in-mib': '1024',
    'network-info.efa-supported': 'false',
    'network-info.ena-support': 'required',
    'network-info.encryption-in-transit-supported': 'false',
    'network-info.flexible-ena-queues-support': 'unsupported',
    'network-info.ipv4-addresses-per-interface': '15',
    'network-info.ipv6-addresses-per-interface': '15',
    'network-info.ipv6-supported': 'false',
    'network-info.maximum-network-cards': '1',
    'network-info.maximum-network-interfaces': '3',
    'network-info.network-performance': 'Up to *',
    'nitro-enclaves-support': 'unsupported',
    'nitro-tpm-support': 'unsupported',
    'processor-info.supported-architecture': 'arm64',
    'processor-info.sustained-clock-speed-in-ghz': '2.5',
    'reboot-migration-support': 'unsupported',
    'supported-boot-mode': 'uefi',
    'supported-root-device-type': 'ebs',
    'supported-usage-class': 'on-demand',
    'supported-virtualization-type': 'hvm',
    'vcpu-info.default-cores': '2',
    'vcpu-info.default-threads-per-core': '2',
    'vcpu-info.default-vcpus': '4',
    'vcpu-info.valid-cores': '4',
    'vcpu-info.valid-threads-per-core': '1',
  }
  const performance = ['bandwidth-in-mbps', 'iops', 'throughput-in-mbps'].flatMap((of) =>
    ['baseline', 'maximum'].map((which) => `ebs-info.ebs-optimized-info.${which}-${of}`),
  )
  const storage = [
    'disk.count',
    'disk.size-in-gb',
    'disk.type',
    'encryption-support',
    'nvme-support',
    'total-size-in-gb',
  ]
  judge(found, met, [
    ...[...performance, 'ebs-info.attachment-limit-type', 'ebs-info.maximum-ebs-attachments'],
    ...storage.map((name) => `instance-storage-info.${name}`),
    ...['network-info.bandwidth-weightings', 'network-info.efa-info.maximum-efa-interfaces'],
    ...['nitro-tpm-info.supported-versions', 'processor-info.supported-features'],
  ])
})

test('DescribeInstanceTypeOfferings has every documented filter', () => {
  const { call } = world()
  const found: Ask = (Name, value) =>
    call('DescribeInstanceTypeOfferings', {
      LocationType: 'availability-zone-id',
      Filters: [{ Name, Values: [value] }],
    }).InstanceTypeOfferings?.length
  judge(found, { 'instance-type': 't3.*', location: 'use1-az1' }, [])
})

test('instance types come in pages, and are found by what a launch needs of them', () => {
  const { call } = world()
  const first = call('DescribeInstanceTypes', { MaxResults: 5 })
  const second = call('DescribeInstanceTypes', { MaxResults: 5, NextToken: must(first.NextToken) })
  assert.equal(new Set([first, second].flatMap((p) => p.InstanceTypes?.map((t) => t.InstanceType))).size, 10)
  const types = (more: Partial<Input<'GetInstanceTypesFromInstanceRequirements'>['InstanceRequirements']>) =>
    call('GetInstanceTypesFromInstanceRequirements', {
      ArchitectureTypes: ['x86_64'],
      VirtualizationTypes: ['hvm'],
      InstanceRequirements: { VCpuCount: { Min: 2, Max: 4 }, MemoryMiB: { Min: 8192, Max: 16_384 }, ...more },
    }).InstanceTypes?.map((t) => t.InstanceType)
  assert.deepEqual(types({}), ['m5.large', 'm5.xlarge', 'c5.xlarge'])
  assert.deepEqual(types({ BurstablePerformance: 'required', CpuManufacturers: ['amd'] }), ['t3a.large', 't3a.xlarge'])
  assert.deepEqual(types({ ExcludedInstanceTypes: ['m5.*'] }), ['c5.xlarge'])
  assert.deepEqual(types({ AllowedInstanceTypes: ['m5*'], MemoryGiBPerVCpu: { Min: 4 } }), ['m5.large', 'm5.xlarge'])
  for (const more of [
    { LocalStorage: 'required' },
    { BareMetal: 'required' },
    { AcceleratorCount: { Min: 1 } },
    { RequireHibernateSupport: true },
    { InstanceGenerations: ['previous'] },
  ] as const)
    assert.deepEqual(types(more as never), [])
  refused('InvalidParameterCombination', () => types({ AllowedInstanceTypes: ['m5*'], ExcludedInstanceTypes: ['c5*'] }))
})

test('an account has six attributes, and no others', () => {
  const { call } = world()
  const asked = (...AttributeNames: string[]) =>
    call('DescribeAccountAttributes', { AttributeNames: AttributeNames as never }).AccountAttributes?.map((a) => [
      a.AttributeName,
      a.AttributeValues?.[0]?.AttributeValue,
    ])
  assert.deepEqual(asked(), [
    ['supported-platforms', 'VPC'],
    ['default-vpc', 'none'],
    ['max-instances', '20'],
    ['vpc-max-security-groups-per-interface', '5'],
    ['max-elastic-ips', '5'],
    ['vpc-max-elastic-ips', '5'],
  ])
  assert.deepEqual(asked('default-vpc'), [['default-vpc', 'none']])
  const id = call('CreateDefaultVpc', {}).Vpc?.VpcId
  assert.deepEqual(asked('default-vpc'), [['default-vpc', id]])
  refused('InvalidParameterValue', () => asked('colour'))
})

test('ids of every kind are long', () => {
  const { call } = world()
  assert.deepEqual(call('DescribeIdFormat', { Resource: 'instance' }).Statuses, [
    { Resource: 'instance', UseLongIds: true },
  ])
  assert.ok(call('DescribeIdFormat', {}, US).Statuses?.every((s) => s.UseLongIds))
  assert.equal(call('DescribeAggregateIdFormat', {}).UseLongIdsAggregated, true)
  refused('InvalidParameterValue', () => call('DescribeIdFormat', { Resource: 'colour' }))
})
