/**
 * Labs as pages do them: each piece of work in its turn, and a look after each change while a page looks.
 *
 * Invariants: the journal is all that is kept, so that the commands go on where a page was, and a page where they were;
 * nothing of a page's is a path; while no page looks, nothing is looked at.
 */
import { regionFrom } from '../../cli/aws-environment.ts'
import { describeError, Failure } from '../../cli/failure.ts'
import { checkStep, stepToDo } from '../../cli/lab-check.ts'
import { openSession, type Session } from '../../cli/session.ts'
import { type Course, takeEvents } from '../../lab/course/course.ts'
import { currentSlug, type Journal, makeCurrent, openJournal } from '../../lab/course/journal.ts'
import { nextHint, progressOf } from '../../lab/course/progress.ts'
import { hasSolution, solve } from '../../lab/course/solve.ts'
import { startCourse } from '../../lab/course/start.ts'
import {
  courseView,
  type DeskView,
  type Doing,
  type LabSummary,
  type ReportView,
  type Seen,
} from '../../lab/course/view.ts'
import type { Lab, Look, Step } from '../../lab/format/lab.ts'
import { bind } from '../../lab/names/bind.ts'
import { estate } from '../../lab/names/things.ts'
import { reportFiles } from './report.ts'
import type { Shelf } from './shelf.ts'
import { turns } from './turns.ts'

export interface DeskOptions {
  readonly stateDir: string
  readonly shelf: Shelf
  /** Pages have something new to read. */
  changed(): void
  log(line: string): void
}

/** The lab that was started last, as far as this server offers it. */
type Current = Pick<Course, 'lab' | 'journal'>

/** Milliseconds: changes that come together are looked at together; what changes without a call is looked at, too. */
const TOGETHER = 300
const AGAIN = 5_000
/** A page that looks says so more often than this. */
const LOOKING = 30_000
const LONGEST_WORDS = 4000

