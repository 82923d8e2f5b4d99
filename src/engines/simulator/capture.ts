/** Captures of simulated packets: bytes made up from what a trace says of a packet. */
import type { Ip } from '../../ip/address.ts'
import { type Flow, type Leg, stopOf, type Trace } from '../../network/flow.ts'
import { isOnSubnet } from '../../network/nat.ts'
import type { Network } from '../../network/network.ts'
import type { Origin } from '../../network/origin.ts'
import { packetBytes } from '../../pcap/build.ts'
import type { Capture, Captured } from '../engine.ts'
import { type NatPassage, natPassages } from './nat-passages.ts'

export interface SimulatedCaptures {
  capture(where: string, listener: (packet: Captured) => void): Promise<Capture>
  /** A request and its answer have moved. `session` tells which of them belong together. */
  moved(trace: Trace, session: string | undefined): void
}

type Listener = (packet: Captured) => void

const SYN = 0x02
const ACK = 0x10

export function simulatedCaptures(network: () => Network): SimulatedCaptures {
  const listeners = new Map<Listener, string>()
  /** Packets of each session so far: an echo's sequence number. */
  const sequences = new Map<string, number>()
  let count = 0
  return {
    async capture(where, listener) {
      if (!isCapturable(network(), where)) throw new Error(`nothing can be captured at ${where}`)
      const own: Listener = (packet) => listener(packet)
      listeners.set(own, where)
      return { missed: () => 0, close: async () => void listeners.delete(own) }
    },
    moved({ request, reply }, session = '') {
      if (listeners.size === 0) return
      const sequence = (sequences.get(session) ?? 0) + 1
      if (session) sequences.set(session, sequence)
      for (const leg of [request, ...(reply ? [reply] : [])]) {
        count++
        const number = { id: count & 0xffff, echoId: idOf(session), sequence, flags: flagsOf(leg === reply, sequence) }
        for (const [listener, where] of listeners)
          for (const packet of sightings(network(), leg, where)) listener(captured(packet, leg, number))
      }
    },
  }
}

/** A connection begins with a SYN; what follows in the session is told as an ACK. */
const flagsOf = (isReply: boolean, sequence: number): number => (sequence > 1 ? ACK : isReply ? SYN | ACK : SYN)

const idOf = (session: string): number => [...session].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) & 0xffff, 1)

/** A packet at a place: its addresses there. */
interface Sighting {
  readonly interface: string
  readonly direction: 'in' | 'out'
  readonly source: Ip
  readonly destination: Ip
  readonly dropped: Origin | undefined
}

function isCapturable(network: Network, where: string): boolean {
  const segment = network.segments.get(where)
  if (segment) return segment.kind !== 'subnet'
  const node = network.interfaces.get(where)?.node ?? where
  return isOnSubnet(network.nodes.get(node))
}

function sightings(network: Network, leg: Leg, where: string): Sighting[] {
  const dropped = stopOf(leg)?.origin
  const seen = network.segments.has(where) ? onLink(network, leg, where) : atHost(network, leg, where)
  return seen.map((sighting) => ({ ...sighting, dropped }))
}

type Seen = Omit<Sighting, 'dropped'>

/** What its own kernel does not send is not seen. */
function atHost(network: Network, leg: Leg, where: string): Seen[] {
  const { flow, path } = leg
  const [from] = path
  const to = path.at(-1)
  const own = [...network.interfaces.values()].filter((i) => i.id === where || i.node === where)
  const at = (address: Ip) => own.find((i) => i.addresses.includes(address)) ?? own[0]
  const isOwn = (node: string | undefined) => own.some((i) => i.node === node)
  const isUnsent = stopOf(leg)?.node === from && ['neighbor', 'mtu'].includes(stopOf(leg)?.stage ?? '')
  const inside = translated(network, leg, 'inside')
  const outside = translated(network, leg, 'outside')
  return [
    ...(isOwn(from) && !isUnsent
      ? [{ interface: at(flow.source)?.id ?? where, direction: 'out' as const, ...addressesOf(flow) }]
      : []),
    ...(isOwn(to) && path.length > 1
      ? [{ interface: at(inside)?.id ?? where, direction: 'in' as const, source: outside, destination: inside }]
      : []),
    ...natPassages(network, leg)
      .filter((nat) => own.includes(nat.interface))
      .flatMap((nat) => atNat(network, leg, nat)),
  ]
}

