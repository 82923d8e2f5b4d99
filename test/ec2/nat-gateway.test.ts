/** NAT gateways: their life, their interface and Elastic IP, and what they hold back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { must, place } from './place.ts'
import { refused } from './world.ts'

const SECOND = 1000
const HOUR = 3_600_000
const STRANGER = '0123456789abcdef0'

type Place = ReturnType<typeof place>
const gateways = ({ call }: Place, input: Parameters<typeof call<'DescribeNatGateways'>>[1] = {}) =>
  must(call('DescribeNatGateways', input).NatGateways)
const see = (p: Place, id: string) => must(gateways(p, { NatGatewayIds: [id] })[0])

/** A place with a public gateway that has just been asked for. */
function withGateway() {
  const p = place()
  const allocationId = p.elastic()
  const made = must(p.call('CreateNatGateway', { SubnetId: p.subnetId, AllocationId: allocationId }).NatGateway)
  const id = must(made.NatGatewayId)
  const eni = must(made.NatGatewayAddresses?.[0]?.NetworkInterfaceId)
  const table = must(p.call('CreateRouteTable', { VpcId: p.vpcId }).RouteTable?.RouteTableId)
  const routeState = () =>
    p
      .call('DescribeRouteTables', { RouteTableIds: [table] })
      .RouteTables?.[0]?.Routes?.find((r) => r.DestinationCidrBlock === '0.0.0.0/0')?.State
  const available = () => {
    p.clock.advance(SECOND)
    return see(p, id)
  }
  const end = () => p.call('DeleteNatGateway', { NatGatewayId: id })
  return { ...p, allocationId, made, id, eni, table, routeState, available, end }
}

test('A1: it is pending, available, deleting, deleted, and out of sight after an hour', () => {
  const p = withGateway()
  assert.match(p.id, /^nat-[0-9a-f]{17}$/)
  assert.deepEqual(
    [p.made.State, p.made.SubnetId, p.made.VpcId, p.made.ConnectivityType],
    ['pending', p.subnetId, p.vpcId, 'public'],
  )
  assert.equal(p.available().State, 'available')
  assert.deepEqual(p.end(), { NatGatewayId: p.id })
  assert.equal(see(p, p.id).State, 'deleting')
  assert.deepEqual(p.end(), { NatGatewayId: p.id })
  p.clock.advance(SECOND)
  const deleted = see(p, p.id)
  assert.equal(deleted.State, 'deleted')
  assert.ok(must(deleted.DeleteTime) >= must(deleted.CreateTime))
  assert.equal(deleted.NatGatewayAddresses?.[0]?.AllocationId, p.allocationId)
  refused('NatGatewayNotFound', p.end)
  p.clock.advance(HOUR)
  assert.deepEqual(gateways(p), [])
  refused('NatGatewayNotFound', () => see(p, p.id), `The Nat Gateway ${p.id} was not found`)
  refused('NatGatewayMalformed', () => see(p, 'nat-x'))
})

test('A4: it has an interface of its own in the subnet, with its Elastic IP, that only it manages', () => {
  const p = withGateway()
  const shown = p.interfaceOf(p.eni)
  assert.deepEqual(
    [shown.InterfaceType, shown.Status, shown.SourceDestCheck, shown.RequesterManaged, shown.Groups, shown.Description],
    ['nat_gateway', 'in-use', false, true, [], `Interface for NAT Gateway ${p.id}`],
  )
  const [address] = p.available().NatGatewayAddresses ?? []
  const elastic = p.addressOf(p.allocationId)
  assert.deepEqual(
    [address?.PublicIp, address?.PrivateIp, address?.AssociationId, address?.IsPrimary, address?.Status],
    [elastic.PublicIp, shown.PrivateIpAddress, elastic.AssociationId, true, 'succeeded'],
  )
  assert.equal(shown.Association?.PublicIp, elastic.PublicIp)
  const byGateway = { Filters: [{ Name: 'attachment.nat-gateway-id', Values: [p.id] }] }
  assert.equal(p.call('DescribeNetworkInterfaces', byGateway).NetworkInterfaces?.[0]?.NetworkInterfaceId, p.eni)
  refused('InvalidParameterValue', () => p.call('DeleteNetworkInterface', { NetworkInterfaceId: p.eni }))
  refused('OperationNotPermitted', () =>
    p.call('AssociateAddress', { NetworkInterfaceId: p.eni, AllocationId: p.elastic() }),
  )
})

