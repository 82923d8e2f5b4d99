/** Types of traffic as AWS's console names them in rules of security groups and network ACLs. */

/** What a rule is about, as EC2 has it: -1 is all; of ICMP `from` is the type and `to` the code. */
export interface Traffic {
  readonly protocol: string
  readonly from: number
  readonly to: number
}

/** What has to be typed beside the type. */
export type Detail = 'ports' | 'icmp' | 'protocol'

export interface TrafficType {
  readonly id: string
  readonly words: string
  readonly traffic: Traffic
  readonly asks?: Detail
}

const all = (protocol: string, to = -1): Traffic => ({ protocol, from: to === -1 ? -1 : 0, to })
const service = (id: string, words: string, port: number, protocol = 'tcp'): TrafficType => ({
  id,
  words,
  traffic: { protocol, from: port, to: port },
})

/** In the order of AWS's console. */
export const TRAFFIC_TYPES: readonly TrafficType[] = [
  { id: 'custom-tcp', words: 'Custom TCP', traffic: all('tcp'), asks: 'ports' },
  { id: 'custom-udp', words: 'Custom UDP', traffic: all('udp'), asks: 'ports' },
  { id: 'custom-icmp', words: 'Custom ICMP - IPv4', traffic: all('icmp'), asks: 'icmp' },
  { id: 'custom-icmpv6', words: 'Custom ICMP - IPv6', traffic: all('icmpv6'), asks: 'icmp' },
  { id: 'custom-protocol', words: 'Custom Protocol', traffic: all(''), asks: 'protocol' },
  { id: 'all-tcp', words: 'All TCP', traffic: all('tcp', 65535) },
  { id: 'all-udp', words: 'All UDP', traffic: all('udp', 65535) },
  { id: 'icmp', words: 'All ICMP - IPv4', traffic: all('icmp') },
  { id: 'icmpv6', words: 'All ICMP - IPv6', traffic: all('icmpv6') },
  { id: 'all', words: 'All traffic', traffic: all('-1') },
  service('ssh', 'SSH', 22),
  service('smtp', 'SMTP', 25),
  service('dns-udp', 'DNS (UDP)', 53, 'udp'),
  service('dns-tcp', 'DNS (TCP)', 53),
  service('http', 'HTTP', 80),
  service('pop3', 'POP3', 110),
  service('imap', 'IMAP', 143),
  service('ldap', 'LDAP', 389),
  service('https', 'HTTPS', 443),
  service('smb', 'SMB', 445),
  service('smtps', 'SMTPS', 465),
  service('imaps', 'IMAPS', 993),
  service('pop3s', 'POP3S', 995),
  service('mssql', 'MSSQL', 1433),
  service('nfs', 'NFS', 2049),
  service('mysql', 'MYSQL/Aurora', 3306),
  service('rdp', 'RDP', 3389),
  service('redshift', 'Redshift', 5439),
  service('postgresql', 'PostgreSQL', 5432),
  service('oracle', 'Oracle-RDS', 1521),
  service('winrm-http', 'WinRM-HTTP', 5985),
  service('winrm-https', 'WinRM-HTTPS', 5986),
]

/** The type that a rule of this traffic has in the console. */
export function typeOf(traffic: Traffic): TrafficType {
  const { protocol, from, to } = traffic
  const isSame = (one: TrafficType) =>
    !one.asks && one.traffic.protocol === protocol && one.traffic.from === from && one.traffic.to === to
  const known = TRAFFIC_TYPES.find(isSame) ?? TRAFFIC_TYPES.find((one) => one.asks && one.traffic.protocol === protocol)
  return known ?? (TRAFFIC_TYPES.find(({ asks }) => asks === 'protocol') as TrafficType)
}
