/** A rule's match as nft expressions. */
import { familyOf, fromInteger4, integer4 } from '../../ip/address.ts'
import { ANYWHERE, ANYWHERE6, baseOf, lengthOf } from '../../ip/prefix.ts'
import { ICMP, ICMPV6, type Match, type PortRange, TCP, UDP } from '../../network/match.ts'
import type { Direction } from '../../network/rules.ts'
import { named } from './names.ts'

/** The expressions that together mean `match`; more than one where only some protocols have what it asks for. */
export function matchTexts(match: Match, direction: Direction): string[] {
  const remote = remoteText(match, direction)
  return protocolTexts(match).map((text) => [remote, text].filter(Boolean).join(' '))
}

/** One of the things in which rules of one shape differ: where to look in a packet, and what is to be there. */
export interface Key {
  readonly look: string
  /** nft's type of what is looked at. */
  readonly type: string
  readonly value: string
}

/** As `matchTexts`, with what other rules may have otherwise taken out: a block of some length, and one port. */
export function shapesOf(match: Match, direction: Direction): { readonly text: string; readonly keys: Key[] }[] {
  const [block, port] = [blockKey(match, direction), portKey(match)]
  const remote = block ? '' : remoteText(match, direction)
  const keys = [block, port].filter((key) => key !== undefined)
  return (port ? [''] : protocolTexts(match)).map((text) => ({ text: [remote, text].filter(Boolean).join(' '), keys }))
}

function blockKey({ remote }: Match, direction: Direction): Key | undefined {
  if (!('prefix' in remote) || remote.prefix === ANYWHERE || familyOf(remote.prefix) === 6) return undefined
  const mask = 2 ** 32 - 2 ** (32 - lengthOf(remote.prefix))
  const base = fromInteger4((integer4(baseOf(remote.prefix)) & mask) >>> 0)
  const field = `ip ${fieldOf(direction)}`
  const look = lengthOf(remote.prefix) === 32 ? field : `${field} & ${fromInteger4(mask)}`
  return { look, type: 'ipv4_addr', value: base }
}

function portKey({ protocol, ports }: Match): Key | undefined {
  if (!ports || ports.from !== ports.to || (protocol !== TCP && protocol !== UDP)) return undefined
  return { look: `${protocol === TCP ? 'tcp' : 'udp'} dport`, type: 'inet_service', value: `${ports.from}` }
}

/** N6, S3: egress looks at the destination, ingress at the source. */
const fieldOf = (direction: Direction): string => (direction === 'egress' ? 'daddr' : 'saddr')

function remoteText({ remote }: Match, direction: Direction): string {
  const field = fieldOf(direction)
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