test('A6: while it is used, its Elastic IP can be neither released nor taken; then it is free', () => {
  const p = withGateway()
  const { AssociationId } = p.addressOf(p.allocationId)
  const words = 'You do not have permission to access the specified resource.'
  refused('AuthFailure', () => p.call('DisassociateAddress', { AssociationId: must(AssociationId) }), words)
  refused('AuthFailure', () => p.call('ReleaseAddress', { AllocationId: p.allocationId }), words)
  const elsewhere = p.running()
  refused('AuthFailure', () =>
    p.call('AssociateAddress', { InstanceId: elsewhere, AllocationId: p.allocationId, AllowReassociation: true }),
  )
  p.end()
  assert.equal(p.addressOf(p.allocationId).AssociationId, undefined)
  p.call('ReleaseAddress', { AllocationId: p.allocationId })
})

test('R7: a route to it works while it is available, and is a blackhole before and after', () => {
  const p = withGateway()
  p.call('CreateRoute', { RouteTableId: p.table, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: p.id })
  assert.equal(p.routeState(), 'blackhole')
  p.available()
  assert.equal(p.routeState(), 'active')
  const hop = compile(p.records).routes.find((r) => r.table === p.table && r.prefix === '0.0.0.0/0')?.nextHop
  assert.deepEqual(hop, { kind: 'interface', interface: p.eni })
  p.end()
  assert.equal(p.routeState(), 'blackhole')
})

test('R4, R11: a route to it is of its own VPC, and may be more specific than local for a whole subnet', () => {
  const p = withGateway()
  p.available()
  const elsewhere = must(p.call('CreateVpc', { CidrBlock: '10.9.0.0/16' }).Vpc?.VpcId)
  const foreign = must(p.call('CreateRouteTable', { VpcId: elsewhere }).RouteTable?.RouteTableId)
  const route = (RouteTableId: string, DestinationCidrBlock: string, NatGatewayId: string) =>
    p.call('CreateRoute', { RouteTableId, DestinationCidrBlock, NatGatewayId })
  refused('InvalidParameterValue', () => route(foreign, '0.0.0.0/0', p.id), /belong to different networks/)
  refused(
    'InvalidNatGatewayID.NotFound',
    () => route(p.table, '0.0.0.0/0', `nat-${STRANGER}`),
    `The natGateway ID 'nat-${STRANGER}' does not exist`,
  )
  refused('InvalidParameterValue', () => route(p.table, '10.0.1.0/25', p.id), /not equal to the CIDR block of a subnet/)
  route(p.table, '10.0.1.0/24', p.id)
  p.end()
  refused('InvalidNatGatewayID.NotFound', () => route(p.table, '0.0.0.0/0', p.id))
})

test('A1: a public one fails in a VPC without internet gateway, and with an Elastic IP that is in use', () => {
  const p = place()
  const inUse = p.elastic()
  p.call('AssociateAddress', { InstanceId: p.running(), AllocationId: inUse })
  const fails = (SubnetId: string, AllocationId: string) => {
    const { NatGatewayId, State } = must(p.call('CreateNatGateway', { SubnetId, AllocationId }).NatGateway)
    assert.equal(State, 'pending')
    assert.equal(see(p, must(NatGatewayId)).FailureCode, undefined)
    p.clock.advance(SECOND)
    return see(p, must(NatGatewayId))
  }
  const taken = fails(p.subnetId, inUse)
  assert.deepEqual(
    [taken.State, taken.FailureCode, taken.FailureMessage],
    ['failed', 'Resource.AlreadyAssociated', `Elastic IP address ${inUse} is already associated`],
  )
  const vpc = must(p.call('CreateVpc', { CidrBlock: '10.9.0.0/16' }).Vpc?.VpcId)
  const subnet = must(p.call('CreateSubnet', { VpcId: vpc, CidrBlock: '10.9.0.0/24' }).Subnet?.SubnetId)
  const free = p.elastic()
  const cut = fails(subnet, free)
  assert.deepEqual(
    [cut.State, cut.FailureCode, cut.FailureMessage],
    ['failed', 'Gateway.NotAttached', `Network ${vpc} has no Internet gateway attached`],
  )
  assert.equal(p.addressOf(free).AssociationId, undefined)
  p.call('DeleteSubnet', { SubnetId: subnet })
  p.call('DeleteVpc', { VpcId: vpc })
  p.clock.advance(HOUR)
  assert.deepEqual(gateways(p), [])
})

