/**
 * What a journal says of a lab: how long, what was met, what came of it.
 *
 * Invariants of this folder: facts come from the journal alone; what only the learner knows is left to the learner.
 */
import type { ServerEvent } from '../../client/control.ts'
import type { Entry, Status } from '../course/journal.ts'
import { lineOf } from '../course/line.ts'
import type { NetworkSeen } from '../course/network-seen.ts'
import { progressOf } from '../course/progress.ts'
import type { Check, Lab, Step } from '../format/lab.ts'
import { type ErrorFacts, errorFacts } from './error-facts.ts'
import { isTerminal, type PingFacts, pingsOf } from './pings.ts'
import { type SettingFacts, settingFacts } from './setting-facts.ts'
import { stepTimes } from './times.ts'
import { type TroubleFacts, troublesOf } from './troubles.ts'
import { type VerdictFacts, verdictsOf } from './verdict-facts.ts'

/** Times are milliseconds since the epoch, durations milliseconds. */
export interface Facts {
  readonly lab: Lab
  readonly engine: string
  readonly startedAt: number
  readonly endedAt: number
  readonly isDone: boolean
  readonly points: { readonly reached: number; readonly of: number }
  readonly steps: readonly StepFacts[]
  readonly calls: { readonly made: number; readonly refused: number }
  /** Actions that succeeded, and how often. */
  readonly actions: ReadonlyMap<string, number>
  readonly networks: readonly { readonly step: number; readonly network: NetworkSeen }[]
  /** What the learner has written, by the heading of the report below which it stands. */
  readonly words: ReadonlyMap<string, string>
  /** Route tables, groups and ACLs that were changed. */
  readonly settings: readonly SettingFacts[]
  /** Logins that were refused. */
  readonly troubles: readonly TroubleFacts[]
  readonly pings: readonly PingFacts[]
  /** What was run in instances, by `isthmus`. */
  readonly commands: readonly ServerEvent[]
  readonly verdicts: readonly VerdictFacts[]
  /** What was done with public addresses. */
  readonly addresses: readonly ServerEvent[]
  /** Whether the server had forgotten some of what happened. */
  readonly isIncomplete: boolean
}

export interface StepFacts {
  readonly step: Step
  readonly isDone: boolean
  /** Undefined for a step that was not begun. */
  readonly duration?: number
  readonly fails: number
  readonly hints: number
  /** Whether the solution was carried out. */
  readonly solved: boolean
  readonly checks: readonly CheckFacts[]
  readonly errors: readonly ErrorFacts[]
}

export interface CheckFacts {
  readonly check: Check
  readonly status: Status | 'not looked at'
  /** What was said when it last failed, and what stood on the terminal then and when it passed. */
  readonly words: string
  readonly before?: string
  readonly after?: string
}

/** Of a journal that begins with `started`. What came of it is what led to now; what was met is all of it. */
export function factsOf(lab: Lab, entries: readonly Entry[]): Facts {
  const { startedAt, step } = progressOf(entries)
  const [first] = entries
  const line = lineOf(entries)
  const times = stepTimes(entries)
  const steps = lab.steps.map((one) => stepFacts(one, entries, line, times.get(one.number)))
  const checks = steps.flatMap((one) => one.checks)
  const events = entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []))
  const calls = events.filter((event) => !isTerminal(event))
  const actions = new Map<string, number>()
  const made = calls.filter(({ error }) => error === undefined)
  for (const { action } of made) actions.set(action, (actions.get(action) ?? 0) + 1)
  return {
    lab,
    engine: first?.kind === 'started' ? first.engine : '',
    startedAt,
    // To write the report is no part of the lab.
    endedAt: entries.findLast(({ kind }) => kind !== 'words')?.at ?? startedAt,
    isDone: step > lab.steps.length,
    points: { reached: sum(checks.filter(({ status }) => status === 'passed')), of: sum(checks) },
    steps,
    calls: { made: made.length, refused: calls.length - made.length },
    actions,
    networks: line.filter((entry) => entry.kind === 'network'),
    settings: settingFacts(line),
    troubles: troublesOf(entries),
    pings: pingsOf(events),
    commands: events.filter(({ action }) => action === 'Exec'),
    verdicts: verdictsOf(lab, entries),
    addresses: made.filter(({ action }) => /^(Allocate|Associate|Disassociate|Release)Address$/.test(action)),
    words: new Map(entries.flatMap((entry) => (entry.kind === 'words' ? [[entry.about, entry.text]] : []))),
    isIncomplete: entries.some(({ kind }) => kind === 'missed'),
  }
}

const sum = (checks: readonly CheckFacts[]): number => checks.reduce((total, { check }) => total + check.points, 0)

function stepFacts(step: Step, entries: readonly Entry[], line: readonly Entry[], duration?: number): StepFacts {
  const of = (some: readonly Entry[]) => some.filter((entry) => 'step' in entry && entry.step === step.number)
  const own = of(entries)
  const done = line.find((entry) => entry.kind === 'passed' && entry.step === step.number)
  return {
    step,
    isDone: done !== undefined,
    ...(duration !== undefined && { duration }),
    fails: own.filter(({ kind }) => kind === 'fail').length,
    hints: own.filter(({ kind }) => kind === 'hint').length,
    solved: own.some(({ kind }) => kind === 'solved'),
    checks: step.checks.map((check) => checkFacts(check, of(line))),
    errors: step.expectErrors.map(({ id, title }) => errorFacts(step.number, { id, title }, entries)),
  }
}

function checkFacts(check: Check, own: readonly Entry[]): CheckFacts {
  const seen = own.flatMap((entry) => (entry.kind === 'check' && entry.id === check.id ? [entry] : []))
  const failed = seen.findLast(({ status }) => status === 'failed')
  const passed = seen.findLast(({ status }) => status === 'passed')
  return {
    check,
    status: seen.at(-1)?.status ?? 'not looked at',
    words: failed?.words ?? '',
    ...(failed?.evidence !== undefined && { before: failed.evidence }),
    ...(passed?.evidence !== undefined && { after: passed.evidence }),
  }
}
