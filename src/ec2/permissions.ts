/** What a security group rule allows: read from the wire's permissions, and merged into them again (S3, S4). */
import { familyOf } from '../ip/address.ts'
import { type Prefix, parsePrefix } from '../ip/prefix.ts'
import type { Input } from '../protocol/types.ts'
import { ApiError, invalidCombination, invalidValue, missingParameter } from './errors.ts'
import type { GroupReference, referTo } from './group-reference.ts'
import { findPrefixList, type PrefixListId } from './prefix-list.ts'
import type { Context } from './resource.ts'
import type { SecurityGroup } from './security-group.ts'
import { isPlainText } from './security-group-name.ts'

/** One protocol, one range of ports and one peer. Exactly one of the four peers is there. */
export interface Permission extends Traffic {
  readonly cidrIpv4?: Prefix
  readonly cidrIpv6?: Prefix
  /** All blocks that the list has at the time. */
  readonly prefixListId?: PrefixListId
  readonly referencedGroupId?: string
  /** Beside `referencedGroupId`: whose group it is. */
  readonly referenced?: GroupReference
  readonly description?: string
}

/** As the wire has it: ICMP's type and code are in the place of ports; -1 is all. */
export interface Traffic {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, another number as text, or `-1` for every protocol. */
  readonly protocol: string
  readonly fromPort: number
  readonly toPort: number
}

export type WirePermission = NonNullable<Input<'AuthorizeSecurityGroupIngress'>['IpPermissions']>[number]
type WirePair = NonNullable<WirePermission['UserIdGroupPairs']>[number]
type WireTraffic = Pick<WirePermission, 'IpProtocol' | 'FromPort' | 'ToPort'>

/** The older form of the same: one permission in the parameters of the call itself. */
type Flat = Input<'AuthorizeSecurityGroupIngress'> | Input<'AuthorizeSecurityGroupEgress'>

/** How the group that a permission names is found: `referTo` for a new rule, `referredTo` for one that is there. */
type Refer = typeof referTo

/** The single permissions that a call names. Empty where it names none. */
export function parsePermissions(context: Context, group: SecurityGroup, input: Flat, refer: Refer): Permission[] {
  const flat = flatPermissions(input)
  // unverified: AWS's words.
  if (flat.length > 0 && input.IpPermissions?.length)
    throw invalidCombination('The parameter ipPermissions cannot be used with the parameters of a single permission')
  const list = flat.length > 0 ? flat : (input.IpPermissions ?? [])
  const all = list.flatMap((wire) => parsePermission(context, wire, (pair) => parsePair(refer, context, group, pair)))
  if (new Set(all.map(keyOf)).size < all.length)
    throw invalidValue('The same permission must not appear multiple times')
  return all
}

/** A source group without a protocol stands for all TCP, UDP and ICMP of its members. */
const OF_A_GROUP: readonly WireTraffic[] = [
  { IpProtocol: 'tcp', FromPort: 0, ToPort: 65535 },
  { IpProtocol: 'udp', FromPort: 0, ToPort: 65535 },
  { IpProtocol: 'icmp', FromPort: -1, ToPort: -1 },
]

/** What the older form asks for: a block with its traffic, or a group by name. */
function flatPermissions(input: Flat): WirePermission[] {
  const { IpProtocol, FromPort, ToPort, CidrIp, SourceSecurityGroupName, SourceSecurityGroupOwnerId } = input
  if (CidrIp !== undefined && SourceSecurityGroupName === undefined)
    return [{ IpProtocol, FromPort, ToPort, IpRanges: [{ CidrIp }] } as WirePermission]
  const traffic = [CidrIp, IpProtocol, FromPort, ToPort]
  if (SourceSecurityGroupName === undefined) {
    // unverified: AWS's words.
    if (traffic.some((part) => part !== undefined)) throw missingParameter('cidrIp')
    return []
  }
  // unverified: AWS's words.
  if (traffic.some((part) => part !== undefined))
    throw invalidCombination('The parameter sourceSecurityGroupName cannot be used with cidrIp, ipProtocol or a port')
  const pair = { GroupName: SourceSecurityGroupName, UserId: SourceSecurityGroupOwnerId }
  return OF_A_GROUP.map((one) => ({ ...one, UserIdGroupPairs: [pair] }) as WirePermission)
}

function parsePermission(
  context: Context,
  wire: WirePermission,
  readPair: (pair: WirePair) => ReferencePeer,
): Permission[] {
  const { IpRanges = [], Ipv6Ranges = [], UserIdGroupPairs = [], PrefixListIds = [] } = wire
  const traffic = parseTraffic(wire)
  const peers = [
    ...IpRanges.map((r) => ({ cidrIpv4: parseBlock(r.CidrIp, 4), ...described(r) })),
    ...Ipv6Ranges.map((r) => ({ cidrIpv6: parseBlock(r.CidrIpv6, 6), ...described(r) })),
    ...PrefixListIds.map((list) => ({ prefixListId: parseList(context, list.PrefixListId), ...described(list) })),
    ...UserIdGroupPairs.map((pair) => ({ ...readPair(pair), ...described(pair) })),
  ]
  // unverified: AWS's words for a permission without a peer.
  if (peers.length === 0) throw missingParameter('ipRanges')
  return peers.map((peer) => ({ ...traffic, ...peer }))
}

