/**
 * Calls carried out on a copy of the records, by the real actions: what AWS would refuse is refused here.
 *
 * Invariants: the records given are never written; a refused call leaves no trace; the same calls on the same records
 * give the same result (ids are counted, the clock is the records' own).
 */
import { ApiError } from '../../ec2/errors.ts'
import { settle } from '../../ec2/instance.ts'
import { allKinds } from '../../ec2/kinds.ts'
import { advance } from '../../ec2/lifecycle.ts'
import { actions } from '../../ec2/registry.ts'
import type { Context, Resource } from '../../ec2/resource.ts'
import { Draft, type State } from '../../ec2/state.ts'
import { type Prefix, prefix } from '../../ip/prefix.ts'
import type { Action, Input, Output } from '../../protocol/types.ts'
import { answerAt, type Call, MADE, type Principal, renamed } from './call.ts'

export interface Setting {
  /** Milliseconds since the epoch; else when the records last changed, so that nothing lapses meanwhile. */
  readonly now?: number
  /** From where public addresses come. */
  readonly publicPool?: Prefix
  /** Whether the records are a snapshot of somebody's account (see `explain`). */
  readonly snapshot?: boolean
}

export interface Rehearsal {
  /** The records after the calls, on top of those before. */
  readonly state: Draft
  /** Those carried out, ids of what they made replaced by names. */
  readonly calls: readonly Call[]
  /** Carries a call out, and what follows by itself. Throws ApiError where AWS would refuse. */
  call<A extends Action>(action: A, input: Input<A>, caller: Principal, comment?: string): Output<A>
  /** Does all that `work` does, or, where AWS refuses a part of it, nothing: then the answer is the refusal. */
  attempt(work: () => void): ApiError | undefined
}

/** No public address of a server is outside of it (RFC 2544). */
const POOL = prefix('198.18.0.0/15')

export function rehearsal(base: State, { now = newestOf(base), publicPool = POOL }: Setting = {}): Rehearsal {
  let draft = new Draft(base)
  let calls: readonly Call[] = []
  let made = 0
  const names = new Map<string, string>()

  const contextFor = (state: Draft, caller: Principal): Context => ({
    caller: { ...caller, requestId: 'rehearsal' },
    state,
    now,
    publicPool,
    guests: { console: () => undefined, health: () => 'ok' },
    analyst: { path: unasked, scope: unasked },
    newId: (kind) => `${kind}-f${String(++made).padStart(16, '0')}`,
    newNumber: () => LAST_NUMBER - ++made,
  })

  function record(action: Action, input: object, caller: Principal, answer: unknown, comment?: string): void {
    const making = MADE[action]
    const call = { action, input: renamed(input, names) as Call['input'], caller, ...(comment && { comment }) }
    if (!making) {
      calls = [...calls, call]
      return
    }
    const before = calls.filter((c) => c.action === action).length
    const answers = { ...making, name: before === 0 ? making.name : `${making.name}${before + 1}` }
    names.set(answerAt(answer, making.path), answers.name)
    calls = [...calls, { ...call, answers }]
  }

  function carryOut(action: Action, input: object, caller: Principal, comment?: string): unknown {
    const handler = actions[action] as ((input: unknown, context: Context) => unknown) | undefined
    if (!handler) throw new Error(`${action} has no handler`)
    const trial = copyOf(draft)
    const context = contextFor(trial, caller)
    advance(trial, now)
    const answer = handler(input, context)
    advance(trial, now)
    settle(context, () => true)
    draft = trial
    record(action, input, caller, answer, comment)
    return answer
  }

  /** A draft is never changed once it is left: going back is taking the old one. */
  const copyOf = (from: Draft): Draft => {
    const copy = new Draft(base)
    for (const { type, id, record: written } of from.changes())
      if (written) copy.put(type, written as never)
      else copy.remove(type, id)
    return copy
  }

  return {
    get state() {
      return draft
    },
    get calls() {
      return calls
    },
    call: (action, input, caller, comment) => carryOut(action, input as object, caller, comment) as never,
    attempt(work) {
      const before = { draft, calls }
      try {
        work()
        return undefined
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        ;({ draft, calls } = before)
        return error
      }
    },
  }
}

function unasked(): never {
  throw new Error('a rehearsal asks for no analysis')
}

/** Numbers that the kernel never gets; a table's are below 2^24. */
const LAST_NUMBER = 2 ** 24

/** Carries out calls that name what earlier ones answer. Throws ApiError, or where a name is nobody's. */
export function rehearse(base: State, calls: readonly Call[], setting: Setting = {}): Rehearsal {
  const run = rehearsal(base, setting)
  const ids = new Map<string, string>()
  for (const { action, input, caller, answers, comment } of calls) {
    const answer = run.call(action as 'CreateVpc', renamed(input, ids) as never, caller, comment)
    if (answers) ids.set(answers.name, answerAt(answer, answers.path))
  }
  return run
}

/** When the newest of the records got its state. */
function newestOf(state: State): number {
  let newest = 0
  for (const { type } of allKinds())
    for (const { stateSince } of state.all(type) as Iterable<Resource>) newest = Math.max(newest, stateSince)
  return newest
}
