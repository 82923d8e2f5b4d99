/** What a parameter plausibly holds, by its name: ids that there are, blocks, ports, zones. */
import fc from 'fast-check'
import type { Value } from './call.ts'
import { hostileText } from './hostile.ts'

/** One of the things shown so far. Most calls are about what was made last. */
export const one = (...kinds: readonly string[]): fc.Arbitrary<Value> =>
  fc.record({
    of: fc.constantFrom(...kinds),
    pick: fc.oneof({ arbitrary: fc.constant(0), weight: 2 }, { arbitrary: fc.nat(999), weight: 3 }),
  })

const IDS: readonly string[] = [
  ...['vpc', 'subnet', 'sg', 'sgr', 'rtb', 'acl', 'igw', 'eigw', 'nat', 'pl', 'eni', 'i', 'eipalloc', 'key', 'vol'],
  ...['dopt', 'pcx', 'scr', 'eice', 'nip', 'nia', 'nis', 'nisa', 'ami', 'eni-attach', 'rtbassoc', 'vpcbpa-exclude'],
]
const ASSOCIATIONS = ['rtbassoc', 'aclassoc', 'eipassoc', 'vpc-cidr-assoc', 'subnet-cidr-assoc'] as const

const from = (...texts: readonly string[]): fc.Arbitrary<Value> => fc.constantFrom(...texts)
const number = (min: number, max: number): fc.Arbitrary<Value> => fc.integer({ min, max }).map(String)

const cidr4 = fc.oneof(
  from('10.0.0.0/16', '10.1.0.0/16', '10.1.1.0/24', '10.1.2.0/24', '10.2.0.0/16', '0.0.0.0/0', '172.31.96.0/20'),
  from('192.168.0.0/24', '100.64.0.0/16', '10.1.0.0/28', '10.0.0.5/32', '198.19.0.0/16', '127.0.0.0/8', '10.0.0.0/8'),
  fc
    .tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 0, max: 32 }))
    .map(([second, third, length]) => `10.${second}.${third}.0/${length}`),
  one('cidrBlock'),
)
const cidr6 = fc.oneof(
  from('::/0', '2001:db8::/32', 'fd00::/8', 'fd00:1::/64', '64:ff9b::/96'),
  one('ipv6CidrBlock', 'ipv6Subnet'),
)
const ip4 = fc.oneof(from('10.1.1.10', '10.1.1.0', '10.1.1.4', '172.31.0.100', '0.0.0.0'), one('privateIpAddress'))
const ip6 = fc.oneof(from('fd00::1', '::', '2001:db8::10'), one('ipv6Address'))
const publicIp = fc.oneof(from('198.18.0.1', '8.8.8.8'), one('publicIp'))
const freeText = fc.oneof(
  { arbitrary: from('web', 'db', 'a description', 'Name', 'x', 'Environment', 'default'), weight: 6 },
  { arbitrary: hostileText, weight: 2 },
)
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const USER_DATA = ['#!/bin/sh\ntouch /root/done\n', '#cloud-config\nruncmd: [ls]\n', '#cloud-config\n{', '\0\x1f', '']
const KEYS = [
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBv0zBQ5AjvqPqyYcXyuMRzyFnDgxqKGn4oRfxLmlbQz me@host',
  'ssh-ed25519 AAAA',
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB',
  '-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----',
]

