/** Saved states as a person reads them. */
import type { SavedState } from '../store/saved-states.ts'
import { inColumns } from './columns.ts'

export function snapshotTable(saved: readonly SavedState[]): string {
  if (saved.length === 0) return 'Nothing is saved yet: `isthmus snapshot save`.'
  return inColumns([['Name', 'Saved', 'Revision', 'VPCs', 'Instances', 'Size'], ...saved.map(line)])
}

const line = ({ name, at, revision, vpcs, instances, bytes, problem }: SavedState): string[] =>
  problem === undefined
    ? [name, timeOf(at), String(revision), String(vpcs), String(instances), sizeOf(bytes)]
    : [name, `cannot be read: ${problem}`, '', '', '', sizeOf(bytes)]

/** In UTC, as AWS shows times. */
const timeOf = (at: number): string => new Date(at).toISOString().replace('T', ' ').replace(/\..*/, ' UTC')

export const sizeOf = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`
