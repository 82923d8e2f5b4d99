/**
 * What the peering lab has to show, A1 to A20, and what has come of it.
 *
 * Invariants of this folder: a lab acts through the public API and the commands only; it finds things by relation,
 * never by name; an outcome is said to hold only after it has been seen.
 */

/** How it is seen: an answer of the API, or packets. */
type Kind = 'api' | 'packets'

export const expectations = {
  A1: { kind: 'api', title: '"VPC and more" makes exactly the named parts' },
  A2: { kind: 'api', title: 'The map shows them' },
  A3: { kind: 'api', title: 'A VPC takes a block from /16 to /28' },
  A4: { kind: 'api', title: "A pending peering hides the accepter's block; accepted, it is active" },
  A5: { kind: 'api', title: 'Overlapping blocks: the peering fails' },
  A6: { kind: 'api', title: "The route to the VPC's own block is refused, word for word" },
  A7: { kind: 'packets', title: 'Without a route on both sides: silence' },
  A8: { kind: 'api', title: 'The instances have no public address' },
  A9: { kind: 'api', title: 'Instance Connect is refused without a public address' },
  A10: { kind: 'api', title: 'An Elastic IP gives the instance a public address' },
  A11: { kind: 'packets', title: 'SSH from outside, blocked: a timeout, no reset' },
  A12: { kind: 'packets', title: "A shell, from the service's range" },
  A13: { kind: 'packets', title: 'Ping to the peer: one line, then silence' },
  A14: { kind: 'packets', title: 'A rule at the peer lets the same process be answered' },
  A15: { kind: 'packets', title: 'The replies need no rule in VPC 1' },
  A16: { kind: 'packets', title: 'One of the two routes removed: silent again' },
  A17: { kind: 'api', title: 'Peering deleted: both routes are blackholes' },
  A18: { kind: 'api', title: 'A VPC with instances is not deleted' },
  A19: { kind: 'packets', title: 'Afterwards nothing is left' },
  A20: { kind: 'packets', title: 'One hop to the peer; the TTL arrives as 127' },
} as const satisfies Record<string, { kind: Kind; title: string }>
export type OutcomeId = keyof typeof expectations

/** API: from its answers; wire: real packets; model: simulated ones. */
export type Judge = 'API' | 'wire' | 'model'
export type Result = 'ok' | 'failed'

export interface Outcome {
  readonly id: OutcomeId
  readonly title: string
  readonly judge: Judge
  readonly result: Result
  /** What was seen, or why it was not. */
  readonly evidence: string
}

export const outcomeIds = Object.keys(expectations) as readonly OutcomeId[]

const judges: Readonly<Record<Kind, (engine: 'linux' | 'simulator') => Judge>> = {
  api: () => 'API',
  packets: (engine) => (engine === 'linux' ? 'wire' : 'model'),
}

export const outcome = (id: OutcomeId, engine: 'linux' | 'simulator', result: Result, evidence: string): Outcome => {
  const { kind, title } = expectations[id]
  return { id, title, judge: judges[kind](engine), result, evidence }
}

/** All of them in order: what was not come to has failed. */
export const completed = (seen: readonly Outcome[], engine: 'linux' | 'simulator'): Outcome[] =>
  outcomeIds.map(
    (id) => seen.find((one) => one.id === id) ?? outcome(id, engine, 'failed', 'the lab ended before this'),
  )

/** Everything that can hold here does. */
export const allHold = (outcomes: readonly Outcome[]): boolean => outcomes.every(({ result }) => result === 'ok')

/** The table at the end. */
export function outcomeTable(outcomes: readonly Outcome[]): string[] {
  const width = Math.max(...outcomes.map(({ title }) => title.length))
  return outcomes.map(
    (one) =>
      `${one.id.padEnd(4)} ${one.title.padEnd(width)}  ${one.judge.padEnd(5)} ${one.result === 'ok' ? 'ok' : 'FAILED'}`,
  )
}
