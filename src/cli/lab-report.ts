/** `isthmus lab report`: writes down what was done. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { takeEvents } from '../lab/course/course.ts'
import { factsOf } from '../lab/report/facts.ts'
import { reportFiles } from '../lab/report/files.ts'
import { Failure } from './failure.ts'
import { currentCourse } from './lab-find.ts'
import type { ServerOptions } from './session.ts'

/** What `-o` prints in place of writing files. */
const REPORT_FORMS = { json: 'result.json', junit: 'junit.xml', markdown: 'report.md', html: 'report.html' }

interface ReportOptions extends ServerOptions {
  readonly out?: string
  readonly output?: keyof typeof REPORT_FORMS
}

export async function writeReport(options: ReportOptions): Promise<void> {
  const course = await currentCourse(options)
  await takeEvents(course)
  const { lab, journal } = course
  const files = reportFiles(factsOf(lab, journal.entries()))
  if (options.output) return void process.stdout.write(files[REPORT_FORMS[options.output]] ?? '')
  const folder = resolve(options.out ?? `isthmus-lab-${lab.slug}`)
  try {
    mkdirSync(folder, { recursive: true })
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  } catch (error) {
    throw new Failure(`The report can not be written: ${(error as Error).message}`)
  }
  const lines = Object.keys(files).map((name) => `  ${name}`)
  process.stdout.write(
    `${[`In ${folder}:`, ...lines, 'What is "yours to write" in it, only you can say.'].join('\n')}\n`,
  )
}
