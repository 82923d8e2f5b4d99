/** What is the same for everybody: Regions and zones, images, instance types. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { must } from './place.ts'
import { refused, US, world } from './world.ts'
import { publicParameter } from '../../src/ec2/image.ts'

test("us-east-1 has six zones, every other Region three, with AWS's zone ids", () => {
  const { call } = world()
  const zones = (region: string) =>
    call('DescribeAvailabilityZones', {}, { ...US, region }).AvailabilityZones?.map((z) => `${z.ZoneName} ${z.ZoneId}`)
  assert.deepEqual(zones('us-east-1')?.at(-1), 'us-east-1f use1-az6')
  assert.deepEqual(zones('ap-southeast-2'), [
    'ap-southeast-2a apse2-az1',
    'ap-southeast-2b apse2-az2',
    'ap-southeast-2c apse2-az3',
  ])
  assert.deepEqual(zones('eu-central-1')?.[0], 'eu-central-1a euc1-az1')
})

test('zones answer the filters that clients send, and refuse unknown names', () => {
  const { call } = world()
  const zones = (Name: string, ...Values: string[]) =>
    call('DescribeAvailabilityZones', { Filters: [{ Name, Values }] }).AvailabilityZones?.length
  assert.equal(zones('state', 'available'), 6)
  assert.equal(zones('region-name', 'us-east-1'), 6)
  assert.equal(zones('region-name', 'us-west-2'), 0)
  assert.equal(zones('opt-in-status', 'opt-in-not-required', 'opted-in'), 6)
  refused('InvalidParameterValue', () => zones('colour', 'red'))
  refused(
    'InvalidParameterValue',
    () => call('DescribeAvailabilityZones', { ZoneNames: ['mars-1a'] }),
    'Invalid availability zone: [mars-1a]',
  )
})

test("the Regions are AWS's public ones", () => {
  const { call } = world()
  const names = must(call('DescribeRegions', {}).Regions).map((r) => r.RegionName)
  assert.ok(names.includes('us-east-1') && names.includes('eu-west-3') && names.includes('ap-northeast-2'))
  assert.equal(
    call('DescribeRegions', { RegionNames: ['us-west-2'] }).Regions?.[0]?.Endpoint,
    'ec2.us-west-2.amazonaws.com',
  )
  refused('InvalidParameterValue', () => call('DescribeRegions', { RegionNames: ['mars-1'] }))
})

test('images are found as clients look for them', () => {
  const { call } = world()
  const images = (owner: string, name: string, architecture = 'x86_64') =>
    must(
      call('DescribeImages', {
        Owners: [owner],
        Filters: [
          { Name: 'name', Values: [name] },
          { Name: 'architecture', Values: [architecture] },
          { Name: 'virtualization-type', Values: ['hvm'] },
          { Name: 'root-device-type', Values: ['ebs'] },
          { Name: 'state', Values: ['available'] },
        ],
      }).Images,
    ).length
  assert.equal(images('amazon', 'al2023-ami-2023.*-x86_64'), 2)
  assert.equal(images('137112412989', 'al2023-ami-*-arm64', 'arm64'), 2)
  assert.equal(images('099720109477', 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*'), 1)
  assert.equal(images('099720109477', 'ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*'), 1)
  assert.equal(images('125523088429', 'Fedora-Cloud-Base-*.x86_64*'), 1)
  assert.equal(images('self', '*'), 0)
})

test('an image id is the same at every look and another one in another Region', () => {
  const { call } = world()
  const ids = (region: string) => must(call('DescribeImages', {}, { ...US, region }).Images).map((i) => must(i.ImageId))
  assert.deepEqual(ids('us-east-1'), ids('us-east-1'))
  assert.equal(new Set([...ids('us-east-1'), ...ids('eu-west-1')]).size, 2 * ids('us-east-1').length)
  for (const id of ids('us-east-1')) assert.match(id, /^ami-0[0-9a-f]{16}$/)
})

test('the public SSM aliases lead to images of their Region', () => {
  const { call } = world()
  const nameOf = (parameter: string) => {
    const id = must(publicParameter(parameter, 'eu-west-1')).value
    return call('DescribeImages', { ImageIds: [id] }, { ...US, region: 'eu-west-1' }).Images?.[0]?.Name
  }
  assert.match(
    must(nameOf('/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64')),
    /^al2023-ami-.*-6\.1-x86_64$/,
  )
  assert.match(
    must(nameOf('/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id')),
    /noble-24\.04-amd64/,
  )
  assert.equal(publicParameter('/aws/service/none', 'eu-west-1'), undefined)
})

test('instance types tell their limits, and where they are offered', () => {
  const { call } = world()
  const [micro] = must(call('DescribeInstanceTypes', { InstanceTypes: ['t2.micro'] }).InstanceTypes)
  assert.deepEqual(
    [micro?.VCpuInfo?.DefaultVCpus, micro?.MemoryInfo?.SizeInMiB, micro?.NetworkInfo?.MaximumNetworkInterfaces],
    [1, 1024, 2],
  )
  assert.deepEqual(micro?.ProcessorInfo?.SupportedArchitectures, ['i386', 'x86_64'])
  const offered = call('DescribeInstanceTypeOfferings', {
    LocationType: 'availability-zone',
    Filters: [{ Name: 'instance-type', Values: ['t3.micro'] }],
  })
  assert.equal(offered.InstanceTypeOfferings?.length, 6)
  refused('InvalidInstanceType', () => call('DescribeInstanceTypes', { InstanceTypes: ['t2.huge' as 't2.micro'] }))
})
