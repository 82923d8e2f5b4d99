/**
 * Durable state: what a commit writes is on the disk before the commit answers, unless its caller can do without.
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

/**
 * `synced`: on the disk before the commit answers. `written`: it survives the process, and the next synced commit takes
 * it along; a power cut before that leaves the state as it was. For what follows by itself, and would follow again.
 */
export type Durability = 'synced' | 'written'

/** Errors of all that write: StoreError, and then the state is as before. */
export interface Store {
  read(): Snapshot
  commit(baseRevision: number, changes: readonly Change[], lastNumber: number, durability?: Durability): CommitResult
  /** A value that belongs to the state as a whole, such as its own id. */
  meta(key: string): string | undefined
  setMeta(key: string, value: string): void
  /** Writes all of it to a file that is not there yet and notes `at`, milliseconds; see `saved-states.ts`. */
  copyTo(file: string, at: number): void
  close(): void
}

/** The state can not be opened or written; the message says what to do. `why`: the disk's own words, in short. */
export class StoreError extends Error {
  override name = 'StoreError'
  readonly why: string | undefined
  constructor(message: string, options?: ErrorOptions & { readonly why?: string }) {
    super(message, options)
    this.why = options?.why
  }
}

/** What to say of a state that is not as it was written. */
export const damaged = (file: string, how: string): StoreError =>
  new StoreError(
    `The state in ${file} is damaged (${how}) and is left as it is: move it away, and restore what ` +
      '`isthmus snapshot list` shows, or choose another folder with --state.',
  )

/** SQLite's own number for "database is locked". */
const SQLITE_BUSY = 5

/** What to say of a file that SQLite does not open; what is a StoreError has said it. */
export function unreadable(file: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error
  if ((error as { errcode?: number }).errcode === SQLITE_BUSY)
    return new StoreError(
      `Another server uses the state in ${file}: stop it with \`isthmus down\`, or choose another folder with --state.`,
    )
  return new StoreError(
    `The state in ${file} cannot be opened (${(error as Error).message}) and is left as it is: move it away, or ` +
      'choose another folder with --state.',
    { cause: error },
  )
}
