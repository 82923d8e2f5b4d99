/** Short words for the EC2 calls that scenarios make. */
import { type Ip, ip } from '../src/ip/address.ts'
import type { IpPermission } from '@aws-sdk/client-ec2'
import { type Bench, CALLER } from './bench.ts'

export interface Vpc {
  readonly id: string
  readonly mainTable: string
  readonly defaultGroup: string
  readonly defaultAcl: string
  readonly gateway?: string
}
export interface Subnet {
  readonly id: string
  readonly vpc: Vpc
  /** The custom table it is associated with, else the main one. */
  readonly table: string
}
export interface Instance {
  readonly id: string
  readonly interface: string
  readonly subnet: Subnet
  readonly ip: Ip
  readonly publicIp?: Ip
  readonly allocation?: string
}
export interface NatGateway {
  readonly id: string
  readonly interface: string
  readonly ip: Ip
  readonly publicIp?: Ip
}
export interface Launch {
  readonly groups?: readonly string[]
  readonly ip?: string
  readonly elasticIp?: boolean
  readonly sourceDestCheck?: boolean
}
/** `tcp 22 10.0.0.0/8`, `icmp 8 sg-...`, `all 0.0.0.0/0`, `udp 53-60 ...`; ICMP takes a type or `type/code`. */
export type RuleText = string

export interface Builder {
  vpc(cidr: string, options?: { gateway?: boolean }): Vpc
  /** With `table`, a custom route table of its own (and a default route if the VPC has a gateway). */
  subnet(vpc: Vpc, cidr: string, options?: { table?: boolean }): Subnet
  instance(subnet: Subnet, launch?: Launch): Promise<Instance>
  /** An available NAT gateway in a subnet, with an Elastic IP unless it is private. */
  natGateway(subnet: Subnet, options?: { private?: boolean }): NatGateway
  elasticIp(instance: Instance): { ip: Ip; allocation: string; association: string }
  peer(from: Vpc, to: Vpc, options?: { accept?: boolean }): string
  /** An instance in 10.1.0.0/16 and one in 10.2.0.0/16, whose groups let everything in; not peered yet. */
  openPair(): Promise<{ a: Vpc; b: Vpc; one: Instance; two: Instance }>
  route(table: string, cidr: string, target: string): void
  /** A group; no `egress` means AWS's default, everything. */
  group(vpc: Vpc, ingress: readonly RuleText[], egress?: readonly RuleText[]): string
  allow(group: string, rule: RuleText): void
  revoke(group: string, rule: RuleText): void
  /** A custom ACL on a subnet: `in 100 allow tcp 22 0.0.0.0/0`. */
  acl(subnet: Subnet, entries: readonly string[]): string
  entry(acl: string, entry: string): void
  routeState(table: string, cidr: string): string | undefined
}

const OPEN = '0.0.0.0/0'
/** Milliseconds until a NAT gateway is available. */
const NAT_GATEWAY_MADE = 1000
let groups = 0

