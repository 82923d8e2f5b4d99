/** What DescribeInstances and DescribeInstanceStatus can be asked for: every documented filter, met and not met. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { must, place } from './place.ts'
import { refused } from './world.ts'

/** One instance with as many traits as an instance can have here, running. */
function traits() {
  const p = place()
  p.call('ModifyVpcAttribute', { VpcId: p.vpcId, EnableDnsHostnames: { Value: true } })
  p.call('CreateKeyPair', { KeyName: 'login', KeyType: 'ed25519' })
  const id = p.running({
    InstanceType: 't3.micro',
    KeyName: 'login',
    ClientToken: 'once',
    CapacityReservationSpecification: { CapacityReservationPreference: 'none' },
    MaintenanceOptions: { AutoRecovery: 'disabled' },
    MetadataOptions: { HttpPutResponseHopLimit: 7, InstanceMetadataTags: 'enabled', HttpTokens: 'required' },
    PrivateDnsNameOptions: { HostnameType: 'resource-name', EnableResourceNameDnsARecord: true },
    Monitoring: { Enabled: true },
    EbsOptimized: true,
    TagSpecifications: [
      { ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web' }] },
      { ResourceType: 'network-interface', Tags: [{ Key: 'side', Value: 'inner' }] },
    ],
  })
  const allocation = p.elastic()
  p.call('AssociateAddress', { AllocationId: allocation, InstanceId: id })
  const seen = p.see(id)
  return { ...p, id, seen, eni: p.interfaceOf(p.primaryOf(id)), allocation, address: p.addressOf(allocation) }
}

type Traits = ReturnType<typeof traits>

/** Filter → a value that the instance has. */
const met: Readonly<Record<string, (t: Traits) => string | undefined>> = {
  architecture: () => 'x86_64',
  'availability-zone': () => 'us-east-1a',
  'availability-zone-id': () => 'use1-az1',
  'block-device-mapping.attach-time': () => '2026-01-01T*',
  'block-device-mapping.delete-on-termination': () => 'true',
  'block-device-mapping.device-name': () => '/dev/xvda',
  'block-device-mapping.status': () => 'attached',
  'block-device-mapping.volume-id': (t) => t.seen.BlockDeviceMappings?.[0]?.Ebs?.VolumeId,
  'boot-mode': () => 'uefi-preferred',
  'capacity-reservation-specification.capacity-reservation-preference': () => 'none',
  'client-token': () => 'once',
  'current-instance-boot-mode': () => 'uefi',
  'dns-name': (t) => t.seen.PublicDnsName,
  'ebs-optimized': () => 'true',
  'ena-support': () => 'true',
  'enclave-options.enabled': () => 'false',
  'hibernation-options.configured': () => 'false',
  hypervisor: () => 'xen',
  'image-id': (t) => t.imageId,
  'instance-id': (t) => t.id,
  'instance-state-code': () => '16',
  'instance-state-name': () => 'running',
  'instance-type': () => 't3.*',
  'instance.group-id': (t) => t.seen.SecurityGroups?.[0]?.GroupId,
  'instance.group-name': () => 'default',
  'ip-address': (t) => t.address.PublicIp,
  'key-name': () => 'login',
  'launch-index': () => '0',
  'launch-time': () => '2026-01-01T00:00:00.000Z',
  'maintenance-options.auto-recovery': () => 'disabled',
  'metadata-options.http-endpoint': () => 'enabled',
  'metadata-options.http-protocol-ipv4': () => 'enabled',
  'metadata-options.http-protocol-ipv6': () => 'disabled',
  'metadata-options.http-put-response-hop-limit': () => '7',
  'metadata-options.http-tokens': () => 'required',
  'metadata-options.instance-metadata-tags': () => 'enabled',
  'metadata-options.state': () => 'applied',
  'monitoring-state': () => 'enabled',
  'network-interface.addresses.association.allocation-id': (t) => t.allocation,
  'network-interface.addresses.association.association-id': (t) => t.address.AssociationId,
  'network-interface.addresses.association.ip-owner-id': () => '123456789012',
  'network-interface.addresses.association.public-dns-name': (t) => t.seen.PublicDnsName,
  'network-interface.addresses.association.public-ip': (t) => t.address.PublicIp,
  'network-interface.addresses.primary': () => 'true',
  'network-interface.addresses.private-dns-name': () => '*.ec2.internal',
  'network-interface.addresses.private-ip-address': (t) => t.seen.PrivateIpAddress,
  'network-interface.association.allocation-id': (t) => t.allocation,
  'network-interface.association.association-id': (t) => t.address.AssociationId,
  'network-interface.association.ip-owner-id': () => '123456789012',
  'network-interface.association.public-dns-name': (t) => t.seen.PublicDnsName,
  'network-interface.association.public-ip': (t) => t.address.PublicIp,
  'network-interface.attachment.attach-time': () => '2026-01-01T*',
  'network-interface.attachment.attachment-id': (t) => t.eni.Attachment?.AttachmentId,
  'network-interface.attachment.delete-on-termination': () => 'true',
  'network-interface.attachment.device-index': () => '0',
  'network-interface.attachment.instance-id': (t) => t.id,
  'network-interface.attachment.instance-owner-id': () => '123456789012',
  'network-interface.attachment.network-card-index': () => '0',
  'network-interface.attachment.status': () => 'attached',
  'network-interface.availability-zone': () => 'us-east-1a',
  'network-interface.deny-all-igw-traffic': () => 'false',
  'network-interface.description': () => '',
  'network-interface.group-id': (t) => t.seen.SecurityGroups?.[0]?.GroupId,
  'network-interface.group-name': () => 'default',
  'network-interface.ipv6-native': () => 'false',
  'network-interface.mac-address': (t) => t.eni.MacAddress,
  'network-interface.network-interface-id': (t) => t.eni.NetworkInterfaceId,
  'network-interface.operator.managed': () => 'false',
  'network-interface.owner-id': () => '123456789012',
  'network-interface.private-dns-name': () => '*.ec2.internal',
  'network-interface.private-ip-address': (t) => t.seen.PrivateIpAddress,
  'network-interface.public-dns-name': (t) => t.seen.PublicDnsName,
  'network-interface.requester-managed': () => 'false',
  'network-interface.source-dest-check': () => 'true',
  'network-interface.status': () => 'in-use',
  'network-interface.subnet-id': (t) => t.subnetId,
  'network-interface.tag-key': () => 'side',
  'network-interface.tag-value': () => 'inner',
  'network-interface.vpc-id': (t) => t.vpcId,
  'network-performance-options.bandwidth-weighting': () => 'default',
  'operator.managed': () => 'false',
  'owner-id': () => '123456789012',
  'platform-details': () => 'Linux/UNIX',
  'private-dns-name': (t) => t.seen.PrivateDnsName,
  'private-dns-name-options.enable-resource-name-dns-a-record': () => 'true',
  'private-dns-name-options.enable-resource-name-dns-aaaa-record': () => 'false',
  'private-dns-name-options.hostname-type': () => 'resource-name',
  'private-ip-address': (t) => t.seen.PrivateIpAddress,
  reason: () => '',
  'reservation-id': () => 'r-*',
  'root-device-name': () => '/dev/xvda',
  'root-device-type': () => 'ebs',
  'source-dest-check': () => 'true',
  'subnet-id': (t) => t.subnetId,
  'tag:Name': () => 'web',
  'tag-key': () => 'Name',
  'tag-value': () => 'web',
  tenancy: () => 'default',
  'usage-operation': () => 'RunInstances',
  'usage-operation-update-time': () => '2026-01-01T*',
  'virtualization-type': () => 'hvm',
  'vpc-id': (t) => t.vpcId,
}

/** What no instance here has: known, and met by none. */
const unmet = [
  ...['affinity', 'capacity-reservation-id', 'host-id', 'iam-instance-profile.arn', 'iam-instance-profile.id'],
  'capacity-reservation-specification.capacity-reservation-target.capacity-reservation-id',
  'capacity-reservation-specification.capacity-reservation-target.capacity-reservation-resource-group-arn',
  ...['instance-lifecycle', 'ipv6-address', 'kernel-id', 'operator.principal', 'outpost-arn', 'placement-group-name'],
  ...['placement-partition-number', 'platform', 'product-code', 'product-code.type', 'ramdisk-id', 'requester-id'],
  ...['spot-instance-request-id', 'state-reason-code', 'state-reason-message', 'tpm-support'],
  'network-interface.addresses.association.carrier-ip',
  'network-interface.addresses.association.customer-owned-ip',
  'network-interface.association.carrier-ip',
  'network-interface.association.customer-owned-ip',
  'network-interface.ipv4-prefixes.ipv4-prefix',
  'network-interface.ipv6-address',
  'network-interface.ipv6-addresses.ipv6-address',
  'network-interface.ipv6-addresses.is-primary-ipv6',
  'network-interface.ipv6-prefixes.ipv6-prefix',
  'network-interface.operator.principal',
  'network-interface.outpost-arn',
  'network-interface.requester-id',
]

test('every documented filter of DescribeInstances lets an instance through that has the value, and no other', () => {
  const t = traits()
  const found = (Name: string, value: string) =>
    must(t.call('DescribeInstances', { Filters: [{ Name, Values: [value] }] }).Reservations).length
  for (const [name, read] of Object.entries(met)) {
    assert.equal(found(name, must(read(t))), 1, `${name}=${read(t)}`)
    assert.equal(found(name, 'nothing'), 0, `${name}=nothing`)
  }
  for (const name of unmet) assert.equal(found(name, '*'), 0, name)
  refused('InvalidParameterValue', () => found('colour', 'red'), "The filter 'colour' is invalid")
})

test('a launch is in its state for a reason: pending, running for none, and ended by whom', () => {
  const { call, run, settled } = place()
  const id = must(run()[0]?.InstanceId)
  const found = (Name: string, value: string) =>
    call('DescribeInstances', { Filters: [{ Name, Values: [value] }] }).Reservations?.length
  assert.equal(found('state-reason-code', 'pending'), 1)
  assert.equal(found('metadata-options.state', 'pending'), 1)
  settled()
  assert.equal(found('state-reason-code', '*'), 0)
  call('TerminateInstances', { InstanceIds: [id] })
  assert.equal(found('state-reason-code', 'Client.UserInitiatedShutdown'), 1)
  assert.equal(found('state-reason-message', 'Client.UserInitiatedShutdown: *'), 1)
  assert.equal(found('reason', 'User initiated (*'), 1)
})

test('instances come in pages that follow each other; named ones do not', () => {
  const { call, run } = place()
  const ids = run({ MinCount: 7, MaxCount: 7 }).map((i) => must(i.InstanceId))
  const page = (NextToken?: string) => call('DescribeInstances', { MaxResults: 5, ...(NextToken && { NextToken }) })
  const first = page()
  const second = page(must(first.NextToken))
  const seen = [first, second].flatMap((p) => p.Reservations?.flatMap((r) => r.Instances ?? []) ?? [])
  assert.deepEqual(
    seen.map((i) => i.InstanceId),
    ids,
  )
  assert.equal(second.NextToken, undefined)
  refused('InvalidParameterCombination', () => call('DescribeInstances', { InstanceIds: ids, MaxResults: 5 }))
  refused('InvalidParameterValue', () => call('DescribeInstances', { MaxResults: 4 }))
  refused('InvalidNextToken', () => page('made up'))
})

test('every documented filter of DescribeInstanceStatus is met or not', () => {
  const { call, running } = place()
  running()
  const found = (Name: string, value: string) =>
    call('DescribeInstanceStatus', { Filters: [{ Name, Values: [value] }] }).InstanceStatuses?.length
  const values = {
    'availability-zone': 'us-east-1a',
    'availability-zone-id': 'use1-az1',
    'instance-state-code': '16',
    'instance-state-name': 'running',
    'instance-status.reachability': 'passed',
    'instance-status.status': 'ok',
    'operator.managed': 'false',
    'system-status.reachability': 'passed',
    'system-status.status': 'ok',
    'attached-ebs-status.status': 'ok',
  }
  for (const [name, value] of Object.entries(values)) {
    assert.equal(found(name, value), 1, name)
    assert.equal(found(name, 'nothing'), 0, name)
  }
  const events = ['code', 'description', 'instance-event-id', 'not-after', 'not-before', 'not-before-deadline']
  for (const name of [...events.map((e) => `event.${e}`), 'operator.principal']) assert.equal(found(name, '*'), 0, name)
  refused('InvalidParameterValue', () => found('colour', 'red'))
})
