/** Blockers → the smallest EC2 calls that mend them, each fix proved on a copy of the records before it is shown. */
import { IncrementalCompile } from '../compile/incremental.ts'
import type { State } from '../ec2/state.ts'
import type { Answer, Blocker, Way } from './answer.ts'
import type { Call } from './fix/call.ts'
import { mend, type Tried } from './fix/mend.ts'
import type { Opening } from './fix/opening.ts'
import { sideEffects } from './fix/opens.ts'
import type { Setting } from './fix/rehearsal.ts'
import { type Style, STYLES } from './fix/task.ts'
import type { Question } from './question.ts'

export { type Call, makeCalls, type Principal } from './fix/call.ts'
export { commandOf } from './fix/command.ts'
export type { Opening } from './fix/opening.ts'

/** Made one after the other, the calls make all that was asked reachable. */
export interface Fix {
  readonly calls: readonly Call[]
  readonly mends: readonly Blocker[]
  /** What else passes with the calls that did not pass before; and what no longer does. */
  readonly opens: readonly Opening[]
  readonly closes: readonly Opening[]
}

export interface FixOptions extends Setting {
  /** For one address, where else a rule or route is for the block of its VPC. */
  readonly narrow?: boolean
  /** What follows the state already; else everything is compiled once more. */
  readonly compiled?: IncrementalCompile
}

/** Every fix of the answer's way and of its alternatives, the usual one first. None where nothing is blocked. */
export function fixesOf(state: State, question: Question, answer: Answer, options: FixOptions = {}): Fix[] {
  if (answer.verdict === 'reachable') return []
  const compiled = options.compiled ?? new IncrementalCompile(state)
  return attempts(state, question, answer, { ...options, compiled }).flatMap(({ outcome }) => {
    if (outcome.kind === 'stuck') return []
    const { mends, proof } = outcome
    return [{ calls: proof.calls, mends, ...sideEffects(state, compiled, proof, question) }]
  })
}

/** Why there is no fix, for each way; empty where there is one. */
export function whyNotFixed(state: State, question: Question, answer: Answer, options: FixOptions = {}): string[] {
  const outcomes = attempts(state, question, answer, options).map(({ outcome }) => outcome)
  if (outcomes.some(({ kind }) => kind === 'mended')) return []
  return [...new Set(outcomes.flatMap((outcome) => (outcome.kind === 'stuck' ? [outcome.why] : [])))]
}

/** One attempt for each way in the usual style, and one more for each other style in which something could be cured. */
function attempts(
  state: State,
  question: Question,
  answer: Answer,
  { narrow = false, compiled = new IncrementalCompile(state), ...setting }: FixOptions,
): readonly Tried[] {
  if (answer.verdict === 'reachable') return []
  const tries: Tried[] = []
  const known = new Set<string>()
  const attempt = (way: Way, style: Style): Tried => {
    const tried = mend({ state, compiled, question, answer, way, style, narrow, setting })
    const key = tried.outcome.kind === 'stuck' ? tried.outcome.why : keyOf(tried.outcome.proof.calls)
    if (!known.has(key)) tries.push(tried)
    known.add(key)
    return tried
  }
  for (const way of [answer.way, ...answer.alternatives]) {
    const { styles } = attempt(way, 'address')
    for (const style of STYLES) if (style !== 'address' && styles.has(style)) attempt(way, style)
  }
  return tries
}

const keyOf = (calls: readonly Call[]): string =>
  JSON.stringify(calls.map(({ action, input, caller }) => [action, input, caller]))
