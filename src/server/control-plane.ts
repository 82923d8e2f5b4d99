/**
 * One call, one transaction: runs an action on a draft, makes it durable, and only then answers.
 *
 * Invariants: calls run one after another; a refused call leaves no trace; what is answered is on the disk.
 */
import { randomBytes } from 'node:crypto'
import type { Step } from '../analyzer/concern.ts'
import { insights } from '../analyzer/insights/insights.ts'
import { IncrementalCompile } from '../compile/incremental.ts'
import { ensureDefaults } from '../ec2/default-vpc.ts'
import { dryRun } from '../ec2/errors.ts'
import { type Instance, settle } from '../ec2/instance.ts'
import { advance } from '../ec2/lifecycle.ts'
import { actions } from '../ec2/registry.ts'
import type { Caller, Context, Guests } from '../ec2/resource.ts'
import { type Change, Draft, Records, type State } from '../ec2/state.ts'
import type { Prefix } from '../ip/prefix.ts'
import type { Network } from '../network/network.ts'
import { detached } from '../network/patch.ts'
import type { Store } from '../store/store.ts'
import { remembered } from './client-token.ts'
import { StepLog } from './step-log.ts'

export interface ControlPlaneOptions {
  readonly store: Store
  readonly publicPool: Prefix
  readonly guests: Guests
  /** Whether the guest of an instance is up. */
  readonly isUp: (instanceId: string) => boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Called after each commit, with the revision to bring the kernel to. */
  readonly onCommit: (revision: number) => void
}

export interface ControlPlane {
  readonly revision: number
  /** All records as they are now; read only. */
  readonly state: State
  /** Carries out an EC2 action for a caller. Throws ApiError where AWS would refuse. */
  execute(action: string, input: unknown, caller: Caller): unknown
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
}

export function controlPlane({ store, publicPool, guests, isUp, now, onCommit }: ControlPlaneOptions): ControlPlane {
  const snapshot = store.read()
  const records = new Records()
  records.accept(snapshot.records)
  let { revision, lastNumber } = snapshot
  let compile: IncrementalCompile | undefined
  let log = new StepLog(revision)
  /** What the compile has yet to follow. */
  const ahead: Change[] = []
  /** The revision at which an instance last changed its state: the engine must have reached it before it settles. */
  const changedAt = new Map<string, number>()

  function transaction<T>(caller: Caller, work: (context: Context) => T): T {
    const state = new Draft(records)
    const at = now()
    let number = lastNumber
    advance(state, at)
    const result = work({
      caller,
      state,
      now: at,
      publicPool,
      guests,
      analyst: insights(state, () => compiled().suppose(state).network),
      newId: (prefix) => `${prefix}-0${randomBytes(8).toString('hex')}`,
      newNumber: () => ++number,
    })
    commit(state.changes(), number)
    return result
  }

  function commit(changes: readonly Change[], number: number): void {
    if (changes.length === 0) return
    const result = store.commit(revision, changes, number)
    if (result.outcome !== 'ok') throw new Error('another server writes to this state')
    records.accept(changes)
    // One by one: an import has more changes than a call may have arguments.
    if (compile) for (const change of changes) ahead.push(change)
    revision = result.revision
    lastNumber = number
    for (const { type, id, record } of changes) {
      if (type !== 'instance') continue
      if (record) changedAt.set(id, revision)
      else changedAt.delete(id)
    }
    onCommit(revision)
  }

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
    execute(action, input, caller) {
      const handler = actions[action as keyof typeof actions] as
        | ((input: unknown, context: Context) => unknown)
        | undefined
      if (!handler) throw new Error(`${action} has no handler`)
      transaction(caller, ensureDefaults)
      return transaction(caller, (context) => {
        const answer = remembered(context, action, input, () => handler(input, context))
        if ((input as { DryRun?: boolean }).DryRun) throw dryRun()
        return answer
      })
    },
    network: () => detached(compiled().network),
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
    },
  }
}

/** Who does what nobody called for. */
export const SYSTEM: Caller = { account: '000000000000', region: 'us-east-1', requestId: 'system' }

/** A short name for a state, from random bytes: part of every namespace's name. */
export const newTag = (): string => randomBytes(3).toString('hex')
