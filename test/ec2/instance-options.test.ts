/** Options of an instance that have calls of their own: metadata, private names, monitoring, what can be reset. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicParameter } from '../../src/ec2/image.ts'
import { must, place } from './place.ts'
import { refused } from './world.ts'

test('metadata options are those of the image, of the launch, and of a later change', () => {
  const { call, running, see, imageId } = place()
  assert.equal(call('DescribeImages', { ImageIds: [imageId] }).Images?.[0]?.ImdsSupport, 'v2.0')
  const id = running({ MetadataOptions: { InstanceMetadataTags: 'enabled' } })
  const before = {
    State: 'applied',
    HttpTokens: 'required',
    HttpPutResponseHopLimit: 2,
    HttpEndpoint: 'enabled',
    HttpProtocolIpv6: 'disabled',
    InstanceMetadataTags: 'enabled',
  }
  assert.deepEqual(see(id).MetadataOptions, before)
  const change = { InstanceId: id, HttpTokens: 'optional', HttpPutResponseHopLimit: 5 } as const
  const after = { ...before, HttpTokens: 'optional', HttpPutResponseHopLimit: 5 }
  assert.deepEqual(call('ModifyInstanceMetadataOptions', change).InstanceMetadataOptions, {
    ...after,
    State: 'pending',
  })
  assert.deepEqual(see(id).MetadataOptions, after)
})

test('metadata options are refused: none, a hop limit out of 1 to 64, IPv6, of a terminated instance', () => {
  const { call, running, run } = place()
  const id = running()
  const modify = (more: object) => call('ModifyInstanceMetadataOptions', { InstanceId: id, ...more })
  refused('MissingParameter', () => modify({}))
  refused('InvalidParameterValue', () => modify({ HttpPutResponseHopLimit: 65 }))
  refused('InvalidParameterValue', () => run({ MetadataOptions: { HttpPutResponseHopLimit: 0 } }))
  refused('UnsupportedOperation', () => modify({ HttpProtocolIpv6: 'enabled' }))
  call('TerminateInstances', { InstanceIds: [id] })
  refused('IncorrectInstanceState', () => modify({ HttpTokens: 'optional' }))
  assert.deepEqual(call('GetInstanceMetadataDefaults', {}), { AccountLevel: {} })
})

test('a private name is of the address or of the id, as the subnet or the launch says; it changes while stopped', () => {
  const { call, running, see, settled } = place()
  const id = running({ PrivateDnsNameOptions: { HostnameType: 'resource-name', EnableResourceNameDnsARecord: true } })
  assert.equal(see(id).PrivateDnsName, `${id}.ec2.internal`)
  assert.deepEqual(see(id).PrivateDnsNameOptions, {
    HostnameType: 'resource-name',
    EnableResourceNameDnsARecord: true,
    EnableResourceNameDnsAAAARecord: false,
  })
  const modify = (more: object) => call('ModifyPrivateDnsNameOptions', { InstanceId: id, ...more })
  refused('IncorrectInstanceState', () => modify({ PrivateDnsHostnameType: 'ip-name' }))
  modify({ EnableResourceNameDnsARecord: false })
  assert.equal(see(id).PrivateDnsNameOptions?.EnableResourceNameDnsARecord, false)
  call('StopInstances', { InstanceIds: [id] })
  settled()
  modify({ PrivateDnsHostnameType: 'ip-name' })
  assert.match(must(see(id).PrivateDnsName), /^ip-10-0-1-\d+\.ec2\.internal$/)
  refused('UnsupportedOperation', () => modify({ EnableResourceNameDnsAAAARecord: true }))
  refused('MissingParameter', () => modify({}))
})

test('monitoring is on its way, and then is so', () => {
  const { call, running, see } = place()
  const id = running()
  const asked = (action: 'MonitorInstances' | 'UnmonitorInstances') =>
    call(action, { InstanceIds: [id] }).InstanceMonitorings?.map((m) => [m.InstanceId, m.Monitoring?.State])
  assert.deepEqual(asked('MonitorInstances'), [[id, 'pending']])
  assert.deepEqual(see(id).Monitoring, { State: 'enabled' })
  assert.deepEqual(asked('MonitorInstances'), [[id, 'enabled']])
  assert.deepEqual(asked('UnmonitorInstances'), [[id, 'disabling']])
  assert.deepEqual(see(id).Monitoring, { State: 'disabled' })
})

test('E1: a reset turns the source/destination check on again; no other attribute can be reset', () => {
  const { call, running, see } = place()
  const id = running()
  call('ModifyInstanceAttribute', { InstanceId: id, SourceDestCheck: { Value: false } })
  call('ResetInstanceAttribute', { InstanceId: id, Attribute: 'sourceDestCheck' })
  assert.equal(see(id).SourceDestCheck, true)
  refused('UnsupportedOperation', () => call('ResetInstanceAttribute', { InstanceId: id, Attribute: 'kernel' }))
  refused('InvalidParameterValue', () => call('ResetInstanceAttribute', { InstanceId: id, Attribute: 'userData' }))
})

test('a launch takes an image by the SSM parameter that holds it', () => {
  const { run } = place()
  const name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64'
  const expected = publicParameter(name, 'us-east-1')?.value
  assert.equal(run({ ImageId: `resolve:ssm:${name}` })[0]?.ImageId, expected)
  assert.equal(run({ ImageId: `resolve:ssm:${name}:1` })[0]?.ImageId, expected)
  refused('InvalidParameterValue', () => run({ ImageId: 'resolve:ssm:/none' }), /'\/none'/)
})
