/** Network ACL entry: one numbered rule of a direction; the first that matches decides (N1, N5, N6). */
import { ANYWHERE, ANYWHERE6, type Prefix } from '../ip/prefix.ts'
import type { PortRange } from '../network/match.ts'
import type { Rule } from '../network/network.ts'
import type { Output } from '../protocol/types.ts'
import { ApiError } from './errors.ts'
import { hasIpv6 } from './ipv6-block.ts'
import { find } from './lookup.ts'
import type { NetworkAcl } from './network-acl.ts'
import { checkNumber, parseEntry } from './network-acl-entry-input.ts'
import { quota } from './quotas.ts'
import type { Handlers } from './resource.ts'
import type { State } from './state.ts'

export interface AclEntry {
  readonly number: number
  readonly egress: boolean
  readonly action: 'allow' | 'deny'
  /** A number as text; `-1` is every protocol. */
  readonly protocol: string
  /** One of the two. */
  readonly cidrBlock?: Prefix
  readonly ipv6CidrBlock?: Prefix
  /** Of TCP and UDP. */
  readonly ports?: PortRange
  /** Of ICMP and ICMPv6; -1 is all. */
  readonly icmp?: { readonly type: number; readonly code: number }
}

type ShownEntry = NonNullable<NonNullable<Output<'CreateNetworkAcl'>['NetworkAcl']>['Entries']>[number]

/** The number of the denial at the end of each direction, which no call can change. */
export const FINAL = 32767
/** That of IPv6, after it; it is there while the VPC has an IPv6 block (N1). */
const FINAL6 = 32768
/** The protocol that is every protocol. */
export const ALL = '-1'

/** Every entry in order: egress first, as AWS lists them, each direction closed by its final denials. */
export const entriesOf = (state: State, acl: NetworkAcl): AclEntry[] =>
  [true, false].flatMap((egress) => [
    ...acl.entries.filter((e) => e.egress === egress).toSorted((a, b) => a.number - b.number),
    { number: FINAL, egress, action: 'deny', protocol: ALL, cidrBlock: ANYWHERE } as const,
    ...(hasIpv6(state, acl.vpcId)
      ? [{ number: FINAL6, egress, action: 'deny', protocol: ALL, ipv6CidrBlock: ANYWHERE6 } as const]
      : []),
  ])

/** Rule 100 of a default ACL. */
export const allowAll = (egress: boolean): AclEntry => ({
  number: 100,
  egress,
  action: 'allow',
  protocol: ALL,
  cidrBlock: ANYWHERE,
})

/** Rule 101 of the default ACL of a VPC with an IPv6 block (N1). */
export const allowAll6 = (egress: boolean): AclEntry => ({
  number: 101,
  egress,
  action: 'allow',
  protocol: ALL,
  ipv6CidrBlock: ANYWHERE6,
})

export const networkAclEntryActions: Handlers = {
  CreateNetworkAclEntry(input, context) {
    const acl = find(context, 'network-acl', input.NetworkAclId)
    const entry = parseEntry(input)
    if (acl.entries.some(same(entry))) {
      throw new ApiError(
        'NetworkAclEntryAlreadyExists',
        `The network acl entry identified by ${entry.number} already exists.`,
      )
    }
    // The final denial counts (N7).
    if (
      acl.entries.filter((e) => e.egress === entry.egress && isIpv6(e) === isIpv6(entry)).length + 1 >=
      quota('rulesPerAcl')
    ) {
      throw new ApiError('NetworkAclEntryLimitExceeded', 'The maximum number of network acl entries has been reached.')
    }
    context.state.put('network-acl', changed(acl, entry, [...acl.entries, entry]))
    return {}
  },
  ReplaceNetworkAclEntry(input, context) {
    const acl = find(context, 'network-acl', input.NetworkAclId)
    const entry = parseEntry(input)
    if (!acl.entries.some(same(entry))) throw noEntry(entry.number)
    context.state.put(
      'network-acl',
      changed(
        acl,
        entry,
        acl.entries.map((e) => (same(entry)(e) ? entry : e)),
      ),
    )
    return {}
  },
  DeleteNetworkAclEntry(input, context) {
    const acl = find(context, 'network-acl', input.NetworkAclId)
    const one = { egress: input.Egress, number: checkNumber(input.RuleNumber) }
    if (!acl.entries.some(same(one))) throw noEntry(one.number)
    context.state.put(
      'network-acl',
      changed(
        acl,
        one,
        acl.entries.filter((e) => !same(one)(e)),
      ),
    )
    return {}
  },
}

/** The ACL with these entries, and the direction of the one that changed marked as modified (N8). */
function changed(acl: NetworkAcl, { egress }: Pick<AclEntry, 'egress'>, entries: readonly AclEntry[]): NetworkAcl {
  const modified = new Set(acl.modified).add(egress ? 'egress' : 'ingress')
  return { ...acl, entries, modified: [...modified] }
}

const same =
  (one: Pick<AclEntry, 'egress' | 'number'>) =>
  (e: AclEntry): boolean =>
    e.egress === one.egress && e.number === one.number
const isIpv6 = (e: AclEntry): boolean => e.ipv6CidrBlock !== undefined
const noEntry = (number: number): ApiError =>
  new ApiError('InvalidNetworkAclEntry.NotFound', `The network acl entry identified by ${number} does not exist.`)

/** The entry as the network has it. The final denial has the number `*`, as everybody knows it. */
export function entryRule(ruleSet: string, e: AclEntry): Rule {
  const direction = e.egress ? 'egress' : 'ingress'
  const protocol = e.protocol === ALL ? undefined : Number(e.protocol)
  const { type, code } = e.icmp ?? { type: -1, code: -1 }
  return {
    ruleSet,
    direction,
    priority: e.number,
    action: e.action,
    match: {
      ...(protocol !== undefined && { protocol }),
      remote: { prefix: e.cidrBlock ?? e.ipv6CidrBlock ?? ANYWHERE },
      ...(e.ports && { ports: e.ports }),
      ...(type !== -1 && { icmp: { type, ...(code !== -1 && { code }) } }),
    },
    origin: {
      resource: ruleSet,
      rule: `${direction}:${e.number === FINAL ? '*' : e.number}`,
      code: 'SUBNET_ACL_RESTRICTION',
    },
  }
}

export const showEntry = (e: AclEntry): ShownEntry => ({
  RuleNumber: e.number,
  Egress: e.egress,
  RuleAction: e.action,
  Protocol: e.protocol,
  ...(e.cidrBlock && { CidrBlock: e.cidrBlock }),
  ...(e.ipv6CidrBlock && { Ipv6CidrBlock: e.ipv6CidrBlock }),
  ...(e.ports && { PortRange: { From: e.ports.from, To: e.ports.to } }),
  ...(e.icmp && { IcmpTypeCode: { Type: e.icmp.type, Code: e.icmp.code } }),
})
