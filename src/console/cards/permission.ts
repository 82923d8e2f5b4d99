/** Rules of security groups as the console names them: a type, a range of ports, a peer. */
import { parsePorts } from '../../check/traffic.ts'
import type { Rule } from '../estate/estate.ts'

interface Preset {
  readonly id: string
  readonly words: string
  readonly protocol: string
  /** Absent: all of the protocol, or those that are typed. */
  readonly port?: number
}

export const PRESETS: readonly Preset[] = [
  { id: 'ssh', words: 'SSH', protocol: 'tcp', port: 22 },
  { id: 'icmp', words: 'All ICMP - IPv4', protocol: 'icmp' },
  { id: 'http', words: 'HTTP', protocol: 'tcp', port: 80 },
  { id: 'https', words: 'HTTPS', protocol: 'tcp', port: 443 },
  { id: 'custom-tcp', words: 'Custom TCP', protocol: 'tcp' },
  { id: 'custom-udp', words: 'Custom UDP', protocol: 'udp' },
  { id: 'all', words: 'All traffic', protocol: '-1' },
]

/** What is let through, as EC2 takes it. Throws an Error that says what is missing. */
export function permissionOf(presetId: string, ports: string, peer: string) {
  const preset = PRESETS.find(({ id }) => id === presetId)
  if (!preset) throw new Error('Choose a type.')
  if (!peer) throw new Error('Give a block such as 10.1.0.0/16, the id of a group, or 0.0.0.0/0 for anywhere.')
  return { IpProtocol: preset.protocol, ...portsOf(preset, ports), ...peerOf(peer) }
}

function portsOf({ id, protocol, port }: Preset, typed: string) {
  if (protocol === '-1') return {}
  if (protocol === 'icmp') return { FromPort: -1, ToPort: -1 }
  if (!id.startsWith('custom')) return { FromPort: port, ToPort: port }
  const range = parsePorts(typed.trim())
  if (!range) throw new Error('Give a port, or a range such as 8000-8100.')
  return { FromPort: range.from, ToPort: range.to }
}

function peerOf(peer: string) {
  if (peer.startsWith('sg-')) return { UserIdGroupPairs: [{ GroupId: peer }] }
  if (peer.startsWith('pl-')) return { PrefixListIds: [{ PrefixListId: peer }] }
  return peer.includes(':') ? { Ipv6Ranges: [{ CidrIpv6: peer }] } : { IpRanges: [{ CidrIp: peer }] }
}

/** `SSH`, `All ICMP - IPv4`, `TCP 8000-8100`. */
export function trafficText({ protocol, from, to }: Rule): string {
  const known = PRESETS.find((one) => one.protocol === protocol && one.port === from && from === to)
  if (known) return known.words
  if (protocol === '-1') return 'All traffic'
  if (protocol === 'icmp' && from === -1) return 'All ICMP - IPv4'
  const range = from === to ? String(from) : `${from}-${to}`
  return from === -1 ? `Protocol ${protocol}` : `${protocol.toUpperCase()} ${range}`
}
