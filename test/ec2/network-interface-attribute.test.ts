/** What can be set on a network interface: it is stored, echoed, and can be reset; the rest is refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Input } from '../../src/protocol/types.ts'
import { interfaces } from './interfaces.ts'
import { must } from './place.ts'
import { refused } from './world.ts'

type Wish = Partial<Input<'CreateNetworkInterface'>>
type Change = Partial<Input<'ModifyNetworkInterfaceAttribute'>>

test('what a creation sets is echoed by it and by Describe', () => {
  const { call, subnetId, vpcId, interfaceOf } = interfaces()
  const group = must(call('CreateSecurityGroup', { VpcId: vpcId, GroupName: 'web', Description: 'web' }).GroupId)
  const answer = call('CreateNetworkInterface', {
    SubnetId: subnetId,
    Description: 'mine',
    PrivateIpAddress: '10.0.1.10',
    Groups: [group],
    InterfaceType: 'interface' as never,
    Ipv6AddressCount: 0,
    EnablePrimaryIpv6: false,
    ClientToken: 'once',
    TagSpecifications: [{ ResourceType: 'network-interface', Tags: [{ Key: 'Name', Value: 'n' }] }],
  })
  const made = must(answer.NetworkInterface)
  assert.equal(answer.ClientToken, 'once')
  assert.deepEqual(
    [made.Description, made.PrivateIpAddress, made.Groups, made.InterfaceType, made.TagSet],
    ['mine', '10.0.1.10', [{ GroupId: group, GroupName: 'web' }], 'interface', [{ Key: 'Name', Value: 'n' }]],
  )
  assert.deepEqual(interfaceOf(must(made.NetworkInterfaceId)), made)
})

const refusedWishes: readonly (readonly [string, Wish])[] = [
  ['UnsupportedOperation', { Ipv6AddressCount: 1 }],
  ['UnsupportedOperation', { Ipv6Addresses: [{ Ipv6Address: '2001:db8::1' }] }],
  ['UnsupportedOperation', { Ipv6PrefixCount: 1 }],
  ['UnsupportedOperation', { Ipv6Prefixes: [{ Ipv6Prefix: '2001:db8::/80' }] }],
  ['UnsupportedOperation', { EnablePrimaryIpv6: true }],
  ['UnsupportedOperation', { Ipv4PrefixCount: 1 }],
  ['UnsupportedOperation', { Ipv4Prefixes: [{ Ipv4Prefix: '10.0.1.16/28' }] }],
  ['UnsupportedOperation', { Operator: { Principal: 'service' } }],
  ['UnsupportedOperation', { InterfaceType: 'efa' }],
  ['UnsupportedOperation', { InterfaceType: 'trunk' }],
  ['InvalidParameterValue', { InterfaceType: 'colour' as never }],
  ['InvalidParameterValue', { Description: 'x'.repeat(256) }],
  ['InvalidSubnetID.NotFound', { SubnetId: 'subnet-0123456789abcdef0' }],
  ['InvalidParameterValue', { TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'a', Value: 'b' }] }] }],
]
for (const [code, wish] of refusedWishes) {
  const name = JSON.stringify(wish).slice(0, 70)
  test(`a creation with ${name} is refused with ${code}, and makes nothing`, () => {
    const { call, create } = interfaces()
    refused(code, () => create(wish))
    assert.deepEqual(call('DescribeNetworkInterfaces', {}).NetworkInterfaces, [])
  })
}

test('S9: an interface has five groups at most, on creation and later', () => {
  const { call, vpcId, create, modify, interfaceOf } = interfaces()
  const groups = Array.from({ length: 6 }, (_, i) =>
    must(call('CreateSecurityGroup', { VpcId: vpcId, GroupName: `g${i}`, Description: 'a group' }).GroupId),
  )
  refused('SecurityGroupsPerInterfaceLimitExceeded', () => create({ Groups: groups }))
  const id = create({ Groups: groups.slice(0, 5) })
  refused('SecurityGroupsPerInterfaceLimitExceeded', () => modify(id, { Groups: groups }))
  assert.deepEqual(
    interfaceOf(id).Groups?.map((g) => g.GroupId),
    groups.slice(0, 5),
  )
})

test('the groups of an interface that is attached already show on its instance', () => {
  const { call, vpcId, running, primaryOf, modify, see } = interfaces()
  const instanceId = running()
  const group = must(call('CreateSecurityGroup', { VpcId: vpcId, GroupName: 'web', Description: 'web' }).GroupId)
  modify(primaryOf(instanceId), { Groups: [group] })
  assert.deepEqual(see(instanceId).SecurityGroups, [{ GroupId: group, GroupName: 'web' }])
})

const refusedChanges: readonly (readonly [string, Change])[] = [
  ['InvalidParameterCombination', {}],
  ['InvalidParameterCombination', { Groups: [] }],
  ['InvalidGroup.NotFound', { Groups: ['sg-0123456789abcdef0'] }],
  ['MissingParameter', { SourceDestCheck: {} }],
  ['MissingParameter', { Attachment: { DeleteOnTermination: true } }],
  ['InvalidAttachmentID.NotFound', { Attachment: { AttachmentId: 'eni-attach-1', DeleteOnTermination: true } }],
  ['UnsupportedOperation', { EnablePrimaryIpv6: true }],
  ['UnsupportedOperation', { EnaSrdSpecification: { EnaSrdEnabled: true } }],
  ['UnsupportedOperation', { AssociatedSubnetIds: ['subnet-1'] }],
  ['UnsupportedOperation', { Attachment: { EnaQueueCount: 2 } }],
  ['InvalidParameterValue', { Description: { Value: 'x'.repeat(256) } }],
]
for (const [code, change] of refusedChanges)
  test(`a change of ${JSON.stringify(change).slice(0, 70)} is refused with ${code}, and changes nothing`, () => {
    const { create, modify, interfaceOf } = interfaces()
    const id = create()
    const before = interfaceOf(id)
    refused(code, () => modify(id, change))
    assert.deepEqual(interfaceOf(id), before)
  })

test('each attribute is described by its name, and one has to be named', () => {
  const { call, running, primaryOf, modify } = interfaces()
  const id = primaryOf(running())
  modify(id, { Description: { Value: 'mine' } })
  const read = (Attribute?: string) =>
    call('DescribeNetworkInterfaceAttribute', {
      NetworkInterfaceId: id,
      ...(Attribute && { Attribute: Attribute as 'description' }),
    })
  assert.deepEqual(read('description'), { NetworkInterfaceId: id, Description: { Value: 'mine' } })
  assert.equal(read('groupSet').Groups?.[0]?.GroupName, 'default')
  assert.equal(read('attachment').Attachment?.DeviceIndex, 0)
  assert.equal(read('sourceDestCheck').SourceDestCheck?.Value, true)
  assert.equal(read('associatePublicIpAddress').AssociatePublicIpAddress, false)
  refused('InvalidParameterCombination', () => read())
  for (const name of ['colour', 'constructor']) refused('InvalidParameterValue', () => read(name))
})

test('E1: a reset turns the source/destination check on again', () => {
  const { call, create, modify, interfaceOf } = interfaces()
  const id = create()
  modify(id, { SourceDestCheck: { Value: false } })
  assert.equal(interfaceOf(id).SourceDestCheck, false)
  refused('InvalidParameterCombination', () => call('ResetNetworkInterfaceAttribute', { NetworkInterfaceId: id }))
  call('ResetNetworkInterfaceAttribute', { NetworkInterfaceId: id, SourceDestCheck: 'true' })
  assert.equal(interfaceOf(id).SourceDestCheck, true)
})

test('the attachment keeps or takes the interface with the instance, as it is told', () => {
  const { call, create, attach, running, settled, modify, interfaceOf } = interfaces()
  const instanceId = running()
  const id = create()
  const AttachmentId = attach(id, instanceId)
  assert.equal(interfaceOf(id).Attachment?.DeleteOnTermination, false)
  modify(id, { Attachment: { AttachmentId, DeleteOnTermination: true } })
  assert.equal(interfaceOf(id).Attachment?.DeleteOnTermination, true)
  call('TerminateInstances', { InstanceIds: [instanceId] })
  settled()
  refused('InvalidNetworkInterfaceID.NotFound', () => interfaceOf(id))
})

test('a public address can be wished for any interface; the primary one of an instance gets it', () => {
  const { create, running, primaryOf, modify, interfaceOf, see } = interfaces()
  const instanceId = running()
  const other = create()
  modify(other, { AssociatePublicIpAddress: true })
  assert.equal(interfaceOf(other).Association, undefined)
  modify(primaryOf(instanceId), { AssociatePublicIpAddress: true })
  assert.equal(interfaceOf(primaryOf(instanceId)).Association?.IpOwnerId, 'amazon')
  assert.ok(see(instanceId).PublicIpAddress)
  modify(primaryOf(instanceId), { AssociatePublicIpAddress: false })
  assert.equal(see(instanceId).PublicIpAddress, undefined)
})
