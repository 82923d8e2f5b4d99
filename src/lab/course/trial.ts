/** The proof of a lab: in each step no check passes before the solution, and every check after it. */
import type { Step } from '../format/lab.ts'
import { type Course, look, noteNetwork } from './course.ts'
import type { Told } from './script.ts'
import { hasSolution, solve } from './solve.ts'

export interface Trial {
  readonly step: number
  readonly title: string
  /** Ids of the checks. */
  readonly checks: readonly string[]
  /** What is wrong with the step, a sentence each. */
  readonly problems: readonly string[]
}

/** Plays all steps; ends with the first that can not be solved, as later ones build on it. */
export async function tryLab(course: Course, told: Told, done: (trial: Trial) => void): Promise<Trial[]> {
  const trials: Trial[] = []
  for (const step of course.lab.steps) {
    const { isSolved, ...trial } = await tryStep(course, step, told)
    trials.push(trial)
    done(trial)
    if (!isSolved) break
    course.journal.add({ kind: 'passed', step: step.number })
    await noteNetwork(course, step.number)
  }
  return trials
}

async function tryStep(course: Course, step: Step, told: Told): Promise<Trial & { readonly isSolved: boolean }> {
  const { number, title } = step
  const trial = { step: number, title, checks: step.checks.map(({ id }) => id) }
  if (!hasSolution(step)) return { ...trial, problems: ['There is no solve.sh.'], isSolved: false }
  const before = await look(course, step, false)
  const early = before.results.filter(({ status }) => status === 'passed')
  const code = await solve(course, step, told)
  const after = await look(course, step, true)
  const late = after.results.filter(({ status }) => status !== 'passed')
  const problems = [
    ...early.map(({ id }) => `${id} passes before the step is solved.`),
    ...(code === 0 ? [] : [`solve.sh ended with ${code}.`]),
    ...late.map(({ id, words }) => `${id} does not pass after solve.sh: ${words}`),
    ...neverMet(course, step).map(
      (id) => `The expected error ${id} was not met, neither before solve.sh nor after it.`,
    ),
  ]
  return { ...trial, problems, isSolved: code === 0 && late.length === 0 }
}

function neverMet({ journal }: Course, step: Step): string[] {
  const met = journal.entries().flatMap((e) => (e.kind === 'error' && e.step === step.number && e.isMet ? [e.id] : []))
  return step.expectErrors.map(({ id }) => id).filter((id) => !met.includes(id))
}
