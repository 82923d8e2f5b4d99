/**
 * Brings the engine to the newest revision: one apply at a time, the newest wins; then guests boot, and instances
 * move on.
 *
 * Invariants: a revision counts as reached when the engine has applied it and the state has nothing more to add to it;
 * what fails is tried again until it succeeds or something newer does.
 */
import type { Engine } from '../engines/engine.ts'
import type { Keeper } from '../instance/keeper.ts'
import type { Network } from '../network/network.ts'
import type { ControlPlane } from './control-plane.ts'

export interface Reconciler {
  /** There is a newer revision. */
  wake(): void
  /** A guest has come up or gone. Where many do, they are settled some at a time: each time costs as much as one. */
  stir(): void
  /** Resolves once the engine has reached `revision` and instances have settled; false after `timeout` ms. */
  reached(revision: number, timeout: number): Promise<boolean>
  /** Why the latest attempt failed; undefined once one has succeeded. */
  readonly failure: string | undefined
  /** Resolves when nothing runs any more; who still waits is told that it was not reached. */
  stop(): Promise<void>
}

const RETRY_MS = 1000
/** Short runs take a quarter of the time at most while calls come one after another: the calls wait for them. */
const PAUSE_SHARE = 3
const LONGEST_PAUSE_MS = 20
/** While guests boot, runs for those that have come up take a quarter of the time at most. */
const SHORTEST_GATHER_MS = 100
const GATHER_SHARE = 3

export function reconciler(
  plane: ControlPlane,
  engine: Engine,
  keep: Pick<Keeper, 'retire' | 'hold' | 'tend' | 'idle'>,
  log: (line: string) => void,
  retryAfter = RETRY_MS,
): Reconciler {
  /** The revision that the engine has applied; none at the start, as a machine may hold what an earlier server left. */
  let applied: number | undefined
  let inForce: Network | undefined
  /** The revision at which the state had nothing more to move on. */
  let settled: number | undefined
  let running: Promise<void> | undefined
  let stopped = false
  let retry: NodeJS.Timeout | undefined
  let failure: string | undefined
  let gathering: NodeJS.Timeout | undefined
  let pause: NodeJS.Timeout | undefined
  /** How long the latest run took, and when it ended, in milliseconds. */
  let lastRun = 0
  let ended = Number.NEGATIVE_INFINITY
  const waiting = waitingRoom((revision) => settled === plane.revision && settled >= revision)

  async function run(): Promise<void> {
    while (!stopped && settled !== plane.revision) {
      const { revision } = plane
      if (applied !== revision) {
        await keep.retire()
        keep.hold()
        const network = plane.network()
        await engine.apply(network, revision)
        inForce = network
      }
      applied = revision
      keep.tend((id) => inForce?.nodes.has(id) === true)
      if (plane.settle(revision)) continue
      // What was called meanwhile does not wait for guests.
      if (plane.revision !== revision) continue
      // Whoever comes up wakes us.
      if (!keep.idle) return
      settled = revision
      if (failure !== undefined) log(`The network is as it should be again, at revision ${revision}.`)
      failure = undefined
      waiting.look()
    }
  }

  /** The same failure is told once, however often it is met. */
  function failed(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error)
    if (why !== failure)
      log(
        `The network could not be brought to revision ${plane.revision}, and it is tried again: ` +
          `${error instanceof Error ? error.stack : why}`,
      )
    failure = why
    keep.tend((id) => inForce?.nodes.has(id) === true)
    if (!stopped) retry = setTimeout(wake, retryAfter)
  }

  function wake(): void {
    if (running || stopped || pause) return
    const early = ended + Math.min(PAUSE_SHARE * lastRun, LONGEST_PAUSE_MS) - performance.now()
    if (early > 1) {
      pause = setTimeout(rested, early)
      return
    }
    clearTimeout(retry)
    const began = performance.now()
    running = run()
      .catch(failed)
      .finally(() => {
        running = undefined
        ended = performance.now()
        lastRun = ended - began
      })
  }

  function rested(): void {
    pause = undefined
    wake()
  }

  function gathered(): void {
    gathering = undefined
    wake()
  }

  return {
    wake: () => void setImmediate(wake),
    stir() {
      // At the same revision there is something to do again.
      settled = undefined
      if (keep.idle) setImmediate(wake)
      else gathering ??= setTimeout(gathered, Math.max(SHORTEST_GATHER_MS, GATHER_SHARE * lastRun))
    },
    reached: waiting.enter,
    get failure() {
      return failure
    },
    async stop() {
      stopped = true
      clearTimeout(retry)
      clearTimeout(gathering)
      clearTimeout(pause)
      waiting.close()
      await running
    },
  }
}

/** Those who wait for a revision, each with a limit. */
function waitingRoom(isReached: (revision: number) => boolean) {
  const waiting = new Map<(ok: boolean) => void, number>()
  return {
    enter(revision: number, timeout: number): Promise<boolean> {
      if (isReached(revision)) return Promise.resolve(true)
      return new Promise((resolve) => {
        const leave = (ok: boolean) => {
          clearTimeout(timer)
          waiting.delete(leave)
          resolve(ok)
        }
        const timer = setTimeout(leave, timeout, false)
        waiting.set(leave, revision)
      })
    },
    look() {
      for (const [leave, revision] of [...waiting]) if (isReached(revision)) leave(true)
    },
    close() {
      for (const leave of [...waiting.keys()]) leave(false)
    },
  }
}
