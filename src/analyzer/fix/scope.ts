/** How wide a rule is: whose packets of the asked kind it lets pass, and no others. */
import type { State } from '../../ec2/state.ts'
import { activeBlocks } from '../../ec2/vpc.ts'
import { ports } from '../../headers/boxes.ts'
import type { Ip } from '../../ip/address.ts'
import { ANYWHERE, contains, hostPrefix, type Prefix } from '../../ip/prefix.ts'
import { ICMP, ICMPV6, type PortRange, TCP, UDP } from '../../network/match.ts'
import type { Direction } from '../../network/rules.ts'
import type { Blocker } from '../answer.ts'
import type { End, Question } from '../question.ts'
import type { Situation } from './task.ts'

/** What a rule lets pass: of one protocol, the asked ports or the type of the blocked packet. */
export interface Kind {
  readonly protocol: number
  readonly ports?: PortRange
  /** -1 is every code. */
  readonly icmp?: { readonly type: number; readonly code: number }
}

/** Ping's types, of both families, request and answer. They have one code, which nobody writes. */
const ECHO: ReadonlySet<number> = new Set([8, 0, 128, 129])

/** The destination ports of a leg: of the answer, those that the client sent from. */
export function kindOf({ question, asked, blocker: { leg, flow } }: Situation): Kind {
  const { protocol } = flow
  if (protocol === ICMP || protocol === ICMPV6) {
    const { type = -1 } = flow.icmp ?? {}
    const code = ECHO.has(type) ? undefined : question.traffic.icmp?.code
    return { protocol, icmp: { type, code: code ?? -1 } }
  }
  if (protocol !== TCP && protocol !== UDP) return { protocol }
  const port = flow.destinationPort ?? 0
  const all = ports(asked, leg === 'request' ? 'destinationPort' : 'sourcePort')
  return { protocol, ports: all.find(({ from, to }) => from <= port && port <= to) ?? { from: port, to: port } }
}

/** Whose address a rule of this direction looks at, in the leg that is blocked. */
export const remoteOf = ({ flow }: Blocker, direction: Direction): Ip =>
  direction === 'ingress' ? flow.source : flow.destination

/** Whether the far side of a rule of this direction is the source of the question. */
const isSource = ({ leg }: Blocker, direction: Direction): boolean => (leg === 'request') === (direction === 'ingress')

export interface Scope {
  readonly prefix: Prefix
  /** Why it is no narrower. */
  readonly comment?: string
}

/**
 * From whom, or to whom: the block of the remote VPC that holds the address; with `narrow`, and for all that is in no
 * VPC, the one address. The internet as a whole has no narrower name.
 */
export function scopeOf(situation: Situation, direction: Direction): Scope {
  const { question, blocker, narrow } = situation
  const remote = remoteOf(blocker, direction)
  const atSource = isSource(blocker, direction)
  const end = atSource ? question.from : question.to
  const asked = askedOf(question, end, atSource)
  if (end.kind === 'internet' || end.kind === 'internet-gateway')
    return asked ? { prefix: asked } : { prefix: ANYWHERE, comment: WHOLE_INTERNET }
  const block = narrow ? undefined : blockOf(situation, remote)
  return { prefix: block ?? (asked && contains(asked, remote) ? asked : hostPrefix(remote)) }
}

const WHOLE_INTERNET = 'The whole internet was asked about, and no rule for that is narrower than 0.0.0.0/0.'

/** The addresses that the question itself names at an end. */
function askedOf({ source, destination }: Question, end: End, atSource: boolean): Prefix | undefined {
  const named = atSource ? source : destination && hostPrefix(destination)
  return end.kind === 'internet' ? (end.prefix ?? named) : named
}

/** The block that holds the address, of the VPC that is meant; undefined where it is in none. */
export function blockOf({ state, question, blocker }: Situation, address: Ip): Prefix | undefined {
  const holding = [...state.all('vpc')].flatMap((v) =>
    activeBlocks(v).flatMap((block) => (contains(block, address) ? [{ vpc: v.id, block }] : [])),
  )
  const near = [vpcOf(state, question.from), vpcOf(state, question.to), ...peersOf(state, blocker.node)]
  const meant = near.flatMap((vpc) => holding.filter((h) => h.vpc === vpc))
  return (meant[0] ?? holding[0])?.block
}

/** The VPC of an end that is in one. */
function vpcOf(state: State, end: End): string | undefined {
  if (end.kind === 'instance') return state.get('instance', end.id)?.vpcId
  return end.kind === 'network-interface' ? state.get('network-interface', end.id)?.vpcId : undefined
}

/** The VPC of a node of the network, and those peered with it. */
function peersOf(state: State, node: string): string[] {
  const vpc = state.get('instance', node)?.vpcId ?? node
  const peerings = [...state.where('vpc-peering-connection', 'requesterVpcId', vpc)]
  const answered = [...state.where('vpc-peering-connection', 'accepterVpcId', vpc)]
  return [vpc, ...peerings.map((p) => p.accepterVpcId), ...answered.map((p) => p.requesterVpcId)]
}