/** A packet that a nat node took, and the one that it sent on or handed back. */
function atNat(network: Network, leg: Leg, { interface: { id }, own, did }: NatPassage): Seen[] {
  const outside = translated(network, leg, 'outside')
  const taken = did === 'restored' ? { source: outside, destination: own } : addressesOf(leg.flow)
  const sent =
    did === 'restored' ? { ...taken, destination: translated(network, leg, 'inside') } : { ...taken, source: own }
  return [
    { interface: id, direction: 'in' as const, ...taken },
    ...(did ? [{ interface: id, direction: 'out' as const, ...sent }] : []),
  ]
}

const addressesOf = ({ source, destination }: Flow) => ({ source, destination })

/** It crossed the link, or something of the link itself stopped it. */
function onLink(network: Network, leg: Leg, where: string): Seen[] {
  const isInternet = (node: string) => network.nodes.get(node)?.kind === 'internet'
  const ends = [...network.interfaces.values()].filter((i) => i.segment === where)
  const [near] = ends.toSorted(
    (a, b) => Number(isInternet(a.node)) - Number(isInternet(b.node)) || (a.id < b.id ? -1 : 1),
  )
  const nodes = ends.map((i) => i.node)
  const at = leg.path.findIndex((node, i) => i > 0 && nodes.includes(node) && nodes.includes(leg.path[i - 1] ?? ''))
  const stop = stopOf(leg)
  const isStoppedHere = at < 0 && stop?.origin.resource === where
  if (at < 0 && !isStoppedHere) return []
  const to = at < 0 ? undefined : leg.path[at]
  const direction = to === near?.node || stop?.stage === 'translate-destination' ? 'in' : 'out'
  const isUplink = network.segments.get(where)?.kind === 'uplink'
  const source = isUplink && !isStoppedHere ? translated(network, leg, 'outside') : leg.flow.source
  return [{ interface: where, direction, source, destination: leg.flow.destination }]
}

/**
 * The sender's address outside, the receiver's inside: as they are where the path has an uplink, or a nat node, that
 * says so.
 */
function translated(network: Network, leg: Leg, side: 'inside' | 'outside'): Ip {
  const { flow, path } = leg
  const nats = natPassages(network, leg)
  const [receiver] = [...network.interfaces.values()].filter((i) => i.node === path.at(-1))
  if (side === 'inside' && nats.some(({ did }) => did === 'restored')) return receiver?.addresses[0] ?? flow.destination
  const sender = nats.findLast(({ did }) => did === 'sent')?.own ?? flow.source
  const address = side === 'inside' ? flow.destination : sender
  const other = side === 'inside' ? 'outside' : 'inside'
  const isCrossed = path.some((node) => network.nodes.get(node)?.kind === 'internet')
  const found = network.translations.find(
    (t) => t[other] === address && path.includes(network.interfaces.get(t.interface)?.node ?? ''),
  )
  return isCrossed && found ? found[side] : address
}

interface Numbers {
  readonly id: number
  readonly echoId: number
  readonly sequence: number
  readonly flags: number
}

function captured({ source, destination, dropped, ...seen }: Sighting, { flow }: Leg, numbers: Numbers): Captured {
  const data = packetBytes({
    source,
    destination,
    protocol: flow.protocol,
    id: numbers.id,
    dontFragment: flow.dontFragment ?? false,
    length: flow.length ?? 0,
    icmp: { type: 8, code: 0, ...flow.icmp, id: numbers.echoId, sequence: numbers.sequence },
    sourcePort: flow.sourcePort ?? 0,
    destinationPort: flow.destinationPort ?? 0,
    flags: numbers.flags,
  })
  const at = Date.now() * 1000
  return { at, ...seen, linkType: 'raw', data, originalLength: data.length, ...(dropped && { dropped }) }
}
