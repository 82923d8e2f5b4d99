/** A Region with one of everything that the console has a card for, made by the public API. */
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { carryOut } from '../../src/wizard/planned-call.ts'
import { defaults, vpcAndMore } from '../../src/wizard/vpc-and-more.ts'

/** As long as AWS lets a tag be. */
export const LONG_NAME = `a-name-as-long-as-a-tag-may-be-${'x'.repeat(255 - 31)}`

/** Kind of card → the id of one such thing. */
export type Ids = Readonly<Record<string, string>>

export async function oneOfEverything(client: Ec2): Promise<Ids> {
  const zones = ['us-east-1a']
  const plan = (name: string, cidr: string, natGateways: 'none' | 'in-1-az') =>
    vpcAndMore({ ...defaults, name, cidr, zones, publicSubnets: 1, privateSubnets: 1, natGateways })
  const one = await carryOut(client, plan('NextWork-1', '10.1.0.0/16', 'in-1-az'))
  const other = await carryOut(client, plan(LONG_NAME.slice(0, 200), '10.2.0.0/16', 'none'))
  const [vpc = '', vpc2 = ''] = [one.get('vpc'), other.get('vpc')]
  const peering = await peered(client, vpc, vpc2)
  const { Vpcs = [] } = await client.call('DescribeVpcs', { Filters: [{ Name: 'is-default', Values: ['true'] }] })
  const pending = await client.call('CreateVpcPeeringConnection', { VpcId: vpc, PeerVpcId: Vpcs[0]?.VpcId ?? '' })
  const [subnet = '', table = ''] = [one.get('subnet-public1-us-east-1a'), one.get('rtb-public')]
  await client.call('CreateRoute', {
    RouteTableId: table,
    DestinationCidrBlock: '10.2.0.0/16',
    VpcPeeringConnectionId: peering,
  })
  return {
    vpc,
    longVpc: vpc2,
    subnet,
    table,
    'internet gateway': one.get('igw') ?? '',
    'NAT gateway': one.get('nat-public1-us-east-1a') ?? '',
    peering,
    pending: pending.VpcPeeringConnection?.VpcPeeringConnectionId ?? '',
    instance: await launched(client, subnet),
    group: await grouped(client, vpc),
    acl: await guarded(client, vpc),
  }
}

async function peered(client: Ec2, VpcId: string, PeerVpcId: string): Promise<string> {
  const { VpcPeeringConnection } = await client.call('CreateVpcPeeringConnection', { VpcId, PeerVpcId })
  const VpcPeeringConnectionId = VpcPeeringConnection?.VpcPeeringConnectionId ?? ''
  await client.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId })
  return VpcPeeringConnectionId
}

async function launched(client: Ec2, SubnetId: string): Promise<string> {
  const { Instances } = await client.call('RunInstances', {
    ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
    MinCount: 1,
    MaxCount: 1,
    SubnetId,
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: LONG_NAME }] }],
  })
  await client.call('AllocateAddress', {})
  return Instances?.[0]?.InstanceId ?? ''
}

/** With a long description, and more rules than a page of the list has. */
async function grouped(client: Ec2, VpcId: string): Promise<string> {
  const { GroupId = '' } = await client.call('CreateSecurityGroup', {
    VpcId,
    GroupName: 'web',
    Description: 'for the web',
  })
  const ports = Array.from({ length: 110 }, (_, i) => ({
    IpProtocol: i % 2 ? 'tcp' : 'udp',
    FromPort: 8000 + i,
    ToPort: 9000 + i,
    IpRanges: [{ CidrIp: `10.${i}.0.0/16`, Description: i === 0 ? 'x'.repeat(255) : `rule ${i}` }],
  }))
  await client.call('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: ports })
  return GroupId
}

async function guarded(client: Ec2, VpcId: string): Promise<string> {
  const { NetworkAcl } = await client.call('CreateNetworkAcl', { VpcId })
  const NetworkAclId = NetworkAcl?.NetworkAclId ?? ''
  for (const Egress of [true, false])
    await client.call('CreateNetworkAclEntry', {
      NetworkAclId,
      Egress,
      RuleNumber: 100,
      Protocol: '6',
      PortRange: { From: 1024, To: 65535 },
      CidrBlock: '0.0.0.0/0',
      RuleAction: Egress ? 'allow' : 'deny',
    })
  return NetworkAclId
}
