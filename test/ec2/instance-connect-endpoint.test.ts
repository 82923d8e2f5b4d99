/** EC2 Instance Connect Endpoints: their life, their interface, and what they hold back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { ip } from '../../src/ip/address.ts'
import { answered, stopOf } from '../../src/network/flow.ts'
import { must, place } from './place.ts'
import { refused } from './world.ts'

function withEndpoint() {
  const p = place()
  const { call, clock } = p
  const made = must(call('CreateInstanceConnectEndpoint', { SubnetId: p.subnetId }).InstanceConnectEndpoint)
  const id = must(made.InstanceConnectEndpointId)
  const eni = must(made.NetworkInterfaceIds?.[0])
  const describe = () =>
    must(call('DescribeInstanceConnectEndpoints', { InstanceConnectEndpointIds: [id] }).InstanceConnectEndpoints?.[0])
  const complete = () => {
    clock.advance(1000)
    return describe()
  }
  const end = () => call('DeleteInstanceConnectEndpoint', { InstanceConnectEndpointId: id }).InstanceConnectEndpoint
  return { ...p, made, id, eni, describe, complete, end }
}

test('I7: an endpoint is made, is complete, is deleted and is gone', () => {
  const { call, clock, complete, end, id, made, subnetId, vpcId } = withEndpoint()
  assert.match(id, /^eice-[0-9a-f]{17}$/)
  assert.deepEqual([made.State, made.SubnetId, made.VpcId], ['create-in-progress', subnetId, vpcId])
  assert.deepEqual([made.PreserveClientIp, made.IpAddressType], [false, 'ipv4'])
  refused('IncorrectState', end)
  assert.equal(complete().State, 'create-complete')
  assert.equal(end()?.State, 'delete-in-progress')
  clock.advance(1000)
  assert.deepEqual(call('DescribeInstanceConnectEndpoints', {}).InstanceConnectEndpoints, [])
  refused('InvalidInstanceConnectEndpointId.NotFound', end)
  refused('InvalidInstanceConnectEndpointId.Malformed', () =>
    call('DeleteInstanceConnectEndpoint', { InstanceConnectEndpointId: 'eice-x' }),
  )
})

test("I7: it has an interface in its subnet, in the VPC's default group unless others are named", () => {
  const { call, eni, interfaceOf, subnetId, complete, vpcId } = withEndpoint()
  const seen = interfaceOf(eni)
  assert.deepEqual(
    [seen.InterfaceType, seen.RequesterManaged, seen.Status, seen.SubnetId],
    ['ec2_instance_connect_endpoint', true, 'in-use', subnetId],
  )
  assert.deepEqual(
    seen.Groups?.map((g) => g.GroupName),
    ['default'],
  )
  const groupId = must(call('CreateSecurityGroup', { VpcId: vpcId, GroupName: 'eice', Description: 'd' }).GroupId)
  const { InstanceConnectEndpointId } = complete()
  call('ModifyInstanceConnectEndpoint', {
    InstanceConnectEndpointId: must(InstanceConnectEndpointId),
    SecurityGroupIds: [groupId],
  })
  assert.deepEqual(
    interfaceOf(eni).Groups?.map((g) => g.GroupId),
    [groupId],
  )
  assert.deepEqual([complete().State, complete().SecurityGroupIds], ['update-complete', [groupId]])
})

test('I7: in the network it is a host of its own, with its interface and groups, until it is deleted', () => {
  const { id, eni, records, complete, end, interfaceOf } = withEndpoint()
  const host = compile(records).interfaces.get(eni)
  const { PrivateIpAddress, Groups } = interfaceOf(eni)
  assert.equal(compile(records).nodes.get(id)?.kind, 'host')
  assert.deepEqual([host?.node, host?.addresses, host?.deviceIndex], [id, [PrivateIpAddress], 0])
  const group = must(Groups?.[0]?.GroupId)
  assert.ok(
    compile(records)
      .addressSets.get(group)
      ?.addresses.some((a) => a === PrivateIpAddress),
  )
  complete()
  end()
  assert.equal(compile(records).nodes.get(id), undefined)
  assert.equal(compile(records).interfaces.get(eni), undefined)
})

test("I7: what it starts needs its group's egress and the instance's ingress from that group", async () => {
  const p = withEndpoint()
  const { call, id, eni, interfaceOf, records, running, see, vpcId } = p
  const groupOf = (name: string) =>
    must(call('CreateSecurityGroup', { VpcId: vpcId, GroupName: name, Description: 'd' }).GroupId)
  const [own, theirs] = [groupOf('endpoint'), groupOf('instance')]
  const instance = running({ SecurityGroupIds: [theirs] })
  p.complete()
  call('ModifyInstanceConnectEndpoint', { InstanceConnectEndpointId: id, SecurityGroupIds: [own] })
  const engine = simulator()
  /** What stops a connection from the endpoint to the instance's port 22; nothing where it is answered. */
  const stopped = async () => {
    await engine.apply(compile(records), 1)
    const [source, destination] = [interfaceOf(eni).PrivateIpAddress, see(instance).PrivateIpAddress].map((a) =>
      ip(must(a)),
    )
    const flow = {
      protocol: 6,
      source: must(source),
      destination: must(destination),
      sourcePort: 40_000,
      destinationPort: 22,
    }
    const trace = await engine.probe(flow, id)
    return answered(trace) ? undefined : stopOf(trace.request)?.origin.resource
  }
  assert.equal(await stopped(), theirs)
  const UserIdGroupPairs = [{ GroupId: own }]
  call('AuthorizeSecurityGroupIngress', {
    GroupId: theirs,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs }],
  })
  assert.equal(await stopped(), undefined)
  const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]
  call('RevokeSecurityGroupEgress', { GroupId: own, IpPermissions })
  assert.equal(await stopped(), own)
})

