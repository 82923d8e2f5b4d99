/** DescribeNetworkInterfaces: every documented filter, matched and not matched; ids and pages. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interfaces } from './interfaces.ts'
import { must } from './place.ts'
import { refused, US } from './world.ts'

/** A secondary interface with everything an interface can have, beside its instance's primary one. */
function estate() {
  const p = interfaces()
  const { call, create, attach, running, elastic, interfaceOf, vpcId } = p
  call('ModifyVpcAttribute', { VpcId: vpcId, EnableDnsHostnames: { Value: true } })
  const group = must(call('CreateSecurityGroup', { VpcId: vpcId, GroupName: 'web', Description: 'web' }).GroupId)
  const id = create({
    PrivateIpAddress: '10.0.1.10',
    Description: 'mine',
    Groups: [group],
    TagSpecifications: [{ ResourceType: 'network-interface', Tags: [{ Key: 'Owner', Value: 'TeamA' }] }],
  })
  const instanceId = running()
  attach(id, instanceId)
  call('AssociateAddress', { AllocationId: elastic(), NetworkInterfaceId: id })
  return { ...p, id, instanceId, group, eni: interfaceOf(id) }
}

type Estate = ReturnType<typeof estate>

/** Filter → the value of the one interface, and one that no interface has. */
const filters: readonly (readonly [string, (e: Estate) => unknown, string])[] = [
  ['addresses.association.owner-id', () => US.account, '999999999999'],
  ['addresses.association.public-ip', (e) => e.eni.Association?.PublicIp, '192.0.2.1'],
  ['addresses.private-ip-address', () => '10.0.1.10', '10.0.1.11'],
  ['association.allocation-id', (e) => e.eni.Association?.AllocationId, 'eipalloc-1'],
  ['association.association-id', (e) => e.eni.Association?.AssociationId, 'eipassoc-1'],
  ['association.ip-owner-id', () => US.account, 'amazon'],
  ['association.public-ip', (e) => e.eni.Association?.PublicIp, '192.0.2.1'],
  ['association.public-dns-name', (e) => e.eni.Association?.PublicDnsName, 'ec2-192-0-2-1.compute-1.amazonaws.com'],
  ['attachment.attachment-id', (e) => e.eni.Attachment?.AttachmentId, 'eni-attach-1'],
  ['attachment.delete-on-termination', () => 'false', 'maybe'],
  ['attachment.device-index', () => '1', '2'],
  ['description', () => 'mine', 'Mine'],
  ['group-id', (e) => e.group, 'sg-1'],
  ['mac-address', (e) => e.eni.MacAddress, '02:00:00:00:00:00'],
  ['network-interface-id', (e) => e.id, 'eni-1'],
  ['private-dns-name', (e) => e.eni.PrivateDnsName, 'ip-10-0-1-11.ec2.internal'],
  ['private-ip-address', () => '10.0.1.10', '10.0.1.11'],
  ['tag:Owner', () => 'TeamA', 'TeamB'],
  ['tag-key', () => 'Owner', 'owner'],
  ['tag-value', () => 'TeamA', 'TeamB'],
]
for (const [name, right, wrong] of filters)
  test(`DescribeNetworkInterfaces filters by ${name}`, () => {
    const e = estate()
    const by = (value: unknown) =>
      e
        .call('DescribeNetworkInterfaces', { Filters: [{ Name: name, Values: [String(value)] }] })
        .NetworkInterfaces?.map((eni) => eni.NetworkInterfaceId)
    assert.deepEqual(by(right(e)), [e.id])
    assert.deepEqual(by(wrong), [])
  })

