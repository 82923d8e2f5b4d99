/** A network ACL entry as a call describes it: checked, and in the form that is kept (N1, N5). */
import { familyOf } from '../ip/address.ts'
import { parsePrefix } from '../ip/prefix.ts'
import { ICMP, ICMPV6, type PortRange, TCP, UDP } from '../network/match.ts'
import type { Input } from '../protocol/types.ts'
import { invalidCombination, invalidParameter, missingParameter } from './errors.ts'
import { type AclEntry, ALL, FINAL } from './network-acl-entry.ts'

type Wish = Input<'CreateNetworkAclEntry'>

/** N1: 1 to 32766; what follows is AWS's own. */
export function checkNumber(number: number): number {
  // unverified: AWS's words.
  if (number < 1 || number >= FINAL)
    throw invalidParameter(number, 'ruleNumber', 'The rule number must be between 1 and 32766.')
  return number
}

/** The entry that a call describes. */
export function parseEntry(input: Wish): AclEntry {
  const block = parseBlock(input)
  const protocol = parseProtocol(input.Protocol)
  return {
    number: checkNumber(input.RuleNumber),
    egress: input.Egress,
    action: input.RuleAction,
    protocol,
    ...block,
    ...narrowedTo(protocol, 'ipv6CidrBlock' in block, input),
  }
}

/** CIDR blocks only, host bits cleared (C2, N5). */
function parseBlock({ CidrBlock, Ipv6CidrBlock }: Wish): Pick<AclEntry, 'cidrBlock'> | Pick<AclEntry, 'ipv6CidrBlock'> {
  // unverified: AWS's words.
  if (CidrBlock && Ipv6CidrBlock)
    throw invalidCombination('The parameters cidrBlock and ipv6CidrBlock cannot be used together')
  if (!CidrBlock && !Ipv6CidrBlock) throw missingParameter('cidrBlock')
  const [name, text, family] = CidrBlock
    ? (['cidrBlock', CidrBlock, 4] as const)
    : (['ipv6CidrBlock', Ipv6CidrBlock ?? '', 6] as const)
  const block = parsePrefix(text)
  if (!block || familyOf(block) !== family) throw invalidParameter(text, name, 'This is not a valid CIDR block.')
  return { [name]: block }
}

const names: Readonly<Record<string, number>> = { icmp: ICMP, tcp: TCP, udp: UDP, icmpv6: ICMPV6 }

/** What a protocol may be called in a filter: its number, and its name where it has one. */
export const protocolNames = (protocol: string): string[] => [
  protocol,
  ...Object.keys(names).filter((name) => String(names[name]) === protocol),
]

/** A number as text, or one of the usual names; `-1` or `all` is every protocol. */
function parseProtocol(text: string): string {
  const lower = text.toLowerCase()
  if (lower === ALL || lower === 'all') return ALL
  const number = names[lower] ?? (/^\d{1,3}$/.test(lower) ? Number(lower) : Number.NaN)
  // unverified: AWS's words.
  if (!(number <= 255)) throw invalidParameter(text, 'protocol', 'Unknown protocol.')
  return String(number)
}

/** N5: ports for TCP and UDP, a type and code for ICMP (58 with an IPv4 block: all types), nothing for the others. */
function narrowedTo(
  protocol: string,
  ipv6: boolean,
  { PortRange, IcmpTypeCode }: Wish,
): Pick<AclEntry, 'ports' | 'icmp'> {
  const number = Number(protocol)
  if (number === TCP || number === UDP) {
    if (!PortRange) throw missingParameter('portRange')
    return { ports: parsePorts(PortRange.From, PortRange.To) }
  }
  if (number === ICMP || (number === ICMPV6 && ipv6)) {
    if (!IcmpTypeCode) throw missingParameter('icmpTypeCode')
    return { icmp: parseIcmp(IcmpTypeCode.Type, IcmpTypeCode.Code) }
  }
  return {}
}

/** -1 is all of them; all types have all codes. */
function parseIcmp(type = -1, code = -1): { type: number; code: number } {
  // unverified: AWS's words.
  for (const value of [type, code])
    if (value < -1 || value > 255) throw invalidParameter(value, 'icmpTypeCode', 'Invalid ICMP type or code.')
  if (type === -1 && code !== -1)
    throw invalidParameter(code, 'icmpTypeCode', 'A code cannot be used with all ICMP types.')
  return { type, code }
}

function parsePorts(from = Number.NaN, to = Number.NaN): PortRange {
  // -1 is every port, as for the other protocols.
  if (from === -1 && to === -1) return { from: 0, to: 65535 }
  // unverified: AWS's words.
  if (!(from >= 0 && from <= to && to <= 65535))
    throw invalidParameter(`${from}-${to}`, 'portRange', 'Invalid port range.')
  return { from, to }
}
