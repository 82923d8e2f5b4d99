/**
 * Durable state: what a commit writes is on the disk before the commit answers.
 *
 * Invariants: one commit is one transaction; a revision counts up by one a commit; counters never go back.
 */
import type { ResourceType, ResourceTypes } from '../ec2/resource.ts'
import type { Change } from '../ec2/state.ts'

/** What the whole state is at a revision. */
export interface Snapshot {
  readonly revision: number
  readonly records: readonly {
    readonly type: ResourceType
    readonly id: string
    readonly record: ResourceTypes[ResourceType]
  }[]
  /** The last kernel number that was handed out. */
  readonly lastNumber: number
}

/** `conflict`: somebody committed after `baseRevision`. */
export type CommitResult = { readonly outcome: 'ok'; readonly revision: number } | { readonly outcome: 'conflict' }

/** Errors of all that write: StoreError, and then the state is as before. */
export interface Store {
  read(): Snapshot
  commit(baseRevision: number, changes: readonly Change[], lastNumber: number): CommitResult
  /** A value that belongs to the state as a whole, such as its own id. */
  meta(key: string): string | undefined
  setMeta(key: string, value: string): void
  close(): void
}

/** The state can not be opened or written; the message says what to do. */
export class StoreError extends Error {
  override name = 'StoreError'
}