export function builder(bench: Bench, caller = CALLER): Builder {
  const call: Bench['call'] = (action, input) => bench.call(action, input, caller)
  const only = <T>(values: readonly T[] | undefined): T => {
    const [value] = values ?? []
    if (value === undefined) throw new Error('nothing was found')
    return value
  }
  const inVpc = (id: string, ...more: { Name: string; Values: string[] }[]) => ({
    Filters: [{ Name: 'vpc-id', Values: [id] }, ...more],
  })

  const self: Builder = {
    vpc(cidr, { gateway = false } = {}) {
      const id = call('CreateVpc', { CidrBlock: cidr }).Vpc?.VpcId as string
      const made: Vpc = {
        id,
        mainTable: only(call('DescribeRouteTables', inVpc(id)).RouteTables).RouteTableId as string,
        defaultGroup: only(call('DescribeSecurityGroups', inVpc(id)).SecurityGroups).GroupId as string,
        defaultAcl: only(call('DescribeNetworkAcls', inVpc(id)).NetworkAcls).NetworkAclId as string,
      }
      if (!gateway) return made
      const igw = call('CreateInternetGateway', {}).InternetGateway?.InternetGatewayId as string
      call('AttachInternetGateway', { VpcId: id, InternetGatewayId: igw })
      return { ...made, gateway: igw }
    },
    subnet(vpc, cidr, { table = false } = {}) {
      const id = call('CreateSubnet', { VpcId: vpc.id, CidrBlock: cidr }).Subnet?.SubnetId as string
      if (!table) return { id, vpc, table: vpc.mainTable }
      const custom = call('CreateRouteTable', { VpcId: vpc.id }).RouteTable?.RouteTableId as string
      call('AssociateRouteTable', { RouteTableId: custom, SubnetId: id })
      if (vpc.gateway) self.route(custom, OPEN, vpc.gateway)
      return { id, vpc, table: custom }
    },
    async instance(subnet, { groups: ids, ip: address, elasticIp = false, sourceDestCheck } = {}) {
      const ImageId = only(call('DescribeImages', { Owners: ['amazon'] }).Images).ImageId as string
      const made = only(
        call('RunInstances', {
          ImageId,
          InstanceType: 't3.micro',
          MinCount: 1,
          MaxCount: 1,
          SubnetId: subnet.id,
          ...(ids && { SecurityGroupIds: [...ids] }),
          ...(address && { PrivateIpAddress: address }),
        }).Instances,
      )
      const id = made.InstanceId as string
      if (sourceDestCheck === false)
        call('ModifyInstanceAttribute', { InstanceId: id, SourceDestCheck: { Value: false } })
      await bench.catchUp()
      const instance: Instance = {
        id,
        interface: only(made.NetworkInterfaces).NetworkInterfaceId as string,
        subnet,
        ip: ip(made.PrivateIpAddress as string),
      }
      if (!elasticIp) return instance
      const { ip: publicIp, allocation } = self.elasticIp(instance)
      return { ...instance, publicIp, allocation }
    },
    natGateway(subnet, options = {}) {
      const made = call('CreateNatGateway', {
        SubnetId: subnet.id,
        ConnectivityType: options.private ? 'private' : 'public',
        ...(!options.private && { AllocationId: call('AllocateAddress', { Domain: 'vpc' }).AllocationId }),
      }).NatGateway
      const id = made?.NatGatewayId as string
      bench.clock.now += NAT_GATEWAY_MADE
      const { State, NatGatewayAddresses } = only(call('DescribeNatGateways', { NatGatewayIds: [id] }).NatGateways)
      if (State !== 'available') throw new Error(`the NAT gateway is ${State}`)
      const { NetworkInterfaceId, PrivateIp, PublicIp } = only(NatGatewayAddresses)
      return {
        id,
        interface: NetworkInterfaceId as string,
        ip: ip(PrivateIp as string),
        ...(PublicIp && { publicIp: ip(PublicIp) }),
      }
    },
    elasticIp(instance) {
      const { AllocationId, PublicIp } = call('AllocateAddress', { Domain: 'vpc' })
      const { AssociationId } = call('AssociateAddress', { AllocationId, InstanceId: instance.id })
      return { ip: ip(PublicIp as string), allocation: AllocationId as string, association: AssociationId as string }
    },
    peer(from, to, { accept = true } = {}) {
      const id = call('CreateVpcPeeringConnection', { VpcId: from.id, PeerVpcId: to.id }).VpcPeeringConnection
        ?.VpcPeeringConnectionId as string
      if (accept) call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id })
      return id
    },
    async openPair() {
      const [a, b] = [self.vpc('10.1.0.0/16'), self.vpc('10.2.0.0/16')]
      const groupsOf = (vpc: Vpc) => ({ groups: [self.group(vpc, [`all ${OPEN}`])] })
      const one = await self.instance(self.subnet(a, '10.1.0.0/20'), groupsOf(a))
      const two = await self.instance(self.subnet(b, '10.2.0.0/20'), groupsOf(b))
      return { a, b, one, two }
    },
    route: (table, cidr, target) =>
      void call('CreateRoute', { RouteTableId: table, DestinationCidrBlock: cidr, ...targetOf(target) }),
    group(vpc, ingress, egress) {
      const id = call('CreateSecurityGroup', { GroupName: `group ${++groups}`, Description: 'scenario', VpcId: vpc.id })
        .GroupId as string
      for (const rule of ingress) self.allow(id, rule)
      if (!egress) return id
      call('RevokeSecurityGroupEgress', { GroupId: id, IpPermissions: [permission(`all ${OPEN}`)] })
      for (const rule of egress)
        call('AuthorizeSecurityGroupEgress', { GroupId: id, IpPermissions: [permission(rule)] })
      return id
    },
    allow: (group, rule) =>
      void call('AuthorizeSecurityGroupIngress', { GroupId: group, IpPermissions: [permission(rule)] }),
    revoke: (group, rule) =>
      void call('RevokeSecurityGroupIngress', { GroupId: group, IpPermissions: [permission(rule)] }),
    acl(subnet, entries) {
      const id = call('CreateNetworkAcl', { VpcId: subnet.vpc.id }).NetworkAcl?.NetworkAclId as string
      for (const entry of entries) self.entry(id, entry)
      const acls = call('DescribeNetworkAcls', {
        Filters: [{ Name: 'association.subnet-id', Values: [subnet.id] }],
      }).NetworkAcls
      const association = only(only(acls).Associations?.filter((a) => a.SubnetId === subnet.id))
        .NetworkAclAssociationId as string
      call('ReplaceNetworkAclAssociation', { AssociationId: association, NetworkAclId: id })
      return id
    },
    entry: (acl, text) => void call('CreateNetworkAclEntry', { NetworkAclId: acl, ...entryOf(text) }),
    routeState: (table, cidr) =>
      only(call('DescribeRouteTables', { RouteTableIds: [table] }).RouteTables).Routes?.find(
        (r) => r.DestinationCidrBlock === cidr,
      )?.State,
  }
  return self
}

