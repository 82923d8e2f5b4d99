import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { covers, lengthOf, prefix } from '../../src/ip/prefix.ts'
import { refused, world } from './world.ts'

function laid(AmazonProvidedIpv6CidrBlock = true) {
  const w = world()
  const VpcId = w.call('CreateVpc', { CidrBlock: '10.1.0.0/16', AmazonProvidedIpv6CidrBlock }).Vpc?.VpcId ?? ''
  const Filters = [{ Name: 'vpc-id', Values: [VpcId] }]
  const blocks = () => w.call('DescribeVpcs', { VpcIds: [VpcId] }).Vpcs?.[0]?.Ipv6CidrBlockAssociationSet ?? []
  const acls = () => w.call('DescribeNetworkAcls', { Filters }).NetworkAcls ?? []
  const groups = () => w.call('DescribeSecurityGroups', { Filters }).SecurityGroups ?? []
  return {
    ...w,
    VpcId,
    blocks,
    groups,
    /** The first, as text. */
    block: () => blocks()[0]?.Ipv6CidrBlock ?? '',
    /** The nth /64 of the first block. */
    part: (n: number) => `${(blocks()[0]?.Ipv6CidrBlock ?? '').replace(/00::\/56$/, `0${n}::/64`)}`,
    add: () => w.call('AssociateVpcCidrBlock', { VpcId, AmazonProvidedIpv6CidrBlock: true }),
    drop: (AssociationId = '') => w.call('DisassociateVpcCidrBlock', { AssociationId }),
    subnet: (CidrBlock: string, Ipv6CidrBlock?: string) =>
      w.call('CreateSubnet', { VpcId, CidrBlock, ...(Ipv6CidrBlock && { Ipv6CidrBlock }) }).Subnet,
    defaultAcl: () => acls().find((acl) => acl.IsDefault)?.NetworkAclId ?? '',
    /** The IPv6 entries of the default ACL, or of the others. */
    entries: (isDefault = true) =>
      acls()
        .filter((acl) => acl.IsDefault === isDefault)
        .flatMap((acl) => acl.Entries ?? [])
        .flatMap((e) =>
          e.Ipv6CidrBlock ? [`${e.Egress ? 'out' : 'in'} ${e.RuleNumber} ${e.RuleAction} ${e.Ipv6CidrBlock}`] : [],
        ),
    /** The blocks to which a group lets out. */
    out: (name: string) =>
      (groups().find((g) => g.GroupName === name)?.IpPermissionsEgress ?? []).flatMap((p) => [
        ...(p.IpRanges ?? []).map((r) => r.CidrIp),
        ...(p.Ipv6Ranges ?? []).map((r) => r.CidrIpv6),
      ]),
    routes: () =>
      w
        .call('DescribeRouteTables', { Filters })
        .RouteTables?.[0]?.Routes?.map((r) => [
          r.DestinationCidrBlock ?? r.DestinationIpv6CidrBlock,
          r.GatewayId,
          r.Origin,
          r.State,
        ]),
  }
}

const DENIALS = ['out 32768 deny ::/0', 'in 32768 deny ::/0']
const BOTH = ['out 101 allow ::/0', 'out 32768 deny ::/0', 'in 101 allow ::/0', 'in 32768 deny ::/0']

