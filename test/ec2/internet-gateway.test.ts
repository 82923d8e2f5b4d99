import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { refused, world } from './world.ts'

function laid() {
  const w = world()
  const vpcId = (CidrBlock: string) => w.call('CreateVpc', { CidrBlock }).Vpc?.VpcId ?? ''
  const gatewayId = () => w.call('CreateInternetGateway', {}).InternetGateway?.InternetGatewayId ?? ''
  return { ...w, vpcId, gatewayId, VpcId: vpcId('10.1.0.0/16'), InternetGatewayId: gatewayId() }
}

describe('internet gateway', () => {
  test('a gateway is attached, shown, detached and deleted', () => {
    const { call, VpcId, InternetGatewayId } = laid()
    call('AttachInternetGateway', { VpcId, InternetGatewayId })
    const found = () =>
      call('DescribeInternetGateways', { Filters: [{ Name: 'attachment.vpc-id', Values: [VpcId] }] }).InternetGateways
    assert.deepEqual(found()?.[0]?.Attachments, [{ VpcId, State: 'available' }])
    call('DetachInternetGateway', { VpcId, InternetGatewayId })
    assert.deepEqual(found(), [])
    call('DeleteInternetGateway', { InternetGatewayId })
    refused(
      'InvalidInternetGatewayID.NotFound',
      () => call('DescribeInternetGateways', { InternetGatewayIds: [InternetGatewayId] }),
      `The internetGateway ID '${InternetGatewayId}' does not exist`,
    )
  })

  test('G3: one VPC per gateway and one gateway per VPC', () => {
    const { call, VpcId, InternetGatewayId, vpcId, gatewayId } = laid()
    call('AttachInternetGateway', { VpcId, InternetGatewayId })
    refused(
      'Resource.AlreadyAssociated',
      () => call('AttachInternetGateway', { VpcId: vpcId('10.2.0.0/16'), InternetGatewayId }),
      `resource ${InternetGatewayId} is already attached to network ${VpcId}`,
    )
    refused(
      'InvalidParameterValue',
      () => call('AttachInternetGateway', { VpcId, InternetGatewayId: gatewayId() }),
      `Network ${VpcId} already has an internet gateway attached`,
    )
  })

  test('G3: a gateway is detached from its own VPC only', () => {
    const { call, VpcId, InternetGatewayId } = laid()
    refused(
      'Gateway.NotAttached',
      () => call('DetachInternetGateway', { VpcId, InternetGatewayId }),
      `resource ${InternetGatewayId} is not attached to network ${VpcId}`,
    )
  })

  test('G3, D24: a gateway with mapped public addresses is not detached', () => {
    const { call, VpcId, InternetGatewayId } = laid()
    call('AttachInternetGateway', { VpcId, InternetGatewayId })
    const SubnetId = call('CreateSubnet', { VpcId, CidrBlock: '10.1.1.0/24' }).Subnet?.SubnetId ?? ''
    const NetworkInterfaceId = call('CreateNetworkInterface', { SubnetId }).NetworkInterface?.NetworkInterfaceId ?? ''
    const { AllocationId = '' } = call('AllocateAddress', {})
    const { AssociationId = '' } = call('AssociateAddress', { AllocationId, NetworkInterfaceId })
    refused(
      'DependencyViolation',
      () => call('DetachInternetGateway', { VpcId, InternetGatewayId }),
      `Network ${VpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    )
    call('DisassociateAddress', { AssociationId })
    call('DetachInternetGateway', { VpcId, InternetGatewayId })
  })

  test('neither an attached gateway nor its VPC can be deleted', () => {
    const { call, VpcId, InternetGatewayId } = laid()
    call('AttachInternetGateway', { VpcId, InternetGatewayId })
    refused(
      'DependencyViolation',
      () => call('DeleteInternetGateway', { InternetGatewayId }),
      `The internetGateway '${InternetGatewayId}' has dependencies and cannot be deleted.`,
    )
    refused('DependencyViolation', () => call('DeleteVpc', { VpcId }))
  })

  test('an account has five gateways in a Region', () => {
    const { gatewayId } = laid()
    for (let i = 0; i < 4; i++) gatewayId()
    refused('InternetGatewayLimitExceeded', gatewayId, 'The maximum number of internet gateways has been reached.')
  })

  test("X6, G11: what arrives over the uplink is routed by the VPC's own blocks alone", () => {
    const { call, records, VpcId, InternetGatewayId } = laid()
    assert.equal(compile(records).segments.has(InternetGatewayId), false)
    call('AttachInternetGateway', { VpcId, InternetGatewayId })
    const network = compile(records)
    const edge = `${VpcId}/${InternetGatewayId}`
    assert.equal(network.segments.get(InternetGatewayId)?.mtu, 1500)
    assert.equal(network.interfaces.get(edge)?.table, edge)
    assert.equal(network.interfaces.get(`internet/${InternetGatewayId}`)?.node, 'internet')
    assert.equal(network.tables.get(edge)?.origin.code, 'IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS')
    assert.deepEqual(
      network.routes.filter((r) => r.table === edge).map((r) => [r.prefix, r.nextHop]),
      [['10.1.0.0/16', { kind: 'connected' }]],
    )
  })
})
