/** The steps of a walk as the hops of an answer. */
import type { Position } from '../forward/forward.ts'
import type { Packet } from '../forward/walk.ts'
import type { HopOf } from './answer.ts'

/** The steps that one stage added, from a position to what became of the packet there. */
export const hopsOf = <H>({ packet: before }: Position<H>, after: Packet<H>): HopOf<H>[] =>
  after.steps.slice(before.steps.length).map(({ stage, node, origin, outcome }) => ({
    leg: before.leg,
    stage,
    node,
    at: before.at.id,
    origin,
    outcome,
    before: before.headers,
    after: after.headers,
  }))
