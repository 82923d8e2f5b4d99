/** A packet's walk and its fate -> a leg of the trace. */
import type { Disposition, Flow, Leg, Stage, Step } from '../../../network/flow.ts'
import type { Network } from '../../../network/network.ts'
import type { Origin } from '../../../network/origin.ts'
import { type Fate, isOwn, stopAt, type Walk } from './leg.ts'
import type { Stop } from './lost.ts'

/** `stop` explains a packet that was lost without a word. */
export function legOf(network: Network, flow: Flow, { path, steps, fate }: Walk, stop: Stop | undefined): Leg {
  const isJudged = fate.kind === 'stopped' || fate.kind === 'served'
  const { disposition, step } = isJudged ? fate : (stop ?? arrived(network, fate))
  return { flow, disposition, path, steps: [...steps, step] }
}

/** A host takes what is for one of its addresses; it is no router. */
function arrived(network: Network, fate: Fate): { disposition: Disposition; step: Step } {
  if (fate.kind !== 'arrived') throw new Error('a packet was lost without a cause')
  const { at, port, seen } = fate
  const origin: Origin = port?.host?.origin ?? port?.at.origin ?? network.nodes.get(at)?.origin ?? { resource: at }
  const isHost = network.nodes.get(at)?.kind === 'host'
  if (isHost && !isOwn({ network }, at, seen.destination)) {
    return {
      disposition: 'not-forwarded',
      step: stopAt(at, 'deliver', { ...origin, rule: 'not-forwarded', code: 'ISTHMUS_NOT_FORWARDED' }),
    }
  }
  const stage: Stage = isHost ? 'deliver' : 'internet'
  return { disposition: 'accepted', step: { node: at, stage, outcome: 'pass', origin } }
}
