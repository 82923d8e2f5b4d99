/** The stages that judge a packet by rules: stateful at a host's interface, stateless at a subnet's edge. */
import { isUnfiltered } from '../network/nat.ts'
import type { Interface } from '../network/network.ts'
import { closed, type Direction, interfaceRules, rulesOf } from '../network/rules.ts'
import { statefulCases, statelessCases } from './cases.ts'
import {
  next,
  noted,
  type Outcome,
  type Packet,
  parts,
  type StageFunction,
  trackingKey,
  stopped,
  type World,
} from './walk.ts'

export const egressRules: StageFunction = (world, packet) => stateful(world, packet, 'egress')
export const ingressRules: StageFunction = (world, packet) => stateful(world, packet, 'ingress')
export const segmentEgress: StageFunction = (world, packet) => stateless(world, packet, packet.at, 'egress')
export const segmentIngress: StageFunction = (world, packet) => stateless(world, packet, packet.at, 'ingress')

/** S1, S2: allows are united; what is tracked here passes without them. */
function stateful<H>(world: World<H>, packet: Packet<H>, direction: Direction): Outcome<H>[] {
  const stage = `${direction}-rules` as const
  const { at } = packet
  const { network } = world.topology
  if (isUnfiltered(network, at)) return [next(packet)]
  const key = trackingKey(at, packet.leg, direction)
  if (packet.tracked.has(key)) return [next(noted(packet, stage, { ...at.origin, rule: 'tracked' }))]
  const cases = statefulCases(world.topology, interfaceRules(network, at, direction), direction, world.merging ?? false)
  const { hits, rest } = world.domain.classify(packet.headers, cases)
  return parts(
    ...hits.map(([headers, { rule, tracked }]) =>
      next(
        tracked
          ? trackedAt(noted(packet, stage, rule.origin, headers), direction)
          : noted(packet, stage, rule.origin, headers),
      ),
    ),
    rest === undefined ? undefined : stopped(packet, stage, 'denied', closed(network, at, direction), rest),
  )
}

/** N1: the first rule that matches decides; every packet is judged alone. */
function stateless<H>(world: World<H>, packet: Packet<H>, edge: Interface, direction: Direction): Outcome<H>[] {
  const stage = `segment-${direction}` as const
  const { network } = world.topology
  const ruleSet = network.ruleSets.get(network.segments.get(edge.segment)?.ruleSet ?? '')
  if (!ruleSet) return [next(packet)]
  const rules = rulesOf(network, ruleSet.id, direction)
  const { hits, rest } = world.domain.classify(
    packet.headers,
    statelessCases(world.topology, rules, direction, world.merging ?? false),
  )
  return parts(
    ...hits.map(([headers, { action, origin }]) =>
      action === 'allow'
        ? next(noted(packet, stage, origin, headers))
        : stopped(packet, stage, 'denied', origin, headers),
    ),
    rest === undefined ? undefined : stopped(packet, stage, 'denied', ruleSet.origin, rest),
  )
}

/** The packet as a rule that tracks lets it pass; whether a flow is tracked, its initiator's packets decide (S10). */
export function trackedAt<H>(packet: Packet<H>, direction: Direction): Packet<H> {
  if (packet.leg === 'reply') return packet
  return { ...packet, tracked: new Set([...packet.tracked, trackingKey(packet.at, packet.leg, direction)]) }
}