/** Filter → the value that both interfaces have, and one that neither has. */
const common: readonly (readonly [string, (e: Estate) => unknown, string])[] = [
  ['addresses.primary', () => 'true', 'false'],
  ['attachment.attach-time', (e) => e.eni.Attachment?.AttachTime?.toISOString(), '2013-02-25T14:17:27.000Z'],
  ['attachment.instance-id', (e) => e.instanceId, 'i-1'],
  ['attachment.instance-owner-id', () => US.account, '999999999999'],
  ['attachment.status', () => 'attached', 'detached'],
  ['availability-zone', () => 'us-east-1a', 'us-east-1b'],
  ['availability-zone-id', (e) => e.eni.AvailabilityZoneId, 'use1-az9'],
  ['interface-type', () => 'interface', 'nat_gateway'],
  ['operator.managed', () => 'false', 'true'],
  ['owner-id', () => US.account, '999999999999'],
  ['requester-managed', () => 'false', 'true'],
  ['source-dest-check', () => 'true', 'false'],
  ['status', () => 'in-use', 'available'],
  ['subnet-id', (e) => e.subnetId, 'subnet-1'],
  ['vpc-id', (e) => e.vpcId, 'vpc-1'],
]
for (const [name, right, wrong] of common)
  test(`DescribeNetworkInterfaces filters by ${name}, which many have`, () => {
    const e = estate()
    const by = (value: unknown) =>
      e.call('DescribeNetworkInterfaces', { Filters: [{ Name: name, Values: [String(value)] }] }).NetworkInterfaces
        ?.length
    assert.deepEqual([by(right(e)), by(wrong)], [2, 0])
  })

test('DescribeNetworkInterfaces: a service’s interface is found by its requester and its type', () => {
  const { call, ofGateway, create } = interfaces()
  create()
  const id = ofGateway()
  const by = (Name: string, value: string) =>
    call('DescribeNetworkInterfaces', { Filters: [{ Name, Values: [value] }] }).NetworkInterfaces?.map(
      (eni) => eni.NetworkInterfaceId,
    )
  assert.deepEqual(by('requester-managed', 'true'), [id])
  assert.deepEqual(by('requester-id', '*'), [id])
  assert.deepEqual(by('requester-id', 'nobody'), [])
  assert.deepEqual(by('interface-type', 'nat_gateway'), [id])
  assert.deepEqual(by('attachment.instance-owner-id', 'amazon-aws'), [id])
})

test('DescribeNetworkInterfaces: what no interface has matches nothing, what is no filter is refused', () => {
  const e = estate()
  const by = (Name: string) =>
    e.call('DescribeNetworkInterfaces', { Filters: [{ Name, Values: ['*'] }] }).NetworkInterfaces
  assert.deepEqual(by('ipv6-addresses.ipv6-address'), [])
  assert.deepEqual(by('operator.principal'), [])
  refused('InvalidParameterValue', () => by('colour'), "The filter 'colour' is invalid")
})

test('DescribeNetworkInterfaces by ids: each must be there, and pages are for those without', () => {
  const e = estate()
  const describe = (input: object) => e.call('DescribeNetworkInterfaces', input).NetworkInterfaces?.length
  assert.equal(describe({ NetworkInterfaceIds: [e.id, e.id] }), 1)
  refused('InvalidNetworkInterfaceID.NotFound', () =>
    describe({ NetworkInterfaceIds: [e.id, 'eni-0123456789abcdef0'] }),
  )
  refused('InvalidNetworkInterfaceId.Malformed', () => describe({ NetworkInterfaceIds: ['eni-xyz'] }))
  refused('InvalidParameterCombination', () => describe({ NetworkInterfaceIds: [e.id], MaxResults: 5 }))
})

test('DescribeNetworkInterfaces gives pages of 5 to 1,000, whose tokens belong to their question', () => {
  const { call, create } = interfaces()
  const all = Array.from({ length: 7 }, () => create())
  const page = (input: object) => call('DescribeNetworkInterfaces', input)
  const first = page({ MaxResults: 5 })
  const second = page({ MaxResults: 5, NextToken: first.NextToken })
  const seen = [...must(first.NetworkInterfaces), ...must(second.NetworkInterfaces)].map((e) => e.NetworkInterfaceId)
  assert.deepEqual(seen, all)
  assert.equal(second.NextToken, undefined)
  for (const MaxResults of [4, 1001]) refused('InvalidParameterValue', () => page({ MaxResults }))
  const other = { NextToken: first.NextToken, Filters: [{ Name: 'status', Values: ['available'] }] }
  refused('InvalidNextToken', () => page(other))
})
