/**
 * Assertions about reachability: what a file says shall hold, and whether it does.
 *
 * Invariants of this folder: pure; what is asserted of several things holds only if it holds of every pair of them.
 */
import type { PortRange } from '../network/match.ts'

/** Line and column in the file, from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** A text of the file, and where it stands. */
export interface Word extends Place {
  readonly text: string
}

/** only: nothing else gets there. */
export const EXPECTATIONS = ['reachable', 'unreachable', 'partly', 'only'] as const
export type Expectation = (typeof EXPECTATIONS)[number]

/** A protocol and its ports, such as `tcp 443`. Of TCP and UDP no ports are all ports. */
export interface Allowed {
  readonly protocol: number
  readonly ports?: PortRange
}

export interface Assertion extends Place {
  readonly name: string
  /** Why it shall be so. */
  readonly because?: string
  readonly from: readonly Word[]
  readonly to: readonly Word[]
  readonly protocol: number
  readonly ports?: PortRange
  readonly expect: Expectation
  /** What `only` leaves over. */
  readonly allowed: readonly Allowed[]
}

/** What is wrong with a file, and where. */
export interface Problem extends Place {
  readonly message: string
}
