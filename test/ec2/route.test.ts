import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { laid } from './routes.ts'
import { refused } from './world.ts'

const ELSEWHERE = '000000000000000ff'

describe('route', () => {
  test('a route to an attached gateway is active', () => {
    const w = laid()
    assert.deepEqual(w.toGateway('0.0.0.0/0'), { Return: true })
    assert.deepEqual(w.routes()[1], {
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: w.gatewayId,
      Origin: 'CreateRoute',
      State: 'active',
    })
    assert.deepEqual(w.fact('0.0.0.0/0'), {
      table: w.RouteTableId,
      prefix: '0.0.0.0/0',
      nextHop: { kind: 'link', interface: `${w.VpcId}/${w.gatewayId}` },
      origin: { resource: w.RouteTableId, rule: '0.0.0.0/0' },
    })
  })

  test('R7, D06: a route to a detached gateway is a blackhole that still takes its packets', () => {
    const w = laid()
    w.toGateway('0.0.0.0/0')
    w.call('DetachInternetGateway', { InternetGatewayId: w.gatewayId, VpcId: w.VpcId })
    assert.equal(w.stateOf('0.0.0.0/0'), 'blackhole')
    assert.deepEqual(w.fact('0.0.0.0/0')?.nextHop, { kind: 'blackhole' })
    assert.equal(w.fact('0.0.0.0/0')?.origin.code, 'BAD_STATE_ROUTE')
    w.call('DeleteInternetGateway', { InternetGatewayId: w.gatewayId })
    assert.equal(w.stateOf('0.0.0.0/0'), 'blackhole')
  })

  test('D24: a route to a gateway that is not attached to this VPC is refused', () => {
    const w = laid()
    const GatewayId = w.call('CreateInternetGateway', {}).InternetGateway?.InternetGatewayId ?? ''
    refused(
      'InvalidParameterValue',
      () => w.call('CreateRoute', { RouteTableId: w.RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId }),
      `route table ${w.RouteTableId} and network gateway ${GatewayId} belong to different networks`,
    )
  })

  test('R11: an unknown gateway is not found', () => {
    const w = laid()
    const GatewayId = `igw-${ELSEWHERE}`
    refused(
      'InvalidGatewayID.NotFound',
      () => w.call('CreateRoute', { RouteTableId: w.RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId }),
      `The gateway ID '${GatewayId}' does not exist`,
    )
  })

  test("R4, D13: more specific than local, a route to an interface has exactly a subnet's block", () => {
    const w = laid()
    for (const destination of ['10.1.1.0/25', '10.1.9.0/24', '10.1.1.7/32'])
      refused('InvalidParameterValue', () => w.toInterface(destination))
    w.toInterface('10.1.1.0/24')
    assert.equal(w.routes()[1]?.NetworkInterfaceId, w.eniId())
  })

  test('P7, D38: no route leads into 169.254.168.0/22, a larger one may cover it', () => {
    const w = laid()
    refused('InvalidParameterValue', () => w.toGateway('169.254.168.0/22'))
    refused('InvalidParameterValue', () => w.toGateway('169.254.169.254/32'))
    w.toGateway('169.254.0.0/16')
    assert.equal(w.stateOf('169.254.0.0/16'), 'active')
  })

  test('R8: a destination stands once in a table', () => {
    const w = laid()
    w.toGateway('0.0.0.0/0')
    refused('RouteAlreadyExists', () => w.toInterface('0.0.0.0/0'), 'The route identified by 0.0.0.0/0 already exists.')
    refused('RouteAlreadyExists', () => w.toInterface('10.1.0.0/16'))
  })

  test('R8: one destination and one target', () => {
    const w = laid()
    const { RouteTableId } = w
    refused(
      'MissingParameter',
      () => w.call('CreateRoute', { RouteTableId, GatewayId: w.gatewayId }),
      'The request must contain the parameter destinationCidrBlock or destinationIpv6CidrBlock',
    )
    refused('MissingParameter', () => w.call('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0' }))
    refused('InvalidParameterCombination', () =>
      w.call('CreateRoute', {
        RouteTableId,
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: w.gatewayId,
        NetworkInterfaceId: w.eniId(),
      }),
    )
    refused('InvalidParameterCombination', () =>
      w.call('CreateRoute', {
        RouteTableId,
        DestinationCidrBlock: '0.0.0.0/0',
        DestinationIpv6CidrBlock: '::/0',
        GatewayId: w.gatewayId,
      }),
    )
    refused(
      'InvalidParameterValue',
      () => w.toGateway('0.0.0.0'),
      'Value (0.0.0.0) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.',
    )
    refused('UnsupportedOperation', () =>
      w.call('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', TransitGatewayId: `tgw-${ELSEWHERE}` }),
    )
  })

  test('R8: a table holds 50 routes', () => {
    const w = laid()
    for (let i = 0; i < 50; i++) w.toGateway(`20.0.${i}.0/24`)
    refused('RouteLimitExceeded', () => w.toGateway('20.1.0.0/24'), 'The maximum number of routes has been reached.')
  })

  test('C2: host bits of a destination are cleared', () => {
    const w = laid()
    w.toGateway('100.68.0.18/18')
    assert.equal(w.routes()[1]?.DestinationCidrBlock, '100.68.0.0/18')
  })

  test('D36: the local route can not be deleted, an unknown one is not found', () => {
    const w = laid()
    const { RouteTableId } = w
    refused(
      'InvalidParameterValue',
      () => w.call('DeleteRoute', { RouteTableId, DestinationCidrBlock: '10.1.0.0/16' }),
      `cannot remove local route 10.1.0.0/16 in route table ${RouteTableId}`,
    )
    refused(
      'InvalidRoute.NotFound',
      () => w.call('DeleteRoute', { RouteTableId, DestinationCidrBlock: '10.2.0.0/16' }),
      `no route with destination-cidr-block 10.2.0.0/16 in route table ${RouteTableId}`,
    )
    w.toGateway('0.0.0.0/0')
    w.call('DeleteRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0' })
    assert.equal(w.routes().length, 1)
  })

  test('a route that is not there can not be replaced', () => {
    const w = laid()
    refused(
      'InvalidParameterValue',
      () =>
        w.call('ReplaceRoute', {
          RouteTableId: w.RouteTableId,
          DestinationCidrBlock: '0.0.0.0/0',
          GatewayId: w.gatewayId,
        }),
      "There is no route defined for '0.0.0.0/0' in the route table. Use CreateRoute instead.",
    )
  })

  test('R2: the local route can lead to an interface, and back', () => {
    const w = laid()
    const { RouteTableId } = w
    const local = { RouteTableId, DestinationCidrBlock: '10.1.0.0/16' }
    w.call('ReplaceRoute', { ...local, NetworkInterfaceId: w.eniId() })
    assert.equal(w.routes().length, 1)
    assert.equal(w.routes()[0]?.NetworkInterfaceId, w.eniId())
    assert.equal(w.routes()[0]?.Origin, 'CreateRouteTable')
    refused('InvalidParameterValue', () => w.call('DeleteRoute', local))
    refused(
      'InvalidParameterValue',
      () => w.call('ReplaceRoute', { ...local, GatewayId: w.gatewayId }),
      /can target only an interface or an instance/,
    )
    w.call('ReplaceRoute', { ...local, LocalTarget: true })
    assert.equal(w.routes()[0]?.GatewayId, 'local')
  })

  test('only a block of the VPC can be local', () => {
    const w = laid()
    w.toGateway('0.0.0.0/0')
    refused('InvalidParameterValue', () =>
      w.call('ReplaceRoute', { RouteTableId: w.RouteTableId, DestinationCidrBlock: '0.0.0.0/0', LocalTarget: true }),
    )
  })

  test('R7: a route to an interface that is attached to nothing, or is deleted, is a blackhole', () => {
    const w = laid()
    w.toInterface('0.0.0.0/0')
    assert.equal(w.stateOf('0.0.0.0/0'), 'blackhole')
    w.call('DeleteNetworkInterface', { NetworkInterfaceId: w.eniId() })
    assert.equal(w.stateOf('0.0.0.0/0'), 'blackhole')
    assert.equal(w.routes()[1]?.NetworkInterfaceId, w.eniId())
  })

  test('R8: an instance is a target by its one interface, active while it lives', () => {
    const w = laid()
    const run = { ImageId: w.call('DescribeImages', {}).Images?.[0]?.ImageId ?? '', MinCount: 1, MaxCount: 1 }
    const instance = w.call('RunInstances', {
      ...run,
      NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: w.eniId() }],
    })
    const InstanceId = instance.Instances?.[0]?.InstanceId ?? ''
    w.call('CreateRoute', { RouteTableId: w.RouteTableId, DestinationCidrBlock: '0.0.0.0/0', InstanceId })
    const shown = w.routes()[1]
    assert.deepEqual([shown?.InstanceId, shown?.NetworkInterfaceId, shown?.State], [InstanceId, w.eniId(), 'active'])
    assert.deepEqual(w.fact('0.0.0.0/0')?.nextHop, { kind: 'interface', interface: w.eniId() })
    w.call('TerminateInstances', { InstanceIds: [InstanceId] })
    assert.equal(w.stateOf('0.0.0.0/0'), 'blackhole')
  })

  test('R8: an instance with two interfaces is no target, one of them is', () => {
    const w = laid()
    const run = { ImageId: w.call('DescribeImages', {}).Images?.[0]?.ImageId ?? '', MinCount: 1, MaxCount: 1 }
    const own = { DeviceIndex: 0, NetworkInterfaceId: w.eniId() }
    const instance = w.call('RunInstances', {
      ...run,
      NetworkInterfaces: [own, { DeviceIndex: 1, SubnetId: w.subnetId }],
    })
    const InstanceId = instance.Instances?.[0]?.InstanceId ?? ''
    refused(
      'InvalidInstanceID',
      () => w.call('CreateRoute', { RouteTableId: w.RouteTableId, DestinationCidrBlock: '0.0.0.0/0', InstanceId }),
      `There are multiple interfaces attached to instance '${InstanceId}'. Please specify an interface ID for the operation instead.`,
    )
    w.toInterface('0.0.0.0/0')
    assert.equal(w.stateOf('0.0.0.0/0'), 'active')
  })

  test("R12: a subnet of the VPC's own table has no way to the internet but by a route to its gateway", () => {
    const w = laid()
    assert.equal(w.fact('0.0.0.0/0'), undefined)
    w.toGateway('0.0.0.0/0')
    assert.deepEqual(w.fact('0.0.0.0/0')?.nextHop, { kind: 'link', interface: `${w.VpcId}/${w.gatewayId}` })
  })

  test('R8: the local routes do not count, whatever their target', () => {
    const w = laid()
    const { RouteTableId } = w
    w.call('ReplaceRoute', { RouteTableId, DestinationCidrBlock: '10.1.0.0/16', NetworkInterfaceId: w.eniId() })
    for (let i = 0; i < 50; i++) w.toGateway(`20.0.${i}.0/24`)
    assert.equal(w.routes().length, 51)
    refused('RouteLimitExceeded', () => w.toGateway('20.1.0.0/24'))
  })

  test('C9: with its block the local route goes, whatever its target, and others stay', () => {
    const w = laid()
    const { RouteTableId, VpcId } = w
    const added = w.call('AssociateVpcCidrBlock', { VpcId, CidrBlock: '10.4.0.0/16' }).CidrBlockAssociation
    w.toGateway('0.0.0.0/0')
    w.call('ReplaceRoute', { RouteTableId, DestinationCidrBlock: '10.4.0.0/16', NetworkInterfaceId: w.eniId() })
    w.call('DisassociateVpcCidrBlock', { AssociationId: added?.AssociationId ?? '' })
    assert.deepEqual(
      w.routes().map((r) => r.DestinationCidrBlock),
      ['10.1.0.0/16', '0.0.0.0/0'],
    )
  })
})
