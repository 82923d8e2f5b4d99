/** How long each step was the one to be done, also where one came back to it. */
import type { Entry } from '../course/journal.ts'

/** Step → milliseconds; those that were not begun are not in it. */
export function stepTimes(entries: readonly Entry[]): ReadonlyMap<number, number> {
  const times = new Map<number, number>()
  const saved = new Map<string, number>()
  let current = 1
  let since = entries[0]?.at ?? 0
  for (const entry of entries) {
    times.set(current, (times.get(current) ?? 0) + entry.at - since)
    since = entry.at
    if (entry.kind === 'passed') current = entry.step + 1
    if (entry.kind === 'checkpoint') saved.set(entry.snapshot, entry.next)
    if (entry.kind === 'restored') current = saved.get(entry.snapshot) ?? current
  }
  return times
}
