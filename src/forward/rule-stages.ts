/** The stages that judge a packet by rules: stateful at a host's interface, stateless at a subnet's edge. */
import type { Interface } from '../network/network.ts'
import { closed, type Direction, interfaceRules, rulesOf } from '../network/rules.ts'
import type { Match } from '../network/match.ts'
import type { Test } from './headers.ts'
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
  const key = trackingKey(at, packet.leg, direction)
  if (packet.tracked.has(key)) return [next(noted(packet, stage, { ...at.origin, rule: 'tracked' }))]
  const { network } = world.topology
  const outcomes: Outcome<H>[] = []
  let rest: H | undefined = packet.headers
  for (const { rule, tracked } of interfaceRules(network, at, direction)) {
    if (rest === undefined) break
    const { yes, no } = world.domain.split(rest, ruleTest(world, rule.match, direction))
    if (yes !== undefined)
      outcomes.push(next(remembered(noted(packet, stage, rule.origin, yes), tracked ? key : undefined)))
    rest = no
  }
  if (rest !== undefined) outcomes.push(stopped(packet, stage, 'denied', closed(network, at, direction), rest))
  return outcomes
}

/** N1: the first rule that matches decides; every packet is judged alone. */
function stateless<H>(world: World<H>, packet: Packet<H>, edge: Interface, direction: Direction): Outcome<H>[] {
  const stage = `segment-${direction}` as const
  const { network } = world.topology
  const ruleSet = network.ruleSets.get(network.segments.get(edge.segment)?.ruleSet ?? '')
  if (!ruleSet) return [next(packet)]
  const outcomes: Outcome<H>[] = []
  let rest: H | undefined = packet.headers
  for (const rule of rulesOf(network, ruleSet.id, direction)) {
    if (rest === undefined) break
    const { yes, no } = world.domain.split(rest, ruleTest(world, rule.match, direction))
    if (yes !== undefined) {
      outcomes.push(
        rule.action === 'allow'
          ? next(noted(packet, stage, rule.origin, yes))
          : stopped(packet, stage, 'denied', rule.origin, yes),
      )
    }
    rest = no
  }
  return parts(...outcomes, rest === undefined ? undefined : stopped(packet, stage, 'denied', ruleSet.origin, rest))
}

/** N6, S3: egress looks at the destination, ingress at the source; both at the destination port. */
function ruleTest<H>({ topology }: World<H>, match: Match, direction: Direction): Test {
  const members = 'addressSet' in match.remote ? topology.addressSets.get(match.remote.addressSet) : undefined
  return { match, remote: direction === 'egress' ? 'destination' : 'source', members }
}

/** A flow is tracked, or not, by the packets of its initiator (S10). */
const remembered = <H>(packet: Packet<H>, key: string | undefined): Packet<H> =>
  key === undefined || packet.leg === 'reply' ? packet : { ...packet, tracked: new Set([...packet.tracked, key]) }
