/** A network with something of everything, and its snapshot in a folder, for the tests of import and export. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Bench, bench, CALLER } from '../../scenarios/bench.ts'
import { builder, type Instance, type Subnet, type Vpc } from '../../scenarios/builder.ts'
import type { Caller } from '../../src/ec2/resource.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import type { Network } from '../../src/network/network.ts'
import { type Call, takeSnapshot } from '../../src/snapshot/take-snapshot.ts'

export const OTHER: Caller = { account: '210987654321', region: 'us-east-1', requestId: 'other' }
export const FAR: Caller = { ...CALLER, region: 'eu-west-1' }
const HOMES = [CALLER, OTHER, FAR]

/** Three homes: peerings within, across accounts and Regions; ACLs, groups that name groups, prefix lists, Elastic IPs. */
export async function estate(t: TestContext): Promise<Bench> {
  const b = bench((services) => simulator({ services }))
  t.after(() => b.close())
  const s = builder(b)
  const one = s.vpc('10.1.0.0/16', { gateway: true })
  b.call('AssociateVpcCidrBlock', { VpcId: one.id, CidrBlock: '10.9.0.0/20' })
  b.call('ModifyVpcAttribute', { VpcId: one.id, EnableDnsSupport: { Value: false } })
  const two = s.vpc('10.2.0.0/16')
  const front = s.subnet(one, '10.1.1.0/24', { table: true })
  const back = s.subnet(one, '10.9.1.0/24', { table: true })
  const peer = s.subnet(two, '10.2.1.0/24')
  const web = s.group(one, ['tcp 443 0.0.0.0/0', 'icmp 8 10.0.0.0/8', 'icmp 3/4 0.0.0.0/0', 'udp 53-60 10.2.0.0/16'])
  const data = s.group(one, [`tcp 5432 ${web}`], [`all ${web}`, 'tcp 80 10.3.0.0/16'])
  const server = await s.instance(front, { groups: [web, one.defaultGroup], elasticIp: true, sourceDestCheck: false })
  const database = await s.instance(back, { groups: [data], ip: '10.9.1.10' })
  b.call('AssignPrivateIpAddresses', { NetworkInterfaceId: database.interface, PrivateIpAddresses: ['10.9.1.11'] })
  const far = await s.instance(peer)
  const pcx = s.peer(one, two)
  s.route(front.table, '10.2.0.0/16', pcx)
  s.route(two.mainTable, '10.1.0.0/16', pcx)
  s.route(back.table, '192.168.0.0/16', server.interface)
  s.route(front.table, '10.9.1.0/24', server.interface)
  const Entries = [{ Cidr: '10.2.128.0/17', Description: 'the peer' }, { Cidr: '172.20.0.0/16' }]
  const offices = { PrefixListName: 'offices', AddressFamily: 'IPv4', MaxEntries: 5, Entries }
  const PrefixListId = b.call('CreateManagedPrefixList', offices).PrefixList?.PrefixListId ?? ''
  const listed = { DestinationPrefixListId: PrefixListId, VpcPeeringConnectionId: pcx }
  b.call('CreateRoute', { RouteTableId: front.table, ...listed })
  const fromOffices = { IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, PrefixListIds: [{ PrefixListId }] }
  b.call('AuthorizeSecurityGroupIngress', { GroupId: web, IpPermissions: [fromOffices] })
  const gone = s.group(two, [`tcp 22 ${web}`])
  b.call('ModifyInstanceAttribute', { InstanceId: far.id, Groups: [gone, two.defaultGroup] })
  s.acl(back, ['in 100 deny tcp 22 0.0.0.0/0', 'in 200 allow icmp 8 10.0.0.0/8', 'out 100 allow all 0.0.0.0/0'])
  b.call('CreateTags', { Resources: [one.id, server.id, pcx, web], Tags: [{ Key: 'Name', Value: 'the web' }] })
  b.call('CreateInstanceConnectEndpoint', { SubnetId: front.id })
  b.call('AllocateAddress', {})
  const { AllocationId } = b.call('AllocateAddress', {})
  const nat = b.call('CreateNatGateway', { SubnetId: front.id, AllocationId }).NatGateway?.NatGatewayId
  b.clock.now += 2000
  b.call('ReplaceRoute', { RouteTableId: back.table, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: nat })
  const stopped = await s.instance(front)
  b.call('StopInstances', { InstanceIds: [stopped.id] })
  b.call('ModifyVpcBlockPublicAccessOptions', { InternetGatewayBlockMode: 'block-bidirectional' })
  const allow = { InternetGatewayExclusionMode: 'allow-egress' } as const
  b.call('CreateVpcBlockPublicAccessExclusion', { ...allow, SubnetId: front.id })
  b.call('CreateVpcBlockPublicAccessExclusion', { ...allow, VpcId: two.id })
  attributesOf(b, one, two, front, server)
  beyond(b, one, front.table, OTHER, '10.3.0.0/16')
  beyond(b, one, front.table, FAR, '10.4.0.0/16')
  await b.catchUp()
  return b
}

