/** To the beginning of a step: from the nearest checkpoint on, the solutions of the steps between are played. */
import { Failure, UsageFailure } from '../../cli/failure.ts'
import type { Step } from '../format/lab.ts'
import { checkStep, isDone } from './check-step.ts'
import { type Checkpoint, checkpointsOf, restore } from './checkpoints.ts'
import type { Course } from './course.ts'
import type { Told } from './script.ts'
import { hasSolution, solve } from './solve.ts'

export interface JumpTold extends Told {
  restored(from: Checkpoint): void
  /** A step whose solution is about to be played. */
  playing(step: Step): void
}

/** Throws Failure where there is no such step, or one on the way can not be solved. */
export async function jump(course: Course, to: number, told: JumpTold): Promise<void> {
  const { steps } = course.lab
  if (!steps[to - 1]) throw new UsageFailure(`There is no step ${to}: the lab has ${steps.length}.`)
  const known = checkpointsOf(course.journal.entries()).filter(({ isAutomatic, next }) => isAutomatic && next <= to)
  const nearest = known.toSorted((one, other) => other.next - one.next)[0]
  if (!nearest) throw new Failure('The start of the lab has not been saved: `isthmus lab start NAME --restart`.')
  await restore(course, nearest.name)
  told.restored(nearest)
  for (const step of steps.slice(nearest.next - 1, to - 1)) {
    told.playing(step)
    await play(course, step, told)
  }
}

async function play(course: Course, step: Step, told: Told): Promise<void> {
  const { number } = step
  if (!hasSolution(step)) throw new Failure(`Step ${number} comes without a solution: do it yourself.`)
  const code = await solve(course, step, told)
  if (code !== 0) throw new Failure(`The solution of step ${number} ended with ${code}.`)
  const round = await checkStep(course, step, true)
  if (isDone(round)) return
  const open = round.results.filter(({ status }) => status !== 'passed').map(({ id, words }) => `${id}: ${words}`)
  throw new Failure(`Step ${number} is not done after its solution.\n${open.join('\n')}`)
}
