/** A lab as a page shows it: its texts, how far one is, and what each check has come to. */
import { NOUNS } from '../names/attributes.ts'
import type { Names } from '../names/bind.ts'
import { mentionsIn } from '../names/template.ts'
import type { Check, Lab, Step } from '../format/lab.ts'
import { factsOf, type StepFacts } from '../report/facts.ts'
import type { Result } from '../checks/run-checks.ts'
import type { Entry, Status } from './journal.ts'
import { nextHint, type Progress, progressOf } from './progress.ts'

/** A lab in a list. */
export interface LabSummary {
  readonly slug: string
  readonly title: string
  readonly description: string
  readonly time?: string
  readonly difficulty?: string
  /** How many there are, and how many are done. */
  readonly steps: number
  readonly done: number
  readonly isStarted: boolean
  /** The one that was started last. */
  readonly isCurrent: boolean
  /** What is wrong with its files, a line each. */
  readonly problems?: string
}

/** What a page is told of the lab that was started last. */
export interface DeskView {
  readonly course?: CourseView
  /** A lab was started in the terminal that the server does not offer: its name. */
  readonly elsewhere?: string
  readonly doing?: Doing
  /** Why the last thing could not be done. */
  readonly failure?: string
}

/** Something that a page has asked for: it is under way, or waits for what is. */
export interface Doing {
  readonly kind: 'start' | 'check' | 'solve' | 'jump'
  readonly slug: string
  readonly since: number
  /** Commands of a script (with `$ `), and what they said. */
  readonly lines: readonly string[]
}

/** The report: its files by name, and what is left to the learner. */
export interface ReportView {
  readonly files: Readonly<Record<string, string>>
  readonly questions: readonly {
    /** The heading that it stands below. */
    readonly about: string
    readonly prompt: string
    /** What the learner has written; empty where there is nothing as yet. */
    readonly text: string
  }[]
}

/** Times are milliseconds since the epoch, as the server's clock has them. */
export interface CourseView {
  readonly slug: string
  readonly title: string
  readonly intro: string
  readonly finish: string
  /** Where it is being done. */
  readonly region: string
  readonly startedAt: number
  /** When this was put together. */
  readonly now: number
  /** The step to be done, from 1; one more than there are where all are done. */
  readonly step: number
  readonly stepStartedAt: number
  /** How long the lab has taken, once it is done. */
  readonly took?: number
  readonly steps: readonly StepView[]
  /** What the lab's names mean now. */
  readonly names: Readonly<Record<string, NamedView>>
}