/** What is a record only, or shown of a thing: IPv6, DHCP options, reservations, shared groups, names, permissions. */
function attributesOf(b: Bench, one: Vpc, two: Vpc, front: Subnet, server: Instance): void {
  const s = builder(b)
  b.call('AssociateVpcCidrBlock', { VpcId: one.id, AmazonProvidedIpv6CidrBlock: true })
  const [shown] = b.call('DescribeVpcs', { VpcIds: [one.id] }).Vpcs?.[0]?.Ipv6CidrBlockAssociationSet ?? []
  const Ipv6CidrBlock = (shown?.Ipv6CidrBlock ?? '').replace('/56', '/64')
  b.call('AssociateSubnetCidrBlock', { SubnetId: front.id, Ipv6CidrBlock })
  const eigw = b.call('CreateEgressOnlyInternetGateway', { VpcId: one.id }).EgressOnlyInternetGateway
  const EgressOnlyInternetGatewayId = eigw?.EgressOnlyInternetGatewayId
  b.call('CreateRoute', { RouteTableId: front.table, DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId })
  const NetworkInterfaceId = server.interface
  b.call('CreateRoute', {
    RouteTableId: front.table,
    DestinationIpv6CidrBlock: '2001:db8:ffff::/48',
    NetworkInterfaceId,
  })
  const DhcpConfigurations = [{ Key: 'domain-name', Values: ['lab.example'] }]
  const { DhcpOptionsId = '' } = b.call('CreateDhcpOptions', { DhcpConfigurations }).DhcpOptions ?? {}
  b.call('AssociateDhcpOptions', { VpcId: two.id, DhcpOptionsId })
  const reserved = { SubnetId: front.id, ReservationType: 'explicit', Description: 'for printers' } as const
  b.call('CreateSubnetCidrReservation', { ...reserved, Cidr: '10.1.1.224/28' })
  b.call('CreateSubnetCidrReservation', { ...reserved, Cidr: Ipv6CidrBlock.replace('/64', '/80') })
  b.call('AssociateSecurityGroupVpc', { GroupId: s.group(one, ['tcp 22 10.0.0.0/8']), VpcId: two.id })
  const [address] = b.call('DescribeAddresses', {}).Addresses ?? []
  b.call('ModifyAddressAttribute', { AllocationId: address?.AllocationId ?? '', DomainName: 'www.lab.example.' })
  b.call('CreateNetworkInterfacePermission', {
    ...{ NetworkInterfaceId, AwsAccountId: OTHER.account, Permission: 'EIP-ASSOCIATE' as const },
  })
  b.call('ModifyNetworkInterfaceAttribute', {
    ...{ NetworkInterfaceId, ConnectionTrackingSpecification: { UdpTimeout: 45 } },
  })
  b.clock.now += 2000
}

/** A VPC of somebody else, or elsewhere, that is peered with one of ours. */
function beyond(b: Bench, ours: Vpc, table: string, caller: Caller, block: string): void {
  const VpcId = b.call('CreateVpc', { CidrBlock: block }, caller).Vpc?.VpcId ?? ''
  b.call('CreateSubnet', { VpcId, CidrBlock: block.replace('/16', '/24') }, caller)
  const wish = { VpcId: ours.id, PeerVpcId: VpcId, PeerOwnerId: caller.account, PeerRegion: caller.region }
  const id = b.call('CreateVpcPeeringConnection', wish).VpcPeeringConnection?.VpcPeeringConnectionId ?? ''
  b.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id }, caller)
  b.call('CreateTags', { Resources: [id], Tags: [{ Key: 'Name', Value: 'theirs' }] }, caller)
  builder(b).route(table, block, id)
}

export type Files = Readonly<Record<string, unknown>>

/** File → contents, in the layout of folders, as a bench describes itself. */
export async function filesOf(ask: (caller: Caller) => Call): Promise<Files> {
  const files: Record<string, unknown> = {}
  for (const caller of HOMES) {
    for await (const { name, contents } of takeSnapshot(ask(caller)))
      files[`accounts/${caller.account}/${caller.region}/${name}`] = JSON.parse(JSON.stringify(contents))
  }
  return files
}

export const callsOf =
  (b: Bench) =>
  (caller: Caller): Call =>
  (action, input) =>
    b.call(action as 'DescribeVpcs', input, caller) as never

/** A folder with these files below `aws_configs`, gone after the test. A text is written as it is. */
export function folderOf(t: TestContext, files: Files): string {
  const dir = mkdtempSync(join(tmpdir(), 'isthmus-snapshot-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  for (const [name, contents] of Object.entries(files)) {
    const path = join(dir, 'aws_configs', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, typeof contents === 'string' ? contents : JSON.stringify(contents, undefined, 4))
  }
  return dir
}

/** A network without what is only its kernel's: the numbers of tables. */
export const withoutNumbers = ({ tables, ...rest }: Network): object => ({
  ...rest,
  tables: new Map([...tables].map(([id, { number: _, ...table }]) => [id, table])),
})
