/** How a guest finds names: its own, hosts', services', and those of the VPC's name server. */
import type { GuestFile } from '../../engines/engine.ts'
import { fresh, kept } from './file.ts'
import type { Machine } from './machine.ts'

const HOSTS = `127.0.0.1 localhost localhost.localdomain localhost4 localhost4.localdomain4
::1 localhost localhost.localdomain localhost6 localhost6.localdomain6
`

/** Files before names; no service of the host's is asked, for none runs. */
const NSSWITCH = `passwd: files
group: files
shadow: files
gshadow: files
hosts: files dns
networks: files dns
protocols: files
services: files
ethers: files
rpc: files
netgroup: files
`

const PROTOCOLS: Readonly<Record<string, number>> = {
  ...{ ip: 0, icmp: 1, igmp: 2, ipencap: 4, tcp: 6, udp: 17, ipv6: 41, gre: 47, esp: 50, ah: 51 },
  ...{ 'ipv6-icmp': 58, ospf: 89, sctp: 132, udplite: 136 },
}

/** Those one meets in a VPC. */
const SERVICES: Readonly<Record<string, string>> = {
  ...{ echo: '7/tcp 7/udp', discard: '9/tcp 9/udp', 'ftp-data': '20/tcp', ftp: '21/tcp', ssh: '22/tcp' },
  ...{ telnet: '23/tcp', smtp: '25/tcp', domain: '53/tcp 53/udp', bootps: '67/udp', bootpc: '68/udp', tftp: '69/udp' },
  ...{ http: '80/tcp', kerberos: '88/tcp 88/udp', pop3: '110/tcp', sunrpc: '111/tcp 111/udp', ntp: '123/udp' },
  ...{ imap2: '143/tcp', snmp: '161/udp', bgp: '179/tcp', ldap: '389/tcp', https: '443/tcp 443/udp' },
  ...{ syslog: '514/udp', submission: '587/tcp', ldaps: '636/tcp', imaps: '993/tcp', 'ms-sql-s': '1433/tcp' },
  ...{ nfs: '2049/tcp 2049/udp', mysql: '3306/tcp', 'ms-wbt-server': '3389/tcp', postgresql: '5432/tcp' },
  ...{ redis: '6379/tcp', 'http-alt': '8080/tcp' },
}

const protocols = (): string =>
  Object.entries(PROTOCOLS)
    .map(([name, number]) => `${name} ${number} ${name.toUpperCase()}\n`)
    .join('')

const services = (): string =>
  Object.entries(SERVICES)
    .flatMap(([name, ports]) => ports.split(' ').map((port) => `${name} ${port}\n`))
    .join('')

export const nameFiles = ({ hostname, domain, nameserver }: Machine): GuestFile[] => [
  kept('/etc/hostname', `${hostname}\n`),
  kept('/etc/hosts', HOSTS),
  // As DHCP would: at every boot.
  fresh('/etc/resolv.conf', `search ${domain}\nnameserver ${nameserver}\noptions timeout:2 attempts:5\n`),
  kept('/etc/nsswitch.conf', NSSWITCH),
  kept('/etc/host.conf', 'multi on\n'),
  kept('/etc/protocols', protocols()),
  kept('/etc/services', services()),
]