/** Text of up to 255 characters of AWS's set. */
export function described({ Description }: { Description?: string | undefined }): { description?: string } {
  if (!Description) return {}
  if (!isPlainText(Description)) {
    throw invalidValue(
      'Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: ' +
        ' a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
    )
  }
  return { description: Description }
}

/** Host bits are cleared, as the API reference says of IpRange. */
export function parseBlock(text: string | undefined, family: 4 | 6): Prefix {
  const block = parsePrefix(text ?? '')
  if (!block || familyOf(block) !== family) throw invalidValue(`CIDR block ${text ?? ''} is malformed`)
  return block
}

/** A list that is there. Throws InvalidPrefixListID.NotFound. */
export function parseList(context: Context, id: string | undefined): PrefixListId {
  if (!id) throw missingParameter('prefixListId')
  return findPrefixList(context, id).id as PrefixListId
}

type ReferencePeer = Pick<Permission, 'referencedGroupId' | 'referenced'>

function parsePair(
  refer: Refer,
  context: Context,
  group: SecurityGroup,
  { GroupId, GroupName, UserId }: WirePair,
): ReferencePeer {
  const [referencedGroupId, referenced] = refer(context, group, { id: GroupId, name: GroupName, account: UserId })
  return { referencedGroupId, referenced }
}

const NAMES: Readonly<Record<string, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6', all: '-1' }

/** S3, S4, D31: numbers and names are one; what has no ports takes none. */
export function parseTraffic({ IpProtocol, FromPort, ToPort }: WireTraffic): Traffic {
  if (IpProtocol === undefined) throw missingParameter('ipProtocol')
  const protocol = protocolNamed(IpProtocol)
  if (protocol === 'tcp' || protocol === 'udp') return { protocol, ...parsePorts(FromPort, ToPort) }
  if (protocol === 'icmp' && (FromPort === undefined || ToPort === undefined)) throw missingPorts('ICMP')
  if (protocol === 'icmp' || protocol === 'icmpv6') return { protocol, ...parseIcmp(FromPort ?? -1, ToPort ?? -1) }
  return { protocol, fromPort: -1, toPort: -1 }
}

function protocolNamed(text: string): string {
  const lower = text.toLowerCase()
  const name = NAMES[lower] ?? lower
  if (name === '-1' || Object.values(NAMES).includes(name) || (/^(0|[1-9]\d{0,2})$/.test(name) && Number(name) <= 255))
    return name
  throw invalidValue(`Invalid value '${text}' for IP protocol. Unknown protocol.`)
}

const missingPorts = (protocol: string): ApiError =>
  invalidValue(`Invalid value for portRange. Must specify both from and to ports with ${protocol}.`)

function parsePorts(fromPort: number | undefined, toPort: number | undefined): Pick<Traffic, 'fromPort' | 'toPort'> {
  if (fromPort === undefined || toPort === undefined) throw missingPorts('TCP/UDP')
  // unverified: AWS's words for both.
  for (const port of [fromPort, toPort])
    if (port < 0 || port > 65535) throw invalidValue(`TCP/UDP port (${port}) out of range`)
  if (fromPort > toPort) throw invalidValue(`Invalid TCP/UDP port range (${fromPort}:${toPort})`)
  return { fromPort, toPort }
}

/** D30: a type and a code, not a range; all types means all codes. */
function parseIcmp(type: number, code: number): Pick<Traffic, 'fromPort' | 'toPort'> {
  for (const [name, value] of [
    ['type', type],
    ['code', code],
  ])
    if (Number(value) < -1 || Number(value) > 255) throw invalidValue(`ICMP ${name} (${value}) out of range`)
  // unverified: AWS's words.
  if (type === -1 && code !== -1) throw invalidValue(`ICMP code (${code}) not allowed with all ICMP types`)
  return { fromPort: type, toPort: code }
}

/** The text of the peer. */
export const peerOf = (p: Permission): string => p.cidrIpv4 ?? p.cidrIpv6 ?? p.prefixListId ?? p.referencedGroupId ?? ''

/** Two permissions with one key are the same rule: descriptions do not count (D32). */
export const keyOf = (p: Permission): string => `${p.protocol} ${p.fromPort} ${p.toPort} ${peerOf(p)}`

/** D32: `peer: 10.0.0.0/16, TCP, from port: 22, to port: 22, ALLOW`. */
export function duplicate(p: Permission): ApiError {
  const rule = [
    `peer: ${peerOf(p)}`,
    p.protocol === '-1' ? 'ALL' : p.protocol.toUpperCase(),
    ...portWords(p),
    'ALLOW',
  ].join(', ')
  return new ApiError('InvalidPermission.Duplicate', `the specified rule "${rule}" already exists`)
}

/** unverified: AWS's words for ICMP. */
function portWords({ protocol, fromPort, toPort }: Traffic): string[] {
  if (protocol === 'tcp' || protocol === 'udp') return [`from port: ${fromPort}`, `to port: ${toPort}`]
  if (protocol === 'icmp' || protocol === 'icmpv6')
    return [`type: ${fromPort === -1 ? 'ALL' : fromPort}`, `code: ${toPort === -1 ? 'ALL' : toPort}`]
  return []
}
