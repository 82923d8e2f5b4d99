/** What a nat node does: it sends on in its own name, hands back what is answered, and ends circles (A3, A4, A5). */
import type { Ip } from '../ip/address.ts'
import { ANYWHERE, ANYWHERE6 } from '../ip/prefix.ts'
import { TCP } from '../network/match.ts'
import {
  natCannotTranslate,
  natCircle,
  natForStranger,
  natForwards,
  natRemaps,
  natRestores,
  natToItself,
  natUnasked,
  TRANSLATED,
} from '../network/nat.ts'
import type { Node } from '../network/network.ts'
import type { Origin } from '../network/origin.ts'
import type { Binding, Cases, Test } from './headers.ts'
import { routerBeside } from './neighbors.ts'
import { next, noted, type Outcome, type Packet, parts, type StageFunction, stopped, to, type World } from './walk.ts'

const STAGE = 'translate-port'

/** A host takes the packet as it is; a nat node sends it back onto its subnet, or stops it. */
export const translatePort: StageFunction = (world, packet) => {
  const node = world.topology.network.nodes.get(packet.at.node)
  const [own] = packet.at.addresses
  if (node?.kind !== 'nat' || !own) return [next(packet)]
  const { domain } = world
  const from = domain.split(packet.headers, { field: 'source', addresses: new Set([own]) })
  const aimed: { yes?: typeof packet.headers; no?: typeof packet.headers } =
    from.no === undefined ? {} : domain.split(from.no, { field: 'destination', addresses: new Set([own]) })
  return [
    ...parts(from.yes === undefined ? undefined : stop({ ...packet, headers: from.yes }, natToItself(node))),
    ...(aimed.yes === undefined ? [] : handBack(world, { ...packet, headers: aimed.yes }, node)),
    ...(aimed.no === undefined ? [] : sendOn(world, { ...packet, headers: aimed.no }, node, own)),
  ]
}

const stop = <H>(packet: Packet<H>, origin: Origin): Outcome<H> => stopped(packet, STAGE, 'denied', origin)

/** What is for the gateway itself is an answer that somebody waits for, or nobody's. */
function handBack<H>({ domain }: World<H>, packet: Packet<H>, node: Node): Outcome<H>[] {
  const outcomes: Outcome<H>[] = []
  let rest: H | undefined = packet.headers
  const waiting = packet.leg === 'reply' ? (packet.bindings.get(node.id) ?? []) : []
  for (const binding of waiting) {
    if (rest === undefined) break
    const { yes, no }: { yes?: H; no?: H } = domain.restore(rest, binding)
    if (yes !== undefined) outcomes.push(to('send', noted(packet, STAGE, natRestores(node), yes)))
    rest = no
  }
  return parts(...outcomes, rest === undefined ? undefined : stop({ ...packet, headers: rest }, natUnasked(node)))
}

/** For those it serves, and of what it can translate. A flow begins with a request; UDP has no beginning. */
function sendOn<H>(world: World<H>, packet: Packet<H>, node: Node, own: Ip): Outcome<H>[] {
  const { domain } = world
  const served = domain.classify(packet.headers, servedBy(node))
  const known = served.hits.flatMap(([headers]) => {
    const { hits, rest } = domain.classify(headers, TRANSLATABLE)
    return [
      ...hits.flatMap(([part, protocol]) => translated(world, { ...packet, headers: part }, node, own, protocol)),
      ...parts(rest === undefined ? undefined : stop({ ...packet, headers: rest }, natCannotTranslate(node))),
    ]
  })
  const { rest } = served
  return [...known, ...parts(rest === undefined ? undefined : stop({ ...packet, headers: rest }, natForStranger(node)))]
}

function translated<H>(world: World<H>, packet: Packet<H>, node: Node, own: Ip, protocol: number): Outcome<H>[] {
  if (packet.leg === 'reply' && protocol === TCP) return [stop(packet, natUnasked(node))]
  if (isCircle(packet, node)) return [stop(packet, natCircle(routerBeside(world, packet.at)?.node ?? node.id))]
  return world.domain.masquerade(packet.headers, own).map((binding) => {
    const origin = binding.remapped ? natRemaps(node) : natForwards(node)
    const sentOn = noted(packet, STAGE, origin, binding.after)
    return to('send', { ...sentOn, ...memory(packet, node, binding) })
  })
}

/**
 * What is remembered of the flow from here on. An answer is not answered, nobody needs to find back; and sent on in
 * another name it answers nothing that was asked, so that nobody tracks it.
 */
function memory<H>(
  { leg, bindings, tracked }: Packet<H>,
  { id }: Node,
  binding: Binding<H>,
): Pick<Packet<H>, 'bindings' | 'tracked'> {
  if (leg === 'reply') return { bindings, tracked: new Set() }
  return { bindings: new Map([...bindings, [id, [...(bindings.get(id) ?? []), binding]]]), tracked }
}

/** It sent this very packet on before: others in the VPC have led it back, and would for ever. */
const isCircle = <H>({ steps }: Packet<H>, node: Node): boolean =>
  steps.some(
    ({ node: at, stage, origin }) => at === node.id && stage === STAGE && origin.rule === natForwards(node).rule,
  )

/** One case: the blocks that a node serves. Kept, as domains keep what they make of cases. */
function servedBy(node: Node): Cases<true> {
  const known = blocks.get(node)
  if (known) return known
  const tests = (node.serves ?? []).map((prefix): Test => ({ field: 'source', prefix }))
  const cases: Cases<true> = { tests, outcomes: tests.map(() => 0), values: [true] }
  blocks.set(node, cases)
  return cases
}
const blocks = new WeakMap<Node, Cases<true>>()

/** By protocol number, of both families. */
const TRANSLATABLE: Cases<number> = {
  tests: TRANSLATED.flatMap((match) =>
    [ANYWHERE, ANYWHERE6].map(
      (prefix): Test => ({ match: { ...match, remote: { prefix } }, remote: 'source', members: undefined }),
    ),
  ),
  outcomes: TRANSLATED.flatMap((_, i) => [i, i]),
  values: TRANSLATED.map(({ protocol }) => protocol),
}
