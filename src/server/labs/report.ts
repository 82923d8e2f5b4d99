/** The report of a lab as a page shows it: the files, and what is left to the learner. */
import type { Course } from '../../lab/course/course.ts'
import type { ReportView } from '../../lab/course/view.ts'
import { htmlOf, markdownOf } from '../../lab/report/blocks.ts'
import { factsOf } from '../../lab/report/facts.ts'
import { blocksOf, reportOf } from '../../lab/report/report.ts'
import { junitOf, resultOf } from '../../lab/report/result.ts'
import { questionsIn } from '../../lab/report/words.ts'

export function reportFiles({ lab, journal }: Pick<Course, 'lab' | 'journal'>): ReportView {
  const facts = factsOf(lab, journal.entries())
  const report = reportOf(facts)
  return {
    files: {
      'report.md': markdownOf(report),
      'report.html': htmlOf(lab.title, report),
      'result.json': `${JSON.stringify(resultOf(facts), undefined, 2)}\n`,
      'junit.xml': junitOf(facts),
    },
    questions: questionsIn(blocksOf(facts)).map((one) => ({ ...one, text: facts.words.get(one.about) ?? '' })),
  }
}
