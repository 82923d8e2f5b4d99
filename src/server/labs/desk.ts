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
import { makeCurrent } from '../../lab/course/journal.ts'
import { nextHint, type Progress, progressOf } from '../../lab/course/progress.ts'
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
import { type Begun, begunLast, journalOf, summaries } from './begun.ts'
import { reportFiles } from './report.ts'
import type { Shelf } from './shelf.ts'
import { turns } from './turns.ts'
import { watch } from './watch.ts'

export interface DeskOptions {
  readonly stateDir: string
  readonly shelf: Shelf
  /** Pages have something new to read. */
  changed(): void
  log(line: string): void
}

const LONGEST_WORDS = 4000

export class Desk {
  readonly #options: DeskOptions
  readonly #turns = turns(
    () => this.#options.changed(),
    (error) => this.#failed(error),
  )
  readonly #watch = watch(() => this.#turns.look(() => this.#look(false)))
  #seen: (Omit<Seen, 'region'> & { readonly of: string; readonly step: number | undefined }) | undefined
  #failure = ''
  #isClosed = false

  constructor(options: DeskOptions) {
    this.#options = options
  }

  list(): LabSummary[] {
    return summaries(this.#options.stateDir, this.#options.shelf)
  }

  /** Throws UsageFailure with every mistake in the lab's files. */
  view(): DeskView {
    const doing = this.#turns.doing()
    const rest = { ...(doing && { doing }), ...(this.#failure && { failure: this.#failure }) }
    const begun = this.#begun()
    if (!begun || 'elsewhere' in begun) return { ...begun, ...rest }
    const { lab, journal } = begun
    const progress = progressOf(journal.entries())
    const seen = this.#seen?.of === keyOf(lab, progress) ? this.#seen : undefined
    const results = seen?.step === progress.step ? seen.results : []
    const about = { region: regionFrom(undefined, process.env), results, names: seen?.names ?? new Map() }
    return { ...rest, course: courseView(lab, journal.entries(), about, Date.now()) }
  }

  /** Begins a lab, or goes on with it; false where there is none of this name. */
  start(slug: string, isAnew: boolean): boolean {
    const { stateDir, shelf } = this.#options
    this.#free()
    const lab = shelf.lab(slug)
    if (!lab) return false
    if (isAnew || !journalOf(stateDir, slug)) this.#begin(lab)
    else {
      makeCurrent(stateDir, slug)
      this.#options.changed()
      this.#watch.now()
    }
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
    const step = toDo({ lab, journal })
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
    const begun = this.#need()
    const step = toDo(begun)
    const next = nextHint(step, progressOf(begun.journal.entries()), Date.now())
    if (!next) throw new Failure(`There are no more hints for step ${step.number}.`)
    if (!next.isDue && !isImpatient) throw new Failure('It is not yet time for the next hint.')
    begun.journal.add({ kind: 'hint', step: step.number, index: next.index })
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
    this.#watch.lookedAt()
  }

  /** Something has changed, or was refused. */
  stir(): void {
    this.#watch.soon()
  }

  close(): void {
    this.#isClosed = true
    this.#watch.close()
  }

  #begun(): ReturnType<typeof begunLast> {
    return begunLast(this.#options.stateDir, this.#options.shelf)
  }

  /** Throws Failure where no lab is being done. */
  #need(): Begun {
    const begun = this.#begun()
    if (!begun || 'elsewhere' in begun) throw new Failure('No lab of this server has been started.')
    return begun
  }

  /** Throws Failure while something else that was asked for goes on. */
  #free(): void {
    const doing = this.#turns.doing()
    if (doing) throw new Failure(`${BUSY[doing.kind]}. Wait for its end.`)
  }

  #session(): Promise<Session> {
    return openSession({ state: this.#options.stateDir })
  }

  #begin(lab: Lab): void {
    this.#turns.ask('start', lab.slug, async (say) => {
      this.#failure = ''
      await startCourse(await this.#session(), lab, say)
      this.#watch.now()
    })
  }

  async #look(isAsked: boolean): Promise<void> {
    const begun = this.#begun()
    if (this.#isClosed || !begun || 'elsewhere' in begun) return
    const { lab, journal } = begun
    const course = { lab, journal, session: await this.#session() }
    const step = stepToDo(course)
    const results = step ? (await checkStep(course, step, isAsked)).results : []
    const { things } = await bind(lab.steps.at(-1)?.where ?? [], estate(course.session.client))
    this.#seen = { of: keyOf(lab, progressOf(journal.entries())), step: step?.number, results, names: things }
    this.#failure = ''
    const next = stepToDo(course)
    if (next && next !== step) this.#watch.now()
    else if (next && looksFurther(next)) this.#watch.again()
  }

  #failed(error: unknown): void {
    if (this.#isClosed) return
    this.#failure = describeError(error)
    if (this.#failure.startsWith('This is a defect')) this.#options.log(this.#failure)
  }
}

const BUSY: Readonly<Record<Doing['kind'], string>> = {
  start: 'A lab is being prepared',
  check: 'A step is being checked',
  solve: 'A solution is being carried out',
}

/** Of which course something was seen: one that is begun anew is another. */
const keyOf = ({ slug }: Lab, { startedAt }: Progress): string => `${slug} ${startedAt}`

/** Throws Failure where all steps are done. */
function toDo(begun: Begun): Step {
  const step = stepToDo(begun as Course)
  if (!step) throw new Failure('The lab is done.')
  return step
}

/** Whether a step looks at what changes without a call of the API: inside instances, at packets. */
const looksFurther = ({ checks }: Step): boolean => checks.some(({ look }) => isFurther(look))

const isFurther = (look: Look): boolean =>
  look.kind === 'exec' || look.kind === 'script' || (look.kind === 'reach' && look.judges.includes('wire'))