export interface NamedView {
  readonly id: string
  /** What people call it, such as `instance 2` for `i2`; absent where the name has no number. */
  readonly called?: readonly string[]
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

export interface StepView {
  readonly number: number
  readonly title: string
  readonly text: string
  readonly isDone: boolean
  readonly hasSolution: boolean
  readonly solved: boolean
  /** Milliseconds that it took; only of a step that is done. */
  readonly took?: number
  readonly fails: number
  readonly checks: readonly CheckView[]
  /** Expected errors that were met. */
  readonly met: readonly MetView[]
  /** Markdown, in the order in which they were given. */
  readonly hints: readonly string[]
  /** Of the step to be done. */
  readonly nextHint?: NextHintView
}

export interface CheckView {
  readonly id: string
  readonly title: string
  readonly level: Check['level']
  readonly status: Status | 'not looked at'
  /** What to say; empty where it has passed. */
  readonly words: string
  /** The names that it is about. */
  readonly names: readonly string[]
}

export interface MetView {
  readonly title: string
  /** Empty while they would give the answer away. */
  readonly words: string
  /** Milliseconds from when it was met until it was gone, so far. */
  readonly lost: number
}

/** The next hint is due after as many more failed checks, or at that time. */
export interface NextHintView {
  readonly isDue: boolean
  readonly fails?: number
  readonly at?: number
}

/** What the last look at the step to be done has come to. */
export interface Seen {
  readonly region: string
  readonly results: readonly Result[]
  readonly names: Names['things']
}

/** Of a journal that begins with `started`. */
export function courseView(lab: Lab, entries: readonly Entry[], seen: Seen, now: number): CourseView {
  const progress = progressOf(entries)
  const facts = factsOf(lab, entries)
  const { slug, title, intro, finish } = lab
  const last = entries.findLast(({ kind }) => kind === 'passed')
  return {
    ...{ slug, title, intro, finish, now, region: seen.region },
    startedAt: progress.startedAt,
    step: progress.step,
    stepStartedAt: progress.stepStartedAt,
    ...(facts.isDone && last && { took: last.at - progress.startedAt }),
    steps: facts.steps.map((one) => stepView(one, progress, seen, now)),
    names: namesOf(lab, seen.names),
  }
}

function namesOf({ steps }: Lab, things: Seen['names']): CourseView['names'] {
  const kinds = new Map(steps.at(-1)?.where.map(({ name, selector }) => [name, selector.kind]))
  const named = [...things].map(([name, { id, attributes }]) => {
    const [kind, number] = [kinds.get(name), /\d+$/.exec(name)?.[0]]
    const called = kind && number ? { called: [`${NOUNS[kind]} ${number}`] } : {}
    return [name, { id, attributes, ...called }] as const
  })
  return Object.fromEntries(named)
}

function stepView(facts: StepFacts, progress: Progress, { results }: Seen, now: number): StepView {
  const { step, isDone, duration, fails, solved, hints, errors } = facts
  const isCurrent = step.number === progress.step
  const fresh = new Map(isCurrent ? results.map((result) => [result.id, result]) : [])
  return {
    number: step.number,
    title: step.title,
    text: step.text,
    hasSolution: step.solution !== undefined,
    ...{ isDone, solved, fails },
    ...(isDone && duration !== undefined && { took: duration }),
    checks: facts.checks.map(({ check, status, words }) =>
      checkView(step, check, fresh.get(check.id) ?? { status, words: status === 'passed' ? '' : words }),
    ),
    met: errors.flatMap((error) =>
      error.isMet ? [metView(step, error, isCurrent ? progress.errors : new Set())] : [],
    ),
    hints: step.hints.slice(0, hints).map(({ text }) => text),
    ...(isCurrent && hintToCome(step, progress, now)),
  }
}

type Met = StepFacts['errors'][number]

/** The analyzer's words on what is still in the way would give the answer away: they come once it is gone. */
function metView(step: Step, { id, title, words, lost = 0 }: Met, there: ReadonlySet<string>): MetView {
  const { when } = step.expectErrors.find((one) => one.id === id) ?? {}
  return { title, words: there.has(id) && when?.kind !== 'event' ? '' : words, lost }
}

const checkView = (step: Step, check: Check, { status, words }: Pick<CheckView, 'status' | 'words'>): CheckView => ({
  ...{ id: check.id, title: check.title, level: check.level, status, words },
  names: mentionedBy(step, check),
})

/** The names of what a check looks at. */
function mentionedBy({ where }: Step, { look }: Check): string[] {
  const texts: string[] = []
  const same = 'selector' in look ? JSON.stringify(look.selector) : undefined
  const itself = where.filter(({ selector }) => JSON.stringify(selector) === same).map(({ name }) => name)
  JSON.stringify(look, (_, value) => {
    if (typeof value === 'string') texts.push(value)
    return value
  })
  return [...new Set([...itself, ...texts.flatMap(mentioned)])]
}

/** Patterns of commands and queries may hold a dollar sign that begins no name. */
function mentioned(text: string): string[] {
  try {
    return mentionsIn(text).map(({ name }) => name)
  } catch {
    return []
  }
}

const MINUTE = 60_000

function hintToCome(step: Step, progress: Progress, now: number): { nextHint?: NextHintView } {
  const next = nextHint(step, progress, now)
  if (!next) return {}
  const { fails, minutes } = next.hint.after
  return {
    nextHint: {
      isDue: next.isDue,
      ...(fails !== undefined && { fails: Math.max(0, fails - progress.fails) }),
      ...(minutes !== undefined && { at: progress.stepStartedAt + minutes * MINUTE }),
    },
  }
}
