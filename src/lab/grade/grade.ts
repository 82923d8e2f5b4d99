/**
 * What a learner's result comes to.
 *
 * Invariant of this folder: what learners hand in is data of theirs; nothing in it leads to another file, is run, or is
 * printed as it is.
 */

/** As the exit codes of `isthmus lab check`: 0, 1, 3; `unreadable` is a failure, too. */
export type Verdict = 'passed' | 'warnings' | 'failed' | 'unreadable'

export interface Grade {
  readonly learner: string
  readonly lab: string
  readonly verdict: Verdict
  readonly points: { readonly reached: number; readonly of: number }
  /** Of all steps together. */
  readonly seconds: number
  readonly fails: number
  readonly hints: number
  /** Steps of which the solution was carried out. */
  readonly solved: number
  /** Where it was read, below the folder. */
  readonly file: string
  /** What is wrong with the file. */
  readonly problem?: string
}

type Json = Readonly<Record<string, unknown>>

/** The grade of what `result.json` says. Throws Error with a sentence where it is none. */
export function gradeOf(learner: string, file: string, result: unknown): Grade {
  if (!isObject(result) || typeof result.lab !== 'string' || !Array.isArray(result.steps))
    throw new Error('It is no result of `isthmus lab report`.')
  const steps = result.steps.filter(isObject)
  const checks = steps.flatMap(({ checks: some }) => (Array.isArray(some) ? some.filter(isObject) : []))
  if (checks.length === 0) throw new Error('It has no checks.')
  const open = checks.filter(({ status }) => status !== 'passed')
  const isDone = result.done === true && open.every(({ level }) => level === 'warning')
  const passed = checks.filter(({ status }) => status === 'passed')
  return {
    learner: readable(learner),
    lab: readable(result.lab),
    verdict: isDone ? (open.length > 0 ? 'warnings' : 'passed') : 'failed',
    // Counted anew: whoever changes the total changes nothing.
    points: { reached: sum(passed, 'points'), of: sum(checks, 'points') },
    seconds: sum(steps, 'seconds'),
    fails: sum(steps, 'fails'),
    hints: sum(steps, 'hints'),
    solved: steps.filter(({ solved }) => solved === true).length,
    file: readable(file),
  }
}

export const unreadable = (learner: string, file: string, problem: string): Grade => ({
  learner: readable(learner),
  lab: '',
  verdict: 'unreadable',
  points: { reached: 0, of: 0 },
  ...{ seconds: 0, fails: 0, hints: 0, solved: 0 },
  file: readable(file),
  problem: readable(problem),
})

/** A learner's best of each lab: most points, of these the latest in the order given. */
export function bestOf(grades: readonly Grade[]): Grade[] {
  const best = new Map<string, Grade>()
  for (const grade of grades) {
    const key = JSON.stringify([grade.learner, grade.lab])
    const known = best.get(key)
    if (!known || grade.points.reached >= known.points.reached) best.set(key, grade)
  }
  // A file that can not be read is of no concern where another one of that learner can be.
  const graded = new Set(
    [...best.values()].flatMap(({ learner, verdict }) => (verdict === 'unreadable' ? [] : learner)),
  )
  return [...best.values()]
    .filter(({ learner, verdict }) => verdict !== 'unreadable' || !graded.has(learner))
    .toSorted((one, other) => one.learner.localeCompare(other.learner) || one.lab.localeCompare(other.lab))
}

/** 0 all passed, 1 some did not, 2 there are none, 3 only warnings are left. */
export function exitCodeOfGrades(grades: readonly Grade[]): 0 | 1 | 2 | 3 {
  if (grades.length === 0) return 2
  if (grades.some(({ verdict }) => verdict === 'failed' || verdict === 'unreadable')) return 1
  return grades.some(({ verdict }) => verdict === 'warnings') ? 3 : 0
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const sum = (some: readonly Json[], key: string): number =>
  some.reduce((total, one) => total + (isCount(one[key]) ? one[key] : 0), 0)

const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value < 1e9

const LONGEST = 120

/** What could move a terminal's cursor is left out. */
const readable = (text: string): string => text.replaceAll(/\p{C}/gu, ' ').slice(0, LONGEST)
