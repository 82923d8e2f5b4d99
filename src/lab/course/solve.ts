/** The solution of a step, carried out before the learner's eyes. */
import type { Step } from '../format/lab.ts'
import { type Course, sightOf, takeEvents } from './course.ts'
import { runScript, type Told } from './script.ts'

/** Resolves to the exit code of the script. */
export async function solve(course: Course, step: Step & { readonly solution: string }, told: Told): Promise<number> {
  const { journal } = course
  const { environment } = await sightOf(course, step)
  const code = await runScript(step.solution, environment, {
    ...told,
    command(command) {
      journal.add({ kind: 'command', step: step.number, command })
      told.command(command)
    },
  })
  journal.add({ kind: 'solved', step: step.number, code })
  await takeEvents(course)
  return code
}

export const hasSolution = (step: Step): step is Step & { readonly solution: string } => step.solution !== undefined
