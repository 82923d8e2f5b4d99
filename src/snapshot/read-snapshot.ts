/**
 * A snapshot: a real account's network as the JSON of `aws ec2 describe-*`, one file a call, in Batfish's folders.
 *
 * Invariants: nothing is dropped without a note; ids, tags and states stay AWS's; a file that lies about itself yields
 * one sentence with file and place, and no records.
 */
import type { State } from '../ec2/state.ts'
import { convert } from './convert.ts'
import { readFolder } from './document.ts'
import type { Report } from './report.ts'

export interface Snapshot {
  readonly state: State
  readonly report: Report
}

/** The snapshot in a folder: `DIR/aws_configs/[accounts/N/][region/]*.json`. Throws SnapshotError. */
export function readSnapshot(dir: string, onFile?: (file: string, bytes: number) => void): Snapshot {
  const { documents, strangers } = readFolder(dir, onFile)
  let number = 0
  return convert(documents, strangers, { now: Date.now(), newNumber: () => ++number })
}
