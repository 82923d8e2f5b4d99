/** Sends the headers of many senders through the network at once, and the answers back. */
import { advance, answers, departures, type Ending, type Position, start } from '../../forward/forward.ts'
import { setDomain, symbolic, type SymbolicHeaders } from '../../forward/set-domain.ts'
import { type Topology, topologyOf } from '../../forward/topology.ts'
import type { Packet, World } from '../../forward/walk.ts'
import { type HeaderSet, intersect, NOTHING, union, unionOf } from '../../headers/header-set.ts'
import type { Interface, Network } from '../../network/network.ts'
import { begunOutside, Confluence, marked, unmarked } from './confluence.ts'

/** What a node sends. */
export interface Sending {
  readonly headers: HeaderSet
  /** All headers of which it is the sender, by its own addresses or by its public ones; of none may two be. */
  readonly own: HeaderSet
}

/** By node. */
export type Sendings = ReadonlyMap<string, Sending>

/** What has become of it. Headers are as they were sent; or, from a public source, as they came to the internet. */
export interface Flooded {
  /** By the interface that took it: an instance's, or the internet's. */
  readonly arrived: ReadonlyMap<Interface, HeaderSet>
  /** Of all that arrived, what was answered, and the answer came back to the sender. */
  readonly answered: HeaderSet
}

type Headers = SymbolicHeaders

/** What arrives of all that the nodes send, and what of that is answered. The internet is the whole world. */
export function flood(network: Network, sendings: Sendings): Flooded {
  const topology = topologyOf(network)
  const world: World<Headers> = { domain: setDomain, topology, merging: true, worldwide: true }
  const requests = [...sendings].flatMap(([node, { headers }]) =>
    departures(world, node, symbolic(headers)).map(([at, part]) =>
      start(network, part, at, { leg: 'request', tracked: new Set() }),
    ),
  )
  const isSender = (at: Interface): boolean => sendings.has(at.node)
  const taken = moved(world, requests, isSender).filter(({ packet }) => isEnd(topology, packet.at))
  const arrived = byInterface(taken)
  const replies = taken.flatMap(({ packet }) => answers(world, packet))
  const back = moved(world, replies, isSender).map(({ packet: { at, headers } }) =>
    intersect(headers.initial, sendings.get(at.node)?.own ?? NOTHING),
  )
  return { arrived, answered: unionOf(back) }
}

/** Whether whoever takes it is a host, or the internet; a router's own services are not asked about. */
const isEnd = ({ network }: Topology, { node }: Interface): boolean => network.nodes.get(node)?.kind !== 'router'

function byInterface(taken: readonly Ending<Headers>[]): ReadonlyMap<Interface, HeaderSet> {
  const arrived = new Map<Interface, HeaderSet>()
  for (const { packet } of taken)
    arrived.set(packet.at, union(arrived.get(packet.at) ?? NOTHING, packet.headers.initial))
  return arrived
}

/** What is accepted in the end, wherever. */
function moved(
  world: World<Headers>,
  from: readonly Position<Headers>[],
  isSender: (at: Interface) => boolean,
): Ending<Headers>[] {
  const waiting = new Confluence((sender) => isGenuine(world.topology, sender))
  for (const position of from) waiting.add(position)
  const accepted: Ending<Headers>[] = []
  for (let here = waiting.take(); here; here = waiting.take()) {
    for (const progress of advance(world, here)) {
      if (progress.kind === 'at') for (const next of ready(world, here, progress.position, isSender)) waiting.add(next)
      else if (progress.ending.disposition === 'accepted') accepted.push(progress.ending)
    }
  }
  return accepted
}

/** Whether what an interface sends has a source of its own: its check sees to that, or its node has no other. */
const isGenuine = ({ interfacesOf }: Topology, { node, sourceDestCheck }: Interface): boolean =>
  sourceDestCheck || interfacesOf.get(node)?.length === 1

/** A position as those that it may meet have it. */
function ready(
  world: World<Headers>,
  before: Position<Headers>,
  after: Position<Headers>,
  isSender: (at: Interface) => boolean,
): Position<Headers>[] {
  if (after.entry === before.entry) return [after]
  const hasLeft = before.entry === 'send' && isGenuine(world.topology, before.packet.at)
  const left = hasLeft ? marked(after.packet, before.packet.at) : after.packet
  const packet = after.entry === 'outside' ? begunOutside(left) : left
  const isBack = after.entry === 'receive' && packet.leg === 'reply' && isSender(packet.at)
  return (isBack ? returned(world, packet) : [packet]).map((part) => ({ ...after, packet: part }))
}

/** Answers at a sender: those for it are tracked there if the request was. */
function returned(world: World<Headers>, packet: Packet<Headers>): Packet<Headers>[] {
  const addresses = new Set(packet.at.addresses)
  const { yes, no } = world.domain.split(packet.headers, { field: 'destination', addresses })
  return [
    ...(yes === undefined ? [] : [unmarked({ ...packet, headers: yes })]),
    ...(no === undefined ? [] : [{ ...packet, headers: no }]),
  ]
}