export class Desk {
  readonly #options: DeskOptions
  readonly #turns = turns(
    () => this.#options.changed(),
    (error) => this.#failed(error),
  )
  #seen: (Omit<Seen, 'region'> & { readonly of: string }) | undefined
  #failure = ''
  #lookedAtUntil = 0
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: DeskOptions) {
    this.#options = options
  }

  /** Throws UsageFailure with every mistake in the lab's files. */
  view(): DeskView {
    const doing = this.#turns.doing()
    const rest = { ...(doing && { doing }), ...(this.#failure && { failure: this.#failure }) }
    const current = this.#current()
    if (!current) {
      const slug = currentSlug(this.#options.stateDir)
      return slug !== undefined && this.#journal(slug) ? { ...rest, elsewhere: slug } : rest
    }
    const { lab, journal } = current
    const { results, names } = this.#seen?.of === keyOf(current) ? this.#seen : { results: [], names: new Map() }
    const region = regionFrom(undefined, process.env)
    return { ...rest, course: courseView(lab, journal.entries(), { region, results, names }, Date.now()) }
  }

  /** The labs, and how far one is in each. */
  list(): LabSummary[] {
    const { stateDir, shelf } = this.#options
    const current = currentSlug(stateDir)
    return shelf.slugs().map((slug) => {
      const journal = this.#journal(slug)
      const done = journal ? progressOf(journal.entries()).step - 1 : 0
      const about = { slug, done, isStarted: journal !== undefined, isCurrent: slug === current }
      try {
        const { title, description, time, difficulty, steps } = shelf.lab(slug) as Lab
        return { ...about, title, description, ...kept({ time, difficulty }), steps: steps.length }
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        return { ...about, title: slug, description: '', steps: 0, problems: error.message }
      }
    })
  }

  /** Begins a lab, or goes on with it; false where there is none of this name. */
  start(slug: string, isAnew: boolean): boolean {
    const { stateDir, shelf } = this.#options
    this.#free()
    const lab = shelf.lab(slug)
    if (!lab) return false
    if (!isAnew && this.#journal(slug)) {
      makeCurrent(stateDir, slug)
      this.#options.changed()
      this.#stir(0)
      return true
    }
    this.#turns.ask('start', slug, async (say) => {
      this.#failure = ''
      await startCourse(await this.#session(), lab, say)
      this.#stir(0)
    })
    return true
  }

  /** A person wants to know: waits as long as the checks say. Who asks while that goes on, hears of the same. */
  check(): void {
    const { lab } = this.#need()
    if (this.#turns.doing()?.kind === 'check') return
    this.#free()
    this.#turns.ask('check', lab.slug, () => this.#look(true))
  }

  solve(): void {
    this.#free()
    const { lab, journal } = this.#need()
    const step = this.#step({ lab, journal })
    if (!hasSolution(step)) throw new Failure(`Step ${step.number} comes without a solution.`)
    this.#turns.ask('solve', lab.slug, async (say) => {
      this.#failure = ''
      const course = { ...this.#need(), session: await this.#session() }
      const code = await solve(course, step, { command: (line) => say(`$ ${line}`), said: say })
      if (code !== 0) throw new Failure(`The solution ended with ${code}: is the step as you found it?`)
      await this.#look(true)
    })
  }

  /** Gives the next hint. `isImpatient`: though it is not due yet. */
  hint(isImpatient: boolean): void {
    const current = this.#need()
    const step = this.#step(current)
    const next = nextHint(step, progressOf(current.journal.entries()), Date.now())
    if (!next) throw new Failure(`There are no more hints for step ${step.number}.`)
    if (!next.isDue && !isImpatient) throw new Failure('It is not yet time for the next hint.')
    current.journal.add({ kind: 'hint', step: step.number, index: next.index })
    this.#options.changed()
  }

  /** What the learner has written below a heading of the report. */
  words(about: string, text: string): void {
    if (text.length > LONGEST_WORDS) throw new Failure(`A text may have ${LONGEST_WORDS} characters.`)
    this.#need().journal.add({ kind: 'words', about, text })
  }

  async report(): Promise<ReportView> {
    const course = { ...this.#need(), session: await this.#session() }
    await takeEvents(course)
    return reportFiles(course)
  }

  /** A page looks, for a while. */
  lookedAt(): void {
    const isNew = Date.now() > this.#lookedAtUntil
    this.#lookedAtUntil = Date.now() + LOOKING
    if (isNew) this.#stir(0)
  }

  /** Something has changed, or was refused. */
  stir(): void {
    this.#stir(TOGETHER)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  /** Throws Failure while something else that was asked for goes on. */
  #free(): void {
    const doing = this.#turns.doing()
    if (doing) throw new Failure(`${BUSY[doing.kind]}. Wait for its end.`)
  }

  /** Throws Failure where no lab is being done. */
  #need(): Current {
    const current = this.#current()
    if (!current) throw new Failure('No lab of this server has been started.')
    return current
  }

  #step(current: Current): Step {
    const step = stepToDo(current as Course)
    if (!step) throw new Failure('The lab is done.')
    return step
  }

  #current(): Current | undefined {
    const { stateDir, shelf } = this.#options
    const slug = currentSlug(stateDir)
    const lab = slug === undefined ? undefined : shelf.lab(slug)
    const journal = slug === undefined ? undefined : this.#journal(slug)
    const [first] = journal?.entries() ?? []
    return lab && journal && first?.kind === 'started' && first.folder === lab.folder ? { lab, journal } : undefined
  }

  /** One that has begun. Read anew each time: the commands write it, too. */
  #journal(slug: string): Journal | undefined {
    const journal = openJournal(this.#options.stateDir, slug)
    return journal?.entries()[0]?.kind === 'started' ? journal : undefined
  }

  #session(): Promise<Session> {
    return openSession({ state: this.#options.stateDir })
  }

  #stir(after: number): void {
    if (this.#isClosed || Date.now() > this.#lookedAtUntil) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#turns.look(() => this.#look(false)), after)
  }

  async #look(isAsked: boolean): Promise<void> {
    const current = this.#current()
    if (!current || this.#isClosed) return
    const { lab } = current
    const course = { ...current, session: await this.#session() }
    const step = stepToDo(course)
    const results = step ? (await checkStep(course, step, isAsked)).results : []
    const { things } = await bind(lab.steps.at(-1)?.where ?? [], estate(course.session.client))
    this.#seen = { of: keyOf(current), results: stepToDo(course) === step ? results : [], names: things }
    this.#failure = ''
    const next = stepToDo(course)
    // What is new about the next step, and what no call of the API tells.
    if (next && next !== step) this.#stir(0)
    else if (next && looksFurther(next)) this.#stir(AGAIN)
  }

  #failed(error: unknown): void {
    if (this.#isClosed) return
    this.#failure = describeError(error)
    if (!(error instanceof Error) || this.#failure.startsWith('This is a defect')) this.#options.log(this.#failure)
  }
}

const BUSY: Readonly<Record<Doing['kind'], string>> = {
  start: 'A lab is being prepared',
  check: 'A step is being checked',
  solve: 'A solution is being carried out',
}

const kept = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))

/** Of which course, since when, and of which step a look was. */
function keyOf({ lab, journal }: Current): string {
  const { startedAt, step } = progressOf(journal.entries())
  return [lab.slug, startedAt, step].join(' ')
}

/** Whether a step looks at what changes without a call of the API: inside instances, at packets. */
const looksFurther = ({ checks }: Step): boolean => checks.some(({ look }) => isFurther(look))

const isFurther = (look: Look): boolean =>
  look.kind === 'exec' || look.kind === 'script' || (look.kind === 'reach' && look.judges.includes('wire'))
