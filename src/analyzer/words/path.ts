/** One leg as a line: the things it passes, what stops it, and what it would come to behind that. */
import type { State } from '../../ec2/state.ts'
import type { Stage } from '../../network/flow.ts'
import type { Network } from '../../network/network.ts'
import type { Blocker, Hop } from '../answer.ts'
import { isSupposed, peersOfSupposed } from '../suppose.ts'
import { nameOf, requestBetween, the } from './names.ts'

/** One thing on the way. */
export interface PathPart {
  /** A resource's id, or `internet`. */
  readonly id: string
  /** Its Name, else its id. */
  readonly name: string
  /** link: a peering or gateway; guard: a security group or network ACL, shown where it stops the packet. */
  readonly kind: 'host' | 'table' | 'link' | 'guard'
  /** Whether the packet is stopped here; what comes behind it is reached once that is mended. */
  readonly stops: boolean
}

/** What these decide is no place on the way, unless they stop the packet. */
const GUARDS: ReadonlySet<Stage> = new Set(['egress-rules', 'ingress-rules', 'segment-egress', 'segment-ingress'])

/** The parts of one leg; empty where it has no hops. `before` is what was in the way before the packet left. */
export function pathOf(state: State, network: Network, hops: readonly Hop[], before: readonly Blocker[]): PathPart[] {
  const [first] = hops
  const last = hops.at(-1)
  if (!first || !last) return before.length > 0 ? [part(state, before[0]?.node ?? '', 'host', true)] : []
  const parts = hops.flatMap((hop) => partOf(state, network, hop) ?? [])
  // What comes from the internet has its first decision at the gateway.
  const sender = network.interfaces.get(first.at)?.node ?? first.node
  const start = part(state, first.stage === 'translate-destination' ? 'internet' : sender, 'host', false)
  const end = last.outcome === 'stop' ? [] : [part(state, last.node, 'host', false)]
  return before.reduce(marked, merged([start, ...parts, ...end]))
}

/** The line with a stop at the gateway that has no address for the host, or at the host that does not run. */
function marked(parts: PathPart[], { stage, node }: Blocker): PathPart[] {
  const at = parts.findIndex(({ id, kind }) => (stage === 'translate-destination' ? kind === 'link' : id === node))
  return parts.map((one, index) => (index === at ? { ...one, stops: true } : one))
}

function partOf(state: State, network: Network, hop: Hop): PathPart | undefined {
  const stops = hop.outcome === 'stop'
  if (GUARDS.has(hop.stage)) return stops ? part(state, firstOf(hop), 'guard', true) : undefined
  const id = placeOf(network, hop)
  return part(state, id, /^(pcx|igw)-/.test(id) ? 'link' : hop.stage === 'route' ? 'table' : 'host', stops)
}

const firstOf = ({ origin }: Hop): string => origin.resource.split(',')[0] as string

/** Where the decision was taken, as a thing that people know. */
function placeOf(network: Network, { origin, stage, node, at }: Hop): string {
  if (stage === 'translate-source' || stage === 'translate-destination')
    return network.interfaces.get(at)?.segment ?? origin.resource
  return stage === 'route' || stage === 'mtu' ? origin.resource : node
}

const part = (state: State, id: string, kind: PathPart['kind'], stops: boolean): PathPart => {
  const real = accepted(state, id)
  const name = isSupposed(real) ? the(state, real).replace(/^a /, '') : (nameOf(state, real) ?? real)
  return { id: real, name, kind, stops }
}

/** A peering that an answer supposes may have been asked for already. */
function accepted(state: State, id: string): string {
  const peers = peersOfSupposed(id)
  return (peers && requestBetween(state, ...peers)) ?? id
}

/** One thing that decided twice in a row is there once. */
function merged(parts: readonly PathPart[]): PathPart[] {
  const line: PathPart[] = []
  for (const next of parts) {
    const before = line.at(-1)
    if (before?.id === next.id) line[line.length - 1] = { ...before, stops: before.stops || next.stops }
    else line.push(next)
  }
  return line
}
