/** What a route may lead to: each parameter of CreateRoute and ReplaceRoute that names a target. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { settle } from '../../src/ec2/instance.ts'
import { elsewhere, laid, targets } from './routes.ts'
import { refused, US } from './world.ts'

const UNKNOWN = '000000000000000ff'

/** Parameter → codes for an id that nobody has, and for a text that is no id. */
const KINDS = [
  {
    parameter: 'GatewayId',
    prefix: 'igw',
    unknown: 'InvalidGatewayID.NotFound',
    malformed: 'InvalidGatewayID.NotFound',
  },
  {
    parameter: 'VpcPeeringConnectionId',
    prefix: 'pcx',
    unknown: 'InvalidVpcPeeringConnectionID.NotFound',
    malformed: 'InvalidVpcPeeringConnectionId.Malformed',
  },
  {
    parameter: 'NetworkInterfaceId',
    prefix: 'eni',
    unknown: 'InvalidNetworkInterfaceID.NotFound',
    malformed: 'InvalidNetworkInterfaceId.Malformed',
  },
  {
    parameter: 'InstanceId',
    prefix: 'i',
    unknown: 'InvalidInstanceID.NotFound',
    malformed: 'InvalidInstanceID.Malformed',
  },
  {
    parameter: 'NatGatewayId',
    prefix: 'nat',
    unknown: 'InvalidNatGatewayID.NotFound',
    malformed: 'NatGatewayMalformed',
  },
  {
    parameter: 'EgressOnlyInternetGatewayId',
    prefix: 'eigw',
    unknown: 'InvalidEgressOnlyInternetGatewayId.NotFound',
    malformed: 'InvalidEgressOnlyInternetGatewayId.Malformed',
  },
] as const

/** Parameters whose targets are not there yet. */
const ABSENT = [
  ['TransitGatewayId', `tgw-${UNKNOWN}`],
  ['VpcEndpointId', `vpce-${UNKNOWN}`],
  ['LocalGatewayId', `lgw-${UNKNOWN}`],
  ['CarrierGatewayId', `cagw-${UNKNOWN}`],
  ['CoreNetworkArn', 'arn:aws:networkmanager::123456789012:core-network/core-network-1'],
  ['OdbNetworkArn', 'arn:aws:odb:us-east-1:123456789012:odb-network/odbnet-1'],
  ['GatewayId', `vgw-${UNKNOWN}`],
  ['GatewayId', `vpce-${UNKNOWN}`],
] as const

