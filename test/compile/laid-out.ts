/** Three VPCs with gateways, peered in a row, each with two subnets and an instance in each; and a NAT gateway. */
import { settle } from '../../src/ec2/instance.ts'
import { US, world } from '../ec2/world.ts'
import { must } from '../ec2/place.ts'

export type World = ReturnType<typeof world>

export function laidOut(): World {
  const w = world()
  const vpcs = [1, 2, 3].map((second) => layVpc(w, second))
  for (const [a, b] of [
    [0, 1],
    [1, 2],
  ] as const)
    join(w, must(vpcs[a]), must(vpcs[b]))
  w.transaction(US, (context) => settle(context, () => true))
  for (const { instances } of vpcs) {
    const { AllocationId } = w.call('AllocateAddress', {})
    w.call('AssociateAddress', { AllocationId: must(AllocationId), InstanceId: must(instances[0]) })
  }
  layNat(w, must(vpcs[0]))
  return w
}

interface Laid {
  readonly vpcId: string
  readonly block: string
  readonly subnets: readonly string[]
  readonly tables: readonly string[]
  readonly groupId: string
  readonly instances: readonly string[]
}

function layVpc(w: World, second: number): Laid {
  const block = `10.${second}.0.0/16`
  const vpcId = must(w.call('CreateVpc', { CidrBlock: block }).Vpc?.VpcId)
  const gateway = must(w.call('CreateInternetGateway', {}).InternetGateway?.InternetGatewayId)
  w.call('AttachInternetGateway', { VpcId: vpcId, InternetGatewayId: gateway })
  const groupId = must(w.call('CreateSecurityGroup', { VpcId: vpcId, GroupName: 'web', Description: 'web' }).GroupId)
  w.call('AuthorizeSecurityGroupIngress', {
    GroupId: groupId,
    IpProtocol: 'icmp',
    FromPort: -1,
    ToPort: -1,
    CidrIp: '10.0.0.0/8',
  })
  w.call('AuthorizeSecurityGroupIngress', {
    GroupId: groupId,
    IpProtocol: 'tcp',
    FromPort: 80,
    ToPort: 80,
    CidrIp: '0.0.0.0/0',
  })
  const parts = [0, 1].map((i) => layPart(w, vpcId, `10.${second}.${i * 16}.0/20`, groupId))
  for (const { table } of parts)
    w.call('CreateRoute', { RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway })
  return {
    vpcId,
    block,
    groupId,
    subnets: parts.map((p) => p.subnet),
    tables: parts.map((p) => p.table),
    instances: parts.map((p) => p.instance),
  }
}

function layPart(w: World, VpcId: string, CidrBlock: string, groupId: string) {
  const subnet = must(w.call('CreateSubnet', { VpcId, CidrBlock }).Subnet?.SubnetId)
  const table = must(w.call('CreateRouteTable', { VpcId }).RouteTable?.RouteTableId)
  w.call('AssociateRouteTable', { RouteTableId: table, SubnetId: subnet })
  const launch = { ImageId: imageOf(w), InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1 }
  const { Instances } = w.call('RunInstances', { ...launch, SubnetId: subnet, SecurityGroupIds: [groupId] })
  return { subnet, table, instance: must(Instances?.[0]?.InstanceId) }
}

/** In the first subnet; the second one's way out. */
function layNat(w: World, { subnets, tables }: Laid): void {
  const AllocationId = must(w.call('AllocateAddress', {}).AllocationId)
  const nat = must(w.call('CreateNatGateway', { SubnetId: must(subnets[0]), AllocationId }).NatGateway?.NatGatewayId)
  w.clock.advance(2000)
  w.call('ReplaceRoute', { RouteTableId: must(tables[1]), DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: nat })
}

/** A peering with routes on both sides, and rules on both that name the other side's group. */
function join(w: World, a: Laid, b: Laid): void {
  const { VpcPeeringConnection } = w.call('CreateVpcPeeringConnection', { VpcId: a.vpcId, PeerVpcId: b.vpcId })
  const id = must(VpcPeeringConnection?.VpcPeeringConnectionId)
  w.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id })
  for (const [near, far] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const RouteTableId of near.tables)
      w.call('CreateRoute', { RouteTableId, DestinationCidrBlock: far.block, VpcPeeringConnectionId: id })
    const IpPermissions = [
      { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, UserIdGroupPairs: [{ GroupId: far.groupId }] },
    ]
    w.call('AuthorizeSecurityGroupIngress', { GroupId: near.groupId, IpPermissions })
  }
}

export const imageOf = (w: World): string => must(w.call('DescribeImages', { Owners: ['amazon'] }).Images?.[0]?.ImageId)
