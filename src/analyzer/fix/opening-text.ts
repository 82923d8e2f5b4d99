/** What a fix opens, in words: who may send what to whom. */
import type { State } from '../../ec2/state.ts'
import type { Box } from '../../headers/boxes.ts'
import { ICMP, ICMPV6, type PortRange, TCP, UDP } from '../../network/match.ts'
import type { Network } from '../../network/network.ts'
import { hostName, listed } from '../words/names.ts'
import { portsText, protocolName } from '../words/traffic.ts'
import type { Difference, Opening } from './opening.ts'

/** `ping`, `TCP port 22`, `all UDP`, `everything`. */
export function trafficTexts(all: readonly Box[]): string[] {
  const texts = new Set(all.flatMap(boxTexts))
  return texts.has(EVERYTHING) ? [EVERYTHING] : [...texts]
}

const EVERYTHING = 'everything'

function boxTexts({ protocols = [{ from: 0, to: 255 }], destinationPorts, icmpTypes }: Box): string[] {
  return protocols.flatMap(({ from, to }) => {
    if (to - from > 200) return [EVERYTHING]
    if (from !== to) return [`protocols ${from} to ${to}`]
    if (from === TCP || from === UDP) return portTexts(protocolName(from), destinationPorts)
    if (from === ICMP || from === ICMPV6) return typeTexts(protocolName(from), icmpTypes)
    return [protocolName(from)]
  })
}

const portTexts = (name: string, ranges: readonly PortRange[] | undefined): string[] =>
  ranges ? ranges.map((range) => `${name} ${portsText(range)}`) : [`all ${name}`]

function typeTexts(name: string, types: readonly PortRange[] | undefined): string[] {
  if (!types) return [`all ${name}`]
  return types.map(({ from, to }) => {
    if (from === to && (from === 8 || from === 128)) return 'ping'
    return from === to ? `${name} type ${from}` : `${name} types ${from} to ${to}`
  })
}

/** More names than these are counted. */
const SHOWN = 3
/** More kinds of traffic than these are not listed. */
const KINDS = 4

export function openingText(
  state: State,
  network: Network,
  { from, to }: Difference,
  { from: sources, to: destinations, aimedAt, traffic }: Omit<Opening, 'text'>,
): string {
  const senders = from ? hosts(state, network, from) : internet(sources)
  const receivers = to ? hosts(state, network, to) : internet(destinations)
  const each = from !== undefined && from.join() === to?.join() ? 'each other' : receivers
  const where =
    aimedAt === 'private' || !to ? '' : ` at ${to.length === 1 ? 'its public address' : 'their public addresses'}`
  if (traffic.length === 1 && traffic[0] === 'ping') return `${senders} may ping ${each}${where}.`
  const more = traffic.length > KINDS ? [`${traffic.length - KINDS} more kinds`] : []
  return `${senders} may reach ${each}${where} with ${listed([...traffic.slice(0, KINDS), ...more])}.`
}

/** `web`, `db`, `mail` and 2 more. */
function hosts(state: State, network: Network, ids: readonly string[]): string {
  const names = [...new Set(ids.map((id) => hostName(state, network, id)))]
  const more = names.length > SHOWN ? [`${names.length - SHOWN} more`] : []
  return listed([...names.slice(0, SHOWN), ...more])
}

/** `203.0.113.10/32 on the internet`. */
const internet = (prefixes: readonly string[]): string =>
  prefixes.length <= SHOWN ? `${listed(prefixes)} on the internet` : 'the internet'
