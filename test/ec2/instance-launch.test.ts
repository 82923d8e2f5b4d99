/** What a launch can say of its instances: kept and shown, or refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Launch, must, place } from './place.ts'
import { refused, US } from './world.ts'

test('what a launch says of the machine is shown again', () => {
  const { running, see } = place()
  const seen = see(
    running({
      InstanceType: 'm5.xlarge',
      CpuOptions: { CoreCount: 2, ThreadsPerCore: 1 },
      CapacityReservationSpecification: { CapacityReservationPreference: 'none' },
      MaintenanceOptions: { AutoRecovery: 'disabled' },
      Placement: { AvailabilityZone: 'us-east-1a', Tenancy: 'dedicated' },
      EbsOptimized: true,
      EnclaveOptions: { Enabled: false },
      HibernationOptions: { Configured: false },
      NetworkPerformanceOptions: { BandwidthWeighting: 'default' },
    }),
  )
  assert.deepEqual(seen.CpuOptions, { CoreCount: 2, ThreadsPerCore: 1 })
  assert.deepEqual(seen.CapacityReservationSpecification, { CapacityReservationPreference: 'none' })
  assert.deepEqual(seen.MaintenanceOptions, { AutoRecovery: 'disabled', RebootMigration: 'default' })
  assert.deepEqual([seen.Placement?.Tenancy, seen.EbsOptimized], ['dedicated', true])
  assert.deepEqual([seen.BootMode, seen.CurrentInstanceBootMode], ['uefi-preferred', 'uefi'])
  assert.deepEqual(seen.NetworkPerformanceOptions, { BandwidthWeighting: 'default' })
})

test('what a launch does not say is what AWS puts there', () => {
  const { run } = place()
  const [seen] = run({ InstanceType: 't2.micro' })
  assert.deepEqual(seen?.CpuOptions, { CoreCount: 1, ThreadsPerCore: 1 })
  assert.deepEqual(seen?.CapacityReservationSpecification, { CapacityReservationPreference: 'open' })
  assert.deepEqual(seen?.MaintenanceOptions, { AutoRecovery: 'default', RebootMigration: 'default' })
  assert.deepEqual(seen?.StateReason, { Code: 'pending', Message: 'pending' })
  assert.deepEqual([seen?.BootMode, seen?.CurrentInstanceBootMode], ['uefi-preferred', 'legacy-bios'])
  assert.deepEqual(seen?.Operator, { Managed: false })
})

const two = { MinCount: 2, MaxCount: 2 }
const here = { DeviceIndex: 0 } as const
const wrong: readonly (readonly [string, string, Launch, (string | RegExp)?])[] = [
  ['no instances', 'InvalidParameterValue', { MinCount: 0, MaxCount: 1 }],
  ['fewer at most than at least', 'InvalidParameterValue', { MinCount: 3, MaxCount: 2 }],
  ['a token of 65 characters', 'InvalidParameterValue', { ClientToken: 'x'.repeat(65) }],
  ['one address for two', 'InvalidParameterValue', { ...two, PrivateIpAddress: '10.0.1.9' }],
  ['a type that is none', 'InvalidParameterValue', { InstanceType: 'huge' as 't2.micro' }, /Invalid value 'huge'/],
  ['a type that is not here', 'UnsupportedOperation', { InstanceType: 'p4d.24xlarge' }],
  ['an image that is no id', 'InvalidAMIID.Malformed', { ImageId: 'ami-1' }],
  ['a zone that is none', 'InvalidParameterValue', { Placement: { AvailabilityZone: 'mars-1a' } }],
  ['another zone than its subnet', 'InvalidParameterCombination', { Placement: { AvailabilityZone: 'us-east-1b' } }],
  ['another zone by id', 'InvalidParameterCombination', { Placement: { AvailabilityZoneId: 'use1-az2' } }],
  [
    'a zone by name and by id',
    'InvalidParameterCombination',
    { Placement: { AvailabilityZone: 'us-east-1a', AvailabilityZoneId: 'use1-az1' } },
  ],
  ['a placement group', 'UnsupportedOperation', { Placement: { GroupName: 'near' } }],
  ['a dedicated host', 'UnsupportedOperation', { Placement: { Tenancy: 'host' } }],
  [
    'a reservation',
    'UnsupportedOperation',
    { CapacityReservationSpecification: { CapacityReservationPreference: 'capacity-reservations-only' } },
  ],
  [
    'cores without threads',
    'MissingParameter',
    { InstanceType: 'm5.xlarge', CpuOptions: { CoreCount: 2 } },
    'When specifying CpuOptions you must specify both CoreCount and ThreadsPerCore.',
  ],
  [
    'cores of a type without a choice',
    'UnsupportedOperation',
    { CpuOptions: { CoreCount: 1, ThreadsPerCore: 1 } },
    'The t2.micro instance type does not support specifying CpuOptions.',
  ],
  [
    'more cores than there are',
    'InvalidParameterValue',
    { InstanceType: 'm5.xlarge', CpuOptions: { CoreCount: 4, ThreadsPerCore: 1 } },
  ],
  [
    'three threads',
    'InvalidParameterValue',
    { InstanceType: 'm5.xlarge', CpuOptions: { CoreCount: 2, ThreadsPerCore: 3 } },
  ],
  ['optimized disks of an old type', 'Unsupported', { EbsOptimized: true }, /^EBS-optimized instances are not/],
  [
    'credits of a type without',
    'InvalidParameterCombination',
    { InstanceType: 'm5.large', CreditSpecification: { CpuCredits: 'standard' } },
  ],
  ['credits of another name', 'InvalidParameterValue', { CreditSpecification: { CpuCredits: 'some' } }],
  ['a bandwidth weighted', 'UnsupportedOperation', { NetworkPerformanceOptions: { BandwidthWeighting: 'vpc-1' } }],
  ['hibernation', 'UnsupportedOperation', { HibernationOptions: { Configured: true } }],
  ['an enclave', 'UnsupportedOperation', { EnclaveOptions: { Enabled: true } }],
  ['spot', 'UnsupportedOperation', { InstanceMarketOptions: { MarketType: 'spot' } }],
  ['another behaviour', 'InvalidParameterValue', { InstanceInitiatedShutdownBehavior: 'sleep' as 'stop' }],
  ['an SSM parameter that is none', 'InvalidParameterValue', { ImageId: 'resolve:ssm:/mine' }],
  ['a launch template', 'UnsupportedOperation', { LaunchTemplate: { LaunchTemplateId: 'lt-0123456789abcdef0' } }],
  ['an interface without its place', 'MissingParameter', { NetworkInterfaces: [{}] }],
  ['no first interface', 'InvalidParameterCombination', { NetworkInterfaces: [{ DeviceIndex: 1 }] }],
  ['one place twice', 'InvalidParameterCombination', { NetworkInterfaces: [here, here] }],
  ['tags of a VPC', 'InvalidParameterValue', { TagSpecifications: [{ ResourceType: 'vpc', Tags: [] }] }],
  [
    'tags of the instance twice',
    'InvalidParameterValue',
    {
      TagSpecifications: [
        { ResourceType: 'instance', Tags: [] },
        { ResourceType: 'instance', Tags: [] },
      ],
    },
  ],
]

for (const [what, code, launch, words] of wrong) {
  test(`a launch is refused that asks for ${what}, and leaves nothing`, () => {
    const { call, run, subnetId } = place()
    const NetworkInterfaces = launch.NetworkInterfaces?.map((s) => ({ SubnetId: subnetId, ...s }))
    refused(code, () => run({ ...launch, ...(NetworkInterfaces && { NetworkInterfaces }) }), words)
    assert.deepEqual(call('DescribeInstances', {}).Reservations, [])
    assert.deepEqual(call('DescribeNetworkInterfaces', {}).NetworkInterfaces, [])
    assert.deepEqual(call('DescribeVolumes', {}).Volumes, [])
  })
}

for (const [what, more, words] of [
  ['subnet ID', (p: ReturnType<typeof place>) => ({ SubnetId: p.subnetId }), 'an instance-level subnet ID'],
  ['security groups', () => ({ SecurityGroupIds: ['sg-0123456789abcdef0'] }), 'an instance-level security groups'],
  ['address', () => ({ PrivateIpAddress: '10.0.1.9' }), 'an instance-level private IP address'],
] as const) {
  test(`a ${what} of the launch does not go with interfaces`, () => {
    const p = place()
    refused(
      'InvalidParameterCombination',
      () => p.run({ NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: p.subnetId }], ...more(p) }),
      `Network interfaces and ${words} may not be specified on the same request`,
    )
  })
}

test('what is for a new interface does not go with one that is there', () => {
  const { call, run, subnetId } = place()
  const id = must(call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId)
  const others = [
    { SubnetId: subnetId },
    { Description: 'x' },
    { PrivateIpAddress: '10.0.1.9' },
    { SecondaryPrivateIpAddressCount: 1 },
    { DeleteOnTermination: true },
    { Groups: ['sg-0123456789abcdef0'] },
  ]
  for (const other of others)
    refused('InvalidParameterCombination', () =>
      run({ NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: id, ...other }] }),
    )
  assert.equal(run({ NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: id }] }).length, 1)
})

test('G7: an interface that is there gets a public address with the launch where its attribute says so', () => {
  const { call, running, see, subnetId, interfaceOf } = place()
  const id = must(call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId)
  call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: id, AssociatePublicIpAddress: true })
  assert.equal(interfaceOf(id).Association, undefined)
  const instanceId = running({ NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: id }] })
  const given = must(see(instanceId).PublicIpAddress)
  assert.equal(interfaceOf(id).Association?.PublicIp, given)
})

test('G7: not where it has an Elastic IP, or is not the only one', () => {
  const { call, running, see, subnetId, elastic, addressOf } = place()
  const made = () => {
    const id = must(call('CreateNetworkInterface', { SubnetId: subnetId }).NetworkInterface?.NetworkInterfaceId)
    call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: id, AssociatePublicIpAddress: true })
    return id
  }
  const NetworkInterfaceId = made()
  const AllocationId = elastic()
  call('AssociateAddress', { AllocationId, NetworkInterfaceId })
  const one = running({ NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId }] })
  assert.equal(see(one).PublicIpAddress, addressOf(AllocationId).PublicIp)
  const two = running({
    NetworkInterfaces: [
      { DeviceIndex: 0, NetworkInterfaceId: made() },
      { DeviceIndex: 1, SubnetId: subnetId },
    ],
  })
  assert.equal(see(two).PublicIpAddress, undefined)
})

test('a launch takes either addresses by name or a count of them, as a creation does', () => {
  const { run, subnetId } = place()
  const [first, second] = [{ PrivateIpAddress: '10.0.1.10', Primary: true }, { PrivateIpAddress: '10.0.1.11' }]
  const of = (PrivateIpAddresses: object[], SecondaryPrivateIpAddressCount: number) => () =>
    run({
      InstanceType: 'm5.large',
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnetId, PrivateIpAddresses, SecondaryPrivateIpAddressCount }],
    })
  refused('InvalidParameterCombination', of([first, second], 1))
  const [launched] = of([first], 1)()
  assert.equal(launched?.NetworkInterfaces?.[0]?.PrivateIpAddresses?.length, 2)
})

test('1.12: a launch takes no more interfaces than the account may have in its Region', () => {
  const { run, transaction } = place()
  const first = must(run()[0]?.NetworkInterfaces?.[0]?.NetworkInterfaceId)
  transaction(US, ({ state }) => {
    const elsewhere = { ...must(state.get('network-interface', first)), subnetId: 'subnet-elsewhere' }
    for (let i = 1; i < 4998; i++) state.put('network-interface', { ...elsewhere, id: `eni-${i}` })
  })
  assert.equal(run({ MinCount: 1, MaxCount: 5 }).length, 2)
  refused('NetworkInterfaceLimitExceeded', () => run({ MinCount: 1, MaxCount: 5 }))
})

test('an instance is dedicated where its VPC is, whatever the launch says', () => {
  const { call, run } = place()
  const VpcId = must(call('CreateVpc', { CidrBlock: '10.9.0.0/16', InstanceTenancy: 'dedicated' }).Vpc?.VpcId)
  const SubnetId = must(call('CreateSubnet', { VpcId, CidrBlock: '10.9.1.0/24' }).Subnet?.SubnetId)
  assert.equal(run({ SubnetId, Placement: { Tenancy: 'default' } })[0]?.Placement?.Tenancy, 'dedicated')
})

const root = (Ebs: object): Launch => ({ BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs }] })
for (const [what, code, launch, words] of [
  [
    'smaller than its snapshot',
    'InvalidBlockDeviceMapping',
    root({ VolumeSize: 4 }),
    /^Volume of size 4GB is smaller /,
  ],
  [
    'of gp2 with iops',
    'InvalidParameterCombination',
    root({ VolumeType: 'gp2', Iops: 500 }),
    'The parameter iops is not supported for gp2 volumes.',
  ],
  [
    'of gp2 with throughput',
    'InvalidParameterCombination',
    root({ VolumeType: 'gp2', Throughput: 200 }),
    'The parameter throughput is not supported for gp2 volumes.',
  ],
  ['of gp3 with more than 500 iops a GiB', 'InvalidParameterCombination', root({ VolumeSize: 8, Iops: 16_000 })],
  ['of gp3 with 100 iops', 'InvalidParameterValue', root({ Iops: 100 })],
  ['of io1 without iops', 'MissingParameter', root({ VolumeType: 'io1' })],
  ['of a type for data only', 'InvalidParameterCombination', root({ VolumeType: 'st1' })],
  ['too large', 'InvalidParameterValue', root({ VolumeType: 'gp2', VolumeSize: 20_000 })],
  ['encrypted with a key', 'UnsupportedOperation', root({ KmsKeyId: 'mine' })],
  ['left out', 'InvalidBlockDeviceMapping', { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', NoDevice: '' }] }],
] as const) {
  test(`a root volume ${what} is refused`, () => refused(code, () => place().run(launch as Launch), words))
}

test('a mapping of nothing, or of an instance store that is not there, is left out', () => {
  const { run } = place()
  const [launched] = run({
    BlockDeviceMappings: [
      { DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' },
      { DeviceName: '/dev/sdc', NoDevice: '' },
    ],
  })
  assert.deepEqual(
    launched?.BlockDeviceMappings?.map((m) => m.DeviceName),
    ['/dev/xvda'],
  )
})

test('metadata options that a launch does not say are those of its account and Region, then of its image', () => {
  const { call, run } = place()
  call('ModifyInstanceMetadataDefaults', { HttpTokens: 'optional', HttpPutResponseHopLimit: 3 })
  assert.deepEqual(call('GetInstanceMetadataDefaults', {}).AccountLevel, {
    HttpTokens: 'optional',
    HttpPutResponseHopLimit: 3,
    HttpEndpoint: undefined,
    InstanceMetadataTags: undefined,
  })
  const options = (launch: Launch = {}) => {
    const seen = run(launch)[0]?.MetadataOptions
    return [seen?.HttpTokens, seen?.HttpPutResponseHopLimit]
  }
  assert.deepEqual(options(), ['optional', 3])
  assert.deepEqual(options({ MetadataOptions: { HttpPutResponseHopLimit: 9 } }), ['optional', 9])
  call('ModifyInstanceMetadataDefaults', { HttpTokens: 'no-preference', HttpPutResponseHopLimit: -1 })
  assert.deepEqual(options(), ['required', 2])
  assert.deepEqual(call('GetInstanceMetadataDefaults', {}, { ...US, region: 'eu-west-1' }).AccountLevel, {})
  refused('MissingParameter', () => call('ModifyInstanceMetadataDefaults', {}))
  refused('InvalidParameterValue', () => call('ModifyInstanceMetadataDefaults', { HttpPutResponseHopLimit: 0 }))
  call('ModifyInstanceMetadataDefaults', { HttpTokensEnforced: 'enabled' })
  refused('OperationNotPermitted', () => run({ MetadataOptions: { HttpTokens: 'optional' } }))
  assert.deepEqual(options(), ['required', 2])
})
