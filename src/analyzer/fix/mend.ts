/** From a way that is blocked to the fewest calls that open it, proved on a copy of the records. */
import type { IncrementalCompile } from '../../compile/incremental.ts'
import type { State } from '../../ec2/state.ts'
import { ApiError } from '../../ec2/errors.ts'
import { union } from '../../headers/header-set.ts'
import type { Action } from '../../protocol/types.ts'
import type { Answer, Blocker, Way } from '../answer.ts'
import { explain } from '../explain.ts'
import type { Question } from '../question.ts'
import { QuestionError } from '../question-error.ts'
import { distinct } from '../search.ts'
import type { Call } from './call.ts'
import { curesOf } from './cures.ts'
import { type Rehearsal, rehearsal, rehearse, type Setting } from './rehearsal.ts'
import type { Cure, Style } from './task.ts'

export interface Attempt {
  readonly state: State
  /** Follows that state. */
  readonly compiled: IncrementalCompile
  readonly question: Question
  readonly answer: Answer
  /** The way to open first; what is in the way then is looked for again. */
  readonly way: Way
  readonly style: Style
  readonly narrow: boolean
  readonly setting: Setting
}

/** Calls that open the way, and what they mend; or the blocker that nothing mends, and why. */
export type Outcome =
  | { readonly kind: 'mended'; readonly mends: readonly Blocker[]; readonly proof: Rehearsal }
  | { readonly kind: 'stuck'; readonly blocker: Blocker; readonly why: string }

export interface Tried {
  readonly outcome: Outcome
  /** The styles in which some blocker on the way could be cured. */
  readonly styles: ReadonlySet<Style>
}

/** Behind what is mended something else may be in the way, as AWS's own answers have it; so many times it may be. */
const ROUNDS = 8

export function mend(attempt: Attempt): Tried {
  const { state, compiled, question, setting } = attempt
  const run = rehearsal(state, setting)
  const styles = new Set<Style>()
  const mends: Blocker[] = []
  let { answer, way } = attempt
  for (let round = 0; round < ROUNDS; round++) {
    const before = run.calls.length
    for (const blocker of way.blockers) {
      const why = cure(attempt, run, { answer, way, blocker }, styles)
      if (why !== undefined) return { outcome: { kind: 'stuck', blocker, why }, styles }
      mends.push(blocker)
    }
    if (run.calls.length === before) break
    answer = explain(run.state, compiled.suppose(run.state).network, question, setting)
    if (answer.verdict === 'reachable') return { outcome: finished(attempt, run.calls, mends), styles }
    way = answer.way
  }
  const [blocker] = way.blockers
  if (!blocker) throw new Error('a way that nothing blocks is blocked')
  return { outcome: { kind: 'stuck', blocker, why: 'What was mended on the way did not open it.' }, styles }
}

interface Spot {
  readonly answer: Answer
  readonly way: Way
  readonly blocker: Blocker
}

/** Does what the blocker's remedy asks for, in the wanted style where there is one. The answer is why it can not. */
function cure(
  attempt: Attempt,
  run: Rehearsal,
  { answer, way, blocker }: Spot,
  styles: Set<Style>,
): string | undefined {
  const { question, narrow, style } = attempt
  const asked = union(answer.answered, union(answer.unanswered, answer.lost))
  const { state } = run
  const cures = curesOf({ question, asked, way, blocker, narrow, state, remedy: blocker.remedy })
  if (typeof cures === 'string') return cures
  for (const each of cures) styles.add(each.style)
  const refusals: ApiError[] = []
  for (const each of inOrder(cures, style)) {
    const refusal = run.attempt(() => each.carryOut(run))
    if (!refusal) return undefined
    refusals.push(refusal)
  }
  return `AWS would refuse it: ${refusals[0]?.message ?? ''}`
}

const inOrder = (cures: readonly Cure[], style: Style): readonly Cure[] => [
  ...cures.filter((cure) => cure.style === style),
  ...cures.filter((cure) => cure.style !== style),
]

/** The calls without those that are not needed, in an order in which they can be made. */
function finished(attempt: Attempt, all: readonly Call[], mends: readonly Blocker[]): Outcome {
  let calls = all
  // From the end, as what is made first is named later.
  for (const call of all.toReversed()) {
    const without = calls.filter((one) => one !== call)
    if (without.length > 0 && opened(attempt, without)) calls = without
  }
  const ordered = calls.toSorted((a, b) => rankOf(a.action) - rankOf(b.action))
  const proved = opened(attempt, ordered) ?? opened(attempt, calls)
  if (!proved) throw new Error('calls that opened a way do not open it again')
  return { kind: 'mended', mends: distinct(mends), proof: proved }
}

/** What the calls make of the records, if all is answered then. */
function opened({ state, compiled, question, setting }: Attempt, calls: readonly Call[]): Rehearsal | undefined {
  try {
    const run = rehearse(state, calls, setting)
    const { network } = compiled.suppose(run.state)
    return explain(run.state, network, question, setting).verdict === 'reachable' ? run : undefined
  } catch (error) {
    if (error instanceof ApiError || error instanceof QuestionError) return undefined
    throw error
  }
}

/** What must be there comes before what names it: edges, then addresses, then routes, then rules. */
const ORDER: readonly Action[] = [
  'StartInstances',
  'CreateVpcPeeringConnection',
  'AcceptVpcPeeringConnection',
  'CreateInternetGateway',
  'AttachInternetGateway',
  'AllocateAddress',
  'AssociateAddress',
  'DescribeAddresses',
  'ModifyNetworkInterfaceAttribute',
  'DeleteRoute',
  'ReplaceRoute',
  'CreateRoute',
]

/** Rules come last. */
const rankOf = (action: Action): number => (ORDER.includes(action) ? ORDER.indexOf(action) : ORDER.length)
