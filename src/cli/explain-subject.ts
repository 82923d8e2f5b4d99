/** What `explain` and `check` are asked about without a server, a snapshot; and whose names are meant. */
import type { Subject } from '../check/explanation.ts'
import type { Scope } from '../check/names.ts'
import { compile } from '../compile/compile.ts'
import { readSnapshot } from '../snapshot/read-snapshot.ts'
import { SnapshotError } from '../snapshot/snapshot-error.ts'
import { defaultAccount, identityFrom } from './aws-environment.ts'
import { UsageFailure } from './failure.ts'

/** Things of the caller's own account and this Region are meant before others of the same name. */
export function callersScope(region: string): { readonly account: string; readonly region: string } {
  const { accessKeyId } = identityFrom(process.env)
  return { account: /^\d{12}$/.test(accessKeyId) ? accessKeyId : defaultAccount, region }
}

/** In a snapshot, whoever's it is. */
export const snapshotScope = (region: string | undefined): Scope => (region === undefined ? {} : { region })

/** The network in a folder of `aws ec2 describe-*` output. Throws UsageFailure; notes go to stderr. */
export function snapshotSubject(dir: string): Subject {
  try {
    const { state, report } = readSnapshot(dir)
    const { length } = report.notes
    const notes = length === 1 ? '1 note' : `${length} notes`
    if (length > 0) process.stderr.write(`${notes} on what the snapshot leaves open: isthmus import ${dir} --dry-run\n`)
    return { state, network: compile(state), snapshot: true }
  } catch (error) {
    throw error instanceof SnapshotError ? new UsageFailure(error.message) : error
  }
}