function targetOf(target: string) {
  if (target.startsWith('igw-')) return { GatewayId: target }
  if (target.startsWith('nat-')) return { NatGatewayId: target }
  if (target.startsWith('pcx-')) return { VpcPeeringConnectionId: target }
  return target.startsWith('i-') ? { InstanceId: target } : { NetworkInterfaceId: target }
}

/** The IpPermission behind a rule's text. */
export function permission(text: RuleText): IpPermission {
  const words = text.split(' ')
  const [protocol = '', remote = '', ports] = words.length === 2 ? [words[0], words[1]] : [words[0], words[2], words[1]]
  const target = remote.startsWith('sg-')
    ? { UserIdGroupPairs: [{ GroupId: remote }] }
    : { IpRanges: [{ CidrIp: remote }] }
  if (protocol === 'all') return { IpProtocol: '-1', ...target }
  const [from = -1, to = protocol === 'icmp' ? -1 : from] = (ports ?? '').split(/[-/]/).filter(Boolean).map(Number)
  return { IpProtocol: protocol, FromPort: from, ToPort: to, ...target }
}

/** `in 100 allow tcp 22 0.0.0.0/0`, `out 110 deny all 10.0.0.0/8`, `in 120 allow icmp 8 ...`. */
function entryOf(text: string) {
  const [direction, number, action, ...rule] = text.split(' ')
  const { IpProtocol, FromPort = -1, ToPort = -1, IpRanges } = permission(rule.join(' '))
  const Protocol = { tcp: '6', udp: '17', icmp: '1' }[IpProtocol as string] ?? '-1'
  return {
    Egress: direction === 'out',
    RuleNumber: Number(number),
    RuleAction: action as 'allow',
    Protocol,
    CidrBlock: IpRanges?.[0]?.CidrIp as string,
    ...((Protocol === '6' || Protocol === '17') && {
      PortRange: { From: Math.max(FromPort, 0), To: ToPort < 0 ? 65535 : ToPort },
    }),
    ...(Protocol === '1' && { IcmpTypeCode: { Type: FromPort, Code: -1 } }),
  }
}