describe('IPv6 blocks of a VPC', () => {
  test("C11: a VPC gets a /56 of Amazon's pool, which no other VPC has", () => {
    const w = laid()
    const [shown] = w.blocks()
    assert.equal(lengthOf(prefix(w.block())), 56)
    assert.ok(covers(prefix('2001:db8::/32'), prefix(w.block())))
    assert.deepEqual(
      [shown?.Ipv6Pool, shown?.NetworkBorderGroup, shown?.Ipv6CidrBlockState?.State],
      ['Amazon', 'us-east-1', 'associated'],
    )
    for (let more = 1; more < 5; more++) w.add()
    assert.equal(new Set(w.blocks().map((b) => b.Ipv6CidrBlock)).size, 5)
    refused('CidrLimitExceeded', w.add)
  })

  test('a VPC without one shows none', () => {
    const w = laid(false)
    assert.equal(w.call('DescribeVpcs', {}).Vpcs?.[0]?.Ipv6CidrBlockAssociationSet, undefined)
    assert.deepEqual(w.routes(), [['10.1.0.0/16', 'local', 'CreateRouteTable', 'active']])
  })

  test('C8: a block is associating when it is asked for, disassociating when it goes', () => {
    const w = laid(false)
    const added = w.add().Ipv6CidrBlockAssociation
    assert.equal(added?.Ipv6CidrBlockState?.State, 'associating')
    assert.equal(w.block(), added?.Ipv6CidrBlock)
    assert.equal(w.drop(added?.AssociationId).Ipv6CidrBlockAssociation?.Ipv6CidrBlockState?.State, 'disassociating')
    assert.deepEqual(w.blocks(), [])
    refused('InvalidVpcCidrBlockAssociationID.NotFound', () => w.drop(added?.AssociationId))
  })

  test('filters find a VPC by its block', () => {
    const w = laid()
    w.call('CreateVpc', { CidrBlock: '10.2.0.0/16' })
    const found = (name: string, value: string) =>
      w
        .call('DescribeVpcs', { Filters: [{ Name: `ipv6-cidr-block-association.${name}`, Values: [value] }] })
        .Vpcs?.map((v) => v.VpcId)
    assert.deepEqual(found('ipv6-cidr-block', w.block()), [w.VpcId])
    assert.deepEqual(found('association-id', w.blocks()[0]?.AssociationId ?? ''), [w.VpcId])
    assert.deepEqual(found('ipv6-pool', 'Amazon'), [w.VpcId])
    assert.deepEqual(found('state', 'associated'), [w.VpcId])
  })

  test('blocks of other pools and other places are refused, and two families in one call', () => {
    const { call, VpcId } = laid(false)
    const associate = (wish: object) => () => call('AssociateVpcCidrBlock', { VpcId, ...wish })
    refused('UnsupportedOperation', associate({ Ipv6CidrBlock: '2001:db8::/56', Ipv6Pool: 'ipv6pool-ec2-1' }))
    refused('UnsupportedOperation', associate({ Ipv6IpamPoolId: 'ipam-pool-1' }))
    const Ipv6CidrBlockNetworkBorderGroup = 'us-east-1-lax-1'
    refused('UnsupportedOperation', associate({ AmazonProvidedIpv6CidrBlock: true, Ipv6CidrBlockNetworkBorderGroup }))
    const both = { AmazonProvidedIpv6CidrBlock: true, CidrBlock: '10.4.0.0/16' }
    refused('InvalidParameterCombination', associate(both))
  })

  test('R2: each block is a local route of all tables, which no call removes', () => {
    const w = laid()
    assert.deepEqual(w.routes(), [
      ['10.1.0.0/16', 'local', 'CreateRouteTable', 'active'],
      [w.block(), 'local', 'CreateRouteTable', 'active'],
    ])
    const filter = { Name: 'route.destination-ipv6-cidr-block', Values: [w.block()] }
    const [table] = w.call('DescribeRouteTables', { Filters: [filter] }).RouteTables ?? []
    assert.equal(table?.VpcId, w.VpcId)
    const RouteTableId = table?.RouteTableId ?? ''
    const DestinationIpv6CidrBlock = w.block()
    refused('InvalidParameterValue', () => w.call('DeleteRoute', { RouteTableId, DestinationIpv6CidrBlock }))
  })

  test('R2: a local route whose target was replaced goes with its block', () => {
    const w = laid()
    const SubnetId = w.subnet('10.1.0.0/24')?.SubnetId ?? ''
    const NetworkInterfaceId = w.call('CreateNetworkInterface', { SubnetId }).NetworkInterface?.NetworkInterfaceId ?? ''
    const RouteTableId = w.call('DescribeRouteTables', {}).RouteTables?.[0]?.RouteTableId ?? ''
    w.call('ReplaceRoute', { RouteTableId, DestinationIpv6CidrBlock: w.block(), NetworkInterfaceId })
    assert.equal(w.routes()?.length, 2)
    w.drop(w.blocks()[0]?.AssociationId)
    const tables = [...w.records.all('route-table')]
    assert.deepEqual(
      tables.flatMap((table) => table.routes),
      [],
    )
  })
})

describe('the IPv6 block of a subnet', () => {
  test('C11: it is a /64 of a block of the VPC that no other subnet has', () => {
    const w = laid()
    const [shown] = w.subnet('10.1.0.0/24', w.part(1))?.Ipv6CidrBlockAssociationSet ?? []
    assert.deepEqual([shown?.Ipv6CidrBlock, shown?.Ipv6CidrBlockState?.State], [w.part(1), 'associated'])
    refused('InvalidSubnet.Conflict', () => w.subnet('10.1.1.0/24', w.part(1)))
    refused('InvalidSubnet.Range', () => w.subnet('10.1.1.0/24', w.block()))
    refused('InvalidSubnet.Range', () => w.subnet('10.1.1.0/24', '2001:db9::/64'))
    refused('InvalidParameterValue', () => w.subnet('10.1.1.0/24', '10.1.1.0/24'))
  })

  test('comes and goes on its own, one at a time', () => {
    const w = laid()
    const SubnetId = w.subnet('10.1.0.0/24')?.SubnetId ?? ''
    const associate = (Ipv6CidrBlock: string) => w.call('AssociateSubnetCidrBlock', { SubnetId, Ipv6CidrBlock })
    const added = associate(w.part(2)).Ipv6CidrBlockAssociation
    assert.equal(added?.Ipv6CidrBlockState?.State, 'associating')
    refused('CidrLimitExceeded', () => associate(w.part(3)))
    const Filters = [{ Name: 'ipv6-cidr-block-association.ipv6-cidr-block', Values: [w.part(2)] }]
    const shown = () => w.call('DescribeSubnets', { Filters }).Subnets?.map((s) => s.SubnetId)
    assert.deepEqual(shown(), [SubnetId])
    const AssociationId = added?.AssociationId ?? ''
    w.call('DisassociateSubnetCidrBlock', { AssociationId })
    assert.deepEqual(shown(), [])
    refused('InvalidSubnetCidrBlockAssociationID.NotFound', () =>
      w.call('DisassociateSubnetCidrBlock', { AssociationId }),
    )
  })

  test("C8: the VPC's block stays while a subnet has a part of it", () => {
    const w = laid()
    const SubnetId = w.subnet('10.1.0.0/24', w.part(1))?.SubnetId ?? ''
    const [block] = w.blocks()
    refused('DependencyViolation', () => w.drop(block?.AssociationId))
    w.call('DeleteSubnet', { SubnetId })
    w.drop(block?.AssociationId)
  })
})

