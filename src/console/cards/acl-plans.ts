/** The calls that change a network ACL's entries, and which subnets it guards. */
import { type PlannedCall, planned } from '../../wizard/planned-call.ts'
import type { Acl, Entry, Estate, Subnet } from '../estate/estate.ts'
import type { Traffic } from './traffic-types.ts'

/** What is wanted of an entry. */
export interface EntryWish {
  readonly number: string
  readonly egress: boolean
  readonly traffic: Traffic
  readonly peer: string
  readonly allow: boolean
}

/** Protocols by their numbers: ACLs know no other names. */
const NUMBERS: Readonly<Record<string, string>> = { tcp: '6', udp: '17', icmp: '1', icmpv6: '58' }
function inputOf({ id }: Acl, { number, egress, traffic, peer, allow }: EntryWish) {
  if (!/^\d{1,5}$/.test(number.trim()))
    throw new Error('Give a rule number, 1 to 32766: the lowest that matches decides.')
  const block = peer.trim()
  if (!block) throw new Error('Give a block such as 10.1.0.0/16, or 0.0.0.0/0 for all.')
  const { protocol, from, to } = traffic
  return {
    NetworkAclId: id,
    Egress: egress,
    RuleNumber: Number(number),
    Protocol: NUMBERS[protocol] ?? protocol,
    ...(/^(tcp|udp)$/.test(protocol) && { PortRange: { From: from, To: to } }),
    ...(protocol.startsWith('icmp') && { IcmpTypeCode: { Type: from, Code: to } }),
    ...(block.includes(':') ? { Ipv6CidrBlock: block } : { CidrBlock: block }),
    RuleAction: allow ? ('allow' as const) : ('deny' as const),
  }
}

export const entryAddition = (acl: Acl, wish: EntryWish): readonly PlannedCall[] => [
  planned('Add rule', 'CreateNetworkAclEntry', inputOf(acl, wish)),
]

/** An entry is replaced under its number; under another number it is a new one. */
export function entryChange(acl: Acl, entry: Entry, wish: EntryWish): readonly PlannedCall[] {
  if (Number(wish.number) !== entry.number) return [...entryDeletion(acl, entry), ...entryAddition(acl, wish)]
  return [planned('Save rule', 'ReplaceNetworkAclEntry', inputOf(acl, wish))]
}

export const entryDeletion = ({ id }: Acl, { number, egress }: Entry): readonly PlannedCall[] => [
  planned('Delete rule', 'DeleteNetworkAclEntry', { NetworkAclId: id, RuleNumber: number, Egress: egress }),
]

/** The ACL that guards a subnet: there always is one. */
export const aclOf = ({ acls }: Estate, { id }: Subnet): Acl | undefined =>
  acls.find(({ associations }) => associations.some(({ subnetId }) => subnetId === id))

/** Each of the subnets gets the ACL in the place of the one that it has. */
export function aclAssociations(estate: Estate, acl: Acl, subnets: readonly Subnet[]): readonly PlannedCall[] {
  return subnets.flatMap((subnet) => {
    const old = aclOf(estate, subnet)
    const association = old?.associations.find(({ subnetId }) => subnetId === subnet.id)
    if (!association || old?.id === acl.id) return []
    const input = { AssociationId: association.id, NetworkAclId: acl.id }
    return [planned('Associate subnet', 'ReplaceNetworkAclAssociation', input)]
  })
}
