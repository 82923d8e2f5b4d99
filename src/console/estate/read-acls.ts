/** Reads network ACLs. */
import type { Ec2 } from '../../client/ec2-client.ts'
import type { Output } from '../../protocol/types.ts'
import type { Acl, Entry } from './estate.ts'
import { thing } from './thing.ts'

type Shown = NonNullable<Output<'DescribeNetworkAcls'>['NetworkAcls']>[number]
type ShownEntry = NonNullable<Shown['Entries']>[number]

const NAMES: Readonly<Record<string, string>> = { 6: 'tcp', 17: 'udp', 1: 'icmp', 58: 'icmpv6' }

const entryOf = (entry: ShownEntry): Entry => ({
  number: entry.RuleNumber ?? 0,
  egress: entry.Egress ?? false,
  protocol: NAMES[entry.Protocol ?? ''] ?? entry.Protocol ?? '-1',
  from: entry.PortRange?.From ?? entry.IcmpTypeCode?.Type ?? -1,
  to: entry.PortRange?.To ?? entry.IcmpTypeCode?.Code ?? -1,
  peer: entry.CidrBlock ?? entry.Ipv6CidrBlock ?? '',
  allow: entry.RuleAction === 'allow',
})

export async function acls(client: Ec2): Promise<Acl[]> {
  const { NetworkAcls = [] } = await client.call('DescribeNetworkAcls', {})
  return NetworkAcls.map((acl) => ({
    ...thing(acl.NetworkAclId, acl),
    vpcId: acl.VpcId ?? '',
    isDefault: acl.IsDefault ?? false,
    associations: (acl.Associations ?? []).map(({ NetworkAclAssociationId = '', SubnetId = '' }) => ({
      id: NetworkAclAssociationId,
      subnetId: SubnetId,
    })),
    entries: (acl.Entries ?? []).map(entryOf).toSorted((one, other) => one.number - other.number),
  }))
}
