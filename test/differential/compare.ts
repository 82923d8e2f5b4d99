/** Holds two engines' traces of one flow against each other: delivered or not leg by leg, and the fact that decided. */
import { blockersOf, roundTrip } from '../../src/forward/forward.ts'
import { type Flow, type Leg, stopOf, type Trace } from '../../src/network/flow.ts'
import type { Network } from '../../src/network/network.ts'
import { originKey } from '../../src/network/origin.ts'

/** Undefined where the engines agree; else a sentence that says how they differ. */
export function disagreement(network: Network, flow: Flow, from: string, wire: Trace): string | undefined {
  const { trace: model, receiver } = roundTrip(network, flow, from)
  const request = compareLeg('request', model.request, wire.request, () => blockersOf(network, flow, from))
  if (request || !receiver || !model.reply) return request
  const { reply } = model
  if (!wire.reply) return `reply: model ${outcome(reply)}, wire nothing`
  return compareLeg('reply', reply, wire.reply, () =>
    blockersOf(network, reply.flow, receiver.node, { leg: 'reply', ...receiver }),
  )
}

function compareLeg(
  name: string,
  model: Leg,
  wire: Leg,
  blockers: () => ReturnType<typeof blockersOf>,
): string | undefined {
  if ((model.disposition === 'accepted') !== (wire.disposition === 'accepted'))
    return `${name}: model ${outcome(model)}, wire ${outcome(wire)}`
  if (model.disposition === 'accepted') {
    return model.path.at(-1) === wire.path.at(-1)
      ? undefined
      : `${name}: model ${outcome(model)}, wire ${outcome(wire)}`
  }
  const named = stopOf(wire)?.origin
  if (!named) return `${name}: the wire names no fact; model ${outcome(model)}`
  const facts = blockers().map(originKey)
  return facts.includes(originKey(named)) ? undefined : `${name}: model ${facts.join(' and ')}, wire ${outcome(wire)}`
}

const outcome = (leg: Leg | undefined): string => {
  const stop = leg && stopOf(leg)
  return leg
    ? `${leg.disposition}${stop ? ` at ${stop.stage} by ${originKey(stop.origin)}` : ''} [${leg.path.join(' ')}]`
    : 'nothing'
}
