/** Route tables, groups and ACLs as they were before a lab and after it: what is more, and what is less. */
import type { Entry } from '../course/journal.ts'
import type { Setting } from '../course/network-seen.ts'

export interface SettingFacts extends Omit<Setting, 'lines'> {
  /** When it was first seen, and with all that was done to it; at the end it may be gone. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** Each change: what is there since, and what is not any more. */
  readonly changes: readonly {
    readonly at: number
    readonly by: readonly string[]
    readonly lines: readonly string[]
  }[]
}

/** Those that have changed, in the order in which they did. */
export function settingFacts(line: readonly Entry[]): SettingFacts[] {
  const seen = new Map<string, SettingFacts>()
  const see = (setting: Setting, at: number, by: readonly string[]) => {
    const { lines, ...about } = setting
    const known = seen.get(setting.id)
    if (!known) return void seen.set(setting.id, { ...about, before: lines, after: lines, changes: [] })
    const last = known.changes.length === 0 ? known.before : latest.get(setting.id)
    const difference = differenceOf(last ?? [], lines)
    if (difference.length === 0) return
    // What is deleted at the end is shown as it was until then.
    const after = lines.length === 0 ? known.after : lines
    seen.set(setting.id, { ...known, after, changes: [...known.changes, { at, by, lines: difference }] })
  }
  const latest = new Map<string, readonly string[]>()
  for (const entry of line) {
    const settings = entry.kind === 'network' ? (entry.network.settings ?? []) : []
    const all = entry.kind === 'changed' ? [entry.setting] : settings
    for (const setting of all) {
      see(setting, entry.at, entry.kind === 'changed' ? entry.by : [])
      latest.set(setting.id, setting.lines)
    }
  }
  return [...seen.values()].filter(({ changes }) => changes.some(({ lines }) => lines.length > 0))
}

/** Lines with `+` and `-`, those that are gone first. */
export const differenceOf = (before: readonly string[], after: readonly string[]): string[] => [
  ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
  ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
]