describe('target of a route', () => {
  for (const { parameter, prefix, unknown, malformed } of KINDS) {
    test(`R11: ${parameter} that is unknown or malformed is refused, and nothing changes`, () => {
      const w = laid()
      const to = (id: string) => () => w.create({ DestinationCidrBlock: '20.0.0.0/8', [parameter]: id })
      refused(unknown, to(`${prefix}-${UNKNOWN}`))
      refused(malformed, to(`${prefix}-x`))
      assert.equal(w.routes().length, 1)
    })
  }

  for (const [parameter, id] of ABSENT) {
    test(`R8: ${parameter} ${id.slice(0, 8)}... is not there yet, and says so`, () => {
      const w = laid()
      const route = { DestinationCidrBlock: '20.0.0.0/8', [parameter]: id }
      refused('UnsupportedOperation', () => w.create(route))
      w.toGateway('20.0.0.0/8')
      refused('UnsupportedOperation', () => w.call('ReplaceRoute', { RouteTableId: w.RouteTableId, ...route }))
      assert.equal(w.routes()[1]?.GatewayId, w.gatewayId)
    })
  }

  test("R11: an id of another kind is no gateway's", () => {
    const w = laid()
    const GatewayId = `nat-${UNKNOWN}`
    refused(
      'InvalidGatewayID.NotFound',
      () => w.create({ DestinationCidrBlock: '0.0.0.0/0', GatewayId }),
      `The gateway ID '${GatewayId}' does not exist`,
    )
  })

  test('R11: a target of another VPC is refused, and nothing changes', () => {
    const w = laid()
    const other = elsewhere(w)
    const third = w.call('CreateVpc', { CidrBlock: '10.3.0.0/16' }).Vpc?.VpcId ?? ''
    const eni = other.targets.networkInterface()
    const [pcx, nat] = [other.targets.peering(third), other.targets.natGateway()]
    const differ = (what: string) => `route table ${w.RouteTableId} and ${what} belong to different networks`
    const to = (target: object) => () => w.create({ DestinationCidrBlock: '20.0.0.0/8', ...target })
    const cases = [
      [{ GatewayId: other.gatewayId }, `network gateway ${other.gatewayId}`],
      [{ VpcPeeringConnectionId: pcx }, `network gateway ${pcx}`],
      [{ NetworkInterfaceId: eni }, `interface ${eni.replace('eni', 'interface')}`],
      [{ NatGatewayId: nat }, `NAT gateway ${nat}`],
    ] as const
    for (const [target, words] of cases) refused('InvalidParameterValue', to(target), differ(words))
    refused('InvalidParameterValue', to({ InstanceId: other.targets.instance() }), /belong to different networks$/)
    const eigw = other.targets.egressOnly()
    refused(
      'InvalidParameterValue',
      () => w.create({ DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: eigw }),
      differ(`network gateway ${eigw}`),
    )
    assert.equal(w.routes().length, 1)
  })

  test('R6, R8: a route shows its target, its origin and its state', () => {
    const w = laid()
    const made = targets(w)
    const pcx = made.peering(elsewhere(w).VpcId)
    const [nat, InstanceId] = [made.natGateway(), made.instance()]
    w.create({ DestinationCidrBlock: '20.0.0.0/8', GatewayId: w.gatewayId })
    w.create({ DestinationCidrBlock: '10.2.0.0/16', VpcPeeringConnectionId: pcx })
    w.create({ DestinationCidrBlock: '21.0.0.0/8', NatGatewayId: nat })
    w.create({ DestinationCidrBlock: '22.0.0.0/8', InstanceId })
    const shown = w.routes().map(({ InstanceOwnerId, NetworkInterfaceId, ...route }) => Object.values(route))
    assert.deepEqual(shown, [
      ['10.1.0.0/16', 'local', 'CreateRouteTable', 'active'],
      ['20.0.0.0/8', w.gatewayId, 'CreateRoute', 'active'],
      ['10.2.0.0/16', pcx, 'CreateRoute', 'active'],
      ['21.0.0.0/8', nat, 'CreateRoute', 'active'],
      ['22.0.0.0/8', InstanceId, 'CreateRoute', 'active'],
    ])
    assert.equal(w.routes()[4]?.InstanceOwnerId, '123456789012')
  })

  test('R8: a target is replaced by each other kind', () => {
    const w = laid()
    const made = targets(w)
    const to = (target: object) =>
      w.call('ReplaceRoute', { RouteTableId: w.RouteTableId, DestinationCidrBlock: '20.0.0.0/8', ...target })
    w.toGateway('20.0.0.0/8')
    const kinds = {
      NetworkInterfaceId: w.eniId(),
      NatGatewayId: made.natGateway(),
      VpcPeeringConnectionId: made.peering(elsewhere(w).VpcId),
      GatewayId: w.gatewayId,
    }
    for (const [parameter, id] of Object.entries(kinds)) {
      to({ [parameter]: id })
      const [, route] = w.routes()
      const named = Object.keys(kinds).filter((name) => route?.[name as keyof typeof route] !== undefined)
      assert.deepEqual([named, w.routes().length], [[parameter], 2])
      assert.equal(route?.[parameter as keyof typeof kinds], id)
    }
  })

  test('R8: an instance that has ended is no target', () => {
    const w = laid()
    const InstanceId = targets(w).instance()
    w.call('TerminateInstances', { InstanceIds: [InstanceId] })
    w.transaction(US, (context) => settle(context, () => true))
    refused('InvalidInstanceID', () => w.create({ DestinationCidrBlock: '20.0.0.0/8', InstanceId }))
  })

  test('R2: the local target stands alone in a call', () => {
    const w = laid()
    const local = { RouteTableId: w.RouteTableId, DestinationCidrBlock: '10.1.0.0/16', LocalTarget: true }
    refused('InvalidParameterCombination', () => w.call('ReplaceRoute', { ...local, NetworkInterfaceId: w.eniId() }))
    refused('MissingParameter', () => w.call('ReplaceRoute', { ...local, LocalTarget: false }))
    w.call('ReplaceRoute', local)
    assert.equal(w.routes()[0]?.GatewayId, 'local')
  })
})
