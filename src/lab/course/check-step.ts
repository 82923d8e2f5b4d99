/** A step is done when its checks pass: looks, notes it, and saves a checkpoint. */
import { exitCodeOf } from '../checks/run-checks.ts'
import type { Step } from '../format/lab.ts'
import { saveAutomatically } from './checkpoints.ts'
import { type Course, look, noteNetwork, type Round } from './course.ts'
import { currentStep, progressOf } from './progress.ts'

/** Looks at the step and notes whether it is done. `isAsked`: a person wanted to know, and fails if it is not. */
export async function checkStep(course: Course, step: Step, isAsked: boolean): Promise<Round> {
  const { journal } = course
  const round = await look(course, step, isAsked)
  // Somebody else may have looked meanwhile: a step passes once.
  const isCurrent = stepToDo(course)?.number === step.number
  if (isDone(round) && isCurrent) {
    journal.add({ kind: 'passed', step: step.number })
    await noteNetwork(course, step.number)
    await saveAutomatically(course)
  } else if (isAsked && !isDone(round)) journal.add({ kind: 'fail', step: step.number })
  return round
}

/** Warnings hold nobody up. */
export const isDone = ({ results }: Round): boolean => [0, 3].includes(exitCodeOf(results))

/** Undefined where all are done. */
export const stepToDo = ({ lab, journal }: Course): Step | undefined => currentStep(lab, progressOf(journal.entries()))
