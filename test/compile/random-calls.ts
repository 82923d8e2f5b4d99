/** Random EC2 calls on whatever is there: most are carried out, some are refused, as they come. */
import { settle } from '../../src/ec2/instance.ts'
import { peeringsOf } from '../../src/ec2/vpc-peering-connection.ts'
import { ApiError } from '../../src/ec2/errors.ts'
import type { Random } from '../differential/random.ts'
import { US } from '../ec2/world.ts'
import { type Any, type Call, calls } from './any-call.ts'
import { imageOf, type World } from './laid-out.ts'
import { PUBLIC_ACCESS_CALLS } from './public-access-calls.ts'

const BLOCKS = ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16', '10.1.0.0/20', '203.0.113.0/24'] as const

/** One call, or one move of time. A refusal is as good as an answer. */
export function randomCall(w: World, random: Random): void {
  const any: Any = {
    record: (type) => {
      const all = [...w.records.all(type)]
      return all.length > 0 ? random.pick(all) : undefined
    },
    id: (type) => any.record(type)?.id ?? `${type}-0`,
  }
  try {
    random.weighted(CALLS)(w, any, random)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
}

const permission = (any: Any, random: Random) => ({
  IpProtocol: random.pick(['-1', 'tcp', 'udp', 'icmp']),
  FromPort: random.pick([-1, 22, 80]),
  ToPort: -1,
  ...(random.chance(0.4)
    ? { UserIdGroupPairs: [{ GroupId: any.id('security-group') }] }
    : { IpRanges: [{ CidrIp: random.pick(BLOCKS) }] }),
})
const ports = (any: Any, random: Random) => {
  const { FromPort, ...rest } = permission(any, random)
  const usesPorts = rest.IpProtocol === 'tcp' || rest.IpProtocol === 'udp'
  return { ...rest, ...(usesPorts ? { FromPort: Math.abs(FromPort), ToPort: 443 } : { FromPort: -1 }) }
}

/** To something of the table's own VPC, mostly. */
function routed(action: 'CreateRoute' | 'ReplaceRoute'): Call {
  return (w, any, random) => {
    const table = any.record('route-table')
    const vpc = table?.vpcId ?? ''
    const gateways = w.records.where('internet-gateway', 'vpcId', vpc).map(({ id }) => ({ GatewayId: id }))
    const peerings = peeringsOf(w.records, vpc).map(({ id }) => ({ VpcPeeringConnectionId: id }))
    const interfaces = w.records.where('network-interface', 'vpcId', vpc).map(({ id }) => ({ NetworkInterfaceId: id }))
    const nats = w.records.where('natgateway', 'vpcId', vpc).map(({ id }) => ({ NatGatewayId: id }))
    w.call(action, {
      RouteTableId: table?.id ?? 'rtb-0',
      DestinationCidrBlock: random.pick([...BLOCKS, '10.3.0.0/16', '8.8.8.0/24']),
      ...random.pick<object>([
        ...gateways,
        ...peerings,
        ...interfaces,
        ...nats,
        { GatewayId: any.id('internet-gateway') },
      ]),
    })
  }
}

const entry = (random: Random) => ({ Cidr: random.pick([...BLOCKS, '10.3.0.0/16', '8.8.8.0/24']) })

const revoked = (any: Any, egress: boolean) => {
  const rule = any.record('security-group-rule')
  return { GroupId: rule?.groupId ?? 'sg-0', SecurityGroupRuleIds: [rule?.egress === egress ? rule.id : 'sgr-0'] }
}

const associationOf = (any: Any) => any.record('elastic-ip')?.associationId ?? 'eipassoc-0'

const CALLS: readonly (readonly [number, Call])[] = [
  [2, calls('CreateVpc', (_, random) => ({ CidrBlock: `10.${1 + random.below(3)}.0.0/16` }))],
  [
    4,
    calls('CreateSubnet', (any, random) => ({
      VpcId: any.id('vpc'),
      CidrBlock: `10.${1 + random.below(3)}.${random.below(4) * 16}.0/20`,
    })),
  ],
  [2, calls('CreateInternetGateway', () => ({}))],
  [
    3,
    calls('AttachInternetGateway', (any) => ({ VpcId: any.id('vpc'), InternetGatewayId: any.id('internet-gateway') })),
  ],
  [
    1,
    calls('DetachInternetGateway', (any) => ({ VpcId: any.id('vpc'), InternetGatewayId: any.id('internet-gateway') })),
  ],
  [3, calls('CreateVpcPeeringConnection', (any) => ({ VpcId: any.id('vpc'), PeerVpcId: any.id('vpc') }))],
  [4, calls('AcceptVpcPeeringConnection', (any) => ({ VpcPeeringConnectionId: any.id('vpc-peering-connection') }))],
  [1, calls('DeleteVpcPeeringConnection', (any) => ({ VpcPeeringConnectionId: any.id('vpc-peering-connection') }))],
  [2, calls('CreateRouteTable', (any) => ({ VpcId: any.id('vpc') }))],
  [3, calls('AssociateRouteTable', (any) => ({ RouteTableId: any.id('route-table'), SubnetId: any.id('subnet') }))],
  [
    1,
    calls('DisassociateRouteTable', (any) => ({
      AssociationId: any.record('route-table')?.associations[0]?.associationId ?? 'rtbassoc-0',
    })),
  ],
  [6, routed('CreateRoute')],
  [2, routed('ReplaceRoute')],
  [
    2,
    calls('DeleteRoute', (any) => {
      const table = any.record('route-table')
      return { RouteTableId: table?.id ?? 'rtb-0', DestinationCidrBlock: table?.routes[0]?.destination ?? '1.0.0.0/8' }
    }),
  ],
  [
    2,
    calls('CreateManagedPrefixList', (_, random) => ({
      ...{ PrefixListName: 'any', AddressFamily: 'IPv4', MaxEntries: 4 },
      Entries: [entry(random)],
    })),
  ],
  [
    4,
    calls('ModifyManagedPrefixList', (any, random) => ({
      PrefixListId: any.id('prefix-list'),
      ...(random.chance(0.6) ? { AddEntries: [entry(random)] } : { RemoveEntries: [entry(random)] }),
    })),
  ],
  [1, calls('DeleteManagedPrefixList', (any) => ({ PrefixListId: any.id('prefix-list') }))],
  [
    3,
    calls('CreateRoute', (any) => {
      const table = any.record('route-table')
      const pcx = any.record('vpc-peering-connection')
      return {
        RouteTableId: table?.id ?? 'rtb-0',
        DestinationPrefixListId: any.id('prefix-list'),
        VpcPeeringConnectionId: pcx?.id ?? 'pcx-0',
      }
    }),
  ],
  [
    1,
    calls('DeleteRoute', (any) => ({
      RouteTableId: any.id('route-table'),
      DestinationPrefixListId: any.id('prefix-list'),
    })),
  ],
  [
    2,
    calls('AuthorizeSecurityGroupIngress', (any) => ({
      GroupId: any.id('security-group'),
      IpPermissions: [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: any.id('prefix-list') }] }],
    })),
  ],
  [
    3,
    calls('CreateSecurityGroup', (any, random) => ({
      VpcId: any.id('vpc'),
      GroupName: `group${random.below(1000)}`,
      Description: 'any',
    })),
  ],
  [1, calls('DeleteSecurityGroup', (any) => ({ GroupId: any.id('security-group') }))],
  [
    8,
    calls('AuthorizeSecurityGroupIngress', (any, random) => ({
      GroupId: any.id('security-group'),
      IpPermissions: [ports(any, random)],
    })),
  ],
  [
    2,
    calls('AuthorizeSecurityGroupEgress', (any, random) => ({
      GroupId: any.id('security-group'),
      IpPermissions: [ports(any, random)],
    })),
  ],
  [2, calls('RevokeSecurityGroupIngress', (any) => revoked(any, false))],
  [1, calls('RevokeSecurityGroupEgress', (any) => revoked(any, true))],
  [
    4,
    calls('CreateNetworkAclEntry', (any, random) => ({
      NetworkAclId: any.id('network-acl'),
      Egress: random.chance(0.5),
      RuleNumber: 10 + random.below(200),
      RuleAction: random.pick(['allow', 'deny'] as const),
      CidrBlock: random.pick(BLOCKS),
      Protocol: '-1',
    })),
  ],
  [
    1,
    calls('DeleteNetworkAclEntry', (any, random) => {
      const acl = any.record('network-acl')
      const entry = acl && acl.entries.length > 0 ? random.pick(acl.entries) : undefined
      return { NetworkAclId: acl?.id ?? 'acl-0', Egress: entry?.egress ?? true, RuleNumber: entry?.number ?? 1 }
    }),
  ],
  [1, calls('CreateNetworkAcl', (any) => ({ VpcId: any.id('vpc') }))],
  [
    1,
    calls('ReplaceNetworkAclAssociation', (any) => ({
      AssociationId: any.record('network-acl')?.associations[0]?.associationId ?? 'aclassoc-0',
      NetworkAclId: any.id('network-acl'),
    })),
  ],
  [
    8,
    (w, any, random) =>
      void w.call('RunInstances', {
        ImageId: imageOf(w),
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1 + random.below(2),
        SubnetId: any.id('subnet'),
      }),
  ],
  [1, calls('StopInstances', (any) => ({ InstanceIds: [any.id('instance')] }))],
  [2, calls('StartInstances', (any) => ({ InstanceIds: [any.id('instance')] }))],
  [1, calls('TerminateInstances', (any) => ({ InstanceIds: [any.id('instance')] }))],
  [
    3,
    calls('ModifyNetworkInterfaceAttribute', (any) => ({
      NetworkInterfaceId: any.id('network-interface'),
      Groups: [any.id('security-group')],
    })),
  ],
  [
    1,
    calls('ModifyNetworkInterfaceAttribute', (any, random) => ({
      NetworkInterfaceId: any.id('network-interface'),
      SourceDestCheck: { Value: random.chance(0.5) },
    })),
  ],
  [1, calls('CreateNetworkInterface', (any) => ({ SubnetId: any.id('subnet') }))],
  [
    2,
    calls('AttachNetworkInterface', (any, random) => ({
      NetworkInterfaceId: any.id('network-interface'),
      InstanceId: any.id('instance'),
      DeviceIndex: 1 + random.below(2),
    })),
  ],
  [
    1,
    calls('AssignPrivateIpAddresses', (any) => ({
      NetworkInterfaceId: any.id('network-interface'),
      SecondaryPrivateIpAddressCount: 1,
    })),
  ],
  [3, calls('AllocateAddress', () => ({ Domain: 'vpc' }))],
  [5, calls('AssociateAddress', (any) => ({ AllocationId: any.id('elastic-ip'), InstanceId: any.id('instance') }))],
  [1, calls('DisassociateAddress', (any) => ({ AssociationId: associationOf(any) }))],
  [1, calls('ReleaseAddress', (any) => ({ AllocationId: any.id('elastic-ip') }))],
  [
    1,
    calls('ModifyVpcAttribute', (any, random) => ({
      VpcId: any.id('vpc'),
      EnableDnsSupport: { Value: random.chance(0.5) },
    })),
  ],
  [
    1,
    calls('AssociateVpcCidrBlock', (any, random) => ({
      VpcId: any.id('vpc'),
      CidrBlock: `10.${4 + random.below(4)}.0.0/16`,
    })),
  ],
  [2, calls('CreateNatGateway', (any) => ({ SubnetId: any.id('subnet'), AllocationId: any.id('elastic-ip') }))],
  [1, calls('DeleteNatGateway', (any) => ({ NatGatewayId: any.id('natgateway') }))],
  ...PUBLIC_ACCESS_CALLS,
  [1, calls('DeleteSubnet', (any) => ({ SubnetId: any.id('subnet') }))],
  [1, calls('DeleteVpc', (any) => ({ VpcId: any.id('vpc') }))],
  [
    1,
    calls('CreateTags', (any, random) => ({
      Resources: [any.id(random.pick(['vpc', 'security-group', 'instance']))],
      Tags: [{ Key: 'Name', Value: `${random.below(99)}` }],
    })),
  ],
  [6, (w) => w.transaction(US, (context) => settle(context, () => true))],
  [1, (w, _, random) => w.clock.advance(random.pick([1000, 20_000, 7_300_000]))],
]
