/** `isthmus lab solve`: carries the solution of the step out, and checks it. */
import { exitCodeOf } from '../lab/checks/run-checks.ts'
import { checkStep, stepToDo } from '../lab/course/check-step.ts'
import { hasSolution, solve } from '../lab/course/solve.ts'
import type { Told } from '../lab/course/script.ts'
import { Failure } from './failure.ts'
import { tell } from './lab-check.ts'
import { currentCourse } from './lab-find.ts'
import { type Paint, painter } from './paint.ts'
import type { ServerOptions } from './session.ts'

export async function solveStep(options: ServerOptions): Promise<void> {
  const course = await currentCourse(options)
  const step = stepToDo(course)
  if (!step) throw new Failure('The lab is done.')
  if (!hasSolution(step)) throw new Failure(`Step ${step.number} comes without a solution.`)
  const write = (line: string) => void process.stdout.write(`${line}\n`)
  const code = await solve(course, step, toldTo(write, painter(process.stdout)))
  if (code !== 0) throw new Failure(`The solution ended with ${code}: is the step as you found it?`)
  write('')
  const round = await checkStep(course, step, true)
  tell(course, step, round, { output: 'text' })
  process.exitCode = exitCodeOf(round.results)
}

/** Commands as they would be typed, and what they say. */
export const toldTo = (write: (line: string) => void, paint: Paint): Told => ({
  command: (line) => write(paint('cyan', `$ ${line}`)),
  said: (line) => write(`  ${line}`),
})
