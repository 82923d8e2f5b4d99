import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { refused, US, world } from './world.ts'

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

  test('G3: wrong calls are refused, and change nothing', () => {
    const { call, VpcId, InternetGatewayId } = laid()
    const attach = (more: object) => () => call('AttachInternetGateway', { VpcId, InternetGatewayId, ...more })
    const detach = (more: object) => () => call('DetachInternetGateway', { VpcId, InternetGatewayId, ...more })
    for (const work of [attach, detach]) {
      const unknown = 'igw-000000000000000ff'
      refused('InvalidInternetGatewayID.NotFound', work({ InternetGatewayId: unknown }))
      refused('InvalidInternetGatewayId.Malformed', work({ InternetGatewayId: 'igw-x' }))
      refused('InvalidVpcID.NotFound', work({ VpcId: 'vpc-000000000000000ff' }))
      refused('InvalidVpcID.Malformed', work({ VpcId: 'vpc-x' }))
    }
    const shown = () => call('DescribeInternetGateways', {}).InternetGateways?.map((g) => g.Attachments)
    assert.deepEqual(shown(), [[]])
    attach({})()
    refused('Resource.AlreadyAssociated', attach({}))
    assert.deepEqual(shown(), [[{ VpcId, State: 'available' }]])
  })

  test('a gateway has the tags of its call and the account of its caller', () => {
    const { call } = laid()
    const Tags = [{ Key: 'Name', Value: 'edge' }]
    const made = call('CreateInternetGateway', { TagSpecifications: [{ ResourceType: 'internet-gateway', Tags }] })
    assert.deepEqual(made.InternetGateway?.Tags, Tags)
    assert.deepEqual([made.InternetGateway?.OwnerId, made.InternetGateway?.Attachments], [US.account, []])
    const wrong = [{ ResourceType: 'vpc' as const, Tags }]
    refused('InvalidParameterValue', () => call('CreateInternetGateway', { TagSpecifications: wrong }))
  })

  test('each documented filter finds the one and not the other', () => {
    const { call, VpcId, InternetGatewayId, gatewayId } = laid()
    gatewayId()
    call('AttachInternetGateway', { VpcId, InternetGatewayId })
    call('CreateTags', { Resources: [InternetGatewayId], Tags: [{ Key: 'Name', Value: 'one' }] })
    const found = (Name: string, value: string) =>
      call('DescribeInternetGateways', { Filters: [{ Name, Values: [value] }] }).InternetGateways?.map(
        (g) => g.InternetGatewayId,
      )
    const rows = [
      ['attachment.state', 'available', 'attached'],
      ['attachment.vpc-id', VpcId, 'vpc-000000000000000ff'],
      ['internet-gateway-id', InternetGatewayId, 'igw-000000000000000ff'],
      ['tag:Name', 'one', 'two'],
      ['tag-key', 'Name', 'Role'],
    ] as const
    for (const [name, finds, not] of rows)
      assert.deepEqual([found(name, finds), found(name, not)], [[InternetGatewayId], []], name)
    assert.deepEqual([found('owner-id', US.account)?.length, found('owner-id', '210987654321')?.length], [2, 0])
    refused('InvalidParameterValue', () => found('attachment.id', 'x'), "The filter 'attachment.id' is invalid")
  })

  test('all are read page by page, 5 to 1,000 on each', () => {
    const { call, records, InternetGatewayId } = laid()
    const made = Array.from({ length: 11 }, (_, i) => {
      // Put there by hand: the quota is 5.
      const id = `igw-1000000000000${String(i).padStart(4, '0')}`
      const record = { ...(records.get('internet-gateway', InternetGatewayId) as object), id }
      records.accept([{ type: 'internet-gateway', id, record: record as never }])
      return id
    })
    const seen: (string | undefined)[] = []
    let NextToken: string | undefined
    do {
      const page = call('DescribeInternetGateways', { MaxResults: 5, ...(NextToken && { NextToken }) })
      seen.push(...(page.InternetGateways ?? []).map((g) => g.InternetGatewayId))
      NextToken = page.NextToken
    } while (NextToken)
    assert.deepEqual(seen, [InternetGatewayId, ...made])
    for (const MaxResults of [4, 1001])
      refused('InvalidParameterValue', () => call('DescribeInternetGateways', { MaxResults }))
  })

  test('1.12: an account has five gateways in a Region, and five in the next', () => {
    const { call, gatewayId } = laid()
    for (let i = 0; i < 4; i++) gatewayId()
    refused('InternetGatewayLimitExceeded', gatewayId, 'The maximum number of internet gateways has been reached.')
    call('CreateInternetGateway', {}, { ...US, region: 'eu-west-1' })
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
