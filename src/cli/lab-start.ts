/** `isthmus lab start`: begins a lab, or goes on with it. */
import type { Course } from '../lab/course/course.ts'
import { makeCurrent, openJournal } from '../lab/course/journal.ts'
import { currentStep, progressOf } from '../lab/course/progress.ts'
import { startCourse } from '../lab/course/start.ts'
import { findLab } from './lab-find.ts'
import { markdown, stepText } from './lab-text.ts'
import { painter } from './paint.ts'
import { openSession, type ServerOptions } from './session.ts'

export async function startLab(which: string, options: ServerOptions & { restart?: boolean }): Promise<void> {
  const lab = findLab(which)
  const session = await openSession(options)
  const known = options.restart ? undefined : openJournal(session.stateDir, lab.slug)
  if (known) {
    makeCurrent(session.stateDir, lab.slug)
    return say(stepOrFinish({ session, lab, journal: known }))
  }
  const course = await startCourse(session, lab, (line) => void process.stderr.write(`${line}\n`))
  say(`${markdown(lab.intro, painter(process.stdout))}\n\n${stepOrFinish(course)}`)
}

/** What is to be done now, or the last words. */
export function stepOrFinish({ lab, journal }: Course): string {
  const paint = painter(process.stdout)
  const step = currentStep(lab, progressOf(journal.entries()))
  return step ? stepText(lab, step, paint) : markdown(lab.finish, paint)
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)
