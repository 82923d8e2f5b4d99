/**
 * One call, one transaction: runs an action on a draft, makes it durable, and only then answers. Calls that arrive
 * together go to the disk together.
 *
 * Invariants: calls run one after another; a refused call leaves no trace; what is answered is on the disk, or follows
 * by itself from what is.
 */
import { randomBytes } from 'node:crypto'
import type { Step } from '../analyzer/concern.ts'
import { insights } from '../analyzer/insights/insights.ts'
import { IncrementalCompile } from '../compile/incremental.ts'
import { Agenda } from '../ec2/agenda.ts'
import { ensureDefaults } from '../ec2/default-vpc.ts'
import { ApiError, dryRun } from '../ec2/errors.ts'
import { type Instance, settle } from '../ec2/instance.ts'
import { advance, beginNow } from '../ec2/lifecycle.ts'
import { actions } from '../ec2/registry.ts'
import type { Caller, Context, Guests } from '../ec2/resource.ts'
import { type Change, Draft, Records, type State } from '../ec2/state.ts'
import type { Prefix } from '../ip/prefix.ts'
import type { Network } from '../network/network.ts'
import { checkNetwork } from '../snapshot/check.ts'
import type { Durability, Snapshot, Store } from '../store/store.ts'
import { batched, type Outcome, outcomeOf } from './batch.ts'
import { remembered } from './client-token.ts'
import { isRead, type Journal, noteEnd } from './journal.ts'
import { randomId } from './random-id.ts'
import { changesTo } from './restore-changes.ts'
import { StepLog } from './step-log.ts'
import { writing } from './writing.ts'

export interface ControlPlaneOptions {
  readonly store: Store
  readonly publicPool: Prefix
  readonly guests: Guests
  /** Whether the guest of an instance is up. */
  readonly isUp: (instanceId: string) => boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Called after each commit, with the revision to bring the kernel to, and what has changed. */
  readonly onCommit: (revision: number, changes: readonly Change[]) => void
  /** Where changes and refusals are noted. */
  readonly journal?: Pick<Journal, 'note'>
  /** Where it is told, once, that the state cannot be written, and that it can again. */
  readonly log?: (line: string) => void
}

export interface ControlPlane {
  readonly revision: number
  /** All records as they are now; read only. */
  readonly state: State
  /** Carries out an EC2 action for a caller. Throws ApiError where AWS would refuse, or the disk does. */
  execute(action: string, input: unknown, caller: Caller): unknown
  /** The same, together with the calls that arrive at the same time: they share one sync of the disk. */
  perform(action: string, input: unknown, caller: Caller): Promise<unknown>
  network(): Network
  /** The compile of the state as it is now; it follows when it is asked for. */
  compiled(): IncrementalCompile
  /** What has changed since `compiled` was asked for at a revision; undefined where that is too long ago. */
  since(revision: number): Step | undefined
  /** Moves instances on, whose creation or end the engine has caught up with. True where anything changed. */
  settle(reached: number): boolean
  /** Does what is no action of EC2's as one transaction. Throws ApiError where AWS would refuse. */
  carryOut<T>(caller: Caller, work: (context: Context) => T): T
  /** Back to the start: nothing but what the first touch of a Region makes. */
  reset(): void
  /** Back to what was saved, in one transaction; answers how many records that concerns. Throws SnapshotError. */
  restore(saved: Snapshot): number
}

/** A transaction that is not yet committed. */
interface Open {
  readonly draft: Draft
  /** Milliseconds since the epoch. */
  readonly at: number
  /** What has followed by itself. */
  readonly followed: readonly Change[]
  number: number
}

interface Call {
  readonly action: string
  readonly input: unknown
  readonly caller: Caller
}