test('A2: a private one has no Elastic IP, and takes the address it is given', () => {
  const p = place()
  const create = (more: object) =>
    must(p.call('CreateNatGateway', { SubnetId: p.subnetId, ConnectivityType: 'private', ...more }).NatGateway)
  const made = create({ PrivateIpAddress: '10.0.1.77' })
  const [address] = made.NatGatewayAddresses ?? []
  assert.deepEqual([made.ConnectivityType, address?.PrivateIp, address?.PublicIp], ['private', '10.0.1.77', undefined])
  refused('InvalidIPAddress.InUse', () => create({ PrivateIpAddress: '10.0.1.77' }))
  refused('InvalidParameterValue', () => create({ PrivateIpAddress: '10.0.9.9' }))
  refused('InvalidParameterCombination', () => create({ AllocationId: p.elastic() }))
  assert.equal(gateways(p).length, 1)
})

test('A4: in the network it is a nat node that serves the blocks of its VPC', () => {
  const p = withGateway()
  p.call('AssociateVpcCidrBlock', { VpcId: p.vpcId, CidrBlock: '10.8.0.0/16' })
  p.clock.advance(60_000)
  p.available()
  const { nodes, interfaces, translations } = compile(p.records)
  assert.deepEqual(nodes.get(p.id)?.kind, 'nat')
  assert.deepEqual(nodes.get(p.id)?.serves?.toSorted(), ['10.0.0.0/16', '10.8.0.0/16'])
  const at = must(interfaces.get(p.eni))
  assert.deepEqual([at.node, at.ruleSets, at.sourceDestCheck], [p.id, undefined, false])
  assert.ok(translations.some(({ inside }) => at.addresses.includes(inside)))
  p.end()
  const after = compile(p.records)
  assert.deepEqual([after.nodes.get(p.id), after.interfaces.get(p.eni)], [undefined, undefined])
})

test('it holds back its subnet, its VPC and the internet gateway until it is deleted', () => {
  const p = withGateway()
  const detach = () => p.call('DetachInternetGateway', { InternetGatewayId: p.gatewayId, VpcId: p.vpcId })
  refused('DependencyViolation', detach)
  refused('DependencyViolation', () => p.call('DeleteSubnet', { SubnetId: p.subnetId }))
  p.end()
  refused('DependencyViolation', () => p.call('DeleteSubnet', { SubnetId: p.subnetId }))
  p.clock.advance(SECOND)
  detach()
  p.call('DeleteSubnet', { SubnetId: p.subnetId })
  p.call('DeleteRouteTable', { RouteTableId: p.table })
  p.call('DeleteVpc', { VpcId: p.vpcId })
  assert.equal(see(p, p.id).State, 'deleted')
})

test('one that has failed holds nothing back, also while it is deleted: its VPC may be gone by then', () => {
  const p = place()
  const vpc = must(p.call('CreateVpc', { CidrBlock: '10.9.0.0/16' }).Vpc?.VpcId)
  const subnet = must(p.call('CreateSubnet', { VpcId: vpc, CidrBlock: '10.9.0.0/24' }).Subnet?.SubnetId)
  const made = p.call('CreateNatGateway', { SubnetId: subnet, AllocationId: p.elastic() }).NatGateway
  p.clock.advance(SECOND)
  assert.equal(see(p, must(made?.NatGatewayId)).State, 'failed')
  p.call('DeleteNatGateway', { NatGatewayId: must(made?.NatGatewayId) })
  assert.equal(see(p, must(made?.NatGatewayId)).State, 'deleting')
  p.call('DeleteSubnet', { SubnetId: subnet })
  p.call('DeleteVpc', { VpcId: vpc })
})

