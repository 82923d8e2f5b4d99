/** What calls have changed in route tables, groups and ACLs since the journal last saw them. */
import type { ServerEvent } from '../../client/control.ts'
import { EMPTY } from '../../console/estate/estate.ts'
import { reread } from '../../console/estate/read.ts'
import type { Course } from './course.ts'
import type { Entry } from './journal.ts'
import { lineOf } from './line.ts'
import { inUse, type Setting } from './network-seen.ts'
import { settingsOf } from './settings.ts'

/** What a call may have changed where its ids begin so; a route's state follows from what it leads to. */
const CONCERNED = /^(rtb|sgr?|acl|pcx|igw|nat|eigw|vpc|subnet|pl|i)-/
/** An import makes thousands of them: a journal is for people. */
const MOST = 40

/** Notes what is otherwise than it was. */
export async function noteChanges({ session, journal }: Course, events: readonly ServerEvent[]): Promise<void> {
  const made = events.filter(isConcerned)
  if (made.length === 0) return
  const { client } = session
  const parts = ['vpcs', 'tables', 'groups', 'rules', 'instances', 'peerings'] as const
  const now = await settingsOf(client, inUse(await reread(client, EMPTY, parts)))
  const known = settingsKnown(journal.entries())
  for (const { setting, before } of differences(known, now).slice(0, MOST))
    journal.add({ kind: 'changed', setting, ...(before && { before }), by: causesOf(setting, made) })
}

/** The calls that name it; else all of them: what a gateway or peering has become, a route shows. */
function causesOf({ id, kind }: Setting, made: readonly ServerEvent[]): number[] {
  const names = (one: string) => one === id || (kind === 'security group' && one.startsWith('sgr-'))
  const naming = made.filter(({ changed }) => changed.some(names))
  return (naming.length > 0 ? naming : made).map(({ number }) => number).slice(-MOST)
}

/** What is done at a terminal changes none of them. */
const isConcerned = ({ action, error, changed }: ServerEvent): boolean =>
  error === undefined && !['Connect', 'Exec', 'Ping'].includes(action) && changed.some((id) => CONCERNED.test(id))

/** As the journal last saw them, by id; those without lines may be gone. */
function settingsKnown(entries: readonly Entry[]): ReadonlyMap<string, Setting> {
  const known = new Map<string, Setting>()
  for (const entry of lineOf(entries)) {
    if (entry.kind === 'network') for (const setting of entry.network.settings ?? []) known.set(setting.id, setting)
    if (entry.kind === 'changed') known.set(entry.setting.id, entry.setting)
  }
  return known
}

interface Difference {
  readonly setting: Setting
  readonly before?: readonly string[]
}

function differences(known: ReadonlyMap<string, Setting>, now: readonly Setting[]): Difference[] {
  const there = new Set(now.map(({ id }) => id))
  const gone = [...known.values()].filter(({ id, lines }) => !there.has(id) && lines.length > 0)
  return [
    ...now.flatMap((setting) => {
      const before = known.get(setting.id)?.lines
      if (before?.join('\n') === setting.lines.join('\n')) return []
      return { setting, ...(before && { before }) }
    }),
    ...gone.map((setting) => ({ setting: { ...setting, lines: [] }, before: setting.lines })),
  ]
}
