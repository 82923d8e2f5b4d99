/** Route tables of gateways: what AWS refuses is refused as AWS does, the rest says that it is not there yet. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { actions } from '../../src/ec2/registry.ts'
import { elsewhere, laid, targets } from './routes.ts'
import { refused } from './world.ts'

const associating = () => {
  const w = laid()
  const { RouteTableId } = w
  return {
    ...w,
    associate: (more: object = {}) => w.call('AssociateRouteTable', { RouteTableId, GatewayId: w.gatewayId, ...more }),
    associations: () => w.call('DescribeRouteTables', { RouteTableIds: [RouteTableId] }).RouteTables?.[0]?.Associations,
  }
}

describe('route table of a gateway', () => {
  test('R9, R10: a table that AWS would take is refused with UnsupportedOperation', () => {
    const w = associating()
    refused('UnsupportedOperation', w.associate, /do not carry packets yet/)
    w.toInterface('10.1.1.0/24')
    refused('UnsupportedOperation', w.associate, /do not carry packets yet/)
    assert.deepEqual(w.associations(), [])
  })

  test('R9: a gateway that is unknown, of another VPC or of another kind is refused', () => {
    const w = associating()
    const [unknown, other] = ['igw-000000000000000ff', elsewhere(w).gatewayId]
    refused(
      'InvalidGatewayID.NotFound',
      () => w.associate({ GatewayId: unknown }),
      `The gateway ID '${unknown}' does not exist`,
    )
    refused('InvalidGatewayID.NotFound', () => w.associate({ GatewayId: targets(w).natGateway() }))
    refused('InvalidParameterValue', () => w.associate({ GatewayId: other }), /belong to different networks$/)
    refused('UnsupportedOperation', () => w.associate({ GatewayId: 'vgw-000000000000000ff' }))
    w.call('DetachInternetGateway', { VpcId: w.VpcId, InternetGatewayId: w.gatewayId })
    refused('InvalidParameterValue', w.associate, /belong to different networks$/)
  })

  test('R9: it is not the main table', () => {
    const w = associating()
    const main = w.call('DescribeRouteTables', { Filters: [{ Name: 'association.main', Values: ['true'] }] })
    const RouteTableId = main.RouteTables?.find((t) => t.VpcId === w.VpcId)?.RouteTableId
    refused('InvalidParameterValue', () => w.associate({ RouteTableId }), /main route table/)
  })

  test("R9: it leads to the VPC's own blocks and its subnets' only, and to no prefix list", () => {
    const w = associating()
    w.toInterface('20.0.0.0/8')
    refused('InvalidParameterValue', w.associate, /invalid destination for a gateway: 20\.0\.0\.0\/8/)
    w.call('DeleteRoute', { RouteTableId: w.RouteTableId, DestinationCidrBlock: '20.0.0.0/8' })
    const { PrefixList } = w.call('CreateManagedPrefixList', {
      PrefixListName: 'list',
      AddressFamily: 'IPv4',
      MaxEntries: 2,
    })
    w.create({ DestinationPrefixListId: PrefixList?.PrefixListId, NetworkInterfaceId: w.eniId() })
    refused('InvalidParameterValue', w.associate, /invalid destination for a gateway: pl-/)
  })

  test('R9: it leads to interfaces only', () => {
    const w = associating()
    w.toGateway('0.0.0.0/0')
    refused('InvalidParameterValue', w.associate, /invalid target for a gateway: 0\.0\.0\.0\/0/)
  })

  test('X16: it leads to no peering', () => {
    const w = associating()
    const VpcPeeringConnectionId = targets(w).peering(elsewhere(w).VpcId)
    w.create({ DestinationCidrBlock: '10.2.0.0/16', VpcPeeringConnectionId })
    refused('InvalidParameterValue', w.associate, /invalid target for a gateway: 10\.2\.0\.0\/16/)
  })

  test('R5: routes are propagated by nobody: the calls for it are not carried out', () => {
    assert.equal(actions.EnableVgwRoutePropagation ?? actions.DisableVgwRoutePropagation, undefined)
  })
})
