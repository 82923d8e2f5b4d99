/** `isthmus lab check`: whether the step is done; on to the next if it is. */
import { setTimeout as delay } from 'node:timers/promises'
import { exitCodeOf, type Result } from '../lab/checks/run-checks.ts'
import { checkStep, isDone, stepToDo } from '../lab/course/check-step.ts'
import type { Course, Round } from '../lab/course/course.ts'
import { nextHint, progressOf } from '../lab/course/progress.ts'
import type { Step } from '../lab/format/lab.ts'
import { Failure } from './failure.ts'
import { currentCourse } from './lab-find.ts'
import { stepOrFinish } from './lab-start.ts'
import { resultText } from './lab-text.ts'
import { type OutputOption, print } from './options.ts'
import { painter } from './paint.ts'
import type { ServerOptions } from './session.ts'

interface CheckOptions extends ServerOptions, OutputOption {
  readonly watch?: boolean
}

export async function checkLab(options: CheckOptions): Promise<void> {
  const course = await currentCourse(options)
  if (options.watch) return watch(course, options)
  const step = stepToDo(course)
  if (!step) return finished(course, options)
  const round = await checkStep(course, step, true)
  tell(course, step, round, options)
  process.exitCode = exitCodeOf(round.results)
}

function finished(course: Course, options: OutputOption): void {
  print(options, { lab: course.lab.slug, step: null, done: true, results: [] }, stepOrFinish(course))
}

export function tell(course: Course, step: Step, round: Round, options: OutputOption): void {
  const { results, met } = round
  const done = isDone(round)
  const json = { lab: course.lab.slug, step: step.number, done, met, results }
  print(
    options,
    json,
    [...roundLines(round), ...(done ? ['', '', stepOrFinish(course)] : hintLines(course, step))].join('\n'),
  )
}

function roundLines({ results, met }: Round): string[] {
  const paint = painter(process.stdout)
  const errors = met.map(({ title }) => paint('yellow', `You have met it: ${title}.`))
  return [...results.map((result: Result) => resultText(result, paint)), ...(errors.length > 0 ? ['', ...errors] : [])]
}

function hintLines({ journal }: Course, step: Step): string[] {
  const isDue = nextHint(step, progressOf(journal.entries()), Date.now())?.isDue
  return isDue ? ['', 'There is a hint for you: isthmus lab hint'] : []
}

/** Milliseconds: changes that come together are looked at together; and what changes without one is looked at, too. */
const TOGETHER = 300
const AT_THE_LATEST = 5_000
/** Refusals and logins change nothing: they are asked for so often. */
const ASK_AGAIN = 1_000

async function watch(course: Course, options: CheckOptions): Promise<void> {
  let before = ''
  for (let step = stepToDo(course); step; step = stepToDo(course)) {
    const { revision } = await course.session.control.status()
    const round = await checkStep(course, step, false).catch((error: unknown) => {
      if (error instanceof Failure) return undefined
      throw error
    })
    const seen = JSON.stringify([step.number, round?.results.map(({ id, status }) => [id, status]), round?.met])
    if (round && seen !== before) tell(course, step, round, options)
    before = seen
    if (round && isDone(round)) continue
    await somethingNew(course, revision)
    await delay(TOGETHER)
  }
}

/** Resolves when the network has changed since a revision, something was refused, or it has been long enough. */
async function somethingNew({ session: { control }, journal }: Course, revision: number): Promise<void> {
  const { cursor } = progressOf(journal.entries())
  const latest = Date.now() + AT_THE_LATEST
  while (Date.now() < latest) {
    if (await control.reached(revision + 1, ASK_AGAIN)) return
    const { entries } = await control.events(cursor)
    // What checks ask may be refused as well, and is no news.
    if (entries.some(({ action }) => !/^(Describe|Get|List|Search)/.test(action))) return
  }
}