/** The first whose pattern fits the parameter's own name. */
const BY_NAME: readonly (readonly [RegExp, fc.Arbitrary<Value>])[] = [
  [/VpcPeeringConnectionId/, one('pcx')],
  [/SecurityGroupRuleId/, one('sgr')],
  [/^(Source|User)?SecurityGroup(Id)?$|GroupId$/, one('sg')],
  [/VpcId/, one('vpc')],
  [/SubnetId$/, one('subnet')],
  [/RouteTableId/, one('rtb')],
  [/NetworkAclId/, one('acl')],
  [/EgressOnlyInternetGatewayId/, one('eigw')],
  [/InternetGatewayId/, one('igw')],
  [/NatGatewayId/, one('nat')],
  [/PrefixListId|^(Source|Destination)PrefixList$/, one('pl')],
  [/NetworkInterfaceId/, one('eni')],
  [/NetworkInterfacePermissionId/, one('eni-perm')],
  [/AttachmentId/, one('eni-attach')],
  [/AllocationId/, one('eipalloc')],
  [/AssociationId/, one(...ASSOCIATIONS)],
  [/InstanceConnectEndpointId/, one('eice')],
  [/^InstanceId/, one('i')],
  [/KeyPairId/, one('key')],
  [/VolumeId/, one('vol')],
  [/DhcpOptionsId/, fc.oneof(one('dopt'), from('default'))],
  [/SubnetCidrReservationId/, one('scr')],
  [/^GatewayId/, fc.oneof(one('igw'), one('nat', 'eigw', 'pcx', 'vgw'), from('local'))],
  [/ImageId/, one('ami')],
  [/ExclusionId/, one('vpcbpa-exclude')],
  [/NetworkInsightsPathId/, one('nip')],
  [/NetworkInsightsAnalysisId/, one('nia')],
  [/NetworkInsightsAccessScopeAnalysisId/, one('nisa')],
  [/NetworkInsightsAccessScopeId/, one('nis')],
  [/^Resource(Id)?$|^Source$|^Destination$/, one(...IDS)],
  [/Ipv6Prefix$/, from('fd00:1::/80', '2001:db8::/80')],
  [/Ipv6Cidr|CidrIpv6|Ipv6CidrBlock/, cidr6],
  [/Ipv4Prefix$/, from('10.1.1.16/28', '172.31.0.16/28')],
  [/Cidr/, cidr4],
  [/Ipv6Address$/, ip6],
  [/PublicIp$/, publicIp],
  [/PrivateIpAddress$|SourceIp|DestinationIp|^(Source|Destination)Address$|^Address$/, ip4],
  [/AvailabilityZoneId|ZoneId/, from('use1-az1', 'use1-az2', 'euw1-az1')],
  [/AvailabilityZone|ZoneName/, from('us-east-1a', 'us-east-1b', 'eu-west-1a')],
  [/Region/, from('us-east-1', 'eu-west-1')],
  [/OwnerId|UserId|AccountId|^Account$|Owner$/, from('123456789012', '210987654321', 'self', 'amazon')],
  [/IpProtocol|^Protocol$/, from('tcp', 'udp', 'icmp', 'icmpv6', '-1', '6', '17', '1', '47', '255', 'TCP')],
  [/Port/, number(-1, 65_535)],
  [/^(From|To)$/, number(0, 65_535)],
  [/RuleNumber/, number(1, 32_766)],
  [/^(Code|Type)$/, number(-1, 255)],
  [/^MaxResults$/, number(5, 1000)],
  [/NextToken/, one('nextToken')],
  [/ClientToken/, from('token-1', 'token-2', 'token-3')],
  [/^(Min|Max)Count$/, number(1, 3)],
  [/Count$|Index$|Number$/, number(0, 3)],
  [/Version$/, number(1, 3)],
  [/MaxEntries/, number(1, 20)],
  [/AddressFamily/, from('IPv4', 'IPv6')],
  [/InstanceType$/, from('t3.micro', 't3.small', 'm5.large', 'c5n.18xlarge')],
  [/UserData/, fc.oneof(from(...USER_DATA.map(base64)), from('not base64!'))],
  [/PublicKeyMaterial/, from(...KEYS.map(base64))],
  [/KeyName/, fc.oneof(one('keyName'), freeText)],
  [/GroupName/, fc.oneof(one('groupName'), from('default'), freeText)],
  [/DeviceName/, from('/dev/sda1', '/dev/xvda', '/dev/sdf')],
]

const known = new Map<string, fc.Arbitrary<Value> | undefined>()

/** Values for a parameter of that name; undefined where the name says nothing. */
export function valuesFor(name: string): fc.Arbitrary<Value> | undefined {
  if (!known.has(name)) known.set(name, BY_NAME.find(([pattern]) => pattern.test(name))?.[1])
  return known.get(name)
}

/** For a text whose name says nothing. */
export const anyText: fc.Arbitrary<Value> = fc.oneof(
  { arbitrary: freeText, weight: 4 },
  { arbitrary: one(...IDS), weight: 1 },
)
