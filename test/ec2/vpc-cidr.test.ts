import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { refused, world } from './world.ts'

function laid(CidrBlock = '10.2.0.0/16') {
  const w = world()
  const VpcId = w.call('CreateVpc', { CidrBlock }).Vpc?.VpcId ?? ''
  return {
    ...w,
    VpcId,
    add: (block: string, vpcId = VpcId) =>
      w.call('AssociateVpcCidrBlock', { VpcId: vpcId, CidrBlock: block }).CidrBlockAssociation?.AssociationId ?? '',
    blocks: () => w.call('DescribeVpcs', { VpcIds: [VpcId] }).Vpcs?.[0]?.CidrBlockAssociationSet ?? [],
  }
}

/** `laid`, and a peering with 10.3.0.0/16 that is asked for. */
function peered() {
  const w = laid()
  const PeerVpcId = w.call('CreateVpc', { CidrBlock: '10.3.0.0/16' }).Vpc?.VpcId ?? ''
  const pcx =
    w.call('CreateVpcPeeringConnection', { VpcId: w.VpcId, PeerVpcId }).VpcPeeringConnection?.VpcPeeringConnectionId ??
    ''
  return {
    ...w,
    PeerVpcId,
    pcx,
    accept: () => w.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: pcx }),
    status: () =>
      w.call('DescribeVpcPeeringConnections', { VpcPeeringConnectionIds: [pcx] }).VpcPeeringConnections?.[0]?.Status
        ?.Code,
  }
}

const RESTRICTED = /is restricted\. Use a CIDR from the same private address range/

