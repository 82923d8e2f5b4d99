/**
 * Headers of many senders on their way at once: where their ways meet, they go on as one.
 *
 * What one header meets depends on the header, where it is, and what has been noted of it. So parts that are at one
 * place with the same notes may be one set. Two notes speak of the sender: where its flow is tracked, and which
 * interface put it on the wire. Of the first only a mark goes along, until the answer is back at the sender; of the
 * second the addresses of all who are in the set, as each can only have sent from its own.
 */
import type { Position } from '../../forward/forward.ts'
import type { Binding } from '../../forward/headers.ts'
import { current, symbolic, type SymbolicHeaders } from '../../forward/set-domain.ts'
import { type Bindings, type Entry, type Packet, trackingKey } from '../../forward/walk.ts'
import { unionOf } from '../../headers/header-set.ts'
import type { Step } from '../../network/flow.ts'
import type { Interface } from '../../network/network.ts'
import { originKey } from '../../network/origin.ts'

type Here = Position<SymbolicHeaders>

/** In place of the key of a sender that tracks the flow. No key looks like it. */
const TRACKED_BY_SENDER = '#sender'

/** Earlier ones first, so that what will meet has met before it goes on. */
const RANK: Readonly<Record<Entry, number>> = {
  send: 0,
  answer: 0,
  enter: 1,
  leave: 2,
  outside: 3,
  inbound: 4,
  transit: 5,
  arrive: 6,
  receive: 7,
}
const STAGES_AT_MOST = 8

/** What waits at one stage of one sequence: those at one place together, in the order they came. */
interface Waiting {
  readonly places: Map<string, Here[]>
  readonly order: string[]
  next: number
}

/** What waits to go on, united with what is at the same place. */
export class Confluence {
  readonly #ranks: Waiting[] = []
  readonly #isGenuine: (sender: Interface) => boolean
  readonly #numbers = new Map<string, number>()
  #alone = 0

  /** `isGenuine`: whether what an interface sends always has a source of its own. */
  constructor(isGenuine: (sender: Interface) => boolean) {
    this.#isGenuine = isGenuine
    for (let rank = 0; rank < STAGES_AT_MOST ** 2; rank++) this.#ranks.push({ places: new Map(), order: [], next: 0 })
  }

  add(position: Here): void {
    const { entry, stage, packet } = position
    const { places, order } = this.#ranks[RANK[entry] * STAGES_AT_MOST + stage] as Waiting
    const key = entry !== 'send' && this.#mayMeet(packet) ? keyOf(packet, this.#numberOf) : `${++this.#alone}`
    const here = places.get(key)
    if (here) here.push(position)
    else {
      places.set(key, [position])
      order.push(key)
    }
  }

  /** The next of those that have come the least far; undefined where nothing waits. */
  take(): Here | undefined {
    const waiting = this.#ranks.find(({ order, next }) => next < order.length)
    if (!waiting) return undefined
    const key = waiting.order[waiting.next++] as string
    const here = waiting.places.get(key) ?? []
    waiting.places.delete(key)
    return united(here)
  }

  readonly #numberOf = ({ id }: Interface): number => {
    const number = this.#numbers.get(id) ?? this.#numbers.size
    this.#numbers.set(id, number)
    return number
  }

  /** Who sends in the name of others is no other's equal. */
  #mayMeet({ sender }: Packet<SymbolicHeaders>): boolean {
    return sender === undefined || this.#isGenuine(sender)
  }
}

/** Short texts, as there are very many of them. */
function keyOf(packet: Packet<SymbolicHeaders>, numberOf: (at: Interface) => number): string {
  const { at, target, tracked, steps, headers } = packet
  const { source, destination, sourcePort, destinationPort } = headers.rewritten
  let key = `${numberOf(at)} ${target ? numberOf(target) : ''} ${headers.answers}`
  for (const mark of tracked) key += ` ${mark}`
  if (source ?? destination ?? sourcePort ?? destinationPort)
    key += ` ${source} ${destination} ${sourcePort} ${destinationPort}`
  for (const { node, origin } of natSteps(steps)) key += ` ${node} ${originKey(origin)}`
  return key
}

/** A nat node looks for itself in what is behind a packet. */
const natSteps = (steps: readonly Step[]): readonly Step[] => steps.filter(({ stage }) => stage === 'translate-port')

/** What nat nodes remember names the headers that it is about; so it may be known of others, too. */
function allBindings(parts: readonly Here[]): Bindings<SymbolicHeaders> {
  const all = new Map<string, Set<Binding<SymbolicHeaders>>>()
  for (const { packet } of parts)
    for (const [node, bindings] of packet.bindings) all.set(node, new Set([...(all.get(node) ?? []), ...bindings]))
  return new Map([...all].map(([node, bindings]) => [node, [...bindings]]))
}

/** Parts at one place as one. */
function united(parts: readonly Here[]): Here {
  const [first, ...others] = parts
  if (!first) throw new Error('nothing waits here')
  if (others.length === 0) return first
  const { packet } = first
  const senders = new Set(parts.flatMap((part) => part.packet.sender ?? []))
  const addresses = new Set([...senders].flatMap((sender) => sender.addresses))
  const headers = { ...packet.headers, initial: unionOf(parts.map((part) => part.packet.headers.initial)) }
  return {
    ...first,
    hops: Math.max(...parts.map(({ hops }) => hops)),
    packet: {
      ...packet,
      headers,
      steps: natSteps(packet.steps),
      bindings: allBindings(parts),
      ...(packet.sender && senders.size > 1 && { sender: { ...packet.sender, addresses: [...addresses] } }),
    },
  }
}

/** A packet that has left an interface, with a mark in place of what is tracked there: nobody else looks at that. */
export function marked(packet: Packet<SymbolicHeaders>, from: Interface): Packet<SymbolicHeaders> {
  const asked = trackingKey(from, 'request', 'egress')
  const answered = trackingKey(from, 'reply', 'egress')
  const isTracked = packet.leg === 'request' && packet.tracked.has(asked)
  const rest = [...packet.tracked].filter((key) => key !== asked && key !== answered)
  return { ...packet, tracked: new Set(isTracked ? [...rest, TRACKED_BY_SENDER] : rest) }
}

/** An answer that is back at who asked: tracked there, where the mark says so. */
export function unmarked(packet: Packet<SymbolicHeaders>): Packet<SymbolicHeaders> {
  if (!packet.tracked.has(TRACKED_BY_SENDER)) return packet
  return { ...packet, tracked: new Set([...packet.tracked, trackingKey(packet.at, 'reply', 'ingress')]) }
}

/**
 * Headers that have come to the internet, as if they had begun there: from then on they are known by a public source,
 * and not by what it was before, so that those of several senders may meet. What nat nodes remember is of the
 * beginning.
 */
export function begunOutside(packet: Packet<SymbolicHeaders>): Packet<SymbolicHeaders> {
  if (packet.leg === 'reply' || packet.bindings.size > 0) return packet
  return { ...packet, headers: symbolic(current(packet.headers)) }
}