test('an Availability Zone has five; deleted and failed ones do not count', () => {
  const p = place()
  const create = () => p.call('CreateNatGateway', { SubnetId: p.subnetId, ConnectivityType: 'private' }).NatGateway
  const [first] = Array.from({ length: 5 }, create)
  const words = 'Performing this operation would exceed the limit of 5 NAT gateways'
  refused('NatGatewayLimitExceeded', create, words)
  p.call('DeleteNatGateway', { NatGatewayId: must(first?.NatGatewayId) })
  refused('NatGatewayLimitExceeded', create, words)
  p.clock.advance(SECOND)
  create()
})

test('what it needs is asked for, and what Isthmus does not do is refused', () => {
  const p = place()
  const create = (more: object) => () => p.call('CreateNatGateway', { SubnetId: p.subnetId, ...more })
  refused('MissingParameter', create({}))
  refused('InvalidSubnetID.NotFound', create({ SubnetId: `subnet-${STRANGER}` }))
  refused(
    'InvalidElasticIpID.NotFound',
    create({ AllocationId: `eipalloc-${STRANGER}` }),
    `The elasticIp ID 'eipalloc-${STRANGER}' does not exist`,
  )
  refused('InvalidAllocationID.Malformed', create({ AllocationId: 'eipalloc-x' }))
  refused('InvalidParameterValue', create({ ConnectivityType: 'both' }))
  refused('InvalidParameterValue', create({ ConnectivityType: 'private', PrivateIpAddress: 'x' }))
  refused('UnsupportedOperation', create({ AvailabilityMode: 'regional', VpcId: p.vpcId }))
  refused('UnsupportedOperation', create({ ConnectivityType: 'private', SecondaryPrivateIpAddressCount: 1 }))
  assert.deepEqual(gateways(p), [])
})

test('they are tagged, found by filters, and come in pages', () => {
  const p = withGateway()
  const Tags = [{ Key: 'Name', Value: 'way out' }]
  const specification = { TagSpecifications: [{ ResourceType: 'natgateway' as const, Tags }] }
  for (let i = 0; i < 4; i++)
    p.call('CreateNatGateway', { SubnetId: p.subnetId, ConnectivityType: 'private', ...specification })
  p.call('CreateNatGateway', {
    SubnetId: must(
      p.call('CreateSubnet', { VpcId: p.vpcId, CidrBlock: '10.0.2.0/24', AvailabilityZone: 'us-east-1b' }).Subnet
        ?.SubnetId,
    ),
    ConnectivityType: 'private',
  })
  p.clock.advance(SECOND)
  p.end()
  const count = (Name: string, Value: string) => gateways(p, { Filter: [{ Name, Values: [Value] }] }).length
  assert.equal(count('tag:Name', 'way*'), 4)
  assert.equal(count('nat-gateway-id', p.id), 1)
  assert.equal(count('state', 'deleting'), 1)
  assert.equal(count('state', 'available'), 5)
  assert.equal(count('subnet-id', p.subnetId), 5)
  assert.equal(count('vpc-id', p.vpcId), 6)
  refused('InvalidParameterValue', () => count('color', 'red'))
  const first = p.call('DescribeNatGateways', { MaxResults: 5 })
  const second = p.call('DescribeNatGateways', { MaxResults: 5, NextToken: must(first.NextToken) })
  assert.deepEqual([first.NatGateways?.length, second.NatGateways?.length, second.NextToken], [5, 1, undefined])
  p.call('CreateTags', { Resources: [p.id], Tags: [{ Key: 'Late', Value: 'yes' }] })
  assert.deepEqual(see(p, p.id).Tags, [{ Key: 'Late', Value: 'yes' }])
  const byType = { Filters: [{ Name: 'resource-type', Values: ['natgateway'] }] }
  assert.equal(p.call('DescribeTags', byType).Tags?.length, 5)
})
