/** How far somebody is in a lab: read off the journal. */
import type { ServerEvent } from '../../client/control.ts'
import type { Hint, Lab, Step } from '../format/lab.ts'
import type { Entry, Status } from './journal.ts'
import { lineOf } from './line.ts'

export interface Progress {
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** The step to be done, from 1; one more than there are where all are done. */
  readonly step: number
  readonly stepStartedAt: number
  /** Of this step: failed checks that were asked for, hints given, what each check came to, errors that are there. */
  readonly fails: number
  readonly hints: number
  readonly checks: ReadonlyMap<string, Status>
  readonly errors: ReadonlySet<string>
  /** Up to which of the server's events the journal goes. */
  readonly cursor: number
  readonly events: readonly ServerEvent[]
}

/** Of a journal that begins with `started`. */
export function progressOf(entries: readonly Entry[]): Progress {
  const [first] = entries
  if (first?.kind !== 'started') throw new Error('the journal does not begin with the start of the lab')
  const line = lineOf(entries)
  const last = line.findLast((entry) => entry.kind === 'passed')
  const step = (last?.step ?? 0) + 1
  const own = line.filter((entry) => 'step' in entry && entry.step === step)
  const errors = new Map(own.flatMap((entry) => (entry.kind === 'error' ? [[entry.id, entry.isMet]] : [])))
  return {
    startedAt: first.at,
    step,
    stepStartedAt: line.findLast(({ kind }) => kind === 'passed' || kind === 'restored')?.at ?? first.at,
    fails: own.filter(({ kind }) => kind === 'fail').length,
    hints: own.filter(({ kind }) => kind === 'hint').length,
    checks: new Map(own.flatMap((entry) => (entry.kind === 'check' ? [[entry.id, entry.status]] : []))),
    errors: new Set([...errors].flatMap(([id, isMet]) => (isMet ? [id] : []))),
    // What was left by going back has been taken all the same.
    cursor: eventsOf(entries).at(-1)?.number ?? first.cursor,
    events: eventsOf(line),
  }
}

const eventsOf = (entries: readonly Entry[]): ServerEvent[] =>
  entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []))

/** The step to be done; undefined where all are. */
export const currentStep = (lab: Lab, { step }: Progress): Step | undefined => lab.steps[step - 1]

/** The next hint, and whether it is time for it. */
export interface NextHint {
  readonly index: number
  readonly hint: Hint
  readonly isDue: boolean
}

const MINUTE = 60_000

/** Hints are given in their order; undefined where there are no more. `now`: milliseconds since the epoch. */
export function nextHint(step: Step, progress: Progress, now: number): NextHint | undefined {
  const index = progress.hints
  const hint = step.hints[index]
  if (!hint) return undefined
  const { fails = Number.POSITIVE_INFINITY, minutes = Number.POSITIVE_INFINITY } = hint.after
  return { index, hint, isDue: progress.fails >= fails || now - progress.stepStartedAt >= minutes * MINUTE }
}