export function controlPlane(options: ControlPlaneOptions): ControlPlane {
  const { store, publicPool, guests, isUp, now, onCommit, journal, log: tell = () => {} } = options
  const snapshot = store.read()
  const records = new Records()
  records.accept(snapshot.records)
  const agenda = new Agenda(records)
  let { revision, lastNumber } = snapshot
  /** When the latest transaction was: at the start nobody knows, and the clock may have been set back since. */
  let latest = Number.POSITIVE_INFINITY
  /** Accounts' Regions that have what AWS puts there. */
  const touched = new Set<string>()
  const write = writing(store, tell)
  let compile: IncrementalCompile | undefined
  let log = new StepLog(revision)
  /** What a call has written, for the journal. */
  const written = new WeakMap<Call, readonly string[]>()
  /** What the compile has yet to follow. */
  const ahead: Change[] = []
  /** The revision at which an instance last changed its state: the engine must have reached it before it settles. */
  const changedAt = new Map<string, number>()

  function begin(): Open {
    const draft = new Draft(records)
    const at = now()
    if (at < latest) beginNow(draft, at)
    advance(draft, at, at < latest ? undefined : agenda.due(at))
    return { draft, at, followed: draft.changes(), number: lastNumber }
  }

  /** Does one piece of an open transaction; where it throws, the transaction is as before. */
  function within<T>(open: Open, caller: Caller, work: (context: Context) => T): T {
    const { draft: state, at, number } = open
    const savepoint = state.savepoint()
    try {
      return work({
        caller,
        state,
        now: at,
        publicPool,
        guests,
        analyst: insights(state, () => compiled().suppose(state).network),
        newId: randomId,
        newNumber: () => ++open.number,
      })
    } catch (error) {
      state.rollBack(savepoint)
      open.number = number
      throw error
    }
  }

  /** Commits. Throws ApiError where the disk refuses; what has changed nothing of its own is done all the same. */
  function end({ draft, at, followed, number }: Open): void {
    const changes = draft.changes()
    // What only follows by itself would follow again: nobody waits for the disk, nor is refused where it is full.
    const follows = areSame(changes, followed)
    try {
      commit(changes, number, follows ? 'written' : 'synced')
      latest = at
    } catch (error) {
      if (!(error instanceof ApiError) || !follows) throw error
    }
  }

  function transaction<T>(caller: Caller, work: (context: Context) => T): T {
    const open = begin()
    const result = within(open, caller, work)
    end(open)
    return result
  }

  /** Throws ApiError where the disk refuses, and then nothing has changed. */
  function commit(changes: readonly Change[], number: number, durability: Durability = 'synced'): void {
    if (changes.length === 0) return
    const result = write(revision, changes, number, durability)
    if (result.outcome !== 'ok') throw new Error('another server writes to this state')
    records.accept(changes)
    agenda.accept(changes)
    // One by one: an import has more changes than a call may have arguments.
    if (compile) for (const change of changes) ahead.push(change)
    revision = result.revision
    lastNumber = number
    for (const { type, id, record } of changes) {
      if (type !== 'instance') continue
      if (record) changedAt.set(id, revision)
      else changedAt.delete(id)
    }
    onCommit(revision, changes)
  }

  /** Makes what AWS puts into an account's Region before anybody asks; why that could not be written. */
  function touch(caller: Caller): ApiError | undefined {
    const home = `${caller.account}/${caller.region}`
    if (touched.has(home)) return undefined
    try {
      // A transaction of its own, the first time: what a refused call has told of it must stay.
      transaction(caller, ensureDefaults)
      touched.add(home)
      return undefined
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return error
    }
  }

  /** Answers a call, or throws what it is refused with. */
  function answer(call: Call, transact: typeof transaction): unknown {
    const { action, input, caller } = call
    const handler = actions[action as keyof typeof actions] as
      | ((input: unknown, context: Context) => unknown)
      | undefined
    if (!handler) throw new Error(`${action} has no handler`)
    const untouched = touch(caller)
    try {
      return transact(caller, (context) => {
        const before = context.state.savepoint()
        const answer = remembered(context, action, input, () => handler(input, context))
        if ((input as { DryRun?: boolean }).DryRun) throw dryRun()
        if (!isRead(action)) written.set(call, context.state.writtenSince(before))
        return answer
      })
    } catch (error) {
      throw untouched ?? error
    }
  }

  const execute = (call: Call): unknown => answer(call, transaction)

  /** One transaction for all. Where the disk refuses it, each for itself: those that only read are answered. */
  function executeAll(calls: readonly Call[]): Outcome<unknown>[] {
    for (const { caller } of calls) touch(caller)
    const open = begin()
    const outcomes = calls.map((call) => outcomeOf(() => answer(call, (caller, work) => within(open, caller, work))))
    // Where all are refused nothing is written, as for one.
    const ended = outcomeOf(() => (outcomes.every((outcome) => 'error' in outcome) ? undefined : end(open)))
    return 'error' in ended ? calls.map((call) => outcomeOf(() => execute(call))) : outcomes
  }
  const together = batched(executeAll)

  /** The compile of the committed records. It follows when it is asked for: calls do not wait for it. */
  function compiled(): IncrementalCompile {
    if (!compile) {
      compile = new IncrementalCompile(records)
      log = new StepLog(revision)
    }
    if (ahead.length === 0) return compile
    const changes = [...ahead]
    const { difference } = compile.update(changes)
    ahead.length = 0
    log.add(revision, { difference, changes })
    return compile
  }

  /** Its network is in force, and where it is to run it answers. */
  const isReached = ({ id, state }: Instance, reached: number): boolean =>
    (changedAt.get(id) ?? 0) <= reached && (state !== 'pending' || isUp(id))

  return {
    get revision() {
      return revision
    },
    state: records,
    execute: (action, input, caller) => execute({ action, input, caller }),
    perform(action, input, caller) {
      const call = { action, input, caller }
      const answered = together(call)
      if (journal) noteEnd(journal, call, answered, () => written.get(call) ?? [])
      return answered
    },
    network: () => compiled().network,
    compiled,
    since(earlier) {
      compiled()
      return log.since(earlier)
    },
    settle(reached) {
      const before = revision
      transaction(SYSTEM, (context) => settle(context, (instance) => isReached(instance, reached)))
      return revision !== before
    },
    carryOut: transaction,
    reset() {
      commit(records.everything(), lastNumber)
      touched.clear()
    },
    restore(saved) {
      const changes = changesTo(saved, records)
      const draft = new Draft(records)
      for (const { type, id, record } of changes) record ? draft.put(type, record) : draft.remove(type, id)
      checkNetwork(draft)
      commit(changes, Math.max(lastNumber, saved.lastNumber))
      touched.clear()
      latest = Number.POSITIVE_INFINITY
      return changes.length
    },
  }
}

const areSame = (some: readonly Change[], others: readonly Change[]): boolean =>
  some.length === others.length && some.every(({ record }, i) => record === others[i]?.record)

/** Who does what nobody called for. */
export const SYSTEM: Caller = { account: '000000000000', region: 'us-east-1', requestId: 'system' }

/** A short name for a state, from random bytes: part of every namespace's name. */
export const newTag = (): string => randomBytes(3).toString('hex')
