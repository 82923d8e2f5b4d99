/**
 * Keeps guests as the records say: boots those of instances that shall run, again after a reboot, ends the others.
 *
 * Invariants: one boot of an instance at a time; what fails is tried again until it succeeds or is no longer wanted;
 * who is told of a change finds it done.
 */
import { availableParallelism } from 'node:os'
import type { Guest, Host } from '../engines/engine.ts'

/** An instance that shall run. */
export interface Wanted {
  readonly id: string
  /** How many times it has been booted by now: see `Guest.boot`. */
  readonly boots: number
  /** Put together when it is about to be booted. */
  readonly guest: () => Guest
}

export interface KeeperOptions {
  readonly host: Host
  readonly wanted: () => readonly Wanted[]
  /** Every instance that has a disk: those of others are removed. */
  readonly kept: () => ReadonlySet<string>
  /** A guest has come up, or failed to. */
  readonly onChange: () => void
  readonly log: (line: string) => void
  /** Milliseconds until a failed boot is tried again. */
  readonly retryAfter?: number
}

export interface Keeper {
  /** Ends the guests of instances that shall not run, and removes the disks of those that are no more. */
  retire(): Promise<void>
  /** Begins no boot until `tend`: networks come first, and boots would take the processors from them. */
  hold(): void
  /** Begins to boot what is not up, of the instances whose network is in force. Answers at once. */
  tend(isInForce: (id: string) => boolean): void
  isUp(id: string): boolean
  health(id: string): 'initializing' | 'ok' | 'impaired'
  /** Whether no boot is under way, due, or to be tried again. */
  readonly idle: boolean
  close(): Promise<void>
}

export function keeper({ host, wanted, kept, onChange, log, retryAfter = 2000 }: KeeperOptions): Keeper {
  const queued = new Map<string, Wanted>()
  const booting = new Map<string, Promise<void>>()
  const failed = new Set<string>()
  let closed = false
  let held = false

  const isCurrent = ({ id, boots }: Wanted): boolean => (host.guests().get(id)?.boot ?? 0) >= boots
  const stillWanted = (id: string): Wanted | undefined => wanted().find((w) => w.id === id)

  async function boot(want: Wanted): Promise<void> {
    try {
      await host.boot(want.id, want.guest())
      failed.delete(want.id)
    } catch (error) {
      if (!failed.has(want.id))
        log(`${want.id} could not be booted, and it is tried again: ${(error as Error).message}`)
      failed.add(want.id)
      if (!closed) setTimeout(tendOne, retryAfter, want.id).unref()
    }
  }

  /** As many at a time as there are processors to do it, and some that wait for the disk. */
  function next(): void {
    for (const [id, want] of queued) {
      if (closed || held || booting.size >= 2 * availableParallelism()) return
      // One that boots is looked at again when it is done: by then it may be what is wanted.
      if (booting.has(id)) continue
      queued.delete(id)
      if (isCurrent(want)) continue
      const done = boot(want).finally(() => {
        booting.delete(id)
        next()
        if (!closed) onChange()
      })
      booting.set(id, done)
    }
  }

  function enqueue(want: Wanted): void {
    queued.set(want.id, want)
    next()
  }

  function tendOne(id: string): void {
    const want = stillWanted(id)
    if (want && !closed && !isCurrent(want)) enqueue(want)
  }

  return {
    async retire() {
      const ids = new Set(wanted().map(({ id }) => id))
      for (const id of queued.keys()) if (!ids.has(id)) queued.delete(id)
      await Promise.all([...booting].filter(([id]) => !ids.has(id)).map(([, done]) => done))
      await Promise.all([...host.guests().keys()].filter((id) => !ids.has(id)).map((id) => host.halt(id)))
      for (const id of failed) if (!ids.has(id)) failed.delete(id)
      await host.keepDisks(kept())
    },
    hold() {
      held = true
    },
    tend(isInForce) {
      held = false
      for (const want of wanted())
        if (isInForce(want.id) && !isCurrent(want) && !failed.has(want.id)) queued.set(want.id, want)
      next()
    },
    isUp: (id) => host.guests().has(id),
    health(id) {
      if (host.guests().has(id)) return 'ok'
      return failed.has(id) ? 'impaired' : 'initializing'
    },
    get idle() {
      return queued.size === 0 && booting.size === 0 && failed.size === 0
    },
    async close() {
      closed = true
      queued.clear()
      await Promise.all(booting.values())
    },
  }
}