describe('further blocks of a VPC', () => {
  test('C8: a block is associating when it is asked for, and associated at the next look', () => {
    const { call, VpcId, blocks } = laid()
    const { CidrBlockAssociation } = call('AssociateVpcCidrBlock', { VpcId, CidrBlock: '10.4.0.0/16' })
    assert.equal(CidrBlockAssociation?.CidrBlockState?.State, 'associating')
    assert.deepEqual(
      blocks().map((b) => [b.CidrBlock, b.CidrBlockState?.State]),
      [
        ['10.2.0.0/16', 'associated'],
        ['10.4.0.0/16', 'associated'],
      ],
    )
  })

  test('C1, C2, D34: a block is /16 to /28, its host bits are cleared, 169.254/16 is never one', () => {
    const { call, add, blocks } = laid()
    refused('InvalidVpc.Range', () => add('10.4.0.0/15'), "The CIDR '10.4.0.0/15' is invalid.")
    refused('InvalidVpc.Range', () => add('169.254.0.0/16'))
    refused('InvalidVpc.Range', () => call('CreateVpc', { CidrBlock: '169.254.0.0/16' }))
    add('100.68.0.18/18')
    assert.equal(blocks()[1]?.CidrBlock, '100.68.0.0/18')
    assert.equal(call('CreateVpc', { CidrBlock: '100.68.0.18/18' }).Vpc?.CidrBlock, '100.68.0.0/18')
  })

  test('C6: a block overlaps no other of the VPC, and there are five at most', () => {
    const { add } = laid()
    refused('InvalidVpc.Range', () => add('10.2.128.0/20'))
    for (const i of [4, 5, 6, 7]) add(`10.${i}.0.0/16`)
    refused('CidrLimitExceeded', () => add('10.8.0.0/16'), /has met its maximum number of allowed CIDRs: 5$/)
  })

  test('C6: a block is smaller than any destination that it holds', () => {
    const { call, VpcId, add } = laid()
    const RouteTableId = call('DescribeRouteTables', {}).RouteTables?.[0]?.RouteTableId ?? ''
    const GatewayId = call('CreateInternetGateway', {}).InternetGateway?.InternetGatewayId ?? ''
    call('AttachInternetGateway', { VpcId, InternetGatewayId: GatewayId })
    call('CreateRoute', { RouteTableId, DestinationCidrBlock: '10.4.0.0/24', GatewayId })
    refused('InvalidVpc.Range', () => add('10.4.0.0/24'))
    refused('InvalidVpc.Range', () => add('10.4.0.0/23'))
    add('10.4.0.0/25')
  })

  test('C7, D34: private families never mix, any other block goes with each', () => {
    const families = {
      '10.2.0.0/16': '192.168.0.0/20',
      '192.168.0.0/16': '172.16.0.0/20',
      '172.16.0.0/16': '10.9.0.0/20',
    }
    for (const [primary, other] of Object.entries(families)) {
      const { add } = laid(primary)
      refused('InvalidVpc.Range', () => add(other), RESTRICTED)
      refused('InvalidVpc.Range', () => add('198.19.0.0/24'), RESTRICTED)
      add('100.64.0.0/24')
      add('203.0.112.0/24')
    }
  })

  test('C7: beside a public block, or one of 100.64/10, there is none of a private family', () => {
    for (const primary of ['203.0.112.0/20', '100.64.0.0/16']) {
      const { add } = laid(primary)
      for (const family of ['10.2.0.0/16', '172.16.0.0/16', '192.168.0.0/16', '198.19.0.0/20'])
        refused('InvalidVpc.Range', () => add(family), RESTRICTED)
      add('198.51.96.0/20')
      add('100.65.0.0/16')
    }
    const { add } = laid('198.19.0.0/20')
    refused('InvalidVpc.Range', () => add('10.2.0.0/16'), RESTRICTED)
    add('198.19.16.0/20')
  })

  test('pools and netmask lengths are refused, and a block must be named', () => {
    const { call, VpcId, blocks } = laid()
    const associate = (wish: object) => () => call('AssociateVpcCidrBlock', { VpcId, ...wish })
    refused('UnsupportedOperation', associate({ Ipv4IpamPoolId: 'ipam-pool-1', Ipv4NetmaskLength: 20 }))
    refused('UnsupportedOperation', associate({ CidrBlock: '10.4.0.0/16', Ipv4NetmaskLength: 20 }))
    refused('UnsupportedOperation', associate({ Ipv6NetmaskLength: 56 }))
    refused('MissingParameter', associate({}))
    assert.equal(blocks().length, 1)
  })

  test('C7: beside a block in 10.0.0.0/15 none from 10.0.0.0/16; beside 172.16/12 none from 172.31/16', () => {
    refused('InvalidVpc.Range', () => laid('10.1.0.0/16').add('10.0.4.0/24'), RESTRICTED)
    laid('10.2.0.0/16').add('10.0.4.0/24')
    refused('InvalidVpc.Range', () => laid('172.16.0.0/16').add('172.31.4.0/24'), RESTRICTED)
  })

  test('C9: a new block is local in every route table, and holds subnets', () => {
    const { call, records, VpcId, add } = laid()
    call('CreateRouteTable', { VpcId })
    add('100.64.0.0/24')
    const local = call('DescribeRouteTables', {}).RouteTables?.map((t) =>
      t.Routes?.map((r) => [r.DestinationCidrBlock, r.GatewayId]),
    )
    const both = [
      ['10.2.0.0/16', 'local'],
      ['100.64.0.0/24', 'local'],
    ]
    assert.deepEqual(local, [both, both])
    call('CreateSubnet', { VpcId, CidrBlock: '100.64.0.0/26' })
    assert.equal(
      compile(records).routes.filter((r) => r.prefix === '100.64.0.0/24' && r.nextHop.kind === 'connected').length,
      2,
    )
  })

  test('C8: a further block can go while no subnet is in it, the primary one never', () => {
    const { call, VpcId, add, blocks } = laid()
    const AssociationId = add('100.64.0.0/24')
    const SubnetId = call('CreateSubnet', { VpcId, CidrBlock: '100.64.0.0/26' }).Subnet?.SubnetId ?? ''
    refused('DependencyViolation', () => call('DisassociateVpcCidrBlock', { AssociationId }))
    call('DeleteSubnet', { SubnetId })
    assert.equal(
      call('DisassociateVpcCidrBlock', { AssociationId }).CidrBlockAssociation?.CidrBlockState?.State,
      'disassociating',
    )
    assert.equal(blocks().length, 1)
    refused(
      'InvalidVpcCidrBlockAssociationID.NotFound',
      () => call('DisassociateVpcCidrBlock', { AssociationId }),
      `The vpc CIDR block association ID '${AssociationId}' does not exist`,
    )
    const primary = blocks()[0]?.AssociationId ?? ''
    refused(
      'OperationNotPermitted',
      () => call('DisassociateVpcCidrBlock', { AssociationId: primary }),
      `The vpc CIDR block with association ID ${primary} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`,
    )
  })

  test('C10, D34: while its request waits, the requester adds no block at all', () => {
    const w = peered()
    refused('InvalidVpc.Range', () => w.add('10.4.0.0/16'))
    w.accept()
    w.add('10.4.0.0/16')
  })

  test("C10: beside an active peering no block that overlaps the peer's", () => {
    const w = peered()
    w.accept()
    refused('InvalidVpc.Range', () => w.add('10.3.4.0/24'))
    w.add('10.4.0.0/24')
  })

  test('C10: the accepter may add a block while the request waits, and an overlap fails the request', () => {
    const w = peered()
    w.add('100.64.0.0/24', w.PeerVpcId)
    assert.equal(w.status(), 'pending-acceptance')
    w.add('10.2.4.0/24', w.PeerVpcId)
    assert.equal(w.status(), 'failed')
  })
})
