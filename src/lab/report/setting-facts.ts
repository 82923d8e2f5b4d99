/** Route tables, groups and ACLs as they were before a lab and after it: what is more, and what is less. */
import type { Entry } from '../course/journal.ts'
import type { Setting } from '../course/network-seen.ts'

export interface SettingFacts extends Omit<Setting, 'lines'> {
  /** When it was first seen, and with all that was done to it; at the end it may be gone. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly changes: readonly SettingChange[]
}

interface SettingChange {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The actions that made it so. */
  readonly by: readonly string[]
  /** What is there since, and what is not any more. */
  readonly lines: readonly string[]
}

/** Those that have changed, in the order in which they did. That they were made or deleted is no change. */
export function settingFacts(line: readonly Entry[]): SettingFacts[] {
  const actions = new Map(line.flatMap((entry) => (entry.kind === 'event' ? [[entry.event.number, entry.event]] : [])))
  const found = new Map<string, SettingFacts>()
  for (const entry of line)
    for (const { lines, ...about } of settingsIn(entry)) {
      const known = found.get(about.id) ?? { ...about, before: lines, after: lines, changes: [] }
      const difference = lines.length === 0 ? [] : differenceOf(known.after, lines)
      const by = entry.kind === 'changed' ? entry.by.flatMap((number) => actions.get(number)?.action ?? []) : []
      const change = { at: entry.at, by: [...new Set(by)], lines: difference }
      const changes = difference.length === 0 ? known.changes : [...known.changes, change]
      found.set(about.id, { ...known, ...about, after: lines.length === 0 ? known.after : lines, changes })
    }
  return [...found.values()].filter(({ changes }) => changes.length > 0)
}

function settingsIn(entry: Entry): readonly Setting[] {
  if (entry.kind === 'network') return entry.network.settings ?? []
  return entry.kind === 'changed' ? [entry.setting] : []
}

/** Lines with `+` and `-`, those that are gone first. */
export const differenceOf = (before: readonly string[], after: readonly string[]): string[] => [
  ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
  ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
]
