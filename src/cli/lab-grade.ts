/** `isthmus lab grade`: what a class has reached, as a table. */
import { statSync } from 'node:fs'
import { exitCodeOfGrades, type Grade } from '../lab/grade/grade.ts'
import { gradesIn } from '../lab/grade/hand-ins.ts'
import type { Lab } from '../lab/format/lab.ts'
import { inWords } from '../lab/report/in-words.ts'
import { UsageFailure } from './failure.ts'
import { findLab, shippedLabs } from './lab-find.ts'
import { inColumns } from './columns.ts'

interface GradeOptions {
  readonly all: string
  readonly lab?: string
  readonly output: 'text' | 'json' | 'csv'
}

export function gradeAll({ all, lab, output }: GradeOptions): void {
  if (!statSync(all, { throwIfNoEntry: false })?.isDirectory()) throw new UsageFailure(`There is no folder ${all}.`)
  const own = lab === undefined ? undefined : findLab(lab)
  const grades = gradesIn(all, (slug) => (own?.slug === slug ? own : shippedLab(slug)))
  const asked = own ? grades.filter((grade) => grade.lab === own.slug || grade.verdict === 'unreadable') : grades
  process.stdout.write(`${FORMS[output](asked)}\n`)
  process.exitCode = exitCodeOfGrades(asked)
}

const shippedLab = (slug: string): Lab | undefined => (shippedLabs().includes(slug) ? findLab(slug) : undefined)

const HEAD = ['learner', 'lab', 'verdict', 'points', 'of', 'seconds', 'fails', 'hints', 'solved', 'file', 'problem']

const FORMS: Readonly<Record<GradeOptions['output'], (grades: readonly Grade[]) => string>> = {
  json: (grades) => JSON.stringify(grades, undefined, 2),
  csv: (grades) => [HEAD, ...grades.map(cells)].map((row) => row.map(csvCell).join(',')).join('\r\n'),
  text: (grades) => (grades.length === 0 ? 'There are no results there.' : table(grades)),
}

const cells = (grade: Grade): string[] =>
  [
    ...[grade.learner, grade.lab, grade.verdict, grade.points.reached, grade.points.of],
    ...[grade.seconds, grade.fails, grade.hints, grade.solved, grade.file, grade.problem ?? ''],
  ].map(String)

/** A spreadsheet would take what begins so for a formula. */
function csvCell(text: string): string {
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function table(grades: readonly Grade[]): string {
  const head = ['Learner', 'Lab', 'Verdict', 'Points', 'Time', 'Failed checks', 'Hints', 'Solved steps']
  const rows = grades.map((grade) => [
    ...[grade.learner, grade.lab, grade.verdict, `${grade.points.reached} of ${grade.points.of}`],
    ...[inWords(grade.seconds * 1000), String(grade.fails), String(grade.hints), String(grade.solved)],
  ])
  const problems = grades.flatMap(({ file, problem }) => (problem === undefined ? [] : `${file}: ${problem}`))
  const passed = grades.filter(({ verdict }) => verdict === 'passed' || verdict === 'warnings').length
  const summary = `${passed} of ${grades.length} passed.`
  return [inColumns([head, ...rows]), ...(problems.length > 0 ? ['', ...problems] : []), '', summary].join('\n')
}
