/**
 * Labs as pages do them: each piece of work in its turn, and a look after each change while a page looks.
 *
 * Invariants: the journal is all that is kept, so that the commands go on where a page was, and a page where they were;
 * nothing of a page's is a path; while no page looks, nothing is looked at.
 */
import { regionFrom } from '../../cli/aws-environment.ts'
import { describeError, Failure } from '../../cli/failure.ts'
import { openSession, type Session } from '../../cli/session.ts'
import { checkStep, stepToDo } from '../../lab/course/check-step.ts'
import { type Course, takeEvents } from '../../lab/course/course.ts'
import { makeCurrent } from '../../lab/course/journal.ts'
import { jump } from '../../lab/course/jump.ts'
import { nextHint, type Progress, progressOf } from '../../lab/course/progress.ts'
import { resetCourse } from '../../lab/course/reset.ts'
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
import { reportView } from './report.ts'
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
    if (isAnew || !journalOf(stateDir, slug)) this.#begin(lab, startCourse)
    else {
      makeCurrent(stateDir, slug)
      this.#options.changed()
      this.#watch.now()
    }
    return true
  }

  /** Everything is as it was before the lab, which begins anew; false where there is none of this name. */
  reset(slug: string): boolean {
    this.#free()
    const lab = this.#options.shelf.lab(slug)
    if (lab) this.#begin(lab, resetCourse)
    return lab !== undefined
  }

  /** To the beginning of a step, from the nearest checkpoint on. */
  jump(to: number): void {
    this.#free()
    const { lab } = this.#need()
    if (!lab.steps[to - 1]) throw new Failure(`There is no such step: the lab has ${lab.steps.length}.`)
    this.#work('jump', lab, async (say) => {
      await jump({ ...this.#need(), session: await this.#session() }, to, {
        ...toldTo(say),
        restored: ({ name }) => say(`Everything is as it was at the checkpoint ${name}.`),
        playing: ({ number, title }) => say(`Step ${number}: ${title}`),
      })
      this.#watch.now()
    })
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
    this.#work('solve', lab, async (say) => {
      const course = { ...this.#need(), session: await this.#session() }
      const code = await solve(course, step, toldTo(say))
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
    return reportView(course)
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

  #begin(lab: Lab, begin: typeof startCourse): void {
    this.#work('start', lab, async (say) => {
      await begin(await this.#session(), lab, say)
      this.#watch.now()
    })
  }

  #work(kind: Doing['kind'], { slug }: Lab, work: (say: (line: string) => void) => Promise<void>): void {
    this.#turns.ask(kind, slug, (say) => {
      this.#failure = ''
      return work(say)
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
  jump: 'The lab goes to another step',
}

/** What a script says and does, as lines. */
const toldTo = (say: (line: string) => void) => ({ command: (line: string) => say(`$ ${line}`), said: say })

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
