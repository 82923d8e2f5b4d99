/** A rule's match as nft expressions. */
import { familyOf } from '../../ip/address.ts'
import { ANYWHERE, ANYWHERE6, baseOf } from '../../ip/prefix.ts'
import { ICMP, ICMPV6, type Match, type PortRange, TCP, UDP } from '../../network/match.ts'
import type { Direction } from '../../network/rules.ts'
import { named } from './names.ts'

/** The expressions that together mean `match`; more than one where only some protocols have what it asks for. */
export function matchTexts(match: Match, direction: Direction): string[] {
  const remote = remoteText(match, direction)
  return protocolTexts(match).map((text) => [remote, text].filter(Boolean).join(' '))
}

/** N6, S3: egress looks at the destination, ingress at the source. */
function remoteText({ remote }: Match, direction: Direction): string {
  const field = direction === 'egress' ? 'daddr' : 'saddr'
  if ('addressSet' in remote) return `ip ${field} @${named('set', remote.addressSet)}`
  if (remote.prefix === ANYWHERE) return 'meta nfproto ipv4'
  if (remote.prefix === ANYWHERE6) return 'meta nfproto ipv6'
  return `${familyOf(baseOf(remote.prefix)) === 4 ? 'ip' : 'ip6'} ${field} ${remote.prefix}`
}

const PORTS = `${TCP}, ${UDP}`
const TYPES = `${ICMP}, ${ICMPV6}`

/** Ports and types bind the protocols that have them and no other. */
function protocolTexts({ protocol, ports, icmp }: Match): string[] {
  if (protocol === undefined && ports)
    return [`meta l4proto { ${PORTS} } th dport ${rangeText(ports)}`, `meta l4proto != { ${PORTS} }`]
  if (protocol === undefined && icmp)
    return [typeText(ICMP, icmp), typeText(ICMPV6, icmp), `meta l4proto != { ${TYPES} }`]
  if (protocol === undefined) return ['']
  if ((protocol === TCP || protocol === UDP) && ports)
    return [`${protocol === TCP ? 'tcp' : 'udp'} dport ${rangeText(ports)}`]
  if ((protocol === ICMP || protocol === ICMPV6) && icmp) return [typeText(protocol, icmp)]
  return [`meta l4proto ${protocol}`]
}

const rangeText = ({ from, to }: PortRange): string => (from === to ? `${from}` : `${from}-${to}`)

function typeText(protocol: number, { type, code }: NonNullable<Match['icmp']>): string {
  const name = protocol === ICMP ? 'icmp' : 'icmpv6'
  return `${name} type ${type}${code === undefined ? '' : ` ${name} code ${code}`}`
}
