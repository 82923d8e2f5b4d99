/** `isthmus lab hint`: the next hint of the step. */
import { stepToDo } from '../lab/course/check-step.ts'
import { nextHint, progressOf } from '../lab/course/progress.ts'
import type { Hint } from '../lab/format/lab.ts'
import { Failure } from './failure.ts'
import { currentCourse } from './lab-find.ts'
import { markdown } from './lab-text.ts'
import { painter } from './paint.ts'
import type { ServerOptions } from './session.ts'

export async function giveHint(options: ServerOptions & { readonly now?: boolean }): Promise<void> {
  const course = await currentCourse(options)
  const step = stepToDo(course)
  if (!step) throw new Failure('The lab is done.')
  const next = nextHint(step, progressOf(course.journal.entries()), Date.now())
  if (!next) throw new Failure(`There are no more hints for step ${step.number}: isthmus lab solve`)
  if (!next.isDue && !options.now) throw new Failure(`${later(next.hint)} --now gives it at once.`)
  course.journal.add({ kind: 'hint', step: step.number, index: next.index })
  process.stdout.write(`${markdown(next.hint.text, painter(process.stdout))}\n`)
}

function later({ after: { fails, minutes } }: Hint): string {
  const ways = [
    ...(fails === undefined ? [] : [`${fails} ${fails === 1 ? 'check that fails' : 'checks that fail'}`]),
    ...(minutes === undefined ? [] : [`${minutes} ${minutes === 1 ? 'minute' : 'minutes'} in this step`]),
  ]
  return `The next hint comes after ${ways.join(' or ')}.`
}