test('I7: nobody else manages its interface', () => {
  const { call, eni, running, elastic, subnetId } = withEndpoint()
  const instance = running()
  const AllocationId = elastic()
  refused('InvalidParameterValue', () => call('DeleteNetworkInterface', { NetworkInterfaceId: eni }))
  for (const work of [
    () => call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: eni, SourceDestCheck: { Value: false } }),
    () => call('AssignPrivateIpAddresses', { NetworkInterfaceId: eni, SecondaryPrivateIpAddressCount: 1 }),
    () => call('UnassignPrivateIpAddresses', { NetworkInterfaceId: eni, PrivateIpAddresses: ['10.0.1.9'] }),
    () => call('AttachNetworkInterface', { NetworkInterfaceId: eni, InstanceId: instance, DeviceIndex: 1 }),
    () => call('AssociateAddress', { NetworkInterfaceId: eni, AllocationId }),
  ])
    refused('OperationNotPermitted', work)
  refused('InvalidNetworkInterface.InUse', () =>
    call('RunInstances', {
      ImageId: must(call('DescribeImages', {}).Images?.[0]?.ImageId),
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: eni }],
    }),
  )
  assert.equal(call('DescribeSubnets', { SubnetIds: [subnetId] }).Subnets?.[0]?.AvailableIpAddressCount, 249)
})

test('I7: it holds its subnet, VPC and groups back until it is gone', () => {
  const { call, clock, complete, end, subnetId, vpcId, gatewayId } = withEndpoint()
  call('DetachInternetGateway', { InternetGatewayId: gatewayId, VpcId: vpcId })
  const deleteSubnet = () => call('DeleteSubnet', { SubnetId: subnetId })
  refused('DependencyViolation', deleteSubnet)
  complete()
  end()
  refused('DependencyViolation', deleteSubnet)
  refused('DependencyViolation', () => call('DeleteVpc', { VpcId: vpcId }))
  clock.advance(1000)
  deleteSubnet()
  call('DeleteVpc', { VpcId: vpcId })
})

test('I7: a VPC has one endpoint', () => {
  const { call, vpcId, clock, complete, end } = withEndpoint()
  const other = must(call('CreateSubnet', { VpcId: vpcId, CidrBlock: '10.0.2.0/24' }).Subnet?.SubnetId)
  const create = () => call('CreateInstanceConnectEndpoint', { SubnetId: other })
  refused('InstanceConnectEndpointLimitExceeded', create)
  complete()
  end()
  clock.advance(1000)
  create()
})

test('what an endpoint can not do is said', () => {
  const { call, subnetId } = place()
  const create = (more: object) => call('CreateInstanceConnectEndpoint', { SubnetId: subnetId, ...more })
  refused('UnsupportedOperation', () => create({ PreserveClientIp: true }), /set PreserveClientIp to false/)
  refused('UnsupportedOperation', () => create({ IpAddressType: 'dualstack' }))
  refused('InvalidSubnetID.NotFound', () => create({ SubnetId: 'subnet-0123456789abcdef0' }))
  refused('InvalidGroup.NotFound', () => create({ SecurityGroupIds: ['sg-0123456789abcdef0'] }))
  assert.deepEqual(call('DescribeInstanceConnectEndpoints', {}).InstanceConnectEndpoints, [])
})

test('endpoints are tagged and found by tag, subnet, VPC and state', () => {
  const p = place()
  const Tags = [{ Key: 'Name', Value: 'way in' }]
  p.call('CreateInstanceConnectEndpoint', {
    SubnetId: p.subnetId,
    TagSpecifications: [{ ResourceType: 'instance-connect-endpoint', Tags }],
  })
  const count = (Name: string, Value: string) =>
    p.call('DescribeInstanceConnectEndpoints', { Filters: [{ Name, Values: [Value] }] }).InstanceConnectEndpoints
      ?.length
  for (const [name, value] of [
    ['tag:Name', 'way*'],
    ['subnet-id', p.subnetId],
    ['vpc-id', p.vpcId],
    ['state', 'create-in-progress'],
  ] as const)
    assert.deepEqual([count(name, value), count(name, 'other')], [1, 0])
})
