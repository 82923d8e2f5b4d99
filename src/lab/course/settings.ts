/** Route tables, security groups and network ACLs as lines of text, so that a change of one is a line more or less. */
import type { Ec2 } from '../../client/ec2-client.ts'
import type { Estate, Rule } from '../../console/estate/estate.ts'

export interface Setting {
  readonly id: string
  readonly kind: 'route table' | 'security group' | 'network ACL'
  readonly name: string
  readonly vpcId: string
  readonly lines: readonly string[]
}

/** Those of the estate's VPCs. */
export async function settingsOf(client: Ec2, estate: Estate): Promise<Setting[]> {
  const vpcs = new Set(estate.vpcs.map(({ id }) => id))
  const acls = (await networkAcls(client)).filter(({ vpcId }) => vpcs.has(vpcId))
  return [...routeTables(estate), ...groups(estate), ...acls].map((one) => ({ ...one, lines: bounded(one.lines) }))
}

/** A setting has seldom more; what is noted with each change stays small. */
const MOST_LINES = 60

const bounded = (lines: readonly string[]): readonly string[] =>
  lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), `and ${lines.length - MOST_LINES} more`]

const routeTables = ({ tables }: Estate): Setting[] =>
  tables.map(({ id, name, main, vpcId, routes }) => ({
    id,
    kind: 'route table',
    name: name || (main ? 'main' : ''),
    vpcId,
    lines: routes.map(({ destination, target, state }) => `${destination} → ${target} ${state}`),
  }))

const groups = (estate: Estate): Setting[] =>
  estate.groups.map(({ id, groupName, vpcId }) => ({
    id,
    kind: 'security group',
    name: groupName,
    vpcId,
    lines: (estate.rules.get(id) ?? []).map(ruleLine).toSorted(),
  }))

const ruleLine = ({ egress, protocol, from, to, peer }: Rule): string =>
  `${egress ? 'out' : 'in'} ${traffic(protocol, from, to)} ${egress ? 'to' : 'from'} ${peer}`

/** The numbers that EC2 uses for protocols. */
const PROTOCOLS: Readonly<Record<string, string>> = { '-1': 'all', '1': 'icmp', '6': 'tcp', '17': 'udp' }

function traffic(protocol: string, from: number, to: number): string {
  const name = PROTOCOLS[protocol] ?? protocol
  if (from < 0 || name === 'all' || name.startsWith('icmp')) return name
  return `${name} ${from === to ? from : `${from}-${to}`}`
}

async function networkAcls(client: Ec2): Promise<Setting[]> {
  const { NetworkAcls = [] } = await client.call('DescribeNetworkAcls', {})
  return NetworkAcls.map(({ NetworkAclId = '', VpcId = '', IsDefault, Entries = [], Tags = [] }) => ({
    id: NetworkAclId,
    kind: 'network ACL',
    name: Tags.find(({ Key }) => Key === 'Name')?.Value ?? (IsDefault ? 'default' : ''),
    vpcId: VpcId,
    lines: Entries.map((entry) => {
      const { Egress = false, RuleNumber = 0, RuleAction = '', Protocol = '-1', PortRange } = entry
      const number = RuleNumber > 32766 ? '*' : String(RuleNumber)
      const peer = entry.CidrBlock ?? entry.Ipv6CidrBlock ?? ''
      const what = traffic(Protocol, PortRange?.From ?? -1, PortRange?.To ?? -1)
      return `${Egress ? 'out' : 'in'} ${number} ${RuleAction} ${what} ${Egress ? 'to' : 'from'} ${peer}`
    }),
  }))
}
