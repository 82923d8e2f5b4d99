/** Time passes: what follows by itself in the life of a record. */
import { allKinds, kindOf } from './kinds.ts'
import type { Lifecycle, Resource, ResourceType } from './resource.ts'
import type { Draft, State } from './state.ts'

/** A record that may move on by itself. */
export interface Awaited {
  readonly type: ResourceType
  readonly id: string
}

/** When the record's next state falls due; undefined where it stays. Milliseconds since the epoch. */
export function dueAt(lifecycle: Lifecycle, record: Resource): number | undefined {
  const transition = Object.hasOwn(lifecycle, record.state) ? lifecycle[record.state] : undefined
  return transition && record.stateSince + transition.after
}

/** Every record in a state that does not last. */
export function* transitory(state: State): Iterable<Awaited> {
  for (const { type, lifecycle } of allKinds()) {
    for (const name of Object.keys(lifecycle))
      for (const { id } of state.where(type, 'state', name) as readonly Resource[]) yield { type, id }
  }
}

/** Carries out every transition that is due at `now`, in order, as often as needed, for those in `awaited`. */
export function advance(draft: Draft, now: number, awaited: Iterable<Awaited> = transitory(draft)): void {
  for (const { type, id } of awaited) {
    const record = draft.get(type, id)
    if (record) advanceOne(draft, type, kindOf(type).lifecycle, record, now)
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

/** After the clock was set back: what began later than `now` begins now, lest it wait for the clock to come there. */
export function beginNow(draft: Draft, now: number): void {
  for (const { type, id } of transitory(draft)) {
    const record = draft.get(type, id) as Resource | undefined
    if (record && record.stateSince > now) draft.put(type, { ...record, stateSince: now } as never)
  }
}
