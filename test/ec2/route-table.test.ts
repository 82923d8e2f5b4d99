import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { refused, US, world } from './world.ts'

/** A VPC with its main table and two subnets. */
function laid() {
  const w = world()
  const VpcId = w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }).Vpc?.VpcId ?? ''
  const subnetId = (CidrBlock: string) => w.call('CreateSubnet', { VpcId, CidrBlock }).Subnet?.SubnetId ?? ''
  const tables = () =>
    w.call('DescribeRouteTables', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }).RouteTables ?? []
  const main = tables()[0]
  return {
    ...w,
    VpcId,
    tables,
    mainId: main?.RouteTableId ?? '',
    mainAssociation: main?.Associations?.[0]?.RouteTableAssociationId ?? '',
    one: subnetId('10.1.1.0/24'),
    two: subnetId('10.1.2.0/24'),
    create: () => w.call('CreateRouteTable', { VpcId }).RouteTable?.RouteTableId ?? '',
    /** The table that routes what leaves the subnet. */
    inEffect: (subnetId: string) => compile(w.records).interfaces.get(`${VpcId}/${subnetId}`)?.table,
  }
}

describe('route table', () => {
  test('R1: a VPC has one main table, which its subnets use', () => {
    const w = laid()
    assert.equal(w.tables().length, 1)
    assert.deepEqual(w.tables()[0]?.Associations, [
      {
        RouteTableAssociationId: w.mainAssociation,
        RouteTableId: w.mainId,
        Main: true,
        AssociationState: { State: 'associated' },
      },
    ])
    assert.equal(w.inEffect(w.one), w.mainId)
  })

  test('R2: a new table has the local route', () => {
    const w = laid()
    const table = w.call('CreateRouteTable', { VpcId: w.VpcId }).RouteTable
    assert.deepEqual(table?.Routes, [
      { DestinationCidrBlock: '10.1.0.0/16', GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
    ])
    assert.deepEqual(table?.Associations, [])
  })

  test('R1: a subnet has one explicit association at most', () => {
    const w = laid()
    const RouteTableId = w.create()
    const { AssociationState } = w.call('AssociateRouteTable', { RouteTableId, SubnetId: w.one })
    assert.deepEqual(AssociationState, { State: 'associated' })
    assert.equal(w.inEffect(w.one), RouteTableId)
    const other = w.create()
    refused(
      'Resource.AlreadyAssociated',
      () => w.call('AssociateRouteTable', { RouteTableId: other, SubnetId: w.one }),
      `the specified association for route table ${other} conflicts with an existing association`,
    )
  })

  test('a table serves subnets of its own VPC only', () => {
    const w = laid()
    const VpcId = w.call('CreateVpc', { CidrBlock: '10.2.0.0/16' }).Vpc?.VpcId ?? ''
    const RouteTableId = w.call('CreateRouteTable', { VpcId }).RouteTable?.RouteTableId ?? ''
    refused(
      'InvalidParameterValue',
      () => w.call('AssociateRouteTable', { RouteTableId, SubnetId: w.one }),
      `Route table ${RouteTableId} and subnet ${w.one} belong to different networks`,
    )
  })

  test('R1: to associate a subnet with the table it has is no change', () => {
    const w = laid()
    const RouteTableId = w.create()
    const { AssociationId } = w.call('AssociateRouteTable', { RouteTableId, SubnetId: w.one })
    assert.equal(w.call('AssociateRouteTable', { RouteTableId, SubnetId: w.one }).AssociationId, AssociationId)
    assert.equal(w.tables().find((t) => t.RouteTableId === RouteTableId)?.Associations?.length, 1)
  })

  test('R1: a call names one subnet or gateway, and what it names is there', () => {
    const w = laid()
    const RouteTableId = w.create()
    const associate = (more: object) => () => w.call('AssociateRouteTable', { RouteTableId, ...more })
    refused('MissingParameter', associate({}))
    refused('InvalidParameterCombination', associate({ SubnetId: w.one, GatewayId: 'igw-000000000000000ff' }))
    refused('UnsupportedOperation', associate({ PublicIpv4Pool: 'ipv4pool-ec2-1' }))
    refused('InvalidSubnetID.NotFound', associate({ SubnetId: 'subnet-000000000000000ff' }))
    refused('InvalidRouteTableID.NotFound', associate({ RouteTableId: 'rtb-000000000000000ff', SubnetId: w.one }))
    refused('InvalidRouteTableId.Malformed', associate({ RouteTableId: 'rtb-x', SubnetId: w.one }))
    const AssociationId = w.call('AssociateRouteTable', { RouteTableId, SubnetId: w.one }).AssociationId ?? ''
    const foreign = { ...US, account: '210987654321' }
    refused('InvalidAssociationID.NotFound', () => w.call('DisassociateRouteTable', { AssociationId }, foreign))
    const VpcId = w.call('CreateVpc', { CidrBlock: '10.2.0.0/16' }).Vpc?.VpcId ?? ''
    const other = w.call('CreateRouteTable', { VpcId }).RouteTable?.RouteTableId ?? ''
    refused(
      'InvalidParameterValue',
      () => w.call('ReplaceRouteTableAssociation', { AssociationId, RouteTableId: other }),
      `Route table ${other} and route table ${RouteTableId} belong to different networks`,
    )
    assert.equal(w.inEffect(w.one), RouteTableId)
  })

  test('an association can be found by its id, moved, and dissolved', () => {
    const w = laid()
    const [first, second] = [w.create(), w.create()]
    const { AssociationId = '' } = w.call('AssociateRouteTable', { RouteTableId: first, SubnetId: w.one })
    const byAssociation = (id: string) =>
      w.call('DescribeRouteTables', { Filters: [{ Name: 'association.route-table-association-id', Values: [id] }] })
        .RouteTables
    assert.equal(byAssociation(AssociationId)?.[0]?.RouteTableId, first)
    const { NewAssociationId = '' } = w.call('ReplaceRouteTableAssociation', { AssociationId, RouteTableId: second })
    assert.notEqual(NewAssociationId, AssociationId)
    assert.equal(w.inEffect(w.one), second)
    assert.deepEqual(byAssociation(AssociationId), [])
    w.call('DisassociateRouteTable', { AssociationId: NewAssociationId })
    assert.equal(w.inEffect(w.one), w.mainId)
    refused(
      'InvalidAssociationID.NotFound',
      () => w.call('DisassociateRouteTable', { AssociationId }),
      `The association ID '${AssociationId}' does not exist`,
    )
  })

  test('R1, D43: the main table can be replaced; explicit associations stay, implicit ones follow at once', () => {
    const w = laid()
    const [explicit, next] = [w.create(), w.create()]
    w.call('AssociateRouteTable', { RouteTableId: explicit, SubnetId: w.one })
    w.call('ReplaceRouteTableAssociation', { AssociationId: w.mainAssociation, RouteTableId: next })
    assert.equal(w.inEffect(w.one), explicit)
    assert.equal(w.inEffect(w.two), next)
    const mains = w.call('DescribeRouteTables', {
      Filters: [
        { Name: 'association.main', Values: ['true'] },
        { Name: 'vpc-id', Values: [w.VpcId] },
      ],
    }).RouteTables
    assert.deepEqual(
      mains?.map((t) => t.RouteTableId),
      [next],
    )
  })

  test('R1: the table a main association already names can take it again', () => {
    const w = laid()
    w.call('ReplaceRouteTableAssociation', { AssociationId: w.mainAssociation, RouteTableId: w.mainId })
    assert.equal(w.tables()[0]?.Associations?.length, 1)
    assert.equal(w.inEffect(w.one), w.mainId)
  })

  test('R1: the main association can not be dissolved', () => {
    const w = laid()
    refused(
      'InvalidParameterValue',
      () => w.call('DisassociateRouteTable', { AssociationId: w.mainAssociation }),
      `cannot disassociate the main route table association ${w.mainAssociation}`,
    )
  })

  test('D36: the main table and a table with associations can not be deleted', () => {
    const w = laid()
    const words = (id: string) => `The routeTable '${id}' has dependencies and cannot be deleted.`
    refused('DependencyViolation', () => w.call('DeleteRouteTable', { RouteTableId: w.mainId }), words(w.mainId))
    const RouteTableId = w.create()
    const { AssociationId = '' } = w.call('AssociateRouteTable', { RouteTableId, SubnetId: w.one })
    refused('DependencyViolation', () => w.call('DeleteRouteTable', { RouteTableId }), words(RouteTableId))
    w.call('DisassociateRouteTable', { AssociationId })
    w.call('DeleteRouteTable', { RouteTableId })
    refused(
      'InvalidRouteTableID.NotFound',
      () => w.call('DeleteRouteTable', { RouteTableId }),
      `The routeTable ID '${RouteTableId}' does not exist`,
    )
  })

  test('the former main table can be deleted once another is main', () => {
    const w = laid()
    w.call('ReplaceRouteTableAssociation', { AssociationId: w.mainAssociation, RouteTableId: w.create() })
    w.call('DeleteRouteTable', { RouteTableId: w.mainId })
    assert.equal(w.tables().length, 1)
  })

  test('a VPC with a table of its own making stays; the main table goes with it', () => {
    const w = laid()
    for (const SubnetId of [w.one, w.two]) w.call('DeleteSubnet', { SubnetId })
    const RouteTableId = w.create()
    refused('DependencyViolation', () => w.call('DeleteVpc', { VpcId: w.VpcId }))
    w.call('DeleteRouteTable', { RouteTableId })
    w.call('DeleteVpc', { VpcId: w.VpcId })
    refused('InvalidRouteTableID.NotFound', () => w.call('DescribeRouteTables', { RouteTableIds: [w.mainId] }))
  })

  test('a deleted subnet leaves no association', () => {
    const w = laid()
    const RouteTableId = w.create()
    w.call('AssociateRouteTable', { RouteTableId, SubnetId: w.one })
    w.call('DeleteSubnet', { SubnetId: w.one })
    assert.deepEqual(
      w.call('DescribeRouteTables', { RouteTableIds: [RouteTableId] }).RouteTables?.[0]?.Associations,
      [],
    )
  })

  test('a table has the tags and the client token of its call', () => {
    const w = laid()
    const answer = w.call('CreateRouteTable', {
      VpcId: w.VpcId,
      ClientToken: 'once',
      TagSpecifications: [{ ResourceType: 'route-table', Tags: [{ Key: 'Name', Value: 'private' }] }],
    })
    assert.deepEqual([answer.ClientToken, answer.RouteTable?.OwnerId], ['once', US.account])
    assert.deepEqual(answer.RouteTable?.Tags, [{ Key: 'Name', Value: 'private' }])
    assert.deepEqual(answer.RouteTable?.PropagatingVgws, [])
  })

  test('1.12: a VPC has 200 tables, the main one among them', () => {
    const w = laid()
    for (let i = 1; i < 200; i++) w.create()
    refused('RouteTableLimitExceeded', w.create, 'The maximum number of route tables has been reached.')
  })

  test('all are read page by page, 5 to 100 on each', () => {
    const w = laid()
    for (const MaxResults of [4, 101])
      refused('InvalidParameterValue', () => w.call('DescribeRouteTables', { MaxResults }))
    const made = [w.mainId, ...Array.from({ length: 11 }, w.create)]
    const seen: (string | undefined)[] = []
    let NextToken: string | undefined
    do {
      const page = w.call('DescribeRouteTables', { MaxResults: 5, ...(NextToken && { NextToken }) })
      seen.push(...(page.RouteTables ?? []).map((t) => t.RouteTableId))
      NextToken = page.NextToken
    } while (NextToken)
    assert.deepEqual(seen, made)
    const RouteTableIds = made.slice(0, 2)
    refused('InvalidParameterCombination', () => w.call('DescribeRouteTables', { RouteTableIds, MaxResults: 5 }))
  })
})
