/** `isthmus lab env`: what the names of the step stand for. */
import { stepToDo } from '../lab/course/check-step.ts'
import { sightOf } from '../lab/course/course.ts'
import { namesAsVariables } from '../lab/course/environment.ts'
import { shellLines } from './aws-environment.ts'
import { Failure } from './failure.ts'
import { currentCourse } from './lab-find.ts'
import { type OutputOption, print } from './options.ts'
import type { ServerOptions } from './session.ts'

export async function printNames(options: ServerOptions & OutputOption): Promise<void> {
  const course = await currentCourse(options)
  const step = stepToDo(course)
  if (!step) throw new Failure('The lab is done.')
  const variables = namesAsVariables((await sightOf(course, step)).names)
  print(options, variables, shellLines(variables, 'posix', process.env).join('\n'))
}
