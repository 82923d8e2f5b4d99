/** NetworkAcls, with their entries and the subnets they guard. */
import { type AclEntry, ALL, FINAL } from '../ec2/network-acl-entry.ts'
import type { AclAssociation, NetworkAcl } from '../ec2/network-acl.ts'
import { ICMP, ICMPV6, TCP, UDP } from '../network/match.ts'
import { baseOf, type Building, derivedId, type Reader } from './building.ts'
import type { Item } from './item.ts'

export const networkAcls: Reader = {
  key: 'NetworkAcls',
  id: 'NetworkAclId',
  read(item, home, building) {
    const { state, notes } = building
    const id = item.id('NetworkAclId', 'acl')
    const vpcId = item.id('VpcId', 'vpc')
    const acl: NetworkAcl = {
      ...baseOf(item, id, 'available' as const, home, building),
      vpcId,
      isDefault: item.flag('IsDefault'),
      entries: entriesIn(item),
      associations: item.list('Associations').flatMap((a) => associationOf(a, building)),
    }
    if (state.get('vpc', vpcId)) state.put('network-acl', acl)
    else notes.add('outside', `VPC ${vpcId}`, 'its network ACLs are left out', id)
  },
}

function associationOf(item: Item, { state, notes }: Building): AclAssociation[] {
  const subnetId = item.id('SubnetId', 'subnet')
  item.skip('NetworkAclId')
  const associationId = item.textIf('NetworkAclAssociationId') ?? derivedId('aclassoc', subnetId)
  if (state.get('subnet', subnetId)) return [{ associationId, subnetId }]
  notes.add('outside', `subnet ${subnetId}`, 'its network ACL guards nothing there', item.parent?.text('NetworkAclId'))
  return []
}

function entriesIn(item: Item): AclEntry[] {
  const seen = new Set<string>()
  return item.list('Entries').flatMap((entry) => {
    const number = entry.number('RuleNumber')
    const egress = entry.flag('Egress')
    const read = entryOf(entry, number, egress)
    // The final denials, which every list has: that of IPv4, and that of IPv6.
    if (number >= FINAL) return []
    if (!(Number.isInteger(number) && number >= 1)) throw entry.wrong('must be from 1 to 32766.', 'RuleNumber')
    if (seen.has(`${egress} ${number}`)) throw entry.wrong(`is ${number}, as that of another entry.`, 'RuleNumber')
    seen.add(`${egress} ${number}`)
    return [read]
  })
}

function entryOf(item: Item, number: number, egress: boolean): AclEntry {
  const protocol = item.text('Protocol')
  if (protocol !== ALL && !(/^(0|[1-9]\d{0,2})$/.test(protocol) && Number(protocol) <= 255))
    throw item.wrong('must be the number of a protocol, or -1.', 'Protocol')
  const cidrBlock = item.prefixIf('CidrBlock', 4)
  const ipv6CidrBlock = item.prefixIf('Ipv6CidrBlock', 6)
  if (!cidrBlock && !ipv6CidrBlock) throw item.wrong('is missing.', 'CidrBlock')
  return {
    number,
    egress,
    action: item.oneOf('RuleAction', ['allow', 'deny']),
    protocol,
    ...(cidrBlock ? { cidrBlock } : ipv6CidrBlock && { ipv6CidrBlock }),
    ...narrowed(item, Number(protocol), cidrBlock === undefined),
  }
}

/** N5: ports of TCP and UDP, type and code of ICMP; all where nothing is said. */
function narrowed(item: Item, protocol: number, ipv6: boolean): Pick<AclEntry, 'ports' | 'icmp'> {
  const range = item.part('PortRange')
  const icmp = item.part('IcmpTypeCode')
  const [from, to] = [range?.numberIf('From') ?? 0, range?.numberIf('To') ?? 65535]
  const [type, code] = [icmp?.numberIf('Type') ?? -1, icmp?.numberIf('Code') ?? -1]
  if (protocol === TCP || protocol === UDP) {
    if (!isRange(from, to, 0, 65535)) throw item.wrong(`must be within 0 and 65535, and is ${from}-${to}.`, 'PortRange')
    return { ports: { from, to } }
  }
  if (protocol !== ICMP && !(protocol === ICMPV6 && ipv6)) return {}
  if (!isRange(-1, type, -1, 255) || !isRange(-1, code, -1, 255))
    throw item.wrong('must be a type and a code of up to 255; -1 is all.', 'IcmpTypeCode')
  return { icmp: { type, code } }
}

const isRange = (from: number, to: number, least: number, most: number): boolean =>
  Number.isInteger(from) && Number.isInteger(to) && least <= from && from <= to && to <= most
