/** The entries that led to what there is now: who went back to a checkpoint has left what came after it. */
import type { Entry } from './journal.ts'

/** What was noted up to a checkpoint, then from its restore on. Everything is still in the journal. */
export function lineOf(entries: readonly Entry[]): readonly Entry[] {
  const saved = new Map<string, readonly Entry[]>()
  let line: Entry[] = []
  for (const entry of entries) {
    if (entry.kind === 'restored') line = [...(saved.get(entry.snapshot) ?? line)]
    line.push(entry)
    if (entry.kind === 'checkpoint') saved.set(entry.snapshot, [...line])
  }
  return line
}
