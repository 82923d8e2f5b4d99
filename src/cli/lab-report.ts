/** `isthmus lab report`: writes down what was done. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { takeEvents } from '../lab/course/course.ts'
import { htmlOf, markdownOf } from '../lab/report/blocks.ts'
import { factsOf } from '../lab/report/facts.ts'
import { reportOf } from '../lab/report/report.ts'
import { junitOf, resultOf } from '../lab/report/result.ts'
import { Failure } from './failure.ts'
import { currentCourse } from './lab-find.ts'
import type { ServerOptions } from './session.ts'

export async function writeReport(options: ServerOptions & { readonly out?: string }): Promise<void> {
  const course = await currentCourse(options)
  await takeEvents(course)
  const { lab, journal } = course
  const facts = factsOf(lab, journal.entries())
  const report = reportOf(facts)
  const folder = resolve(options.out ?? `isthmus-lab-${lab.slug}`)
  const files = {
    'report.md': markdownOf(report),
    'report.html': htmlOf(lab.title, report),
    'result.json': `${JSON.stringify(resultOf(facts), undefined, 2)}\n`,
    'junit.xml': junitOf(facts),
  }
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