describe('what lets IPv6 through', () => {
  test('N1: in a VPC with an IPv6 block every ACL denies the rest of IPv6, and the default one allows all before', () => {
    const w = laid()
    w.call('CreateNetworkAcl', { VpcId: w.VpcId })
    assert.deepEqual(w.entries(), BOTH)
    assert.deepEqual(w.entries(false), DENIALS)
  })

  test('N1: the denials go with the last block, and a new block adds no entry twice', () => {
    const w = laid()
    w.drop(w.blocks()[0]?.AssociationId)
    assert.deepEqual(w.entries(), ['out 101 allow ::/0', 'in 101 allow ::/0'])
    w.add()
    assert.deepEqual(w.entries(), BOTH)
  })

  const entry = { RuleNumber: 100, RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' } as const
  for (const Egress of [true, false]) {
    const left = BOTH.filter((text) => text !== `${Egress ? 'out' : 'in'} 101 allow ::/0`)
    const way = Egress ? 'outgoing' : 'incoming'

    test(`N8: an ${way} entry that was made, replaced or deleted keeps the default ACL's rule for IPv6 out`, () => {
      const changes = [
        (w: ReturnType<typeof laid>, NetworkAclId: string) =>
          w.call('CreateNetworkAclEntry', { ...entry, NetworkAclId, Egress, RuleNumber: 90 }),
        (w: ReturnType<typeof laid>, NetworkAclId: string) =>
          w.call('ReplaceNetworkAclEntry', { ...entry, NetworkAclId, Egress }),
        (w: ReturnType<typeof laid>, NetworkAclId: string) =>
          w.call('DeleteNetworkAclEntry', { NetworkAclId, Egress, RuleNumber: 100 }),
      ]
      for (const change of changes) {
        const w = laid(false)
        change(w, w.defaultAcl())
        w.add()
        assert.deepEqual(w.entries(), left)
      }
    })
  }

  test('N8: an entry that was made and deleted again still counts as a modification', () => {
    const w = laid(false)
    const NetworkAclId = w.defaultAcl()
    w.call('CreateNetworkAclEntry', { ...entry, NetworkAclId, Egress: false, RuleNumber: 90 })
    w.call('DeleteNetworkAclEntry', { NetworkAclId, Egress: false, RuleNumber: 90 })
    w.add()
    assert.deepEqual(w.entries(), ['out 101 allow ::/0', ...DENIALS])
  })

  test('S1: new groups of a VPC with an IPv6 block let IPv6 out as well', () => {
    const w = laid()
    w.call('CreateSecurityGroup', { VpcId: w.VpcId, GroupName: 'new', Description: 'new' })
    assert.deepEqual(w.out('default'), ['0.0.0.0/0', '::/0'])
    assert.deepEqual(w.out('new'), ['0.0.0.0/0', '::/0'])
  })

  test('S1: of the groups that were there, those let IPv6 out whose way out is as it was made', () => {
    const w = laid(false)
    const make = (GroupName: string) =>
      w.call('CreateSecurityGroup', { VpcId: w.VpcId, GroupName, Description: 'x' }).GroupId ?? ''
    make('same')
    const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]
    w.call('RevokeSecurityGroupEgress', { GroupId: make('closed'), IpPermissions })
    w.add()
    w.add()
    assert.deepEqual(
      [w.out('default'), w.out('same'), w.out('closed')],
      [['0.0.0.0/0', '::/0'], ['0.0.0.0/0', '::/0'], []],
    )
  })

  test('no route is made of an IPv6 block, and no rule of IPv4 comes with it', () => {
    const w = laid(false)
    const before = compile(w.records)
    w.add()
    const after = compile(w.records)
    assert.deepEqual(after.routes, before.routes)
    const ofIpv4 = (network: typeof before) =>
      network.rules.filter(({ match }) => !('prefix' in match.remote && match.remote.prefix === '::/0'))
    assert.deepEqual(ofIpv4(after), before.rules)
    assert.equal(after.rules.length, before.rules.length + 5)
  })
})
