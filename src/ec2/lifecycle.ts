/** Time passes: what follows by itself in the life of a record. */
import { allKinds } from './kinds.ts'
import type { Lifecycle, Resource, ResourceType } from './resource.ts'
import type { Draft } from './state.ts'

/** When the record's next state falls due; undefined where it stays. Milliseconds since the epoch. */
export function dueAt(lifecycle: Lifecycle, record: Resource): number | undefined {
  const transition = Object.hasOwn(lifecycle, record.state) ? lifecycle[record.state] : undefined
  return transition && record.stateSince + transition.after
}

/** Carries out every transition that is due at `now`, in order, as often as needed. */
export function advance(draft: Draft, now: number): void {
  for (const { type, lifecycle } of allKinds()) {
    for (const state of Object.keys(lifecycle))
      for (const record of draft.where(type, 'state', state)) advanceOne(draft, type, lifecycle, record, now)
  }
}

function advanceOne(draft: Draft, type: ResourceType, lifecycle: Lifecycle, start: Resource, now: number): void {
  let record = start
  for (let due = dueAt(lifecycle, record); due !== undefined && due <= now; due = dueAt(lifecycle, record)) {
    const transition = lifecycle[record.state] as Lifecycle[string]
    if ('gone' in transition) {
      draft.remove(type, record.id)
      return
    }
    record = { ...record, state: transition.to, stateSince: due }
    draft.put(type, record as never)
  }
}
